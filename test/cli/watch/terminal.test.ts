/** The real thing in a real terminal. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { textWidth } from '../../../src/cli/text-width.ts';
import { appendLines, end, linesOf, makeFolder, makeState, note, spanId, start } from '../../helpers/run-cli.ts';
import { ROOT } from '../../helpers/run-program.ts';
import { hasTmux, openTmux, spanbookLine, type Tmux } from '../../helpers/tmux.ts';
import { watchedFacts } from '../../helpers/watched-state.ts';

interface Watched {
  tmux: Tmux;
  stateDir: string;
}

async function watch(columns: number, rows: number, env: Record<string, string> = {}): Promise<Watched> {
  const stateDir = makeState(watchedFacts(Date.now()));
  const tmux = openTmux({ columns, rows }, { CLAUDE_CONFIG_DIR: makeFolder(), ...env });
  await tmux.until(text => text.includes('ready>'));
  // The name of the shell's line must not be taken for a line of the screen.
  tmux.press(`clear; ${spanbookLine('watch', '--state-dir', stateDir)}; echo "code=$?"`, 'Enter');
  await tmux.until(text => text.includes('today'));
  return { tmux, stateDir };
}

/** Times of day, and what counts seconds, are those of the run. */
const steady = (lines: readonly string[]): string =>
  lines
    .map(line =>
      line
        .replace(/\d\d:\d\d:\d\d/g, 'HH:MM:SS')
        .replace(/\b\d+m \d\ds/g, 'Nm NNs')
        .trimEnd(),
    )
    .join('\n');

describe.skipIf(!hasTmux())('watch in a terminal (needs tmux)', () => {
  it('fills 80 × 24', async () => {
    const { tmux } = await watch(80, 24);
    expect(steady(tmux.screen())).toMatchInlineSnapshot(`
      "● running (3 open)  Shop · prototype             last event Nm NNs ago  HH:MM:SS
      no requests in the last 5 minutes                                  today $0.0019
      3 runs, running first                                   Tokens      Cost    Time
      › ● /build                                                                Nm NNs
        ├─ ✔ agent builder · Write the parser                                   Nm NNs
        └─ ● agent tester · Run the tests                                       Nm NNs
           └─ ● skill fuzz                                                      Nm NNs
        ✔ /review                                          ⚠1                   Nm NNs
        ✖ /deploy [+]                                      ✖1  1,111   $0.0327  Nm NNs











      Last errors and warnings
      ⚠ HH:MM:SS ToolFailure: Bash: exit code 1 (/review)
      ✖ HH:MM:SS ApiError: overloaded\\x1b[2J (/deploy › évalue\\u202eur 🚀\\x1b[31m 名…
      ↑↓ move  ←→ fold  ⏎ open  / find  s sort  r running  e errors  ? help     q quit"
    `);
    expect(tmux.tell('cursor_flag')).toBe('0');
  });

  it('fills 120 × 40', async () => {
    const { tmux } = await watch(120, 40);
    expect(steady(tmux.screen())).toMatchInlineSnapshot(`
      "● running (3 open)  Shop · prototype                                                     last event Nm NNs ago  HH:MM:SS
      no requests in the last 5 minutes                                                                          today $0.0019
      3 runs, running first                                                                     Began Tokens      Cost    Time
      › ● /build                                                                             HH:MM:SS                   Nm NNs
        ├─ ✔ agent builder · Write the parser                                                HH:MM:SS                   Nm NNs
        └─ ● agent tester · Run the tests                                                    HH:MM:SS                   Nm NNs
           └─ ● skill fuzz                                                                   HH:MM:SS                   Nm NNs
        ✔ /review                                                                         ⚠1 HH:MM:SS                   Nm NNs
        ✖ /deploy [+]                                                                     ✖1 HH:MM:SS  1,111   $0.0327  Nm NNs



























      Last errors and warnings
      ⚠ HH:MM:SS ToolFailure: Bash: exit code 1 (/review)
      ✖ HH:MM:SS ApiError: overloaded\\x1b[2J (/deploy › évalue\\u202eur 🚀\\x1b[31m 名前)
      ↑↓ move  ←→ fold  ⏎ open  / find  s sort  r running  e errors  ? help                                             q quit"
    `);
  });

  it('fills 40 × 12', async () => {
    const { tmux } = await watch(40, 12);
    expect(steady(tmux.screen())).toMatchInlineSnapshot(`
      "● running (3 open)  Shop · pr…  HH:MM:SS
      no requests in 5 min       today $0.0019
      3 runs, running first               Time
      › ● /build                        Nm NNs
        ├─ ✔ agent builder ·…           Nm NNs
        └─ ● agent tester · …           Nm NNs
           └─ ● skill fuzz              Nm NNs
        ✔ /review                   ⚠1  Nm NNs
        ✖ /deploy [+]               ✖1  Nm NNs


      ↑↓ move  ←→ fold  ⏎ open  / fin…  q quit"
    `);
  });

  it('obeys keys', async () => {
    const { tmux } = await watch(80, 24);
    tmux.press('j');
    await tmux.until(text => /^› ├─ ✔ agent builder/m.test(text));
    tmux.press('Enter');
    await tmux.until(text => text.includes('Event      evt-0000000000000006'));
    tmux.press('Escape');
    await tmux.until(text => text.includes('running first'));
    tmux.press('/', 'f', 'u', 'z', 'z');
    await tmux.until(text => text.includes('/fuzz_') && !text.includes('/review '));
    tmux.press('Escape');
    await tmux.until(text => /✔ \/review /.test(text));
    tmux.press('e', 's');
    await tmux.until(text => text.includes('2 of 3 runs, by duration · problems only'));
    tmux.press('?');
    await tmux.until(text => text.includes('Keys'));
  });

  it('follows the size of the terminal', async () => {
    const { tmux } = await watch(80, 24);
    tmux.resize(40, 12);
    await tmux.until(
      text => text.includes('no requests in 5 min') && text.split('\n').at(-1)?.endsWith('q quit') === true,
    );
    tmux.resize(120, 30);
    const lines = await tmux.until(text => text.includes('Began Tokens'));
    expect(lines).toHaveLength(30);
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(120);
    expect(lines.at(-1)).toMatch(/ {2}q quit$/);
  });

  it('shows what happens within a second, and lets clocks tick', async () => {
    const { tmux, stateDir } = await watch(80, 24);
    const now = Date.now();
    const facts = [
      start(99, { name: '/brand-new', at: now }),
      note(98, { level: 'error', type: 'Fresh', message: 'just now', parent: spanId(99), at: now }),
    ];
    appendLines(stateDir, linesOf(facts));
    const began = Date.now();
    const lines = await tmux.until(text => text.includes('/brand-new') && text.includes('Fresh: just now'));
    expect(Date.now() - began).toBeLessThan(3000);
    expect(steady(lines)).toContain('● running (4 open)');
    await tmux.until(text => /\/brand-new .* [2-9]s$/m.test(text));
    appendLines(stateDir, linesOf([end(99, { at: Date.now() })]));
    await tmux.until(text => /✔ \/brand-new/.test(text));
  });

  it.each([
    ['q', 0],
    ['C-c', 0],
  ])('gives the screen back after %s', async (key, code) => {
    const { tmux } = await watch(80, 24);
    expect(tmux.tell('alternate_on')).toBe('1');
    tmux.press(key);
    const lines = await tmux.until(text => text.includes(`code=${code}`));
    expect(lines.join('\n')).not.toContain('/review ');
    expect([tmux.tell('alternate_on'), tmux.tell('cursor_flag'), tmux.tell('wrap_flag')]).toEqual(['0', '1', '1']);
    // The shell hears keys as before.
    tmux.press('echo back-$((40 + 2))', 'Enter');
    await tmux.until(text => text.includes('back-42'));
  });

  it.each([
    ['TERM', 143],
    ['HUP', 129],
  ])('gives the screen back after SIG%s', async (signal, code) => {
    const { tmux, stateDir } = await watch(80, 24);
    const pid = execFileSync('pgrep', ['-f', `^${process.execPath} .*watch --state-dir ${stateDir}`], {
      encoding: 'utf8',
    });
    process.kill(Number(pid), `SIG${signal}`);
    await tmux.until(text => text.includes(`code=${code}`));
    expect([tmux.tell('alternate_on'), tmux.tell('cursor_flag')]).toEqual(['0', '1']);
  });

  it('gives the screen back after an error that nobody caught, and shows it', async () => {
    const tmux = openTmux({ columns: 80, rows: 24 });
    await tmux.until(text => text.includes('ready>'));
    const program = `import { openTerminal } from "${ROOT}dist/src/cli/open-terminal.js";
      openTerminal({ onInput() { throw new Error("boom-" + (40 + 2)); }, onStale() {}, onEnd() {} });`;
    const file = `${makeFolder()}/fails.mjs`;
    writeFileSync(file, program);
    tmux.press(`${process.execPath} ${file}; echo "code=$?"`, 'Enter');
    await tmux.until(() => tmux.tell('alternate_on') === '1');
    tmux.press('x');
    const lines = await tmux.until(text => text.includes('code=1'));
    expect(lines.join('\n')).toContain('boom-42');
    expect([tmux.tell('alternate_on'), tmux.tell('cursor_flag')]).toEqual(['0', '1']);
  });

  it('goes to sleep and comes back', async () => {
    const { tmux } = await watch(80, 24);
    tmux.press('C-z');
    await tmux.until(text => text.includes('Stopped'));
    expect(tmux.tell('alternate_on')).toBe('0');
    tmux.press('fg', 'Enter');
    await tmux.until(text => /^› ● \/build/m.test(text));
    expect(tmux.tell('alternate_on')).toBe('1');
    tmux.press('q');
    await tmux.until(text => text.includes('ready>'));
  });

  it('streams lines where the terminal can do nothing else', async () => {
    const stateDir = makeState(watchedFacts(Date.now()));
    const tmux = openTmux({ columns: 80, rows: 24 });
    await tmux.until(text => text.includes('ready>'));
    tmux.press(`TERM=dumb ${spanbookLine('watch', '--state-dir', stateDir)}`, 'Enter');
    await tmux.until(text => text.includes('start skill fuzz'));
    expect(tmux.tell('alternate_on')).toBe('0');
  });
});
