/** The commands of analysis, as people and programs call them. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import { parseCsv } from '../helpers/parse-csv.ts';
import { recordedFacts } from '../helpers/recorded-session.ts';
import {
  cli,
  cliJson,
  end,
  eventId,
  makeFolder,
  makeState,
  RECORDED_END,
  spanId,
  start,
  T0,
} from '../helpers/run-cli.ts';
import { ROOT } from '../helpers/run-program.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Runs of a command with an agent in it, one an hour from `T0` on, each with the length that is given. */
function runs(lengths: readonly number[], name = '/build'): Fact[] {
  return lengths.flatMap((length, index) => {
    const at = T0 + index * HOUR;
    const [id, agent] = [2 * index + 1, 2 * index + 2];
    const trace = spanId(id).repeat(2);
    return [
      start(id, { at, name, trace }),
      start(agent, { at: at + 1000, level: 'agent', name: 'builder', parent: spanId(id), trace }),
      end(agent, { at: at + length - 1000 }),
      end(id, { at: at + length }),
    ];
  });
}

const usual = (count: number, minutes = 10): number[] =>
  Array.from({ length: count }, (_, index) => (minutes + (index % 5) / 5) * MINUTE);
const later = { now: () => T0 + 100 * HOUR };

describe('pipeline durations', () => {
  const stateDir = () => makeState(runs(usual(30)));

  it('shows times, and their course over the days', async () => {
    const { out } = await cli(['pipeline', 'durations', '--state-dir', stateDir(), '--tz', 'UTC'], later);
    expect(out).toMatchInlineSnapshot(`
      "                                    Half      95%
      Level    Name     Count  Failed    under    under  Longest   Total  Days
      command  /build      30       -  10m 24s  10m 48s  10m 48s  5h 12m  ██
      agent    builder     30       -  10m 22s  10m 46s  10m 46s  5h 11m  ██

      Times are of those that completed or failed. See docs/analysis.md.
      "
    `);
  });

  it('answers with the days', async () => {
    const argv = ['pipeline', 'durations', '--state-dir', stateDir(), '--by', 'agent', '--tz', 'UTC'];
    expect(await cliJson([...argv, '--since', '2026-03-02', '--until', '2026-03-02'], later)).toMatchObject({
      time_zone: 'UTC',
      since: '2026-03-02T00:00:00.000Z',
      until: '2026-03-03T00:00:00.000Z',
      rows: [{ level: 'agent', name: 'builder', count: 18, periods: [{ label: '2026-03-02', count: 18 }] }],
    });
    const [header, ...rows] = parseCsv((await cli([...argv, '--csv'], later)).out);
    expect(header?.slice(0, 4)).toEqual(['start', 'level', 'name', 'count']);
    expect(rows.map(row => row.slice(0, 4))).toEqual([
      ['', 'agent', 'builder', '30'],
      ['2026-03-01T00:00:00.000Z', 'agent', 'builder', '12'],
      ['2026-03-02T00:00:00.000Z', 'agent', 'builder', '18'],
    ]);
  });

  it('says that there is nothing in the range', async () => {
    const { out } = await cli(['pipeline', 'durations', '--state-dir', stateDir(), '--since', '2027-01-01'], later);
    expect(out).toBe('No activity in what you asked for.\nSee: spanbook pipeline durations\n');
  });
});

describe('pipeline bottlenecks', () => {
  const facts = runs([10 * MINUTE, 20 * MINUTE]);

  it('shows what the last run waited for', async () => {
    const { out } = await cli(['pipeline', 'bottlenecks', '--state-dir', makeState(facts)], later);
    // Whatever the zone of the machine is.
    expect(out.replaceAll(/(2026-\S+ )?\d\d:\d\d:(\d\d)/g, 'hh:mm:$2')).toMatchInlineSnapshot(`
      "command /build
      completed, 20m 00s, from hh:mm:00  evt-0000000000000003

      Waited for      Times     Time  Share
      agent builder       1  19m 58s   100%  ████████████████████
      command /build      2     2.0s    <1%  ▏

      From      The path           Time  Share
      hh:mm:00  command /build     1.0s    <1%
      hh:mm:01  agent builder   19m 58s   100%
      hh:mm:59  command /build     1.0s    <1%

      What activities did themselves is not known: no transcript tells of their
      requests and tools.
      "
    `);
  });

  it('takes the first letters of an id', async () => {
    const stateDir = makeState([...facts, ...[start(0xabc, { at: T0 + 9 * HOUR, span: 'abc0000000000000' })]]);
    for (const id of [eventId(1), spanId(1), 'evt-abc', 'abc']) {
      const expected = id.includes('abc') ? 'evt-abc0000000000000' : eventId(1);
      const found = await cliJson(['pipeline', 'bottlenecks', id, '--state-dir', stateDir], later);
      expect(found).toMatchObject({ run: { event_id: expected } });
    }
    // What still runs is no answer to what was last, as long as anything has ended.
    expect(await cliJson(['pipeline', 'bottlenecks', '--state-dir', stateDir], later)).toMatchObject({
      run: { event_id: eventId(3), duration_ms: 20 * MINUTE },
    });
  });

  it.each([
    ['evt-0', 'expected one activity, got "evt-0", with which 4 begin'],
    ['nope', 'expected one that was recorded, got "nope"'],
  ])('refuses %s', async (id, message) => {
    const { code, out, err } = await cli(['pipeline', 'bottlenecks', id, '--state-dir', makeState(facts)], later);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(message);
  });

  it('knows the requests and tools of a recorded session', async () => {
    const stateDir = makeState(recordedFacts());
    const argv = [
      'pipeline',
      'bottlenecks',
      '--state-dir',
      stateDir,
      '--claude-dir',
      `${ROOT}examples/recorded-session`,
    ];
    const { roots } = (await cliJson(['pipeline', 'hierarchy', '--state-dir', stateDir])) as {
      roots: { event_id: string; name: string; duration_ms: number }[];
    };
    const levels = new Set<string>();
    for (const { event_id, duration_ms } of roots) {
      const { run } = (await cliJson([...argv, event_id], { now: () => RECORDED_END })) as {
        run: { has_leaves: boolean; path: { level: string; own_ms: number }[] };
      };
      expect(run.has_leaves).toBe(true);
      expect(run.path.reduce((sum, { own_ms }) => sum + own_ms, 0)).toBe(duration_ms);
      for (const { level } of run.path) levels.add(level);
    }
    expect([...levels]).toEqual(expect.arrayContaining(['chat', 'tool', 'command', 'agent']));
    const { out } = await cli(argv, { now: () => RECORDED_END });
    expect(out).toContain('waiting for claude-');
    const withCsv = parseCsv((await cli([...argv, '--csv'], { now: () => RECORDED_END })).out);
    expect(withCsv[0]).toEqual(['event_id', 'level', 'name', 'started_at', 'ended_at', 'own_ms', 'share']);
    expect(withCsv.length).toBeGreaterThan(1);
  });
});

describe('pipeline anomalies', () => {
  it('shows what took long, and why that is said', async () => {
    const { out } = await cli(['pipeline', 'anomalies', '--state-dir', makeState(runs([...usual(30), 95 * MINUTE]))], {
      ...later,
      env: { TZ: 'UTC' },
    });
    expect(out).toContain(
      'took 1h 35m; of the 30 before it half took less than 10m 24s, and\n        nineteen of twenty less than 10m 48s',
    );
    expect(out).toContain('2 out of the ordinary.');
    expect(out.split('\n').filter(line => line.startsWith('slow'))).toHaveLength(2);
  });

  it('shows the newest, all to programs', async () => {
    const lengths = Array.from({ length: 12 }, () => [...usual(8), 200 * MINUTE]).flat();
    const stateDir = makeState(runs(lengths));
    const all = (await cliJson(['pipeline', 'anomalies', '--state-dir', stateDir], later)) as { anomalies: object[] };
    expect(all.anomalies.length).toBeGreaterThan(20);
    expect(all).toMatchObject({ found: all.anomalies.length, examined: lengths.length * 2 });
    const { out } = await cli(['pipeline', 'anomalies', '--state-dir', stateDir], later);
    expect(out).toContain(`The newest 20 of ${all.anomalies.length}; for more: --limit ${all.anomalies.length}`);
    const csv = parseCsv(
      (await cli(['pipeline', 'anomalies', '--state-dir', stateDir, '--limit', '3', '--csv'], later)).out,
    );
    expect(csv).toHaveLength(4);
  });

  it.each([
    [usual(4), 'Too little history: of no activity have 8 of the same name ended before it.'],
    [usual(20), 'Nothing out of the ordinary.'],
  ])('has words for nothing: %#', async (lengths, words) => {
    const { out } = await cli(['pipeline', 'anomalies', '--state-dir', makeState(runs(lengths))], later);
    expect(out.split('\n')[0]).toBe(words);
  });
});

describe('pipeline compare', () => {
  const stateDir = () => makeState(runs([...usual(20), ...usual(20, 30)]));
  const at = new Date(T0 + 20 * HOUR - 1).toISOString();

  it('shows what changed', async () => {
    const { out } = await cli(['pipeline', 'compare', '--at', at, '--state-dir', stateDir()], later);
    expect(out.slice(out.indexOf('\n'))).toMatchInlineSnapshot(`
      "

      All runs  Runs  Failed     Time  Cost
      before      20       0   3h 28m     -
      after       20       0  10h 08m     -

                         Count  Count  Half under
      Level    Name     before  after      before    after    Time  Failures
      command  /build       20     20     10m 24s  30m 24s  +192%     (+0pp)
      agent    builder      20     20     10m 22s  30m 22s  +193%     (+0pp)

      2 changed by more than noise: without a mark. ( ) no more than noise.
      "
    `);
  });

  it('answers with its tests', async () => {
    const argv = ['pipeline', 'compare', '--at', at, '--days', '1', '--by', 'agent', '--state-dir', stateDir()];
    expect(await cliJson(argv, later)).toMatchObject({
      commit: null,
      at,
      rows: [{ name: 'builder', duration: { verdict: 'up' }, failures: { verdict: 'noise' } }],
    });
    const [header = [], ...rows] = parseCsv((await cli([...argv, '--csv'], later)).out);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.[header.indexOf('duration_verdict')]).toBe('up');
  });

  it('takes the time of a commit', async () => {
    const folder = makeFolder();
    const date = '2026-03-02T09:30:00+02:00';
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      GIT_COMMITTER_DATE: date,
      GIT_AUTHOR_DATE: '2020-01-01T00:00:00Z',
    };
    const git = (...argv: string[]) => execFileSync('git', argv, { cwd: folder, env, stdio: 'pipe' });
    git('init', '-q');
    git('-c', 'user.name=a', '-c', 'user.email=b', 'commit', '-q', '--allow-empty', '-m', 'x');
    git('-c', 'user.name=a', '-c', 'user.email=b', 'tag', '-a', 'v1', '-m', 'annotated');
    const inFolder = { ...later, cwd: folder, env: { PATH: process.env.PATH, HOME: folder } };
    for (const commit of ['HEAD', 'v1']) {
      const argv = ['pipeline', 'compare', '--commit', commit, '--state-dir', stateDir()];
      expect(await cliJson(argv, inFolder)).toMatchObject({ commit, at: '2026-03-02T07:30:00.000Z' });
    }
    const wrong = await cli(['pipeline', 'compare', '--commit', 'no;such', '--state-dir', stateDir()], inFolder);
    expect([wrong.code, wrong.out]).toEqual([1, '']);
    expect(wrong.err).toContain(`--commit: expected a commit of the repository in ${folder}, got "no;such"`);
  });

  it.each([
    [['--commit=--output=x'], 2, 'expected a commit as git names it, got "--output=x"'],
    [['--commit', 'HEAD'], 1, 'is no folder. Give the time itself: --at T'],
    [[], 2, 'expected either --at T or --commit SHA, got neither'],
    [['--at', '30d', '--commit', 'HEAD'], 2, 'expected either --at T or --commit SHA, got both'],
    [['--at', 'soon'], 2, 'Expected a date as'],
    [['--at', '30d', '--json', '--csv'], 2, '--csv: expected no --json beside it, got both'],
  ])('refuses %j', async (argv, expected, message) => {
    const { code, out, err } = await cli(['pipeline', 'compare', ...argv, '--state-dir', makeState()], later);
    expect([code, out]).toEqual([expected, '']);
    expect(err).toContain(message);
  });
});

it('shows hostile names as text, in 80 columns', async () => {
  const stateDir = makeState(runs([...usual(12), 95 * MINUTE], `/\x1b[2J<script>${'x'.repeat(300)}`));
  for (const argv of [['durations'], ['bottlenecks'], ['anomalies'], ['compare', '--at', '2026-03-01T18:00:00Z']]) {
    const { out } = await cli(['pipeline', ...argv, '--state-dir', stateDir], later);
    expect(out).toContain('\\x1b[2J');
    expect(out).not.toContain('\x1b');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  }
});
