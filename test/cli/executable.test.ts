/** The built executable as people and shells use it. `npm test` builds it first. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { recordedFacts } from '../helpers/recorded-session.ts';
import {
  appendLines,
  end,
  linesOf,
  makeFolder,
  makeState,
  note,
  start,
  T0,
  writeSettings,
} from '../helpers/run-cli.ts';

const BIN = fileURLToPath(new URL('../../dist/bin/spanbook.cjs', import.meta.url));
const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

function spanbook(args: readonly string[], options: { env?: Record<string, string>; uid?: number } = {}) {
  const env = { PATH: process.env.PATH ?? '', TZ: 'UTC', ...options.env };
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], { ...options, env, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

describe('the executable', () => {
  it('prints its version, and only that', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(spanbook(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it('finds its state folder by the environment and answers without colours in a pipe', () => {
    const stateDir = makeState(recordedFacts());
    const { code, out, err } = spanbook(['pipeline', 'hierarchy'], { env: { SPANBOOK_STATE_DIR: stateDir } });
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('└─ ✔ skill prototype-builder');
    expect(out).not.toContain('\x1b');
  });

  it.each([
    [['pipeline', 'show', 'evt-nope'], 1],
    [['pipeline', 'nonsense'], 2],
    [['--help'], 0],
  ])('ends %j with exit code %d', (args, code) => {
    expect(spanbook(args, { env: { SPANBOOK_STATE_DIR: makeState([start(1)]) } }).code).toBe(code);
  });

  it('names what is wrong in the settings', () => {
    const stateDir = makeState([start(1)]);
    execFileSync('sh', ['-c', `printf '{"durability": fsync}' > "${stateDir}/spanbook.json"`]);
    const { code, out, err } = spanbook(['pipeline', 'status', '--state-dir', stateDir]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe(
      `spanbook: ${stateDir}/spanbook.json: expected JSON, got a mistake at line 1, column 16: expected value\n`,
    );
  });

  it('loads the schemas only when there are settings', () => {
    // A copy without the schemas beside it shows whether it reaches for them.
    const folder = makeFolder();
    const alone = `${folder}/spanbook.cjs`;
    for (const name of readdirSync(dirname(BIN))) {
      if (name !== 'schemas.cjs') cpSync(`${dirname(BIN)}/${name}`, `${folder}/${name}`, { recursive: true });
    }
    const stateDir = makeState([start(1)]);
    const status = () => spawnSync(process.execPath, [alone, 'pipeline', 'status', '--state-dir', stateDir]).status;
    expect(status()).toBe(0);
    writeSettings(stateDir, {});
    expect(status()).toBe(1);
  });
});

describe('in a pipe', () => {
  const many = Array.from({ length: 400 }, (_, index) => [
    start(index + 1, { name: `/run-${index}-${'x'.repeat(200)}`, at: T0 + index }),
    end(index + 1, { at: T0 + index + 1 }),
  ]).flat();

  it('hands over an answer of more than 64 KB whole', () => {
    const stateDir = makeState(many);
    const args = ['pipeline', 'hierarchy', '--json', '--state-dir', stateDir];
    const whole = spanbook(args).out;
    expect(Buffer.byteLength(whole)).toBeGreaterThan(100_000);
    expect(JSON.parse(whole).roots).toHaveLength(400);
    const counted = execFileSync('sh', [
      '-c',
      `"$0" "$@" | (read -r line; printf %s "$line" | wc -c)`,
      process.execPath,
      BIN,
      ...args,
    ]);
    expect(Number(counted)).toBe(Buffer.byteLength(whole) - 1);
  });

  it('is no failure that the reader had enough', () => {
    const args = ['pipeline', 'events', '--json', '--state-dir', makeState(many)];
    const script = '{ "$0" "$@"; echo "code $?" >&2; } | head -c 10';
    const { stdout, stderr } = spawnSync('sh', ['-c', script, process.execPath, BIN, ...args], { encoding: 'utf8' });
    expect(stdout).toBe('{"schema_v');
    expect(stderr).toBe('code 0\n');
  });

  it.runIf(process.platform === 'linux')('is a failure that the disk behind it is full', () => {
    const args = ['pipeline', 'status', '--state-dir', makeState(many)];
    const { status, stderr } = spawnSync('sh', ['-c', '"$0" "$@" > /dev/full', process.execPath, BIN, ...args], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('no space left');
  });
});

it('answers from the journal when the state folder cannot be written', () => {
  const stateDir = makeState([start(1)]);
  spanbook(['pipeline', 'status', '--state-dir', stateDir]);
  appendLines(stateDir, linesOf([note(10), end(1)]));
  execFileSync('chmod', ['-R', 'a+rX,a-w', stateDir]);
  try {
    // Root may write anywhere, so root asks as somebody else.
    const uid = isRoot ? NOBODY : undefined;
    const status = spanbook(['pipeline', 'status', '--json', '--state-dir', stateDir], { uid });
    expect(status.code).toBe(0);
    expect(status.err).toMatch(/the folder is read-only \(E\w+\); this answer is from the journal/);
    expect(JSON.parse(status.out)).toMatchObject({ pipeline_status: 'completed', statistics: { total_events: 3 } });
    const tree = spanbook(['pipeline', 'hierarchy', '--state-dir', stateDir], { uid });
    expect(tree.out).toContain('✔ command /run-1');
    const set = spanbook(['context', 'set', '--stage', 'x', '--state-dir', stateDir], { uid });
    expect(set.code).toBe(1);
    expect(set.err).toMatch(/^spanbook: E\w+: .*journal/);
  } finally {
    chmodSync(stateDir, 0o700);
    chmodSync(`${stateDir}/journal`, 0o700);
  }
});
