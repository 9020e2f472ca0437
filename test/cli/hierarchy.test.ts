import { beforeEach, describe, expect, it, vi } from 'vitest';
import { recordedFacts } from '../helpers/recorded-session.ts';
import {
  appendLines,
  cli,
  cliJson,
  end,
  eventId,
  linesOf,
  makeState,
  note,
  RECORDED_END,
  request,
  spanId,
  start,
  T0,
} from '../helpers/run-cli.ts';

beforeEach(() => {
  vi.stubEnv('TZ', 'UTC');
});

const runs = (count: number) =>
  Array.from({ length: count }, (_, index) => [start(index + 1, { at: T0 + index }), end(index + 1)]).flat();

describe('the tree for people', () => {
  it('shows the recorded session', async () => {
    const stateDir = makeState(recordedFacts());
    const { code, out, err } = await cli(['pipeline', 'hierarchy', '--state-dir', stateDir], {
      now: () => RECORDED_END,
    });
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatchInlineSnapshot(`
      "Sun 22 Nov 2026
      ✔ command /simple                                              06:47:24    569ms
      ├─ ✔ agent builder · call 000010                               06:47:24    192ms
      └─ ✔ skill prototype-builder                                   06:47:24    180ms
         └─ ⚠ ToolFailure: Bash: Exit code 3                         06:47:25
      ✔ command /fanout                                              06:47:25    901ms
      ├─ ✔ agent tester · call 000071                                06:47:25    249ms
      │  └─ ⚠ ToolFailure: Bash: Exit code 7                         06:47:25
      ├─ ✔ agent builder · call 000070                               06:47:25    750ms
      └─ ✔ agent builder · call 000072                               06:47:25     52ms
      ✔ command prompt                                               06:47:27     47ms
      "
    `);
  });

  it('puts errors, warnings and messages under the activity that they belong to, where they happened', async () => {
    const stateDir = makeState([
      start(1),
      note(10, { level: 'info', parent: spanId(1), message: 'before', at: T0 + 10 }),
      start(2, { level: 'agent', name: 'builder', label: 'make it', parent: spanId(1), at: T0 + 20 }),
      note(11, { level: 'error', type: 'Broken', message: 'no such file', parent: spanId(2), at: T0 + 30 }),
      end(2, { at: T0 + 40, status: 'failed' }),
      note(12, { parent: spanId(1), type: 'Slow', message: 'took long', at: T0 + 50 }),
      start(3, { level: 'checkpoint', name: '5', parent: spanId(1), at: T0 + 60 }),
      note(13, { parent: null, message: 'nobody’s', at: T0 + 70 }),
    ]);
    const { out } = await cli(['pipeline', 'hierarchy', '--state-dir', stateDir], { now: () => T0 + 63_060 });
    expect(out).toMatchInlineSnapshot(`
      "Sun 1 Mar 2026
      ● command /run-1                                               12:00:00   1m 03s
      ├─ ℹ before                                                    12:00:00
      ├─ ✖ agent builder (failed) · make it                          12:00:00     20ms
      │  └─ ✖ Broken: no such file                                   12:00:00
      ├─ ⚠ Slow: took long                                           12:00:00
      └─ ● checkpoint 5                                              12:00:00   1m 03s

      Outside any activity
      ⚠ Warning: nobody’s                                            12:00:00
      "
    `);
  });

  it('uses ASCII when the locale is not UTF-8', async () => {
    const stateDir = makeState(recordedFacts());
    const { out } = await cli(['pipeline', 'hierarchy', '--state-dir', stateDir, '--last', '2'], {
      env: { LANG: 'C' },
    });
    expect(out).toMatch(/^[\n -~]*$/);
    expect(out).toContain('`- + agent builder');
  });

  it('shows the last ten runs and says how many more there are', async () => {
    const stateDir = makeState(runs(14));
    const { out } = await cli(['pipeline', 'hierarchy', '--state-dir', stateDir]);
    expect(out.match(/command/g)).toHaveLength(10);
    expect(out).toContain('/run-14');
    expect(out).toContain('4 earlier runs not shown: --last 14');
    const two = await cli(['pipeline', 'hierarchy', '--state-dir', stateDir, '--last', '2']);
    expect(two.out.match(/\/run-\d+/g)).toEqual(['/run-13', '/run-14']);
  });

  it.each([40, 80, 100])('fits %d columns, whatever the names are', async columns => {
    const facts = [
      start(1, { name: `/${'long'.repeat(60)}` }),
      start(2, { name: '漢字'.repeat(40), parent: spanId(1) }),
      ...Array.from({ length: 40 }, (_, index) => start(index + 3, { name: 'deep', parent: spanId(index + 2) })),
    ];
    const { out } = await cli(['pipeline', 'hierarchy', '--state-dir', makeState(facts)], { columns });
    const wide = (line: string): number => [...line].length + (line.match(/[漢字]/g)?.length ?? 0);
    for (const line of out.split('\n')) expect(wide(line)).toBeLessThanOrEqual(columns);
    expect(out).toContain('…');
  });

  it('shows names from outside without obeying them, and JSON gives them raw', async () => {
    const name = '/a\nb\x1b[2J\u202e__proto__';
    const stateDir = makeState([start(1, { name }), start(2, { name: '__proto__', parent: spanId(1) })]);
    const { out } = await cli(['pipeline', 'hierarchy', '--state-dir', stateDir]);
    expect(out).toContain('/a\\x0ab\\x1b[2J\\u202e__proto__');
    expect(out).not.toContain('\x1b');
    expect(await cliJson(['pipeline', 'hierarchy', '--state-dir', stateDir])).toMatchObject({
      roots: [{ name, children: [{ name: '__proto__' }] }],
    });
  });

  it('has colours on a terminal only, and not with NO_COLOR', async () => {
    const argv = ['pipeline', 'hierarchy', '--state-dir', makeState(runs(1))];
    expect((await cli(argv, { isTty: true })).out).toContain('\x1b[32m✔');
    expect((await cli(argv, { isTty: true, env: { NO_COLOR: '1' } })).out).not.toContain('\x1b');
    expect((await cli(argv)).out).not.toContain('\x1b');
  });
});

describe('usage in the tree', () => {
  const facts = [
    start(1, { name: '/simple' }),
    start(2, { level: 'agent', name: 'builder', label: 'order form', parent: spanId(1) }),
    request(20, { parent: spanId(2), cost_nanousd: 20_000_000 }),
    request(21, { parent: spanId(1), cost_nanousd: 12_700_000 }),
    note(10, { parent: spanId(2), type: 'ToolFailure', message: `Bash: Exit code 3 after ${'long '.repeat(20)}` }),
    end(2),
    end(1),
    start(3, { name: '/none' }),
    end(3),
    start(4, { name: '/open' }),
    request(22, { parent: spanId(4) }),
  ];

  it('stands beside each activity that used something, with all below it', async () => {
    const { out } = await cli(['pipeline', 'hierarchy', '--state-dir', makeState(facts)]);
    expect(out).toMatchInlineSnapshot(`
      "Sun 1 Mar 2026                                Tokens     Cost
      ✔ command /simple                              2,222  $0.0327  12:00:00     1.0s
      └─ ✔ agent builder · order form                1,111  $0.0200  12:00:00     1.0s
         └─ ⚠ ToolFailure: Bash: Exit code 3 after long long long …  12:00:00
      ✔ command /none                                                12:00:00     1.0s
      ● command /open                                                12:00:00     2.0s

      Cost is list price (API-equivalent), not money spent on a subscription.
      "
    `);
  });

  it('names what has no price, and does not show it as free', async () => {
    const unpriced = [start(1), request(20, { parent: spanId(1) }), end(1)];
    const { out } = await cli(['pipeline', 'hierarchy', '--state-dir', makeState(unpriced)]);
    expect(out).toMatch(/\/run-1 +1,111 +- {2}12:00:00 +1\.0s\n/);
    expect(out).toContain('⚠ 1,111 tokens have no price and are not in the cost. See: spanbook usage totals');
  });

  it.each([40, 55, 62, 80, 120])('fits %d columns', async columns => {
    const dear = [...facts, start(5), request(23, { parent: spanId(5), cost_nanousd: 1_234_567e9 }), end(5)];
    const { out } = await cli(['pipeline', 'hierarchy', '--state-dir', makeState(dear)], { columns });
    const lines = out.split('\n');
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(columns);
    expect([out.includes('Tokens'), out.includes('$1,234,567.00')]).toEqual([columns >= 80, columns >= 62]);
    // Times stand below each other.
    const clock = lines.flatMap(line => (line.includes('12:00:00') ? [line.indexOf('12:00:00')] : []));
    expect(new Set(clock).size).toBe(1);
  });

  it('is in JSON, and beside one activity alone', async () => {
    const stateDir = makeState(facts);
    const answer = await cliJson(['pipeline', 'hierarchy', '--state-dir', stateDir]);
    expect(answer).toMatchObject({
      roots: [
        {
          usage: { self: { requests: 1, cost: 0.0127 }, total: { requests: 2, cost: 0.0327 } },
          children: [{ usage: { self: { requests: 1 }, total: { cost: 0.02 } } }],
        },
        { name: '/none' },
        { name: '/open' },
      ],
    });
    const one = await cli(['pipeline', 'hierarchy', '--event-id', eventId(2), '--state-dir', stateDir]);
    expect(one.out).toContain(' 1,111  $0.0200  12:00:00');
    expect(one.out).toContain('Cost is list price');
  });
});

describe('the tree as JSON', () => {
  it('has all runs, with the documented keys', async () => {
    const stateDir = makeState([...runs(14), start(20, { level: 'agent', name: 'a', label: 'l', parent: spanId(14) })]);
    const answer = (await cliJson(['pipeline', 'hierarchy', '--state-dir', stateDir])) as { roots: object[] };
    expect(answer).toHaveProperty('schema_version', '1.0.0');
    expect(answer.roots).toHaveLength(14);
    expect(answer.roots.at(-1)).toEqual({
      event_id: eventId(14),
      level: 'command',
      name: '/run-14',
      status: 'completed',
      started_at: '2026-03-01T12:00:00.013Z',
      duration_ms: 987,
      session_id: 'local',
      errors: 0,
      warnings: 0,
      children: [expect.objectContaining({ name: 'a', label: 'l', status: 'running', duration_ms: 2000 })],
    });
  });

  it('gives one activity with its ancestors', async () => {
    const stateDir = makeState([start(1), start(2, { parent: spanId(1), name: '/inner' })]);
    expect(await cliJson(['pipeline', 'hierarchy', '--state-dir', stateDir, '--event-id', eventId(2)])).toMatchObject({
      schema_version: '1.0.0',
      name: '/inner',
      children: [],
      ancestors: [{ event_id: eventId(1), level: 'command', name: '/run-1' }],
    });
  });

  it('reads archives too', async () => {
    const stateDir = makeState(runs(3));
    appendLines(stateDir, linesOf([start(9, { name: '/later' })]), 2);
    const answer = (await cliJson(['pipeline', 'hierarchy', '--state-dir', stateDir])) as { roots: { name: string }[] };
    expect(answer.roots.map(root => root.name)).toEqual(['/run-1', '/run-2', '/run-3', '/later']);
  });
});

describe('a choice of runs', () => {
  const facts = [start(1, { session: 'aaa-1' }), start(2, { session: 'abb-2' })];

  it('takes the first letters of a session', async () => {
    const answer = await cliJson(['pipeline', 'hierarchy', '--session', 'ab', '--state-dir', makeState(facts)]);
    expect(answer).toMatchObject({ roots: [{ name: '/run-2' }] });
  });

  it.each([
    [['--session', 'a'], 'expected one session'],
    [['--session', 'zz'], 'expected a session with a run, got "zz"'],
    [['--event-id', 'evt-nope'], 'expected one that was recorded, got "evt-nope"'],
  ])('refuses %j with exit code 1', async (options, message) => {
    const { code, out, err } = await cli(['pipeline', 'hierarchy', ...options, '--state-dir', makeState(facts)]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(message);
  });
});
