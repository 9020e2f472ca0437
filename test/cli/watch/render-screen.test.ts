import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { textWidth } from '../../../src/cli/text-width.ts';
import { lineText } from '../../../src/cli/watch/screen-line.ts';
import type { WatchMoney, WatchSnapshot } from '../../../src/cli/watch/watch-snapshot.ts';
import { initialState, type WatchState } from '../../../src/cli/watch/watch-state.ts';
import { alertOf } from '../../helpers/alerts.ts';
import { awkwardName } from '../../helpers/arbitrary-facts.ts';
import { end, eventId, note, spanId, start, T0 } from '../../helpers/run-cli.ts';
import { ASCII, painterOf, snapshotOf } from '../../helpers/watch-snapshots.ts';
import { watchedFacts } from '../../helpers/watched-state.ts';

beforeAll(() => {
  process.env.TZ = 'UTC';
});

const money: WatchMoney = {
  today: 12.34,
  budgets: [
    {
      name: 'month budget',
      subject: null,
      period: 'month',
      period_start: '2026-03-01T00:00:00.000Z',
      period_end: '2026-04-01T00:00:00.000Z',
      limit: 100,
      used: 92,
      share: 0.92,
      level: 'warning',
      forecast: null,
    },
  ],
  alerts: [alertOf({ level: 'critical' }), alertOf(), alertOf()],
};
const burn = {
  minutes: 1,
  tokens_per_minute: 12_345,
  output_tokens_per_minute: 10,
  cost_per_minute: 0.42,
  requests: 3,
};
const busy = (): WatchSnapshot => ({
  ...snapshotOf(watchedFacts(T0)),
  money,
  burn: [burn, { ...burn, minutes: 5, tokens_per_minute: 8100 }],
});

function screenOf(
  columns: number,
  rows: number,
  options: { state?: WatchState; snapshot?: WatchSnapshot } = {},
): string {
  const { state = initialState(), snapshot = busy() } = options;
  const { lines } = painterOf().paint(state, snapshot, { columns, rows });
  return lines.map(line => lineText(line).trimEnd()).join('\n');
}

describe('the screen', () => {
  it('at 80 × 24', () => {
    expect(screenOf(80, 24)).toMatchInlineSnapshot(`
      "● running (3 open)  Shop · prototype             last event 2m 00s ago  12:00:00
      12.3K tokens/min  $0.4200/min  · 5 min: 8,100/min  $0.4200/min      today $12.34
      ⚠ month budget: 92% of $100.00
      ✖ 13:30:00 Hour 13:00: $12.50 at list prices, warning limit $10.00.
      ⚠ 13:30:00 Hour 13:00: $12.50 at list prices, warning limit $10.00.      +1 more
      3 runs, running first                                   Tokens      Cost    Time
      › ● /build                                                                4m 00s
        ├─ ✔ agent builder · Write the parser                                   1m 00s
        └─ ● agent tester · Run the tests                                       3m 00s
           └─ ● skill fuzz                                                      2m 00s
        ✔ /review                                          ⚠1                   2m 00s
        ✖ /deploy [+]                                      ✖1  1,111   $0.0327  3m 00s








      Last errors and warnings
      ⚠ 11:31:00 ToolFailure: Bash: exit code 1 (/review)
      ✖ 11:12:30 ApiError: overloaded\\x1b[2J (/deploy › évalue\\u202eur 🚀\\x1b[31m 名…
      ↑↓ move  ←→ fold  ⏎ open  / find  s sort  r running  e errors  ? help     q quit"
    `);
  });

  it('at 120 × 40', () => {
    expect(screenOf(120, 40)).toMatchInlineSnapshot(`
      "● running (3 open)  Shop · prototype                                                     last event 2m 00s ago  12:00:00
      12.3K tokens/min  $0.4200/min  · 5 min: 8,100/min  $0.4200/min                                              today $12.34
      ⚠ month budget: 92% of $100.00
      ✖ 13:30:00 Hour 13:00: $12.50 at list prices, warning limit $10.00.
      ⚠ 13:30:00 Hour 13:00: $12.50 at list prices, warning limit $10.00.                                              +1 more
      3 runs, running first                                                                     Began Tokens      Cost    Time
      › ● /build                                                                             11:56:00                   4m 00s
        ├─ ✔ agent builder · Write the parser                                                11:56:00                   1m 00s
        └─ ● agent tester · Run the tests                                                    11:57:00                   3m 00s
           └─ ● skill fuzz                                                                   11:58:00                   2m 00s
        ✔ /review                                                                         ⚠1 11:30:00                   2m 00s
        ✖ /deploy [+]                                                                     ✖1 11:10:00  1,111   $0.0327  3m 00s
























      Last errors and warnings
      ⚠ 11:31:00 ToolFailure: Bash: exit code 1 (/review)
      ✖ 11:12:30 ApiError: overloaded\\x1b[2J (/deploy › évalue\\u202eur 🚀\\x1b[31m 名前)
      ↑↓ move  ←→ fold  ⏎ open  / find  s sort  r running  e errors  ? help                                             q quit"
    `);
  });

  it('at 40 × 12', () => {
    expect(screenOf(40, 12)).toMatchInlineSnapshot(`
      "● running (3 open)  Shop · pr…  12:00:00
      12.3K tokens/min  $0.4200…  today $12.34
      ⚠ month budget: 92% of $100.00   +3 more
      3 runs, running first               Time
      › ● /build                        4m 00s
        ├─ ✔ agent builder ·…           1m 00s
        └─ ● agent tester · …           3m 00s
           └─ ● skill fuzz              2m 00s
        ✔ /review                   ⚠1  2m 00s
        ✖ /deploy [+]               ✖1  3m 00s

      ↑↓ move  ←→ fold  ⏎ open  / fin…  q quit"
    `);
  });

  it('tells all about one activity', () => {
    expect(
      screenOf(80, 24, { state: { ...initialState(), view: 'detail', selected: eventId(1) } }),
    ).toMatchInlineSnapshot(`
      "● running (3 open)  Shop · prototype             last event 2m 00s ago  12:00:00
      ✖ command /deploy
        Status     failed
        Began      2026-03-01 11:10:00
        Ended      2026-03-01 11:13:00
        Took       3m 00s
        Stage      prototype
        System     Shop
        Session    a1b2c3d4-0000-4000-8000-000000000001
        Event      evt-0000000000000001
        Trace      00000000000000010000000000000001
        Requests   1
        Input      1 tokens
        Cache read 1,000 tokens
        Cache 1 h  10 tokens
        Output     100 tokens
        Cost       $0.0327 (list price)

      Below it (2)
        ✔ agent builder · Bundle the shop                      1,111   $0.0327  2m 00s
        ✖ agent évalue\\u202eur 🚀\\x1b[31m 名前             ✖1                   1m 00s


      ↑↓ scroll  Esc back                                                       q quit"
    `);
  });

  it('in plain characters', () => {
    const { lines } = painterOf(ASCII).paint(initialState(), busy(), { columns: 80, rows: 24 });
    const text = lines.map(lineText).join('\n');
    expect(text.replace('é', '').replace('e\u0301', '').replace('🚀', '').replace('名', '').replace('前', '')).toMatch(
      /^[\n -~]*$/,
    );
    expect(text).toContain('`- * skill fuzz');
  });

  it('says that history is being read, and that nothing is there', () => {
    expect(screenOf(80, 24, { snapshot: { ...busy(), isWhole: false } })).toContain('loading history…');
    expect(screenOf(80, 24, { snapshot: snapshotOf([]) })).toContain('spanbook init');
    const said = 'archive/x.json: EACCES\x1b. Its events are missing here';
    expect(screenOf(80, 24, { snapshot: { ...busy(), said } })).toContain('⚠ archive/x.json: EACCES\\x1b. Its events');
    expect(screenOf(80, 24, { state: initialState('nowhere') })).toContain('No run is like that.');
  });

  it('is as large as the terminal, whatever the size, the view and the names', () => {
    const facts = (names: readonly string[]) =>
      names.flatMap((name, index) => [
        start(2 * index + 1, { name, at: T0 - 1000 }),
        start(2 * index + 2, { name, label: name, level: 'agent', parent: spanId(2 * index + 1), at: T0 - 900 }),
        note(100 + index, { level: 'error', type: name, message: name, parent: spanId(2 * index + 2) }),
        ...(index % 2 ? [end(2 * index + 1, { at: T0 })] : []),
      ]);
    const names = fc.array(
      fc.oneof(awkwardName, fc.constantFrom('名前'.repeat(50), 'x'.repeat(9000), '\u202e\x1b]0;t\x07')),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(
        names,
        fc.record({ columns: fc.integer({ min: 1, max: 150 }), rows: fc.integer({ min: 1, max: 50 }) }),
        fc.constantFrom('list' as const, 'detail' as const, 'help' as const),
        (list, size, view) => {
          const snapshot = { ...snapshotOf(facts(list)), money };
          const { lines } = painterOf().paint({ ...initialState(), view, selected: eventId(2) }, snapshot, size);
          expect(lines).toHaveLength(size.rows);
          for (const line of lines) {
            expect(textWidth(lineText(line))).toBe(size.columns);
            expect(lineText(line)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
          }
        },
      ),
      { numRuns: 40, interruptAfterTimeLimit: 20_000, endOnFailure: true },
    );
  });
});
