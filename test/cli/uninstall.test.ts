/** `spanbook uninstall`: what `init` did is undone, and nothing else. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { type Json, layouts, someSettings, strictLayouts } from '../helpers/arbitrary-settings.ts';
import { type ClaudeProject, contents, makeProject, snapshot, write } from '../helpers/claude-project.ts';
import { cli } from '../helpers/run-cli.ts';
import { ROOT } from '../helpers/run-program.ts';

const THEIRS = { matcher: 'Bash', hooks: [{ type: 'command', command: 'theirs' }] };

const CORPUS: [string, string | Buffer][] = [
  ['an empty file', ''],
  ['white space', ' \n\n'],
  ['an empty object', '{}'],
  ['a spread empty object', '{\n\n}\n'],
  ['a comment and nothing else', '// later\n'],
  ['two spaces', `${JSON.stringify({ model: 'x', permissions: { allow: ['Bash(ls)'] } }, null, 2)}\n`],
  ['tabs and no newline at the end', JSON.stringify({ model: 'x', hooks: {} }, null, '\t')],
  ['CRLF', JSON.stringify({ a: 1, hooks: { Stop: [] } }, null, 4).replaceAll('\n', '\r\n')],
  ['lone CR', '{\r  "a": 1\r}\r'],
  ['one line', '{"hooks":{"Stop":[{"hooks":[]}]},"a":[1,22]}'],
  ['a byte order mark', '\uFEFF{\n  "a": 1\n}\n'],
  ['a byte order mark and nothing else', '\uFEFF'],
  ['text of all kinds', '{ "é😀\u2028": "日本", "\\u0061": "\\ud83d" }'],
  ['comments everywhere', '/*0*/{//1\n"a"/*2*/:/*3*/1/*4*/,//5\n"hooks"://6\n{/*7*/}//8\n}//9'],
  ['trailing commas', '{\n  "hooks": {\n    "Stop": [\n      {},\n    ],\n  },\n}\n'],
  ['commas first', '{ "a": 1\n, "hooks": { "Stop": [ 1\n , 2 ] }\n}'],
  ['the hooks of others', JSON.stringify({ hooks: { Stop: [THEIRS], PreToolUse: [THEIRS, THEIRS] } }, null, 3)],
  ['a key that stands twice', '{"hooks":{"Stop":[1]},"hooks":{"Stop":[2],"Stop":[3]}}'],
  ['trailing blanks', '{  \n  "a": 1  \n}  \n\t'],
];

describe('after init and uninstall', () => {
  it.each(CORPUS)('settings with %s are the same, byte for byte', async (_what, text) => {
    const { project, settings, run } = makeProject(text);
    const before = contents(project);
    await run('init');
    expect(readFileSync(settings)).not.toEqual(Buffer.from(text));
    const { code, err } = await run('uninstall');
    expect([code, err]).toEqual([0, '']);
    expect(contents(project)).toEqual(before);
  });

  it.each([[[]], [['--local']], [['--user']]])('a place that had nothing has nothing: %j', async flags => {
    const { root, project, home, run, ask } = makeProject();
    const before = snapshot(project);
    await run('init', ...flags);
    await run('init', ...flags);
    const { out } = await run('uninstall', ...flags.filter(flag => flag === '--user'));
    expect(out).toContain("The hooks of spanbook are out of Claude Code's settings.");
    expect(Object.keys(snapshot(project))).toEqual(Object.keys(before));
    // What XDG asks for may stay.
    expect(Object.keys(snapshot(home)).filter(name => !['.local', '.local/state'].includes(name))).toEqual([]);
    expect(await ask('uninstall', ...flags)).toMatchObject({ changed: false, updated: [], removed: [] });
    expect((await run('uninstall', ...flags)).out).toContain('Nothing was changed.');
    expect(existsSync(root)).toBe(true);
  });

  it('folders that were there stay', async () => {
    const { project, hooksDir, run } = makeProject();
    mkdirSync(`${project}/.claude/hooks`, { recursive: true });
    await run('init');
    await run('uninstall');
    expect(Object.keys(contents(project))).toEqual(['.claude', '.claude/hooks']);
    await run('init');
    write(`${hooksDir}/mine.sh`, 'echo');
    await run('uninstall');
    expect(Object.keys(contents(project))).toEqual([
      '.claude',
      '.claude/hooks',
      '.claude/hooks/spanbook',
      '.claude/hooks/spanbook/mine.sh',
    ]);
  });

  it('what was recorded stays', async () => {
    const { project, home, run } = makeProject();
    write(`${project}/state/journal/events-00000001.jsonl`, '');
    await run('init');
    expect((await run('uninstall')).out).toContain(`What was recorded stays in ${project}/state\n`);
    await run('init', '--user');
    const fact = `${home}/.local/state/spanbook/journal/events-00000001.jsonl`;
    write(fact, '');
    await run('uninstall', '--user');
    expect(existsSync(fact)).toBe(true);
  });

  it('the folder for all projects stays if anything of yours is in it', async () => {
    const { home, run } = makeProject();
    await run('init', '--user');
    write(`${home}/.local/state/spanbook/spanbook.json`, '{}');
    await run('uninstall', '--user');
    expect(readdirSync(`${home}/.local/state/spanbook`).sort()).toEqual(['.gitignore', 'journal', 'spanbook.json']);
  });
});

describe('uninstall after somebody edited', () => {
  const edited = async (text: string, edit: (settings: string) => string): Promise<[string, ClaudeProject]> => {
    const made = makeProject(text);
    await made.run('init');
    writeFileSync(made.settings, edit(readFileSync(made.settings, 'utf8')));
    await made.run('uninstall');
    return [readFileSync(made.settings, 'utf8'), made];
  };

  it('takes out only our entries', async () => {
    const text = JSON.stringify({ model: 'x', hooks: { Stop: [THEIRS], SessionEnd: [] } }, null, 2);
    const [left, { project }] = await edited(text, now =>
      now.replace('"x"', '"y" /* better */').replaceAll('theirs', 'new'),
    );
    expect(left).toBe(text.replace('"x"', '"y" /* better */').replace('theirs', 'new'));
    expect(readdirSync(`${project}/.claude`)).toEqual(['settings.json']);
  });

  it('keeps what was added to our lists and groups', async () => {
    const [left] = await edited('{}', now => {
      const settings = JSON.parse(now);
      settings.hooks.Stop.unshift(THEIRS);
      settings.hooks.SessionStart[0].hooks.push(THEIRS.hooks[0]);
      return JSON.stringify(settings);
    });
    expect(JSON.parse(left)).toEqual({ hooks: { Stop: [THEIRS], SessionStart: [{ hooks: THEIRS.hooks }] } });
  });

  it('restores the very bytes if the edit was undone', async () => {
    const [left] = await edited('{ "hooks": { } }', now => `${now}\n`.slice(0, -1));
    expect(left).toBe('{ "hooks": { } }');
  });

  it('keeps a file that init made, if it holds something else now', async () => {
    const { settings, run } = makeProject();
    await run('init');
    writeFileSync(settings, readFileSync(settings, 'utf8').replace('{', '{ "model": "x",'));
    await run('uninstall');
    expect(readFileSync(settings, 'utf8')).toBe('{ "model": "x"\n}\n');
  });

  it('removes such a file if somebody took out our entries by hand', async () => {
    const { project, settings, run } = makeProject();
    await run('init');
    writeFileSync(settings, '{"hooks": {}}');
    await run('uninstall');
    expect(readdirSync(project)).toEqual([]);
  });

  it('changes nothing where the settings were broken', async () => {
    const { project, settings, run } = makeProject('{}');
    await run('init');
    writeFileSync(settings, `${readFileSync(settings, 'utf8')}}`);
    const before = snapshot(project);
    const { code, err } = await run('uninstall');
    expect([code, err]).toEqual([1, expect.stringContaining(`${settings}: expected JSON, got a mistake at line`)]);
    expect(snapshot(project)).toEqual(before);
  });

  it('whatever the settings are and whatever was added, the rest says the same', async () => {
    await fc.assert(
      fc.asyncProperty(someSettings, layouts, strictLayouts, fc.boolean(), async (value, show, showNow, isEdited) => {
        const made = makeProject(show(value));
        try {
          const { settings, project, run } = made;
          const before = contents(project);
          await run('init');
          if (!isEdited) {
            const once = snapshot(project);
            await run('init');
            expect(snapshot(project)).toEqual(once);
            await run('uninstall');
            expect(contents(project)).toEqual(before);
            return;
          }
          const read = (): Record<string, Json> =>
            JSON.parse(JSON.stringify(parse(readFileSync(settings, 'utf8').replace('\uFEFF', '')) ?? {}));
          writeFileSync(settings, showNow({ added: 1, ...read() }));
          const { code, err } = await run('uninstall');
          expect([code, err]).toEqual([0, '']);
          expect(read()).toEqual({ added: 1, ...value });
        } finally {
          rmSync(made.root, { recursive: true });
        }
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) / 5 },
    );
  });
});

describe('after an upgrade', () => {
  /** A version of spanbook with other hooks. */
  const older = async (made: ClaudeProject, settings = '{ "a":1, "hooks": { } }'): Promise<string> => {
    const old = `${made.root}/old`;
    write(`${old}/claude-code.cjs`, '// old');
    write(`${old}/gone.cjs`, '// gone');
    write(made.settings, settings);
    const { code } = await cli(['init'], { cwd: made.project, env: made.env, hooksDir: old });
    expect(code).toBe(0);
    return old;
  };
  /** Entries as a version before wrote them. */
  const outdate = (made: ClaudeProject): void => {
    const record = `${made.hooksDir}/install.json`;
    const text = readFileSync(made.settings, 'utf8')
      .replaceAll('"timeout": 5', '"timeout": 60')
      .replaceAll('"timeout":5', '"timeout":60');
    writeFileSync(made.settings, text);
    const known = JSON.parse(readFileSync(record, 'utf8'));
    known.settings_sha256 = createHash('sha256').update(text).digest('hex');
    writeFileSync(record, JSON.stringify(known));
  };

  it('init renews hooks and entries, and uninstall still restores the first bytes', async () => {
    const made = makeProject();
    await older(made);
    outdate(made);
    const answer = await made.ask('init');
    expect(answer).toMatchObject({ changed: true, removed: [`${made.hooksDir}/gone.cjs`] });
    expect(readFileSync(`${made.hooksDir}/claude-code.cjs`)).toEqual(readFileSync(`${ROOT}dist/hooks/claude-code.cjs`));
    expect(readFileSync(made.settings, 'utf8')).not.toContain('60');
    await made.run('uninstall');
    expect(readFileSync(made.settings, 'utf8')).toBe('{ "a":1, "hooks": { } }');
    expect(readdirSync(`${made.project}/.claude`)).toEqual(['settings.json']);
  });

  it('an edit in between is not undone by uninstall', async () => {
    const made = makeProject();
    await older(made);
    outdate(made);
    writeFileSync(made.settings, readFileSync(made.settings, 'utf8').replace('"a":1', '"a":2'));
    await made.run('init');
    await made.run('uninstall');
    expect(readFileSync(made.settings, 'utf8')).toBe('{ "a":2, "hooks": {} }');
  });

  it('an edit that is undone does no harm either', async () => {
    const made = makeProject('{ "a":1, "hooks": { } }');
    await made.run('init');
    const ours = readFileSync(made.settings);
    writeFileSync(made.settings, `${ours} `);
    expect(await made.ask('init')).toMatchObject({ changed: false });
    writeFileSync(made.settings, ours);
    await made.run('uninstall');
    expect(readFileSync(made.settings, 'utf8')).toBe('{ "a":1, "hooks": { } }');
  });
});

describe('uninstall without a record', () => {
  it('takes out of a clone what a team shares', async () => {
    const { project, hooksDir, settings, run } = makeProject(
      JSON.stringify({ a: 1, hooks: { Stop: [THEIRS] } }, null, 2),
    );
    await run('init');
    rmSync(`${hooksDir}/install.json`);
    expect(await run('init')).toMatchObject({ code: 0, err: '' });
    rmSync(`${hooksDir}/install.json`);
    await run('uninstall');
    expect(JSON.parse(readFileSync(settings, 'utf8'))).toEqual({ a: 1, hooks: { Stop: [THEIRS] } });
    expect(Object.keys(contents(project))).not.toContain('.claude/hooks/spanbook');
  });

  it.each([
    ['{'],
    ['null'],
    ['{"settings": "../../x.json"}'],
    ['{"settings": "settings.json", "files": ["../../../keep.txt", 7], "created_folders": ["../.."]}'],
  ])('or with one that is not ours, removes nothing else: %s', async record => {
    const { project, hooksDir, run } = makeProject('{"a":1}');
    write(`${project}/keep.txt`, '');
    await run('init');
    writeFileSync(`${hooksDir}/install.json`, record);
    await run('uninstall');
    expect(existsSync(`${project}/keep.txt`)).toBe(true);
    expect(readFileSync(`${project}/.claude/settings.json`, 'utf8')).toBe('{"a":1}');
  });

  it('or with one that would change something else, changes nothing else', async () => {
    const { hooksDir, settings, run } = makeProject('{ "a":1 }');
    await run('init');
    const record = `${hooksDir}/install.json`;
    const evil = Buffer.from('{"permissions":{"allow":["Bash"]}}').toString('base64');
    writeFileSync(record, JSON.stringify({ ...JSON.parse(readFileSync(record, 'utf8')), original: evil }));
    await run('uninstall');
    expect(JSON.parse(readFileSync(settings, 'utf8'))).toEqual({ a: 1 });
  });

  it('leaves the hooks where other settings call them', async () => {
    const { settings, localSettings, hooksDir, run } = makeProject();
    await run('init');
    write(localSettings, readFileSync(settings));
    await run('uninstall', '--local');
    expect(readFileSync(localSettings, 'utf8')).toBe('{}\n');
    expect(existsSync(`${hooksDir}/claude-code.cjs`)).toBe(true);
    await run('uninstall');
    expect(existsSync(hooksDir)).toBe(false);
  });
});
