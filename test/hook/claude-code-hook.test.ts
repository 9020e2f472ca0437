/** The built hook as Claude Code runs it: whatever comes, it ends with 0, says nothing, and keeps what it may. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recordedCalls } from '../helpers/recorded-session.ts';
import { type HookCall, ROOT, runHook } from '../helpers/run-program.ts';
import { journalLines, readDocument, wholeText } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const SILENT = { code: 0, signal: null, stdout: '', stderr: '' };
const prompt = {
  session_id: 's1',
  prompt_id: 'p1',
  hook_event_name: 'UserPromptSubmit',
  prompt: 'CANARY-prompt',
  cwd: '/nowhere',
};
const facts = (stateDir: string): Record<string, unknown>[] => journalLines(stateDir).map(line => JSON.parse(line));
const hook = (stateDir: string, call: HookCall) =>
  runHook('claude-code', { ...call, env: { SPANBOOK_STATE_DIR: stateDir, ...call.env } });
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('the hook of Claude Code', () => {
  it('turns a payload into a fact and a document', async () => {
    const stateDir = `${tempDir()}/state`;
    expect(await hook(stateDir, { input: prompt })).toEqual(SILENT);
    expect(facts(stateDir)).toMatchObject([{ v: 1, kind: 'prompt', session: 's1', prompt: 'p1' }]);
    expect(readDocument(stateDir)).toMatchObject({ pipeline_status: 'running', statistics: { total_commands: 1 } });
  });

  const unreadable: [string, string | Buffer][] = [
    ['broken JSON', '{"session_id":"s1","prompt":"CANARY'],
    ['no object', '[1,2]'],
    ['nothing', ''],
    ['bytes that are no text', Buffer.from([0, 255, 254, 128, 10, 0, 125])],
    ['9 MB', `{"a":"${'CANARY'.repeat(1_500_000)}"}`],
  ];
  it.each(unreadable)('keeps length and hash of %s, and not its text', async (_what, input) => {
    const stateDir = `${tempDir()}/state`;
    expect(await hook(stateDir, { input })).toEqual(SILENT);
    const [fact] = facts(stateDir);
    expect(fact).toMatchObject({
      kind: 'other',
      parse_error: expect.any(String),
      hash: expect.stringMatching(/^\w{32}$/),
    });
    expect(fact?.size_bytes).toBeGreaterThanOrEqual(Math.min(Buffer.from(input).length, 8 * 1024 * 1024));
    expect(readDocument(stateDir).skipped).toMatchObject({ unreadable_inputs: 1 });
    expect(wholeText(stateDir)).not.toContain('CANARY');
  });

  it('does not wait for the end of a pipe that its host keeps open', async () => {
    const stateDir = `${tempDir()}/state`;
    expect(await hook(stateDir, { input: `${JSON.stringify(prompt)}\n`, keepOpen: true })).toEqual(SILENT);
    expect(facts(stateDir)).toMatchObject([{ kind: 'prompt' }]);
  });

  it('takes a long payload whose pieces end like a whole one, from a pipe that is kept open', async () => {
    const stateDir = `${tempDir()}/state`;
    // Braces in texts, behind quotes and backslashes, at every place where a piece may end.
    const input = JSON.stringify({ ...prompt, more: ['}'.repeat(3_000_000), '\\"}', { a: '\\' }] });
    const began = performance.now();
    expect(await hook(stateDir, { input, keepOpen: true })).toEqual(SILENT);
    expect(performance.now() - began).toBeLessThan(1500);
    expect(facts(stateDir)).toMatchObject([{ kind: 'prompt' }]);
  });

  it('counts an event that it does not know', async () => {
    const stateDir = `${tempDir()}/state`;
    await hook(stateDir, { input: { ...prompt, hook_event_name: 'TotallyNew' } });
    expect(facts(stateDir)).toMatchObject([{ kind: 'other', event: 'TotallyNew' }]);
    expect(readDocument(stateDir).skipped).toMatchObject({ unknown_hook_events: 1 });
    expect(wholeText(stateDir)).not.toContain('CANARY');
  });

  it('does nothing where it is switched off', async () => {
    const stateDir = `${tempDir()}/state`;
    expect(await hook(stateDir, { input: prompt, env: { SPANBOOK_DISABLED: '1' } })).toEqual(SILENT);
    expect(existsSync(stateDir)).toBe(false);
  });

  it('keeps quiet where the state folder cannot be, and leaves a note at home', async () => {
    const folder = tempDir();
    writeFileSync(`${folder}/file`, '');
    const env = { XDG_STATE_HOME: `${folder}/home` };
    expect(await hook(`${folder}/file/state`, { input: prompt, env })).toEqual(SILENT);
    expect(readFileSync(`${folder}/home/spanbook/hooks.log`, 'utf8')).toContain('ENOTDIR');
    expect(await hook(`${folder}/file/state`, { input: prompt, env: { XDG_STATE_HOME: `${folder}/file` } })).toEqual(
      SILENT,
    );
  });

  it('keeps quiet where its working folder is gone', async () => {
    const folder = tempDir();
    mkdirSync(`${folder}/gone`);
    const program = `${folder}/run.cjs`;
    const script =
      'const [, , gone, hook] = process.argv; process.chdir(gone); require("fs").rmdirSync(gone); require(hook)';
    writeFileSync(program, script);
    const args = [`${folder}/gone`, `${ROOT}dist/hooks/claude-code.cjs`];
    const env = { CLAUDE_PROJECT_DIR: `${folder}/project` };
    expect(await runHook('claude-code', { input: prompt, program, args, env })).toEqual(SILENT);
    expect(existsSync(`${folder}/gone`)).toBe(false);
    expect(facts(`${folder}/project/state`)).toMatchObject([{ kind: 'prompt' }]);
  });

  it('keeps no prompt, argument, tool input or tool output of a whole session', async () => {
    const stateDir = `${tempDir()}/state`;
    const text = ['prompt', 'command_args', 'last_assistant_message', 'tool_response', 'tool_output'];
    for (const { payload, received_at_ms } of recordedCalls()) {
      const tool_input = payload.tool_input && {
        ...payload.tool_input,
        prompt: 'CANARY',
        command: 'CANARY',
        args: 'CANARY',
      };
      const canaries = Object.fromEntries(
        text.filter(key => typeof payload[key] === 'string').map(key => [key, 'CANARY']),
      );
      const tool_response = payload.tool_response && { ...payload.tool_response, stdout: 'CANARY', content: 'CANARY' };
      const error = payload.error && `${payload.error}\nCANARY`;
      const env = { SPANBOOK_NOW: String(received_at_ms) };
      const input = { ...payload, ...canaries, tool_input, tool_response, error };
      expect(await hook(stateDir, { input, env })).toEqual(SILENT);
    }
    expect(readDocument(stateDir).statistics).toMatchObject({
      total_events: 18,
      total_agents_spawned: 4,
      total_warnings: 2,
    });
    expect(wholeText(stateDir)).not.toContain('CANARY');
  });

  it('closes the state folder to others', async () => {
    const stateDir = `${tempDir()}/state`;
    await hook(stateDir, { input: prompt });
    expect(readFileSync(`${stateDir}/.gitignore`, 'utf8')).toBe('*\n');
    for (const entry of readdirSync(stateDir, { withFileTypes: true, recursive: true })) {
      expect([entry.name, mode(`${entry.parentPath}/${entry.name}`)]).toEqual([
        entry.name,
        entry.isFile() ? '600' : '700',
      ]);
    }
    expect(mode(stateDir)).toBe('700');
  });
});

describe('the state folder', () => {
  it('that was there gets no .gitignore', async () => {
    const stateDir = tempDir();
    await hook(stateDir, { input: prompt });
    expect(existsSync(`${stateDir}/.gitignore`)).toBe(false);
    expect(facts(stateDir).length).toBe(1);
  });

  it('is .spanbook where state/ holds other things', async () => {
    const project = tempDir();
    mkdirSync(`${project}/state`);
    writeFileSync(`${project}/state/game.sav`, '');
    await runHook('claude-code', { input: prompt, env: { CLAUDE_PROJECT_DIR: project } });
    expect(readdirSync(`${project}/state`)).toEqual(['game.sav']);
    expect(facts(`${project}/.spanbook`).length).toBe(1);
  });

  it('lies in the project that a copied hook lies in', async () => {
    const project = tempDir();
    const copied = `${project}/.claude/hooks/spanbook`;
    mkdirSync(copied, { recursive: true });
    copyFileSync(`${ROOT}dist/hooks/claude-code.cjs`, `${copied}/claude-code.cjs`);
    const elsewhere = tempDir();
    await runHook('claude-code', { input: prompt, program: `${copied}/claude-code.cjs`, cwd: elsewhere });
    expect(facts(`${project}/state`).length).toBe(1);
    expect(readdirSync(elsewhere)).toEqual([]);
    rmSync(`${project}/state`, { recursive: true });
  });
});

describe('the bundle', () => {
  it('loads node:fs and nothing else', () => {
    const text = readFileSync(`${ROOT}dist/hooks/claude-code.cjs`, 'utf8');
    const loaded = [...text.matchAll(/\b(?:require|import)\(\s*([^)]*)\)/g)].map(match => match[1]);
    expect(new Set(loaded)).toEqual(new Set(['"node:fs"']));
  });
});

it('leaves the document to the hook that follows where a fact adds no event of its own', async () => {
  const args = ['--state-dir', tempDir()];
  const stateDir = args[1] ?? '';
  const base = { session_id: 's1', prompt_id: 'p1' };
  const through = (): number => readDocument(stateDir).through[0]?.offset ?? 0;
  // There is a document from the first hook on.
  await runHook('claude-code', { input: { ...base, hook_event_name: 'SessionStart' }, args });
  const begun = through();
  expect(begun).toBeGreaterThan(0);
  const call = { tool_name: 'Agent', tool_use_id: 't1', tool_input: { subagent_type: 'builder', description: 'it' } };
  await runHook('claude-code', { input: { ...base, hook_event_name: 'PreToolUse', ...call }, args });
  expect(through()).toBe(begun);
  const start = { hook_event_name: 'SubagentStart', agent_id: 'a1', agent_type: 'builder' };
  await runHook('claude-code', { input: { ...base, ...start }, args });
  expect(readDocument(stateDir).events.map(event => event.activity.label)).toEqual(['it']);
});
