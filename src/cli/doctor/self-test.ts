/** Records a short session through the built hook, as the client would, in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { buildHierarchy, type HierarchyNode } from '../../query/build-hierarchy.ts';
import { readHistory } from '../../store/read-document.ts';
import { bad, type Finding, ok } from './check.ts';
import type { Examination } from './examination.ts';

const FIX = 'npm run build in a clone, else npm install spanbook anew';
const TIMED_RUNS = 5;
const MAX_MILLIS = 10_000;

const SESSION = { session_id: 'self-test', prompt_id: 'prompt-1' };
const AGENT = { agent_id: 'agent-1', agent_type: 'tester' };
const CALL = { tool_name: 'Agent', tool_use_id: 'call-1', tool_input: { subagent_type: 'tester' } };
const SKILL = { tool_name: 'Skill', tool_use_id: 'call-2', tool_input: { skill: 'checker' } };
const PAYLOADS = [
  { hook_event_name: 'SessionStart', source: 'startup' },
  { hook_event_name: 'UserPromptSubmit', prompt: '/try' },
  { hook_event_name: 'UserPromptExpansion', command_name: 'try' },
  { hook_event_name: 'PreToolUse', ...CALL },
  { hook_event_name: 'SubagentStart', ...AGENT },
  { hook_event_name: 'SubagentStop', ...AGENT },
  { hook_event_name: 'PostToolUse', ...CALL, tool_response: { status: 'completed', agentId: AGENT.agent_id } },
  { hook_event_name: 'PreToolUse', ...SKILL },
  { hook_event_name: 'PostToolUse', ...SKILL, tool_response: { success: true } },
  { hook_event_name: 'PostToolUseFailure', tool_name: 'Bash', tool_use_id: 'call-3', error: 'Exit code 1' },
  { hook_event_name: 'Stop' },
];
const EXPECTED = [
  [
    '/try',
    'completed',
    0,
    [
      ['tester', 'completed', 0, []],
      ['checker', 'completed', 1, []],
    ],
  ],
];

export function selfTest({ builtHooks, env }: Pick<Examination, 'builtHooks' | 'env'>): Finding {
  const hook = `${builtHooks}/claude-code.cjs`;
  if (!existsSync(hook)) return bad('failed', `${hook} is not there`, FIX);
  const folder = mkdtempSync(`${tmpdir()}/spanbook-doctor-`);
  try {
    const stateDir = `${folder}/state`;
    const variables = { PATH: env.PATH, HOME: folder, SPANBOOK_STATE_DIR: stateDir };
    for (const payload of PAYLOADS) {
      const { wrong } = call(hook, JSON.stringify({ ...SESSION, cwd: folder, ...payload }), variables);
      if (wrong !== null) return bad('failed', `the hook of ${payload.hook_event_name} ${wrong}`, FIX);
    }
    const said: string[] = [];
    const roots = treeOf(stateDir, said);
    if (!isDeepStrictEqual(roots, EXPECTED) || said.length > 0) {
      return bad(
        'failed',
        `the recorded tree is ${JSON.stringify(roots)}${said.map(text => `; ${text}`).join('')}`,
        FIX,
      );
    }
    return ok(`${PAYLOADS.length} events recorded; ${timing(hook, folder, variables)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function call(script: string, input: string, env: NodeJS.ProcessEnv): { wrong: string | null; millis: number } {
  const before = performance.now();
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [script], {
    input,
    env,
    encoding: 'utf8',
    timeout: MAX_MILLIS,
    windowsHide: true,
  });
  const millis = performance.now() - before;
  if (error) return { wrong: `could not be run: ${error.message}`, millis };
  if (status !== 0) return { wrong: `ended with ${status}, not with 0`, millis };
  if (stdout !== '' || stderr !== '')
    return { wrong: `printed ${JSON.stringify((stdout + stderr).slice(0, 80))}`, millis };
  return { wrong: null, millis };
}

type Row = [name: string, status: string, warnings: number, children: Row[]];

function treeOf(stateDir: string, said: string[]): Row[] {
  const rowOf = ({ name, status, warnings, children }: HierarchyNode): Row => [
    name,
    status,
    warnings,
    children.map(rowOf),
  ];
  return buildHierarchy(
    readHistory(stateDir, text => said.push(text)),
    Date.now(),
  ).roots.map(rowOf);
}

/** The median of some runs, in turns, so that other work on the machine hits both. */
function timing(hook: string, folder: string, env: NodeJS.ProcessEnv): string {
  const empty = `${folder}/empty.cjs`;
  writeFileSync(empty, '');
  const input = JSON.stringify({ ...SESSION, hook_event_name: 'PreToolUse', ...SKILL });
  const times: Record<string, number[]> = { [hook]: [], [empty]: [] };
  for (let run = 0; run < TIMED_RUNS; run++) {
    for (const script of [hook, empty]) times[script]?.push(call(script, input, env).millis);
  }
  const median = (script: string): number => times[script]?.sort((a, b) => a - b)[Math.floor(TIMED_RUNS / 2)] ?? 0;
  return `a hook ${Math.round(median(hook))} ms, an empty script ${Math.round(median(empty))} ms`;
}
