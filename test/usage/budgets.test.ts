/** Budgets: whose usage counts, how much is used, and what is worth an alert. */
import { describe, expect, it } from 'vitest';
import { budgetAlerts } from '../../src/usage/budget-alerts.ts';
import { budgetRow } from '../../src/usage/budget-row.ts';
import { type Budget, budgetStates } from '../../src/usage/budgets.ts';
import { cubeOf, type Usage } from '../helpers/cube-of.ts';
import { zoneCalendar } from '../helpers/zone-calendar.ts';

const NOW = '2026-11-26T18:00Z';
const query = (usage: readonly Usage[], now = NOW) => ({
  cube: cubeOf(usage),
  calendar: zoneCalendar(),
  now: Date.parse(now),
});

function alertsOf(budgets: readonly Budget[], usage: readonly Usage[], now = NOW) {
  const asked = query(usage, now);
  return budgetAlerts(asked, budgetStates(asked, budgets));
}

/** One request of so much on each of the days of November up to the 25th. */
const daily = (usd: number, first = 1): Usage[] =>
  Array.from({ length: 26 - first }, (_, index) => ({
    at: `2026-11-${String(first + index).padStart(2, '0')}T12:00Z`,
    usd,
  }));

describe('a budget', () => {
  const usage: Usage[] = [
    { at: '2026-11-26T09:00Z', usd: 1 },
    { at: '2026-11-26T09:00Z', usd: 2, command: '/simple', agent: 'builder', skill: 'maker', stage: 'prototype' },
    { at: '2026-11-26T09:00Z', usd: 4, model: 'claude-sonnet-4-5-20250929', command: null, agent: null },
    { at: '2026-11-26T09:00Z', usd: 8, model: 'us.anthropic.claude-haiku-4-5-v1:0' },
    { at: '2026-11-25T09:00Z', usd: 100, command: '/simple' },
  ];

  it.each([
    [{}, 15],
    [{ command: '/simple' }, 2],
    [{ command: 'simple' }, 2],
    [{ command: '/sim' }, 0],
    [{ agent: 'builder' }, 2],
    [{ agent: '(main)' }, 9],
    [{ skill: 'maker' }, 2],
    [{ stage: 'prototype' }, 2],
    [{ model: 'claude-sonnet-4-5' }, 7],
    [{ model: 'claude-haiku-4-5' }, 8],
    [{ model: 'claude-haiku-4' }, 0],
  ])('of %j counts %d USD', (owner, used) => {
    const [state] = budgetStates(query(usage), [{ period: 'day', limit: 100, ...owner }]);
    expect(state?.used).toBe(used * 1e9);
  });

  it.each([
    ['day', '2026-11-26', 1],
    ['week', '2026-11-23', 4],
    ['month', '2026-11-01', 26],
  ] as const)('of a %s begins on %s', (period, start, used) => {
    const days = [...daily(1), { at: '2026-11-26T12:00Z', usd: 1 }, { at: '2026-10-31T12:00Z', usd: 1 }];
    const [row] = budgetStates(query(days), [{ period, limit: 100 }]).map(budgetRow);
    expect(row).toMatchObject({ period_start: `${start}T00:00:00.000Z`, used, share: used / 100, limit: 100 });
  });

  it.each([
    [79.999999999, 'ok', []],
    [80, 'warning', ['budget_warning']],
    [99.999999999, 'warning', ['budget_warning']],
    [100, 'critical', ['budget_warning', 'budget_critical']],
    [250, 'critical', ['budget_warning', 'budget_critical']],
  ])('of 100 USD with %s used is %s', (usd, level, keys) => {
    const budgets: Budget[] = [{ period: 'week', limit: 100 }];
    const asked = query([{ at: '2026-11-26T09:00Z', usd }]);
    const states = budgetStates(asked, budgets);
    expect(states[0]?.level).toBe(level);
    expect(budgetAlerts(asked, states).map(({ key }) => key)).toEqual(
      keys.map(key => `${key} 2026-11-23T00:00Z week 100`),
    );
  });

  it('says in its alert what it is, how much and of what', () => {
    const [alert] = alertsOf(
      [{ period: 'month', limit: 100, command: '/simple' }],
      [
        { at: '2026-11-02T10:00Z', usd: 50, command: '/simple' },
        { at: '2026-11-20T10:20Z', usd: 31, command: '/simple' },
      ],
    );
    expect(alert).toEqual({
      key: 'budget_warning 2026-11-01T00:00Z month 100 command /simple',
      kind: 'budget',
      level: 'warning',
      at: '2026-11-20T10:30:00.000Z',
      noted_at: '2026-11-26T18:00:00.000Z',
      period_start: '2026-11-01T00:00:00.000Z',
      period: 'month',
      subject: 'command /simple',
      value: 81,
      limit: 100,
      message: 'Month budget of command /simple, month of 2026-11-01: $81.00 of $100.00 used (81 %).',
    });
  });

  it('is called what the file calls it', () => {
    const [alert] = alertsOf([{ period: 'day', limit: 1, name: 'team lunch' }], [{ at: '2026-11-26T09:00Z', usd: 1 }]);
    expect(alert?.message).toMatch(/^Team lunch, day of 2026-11-26: /);
  });

  it('that is raised is another one', () => {
    const usage = [{ at: '2026-11-26T09:00Z', usd: 100 }];
    const keys = [100, 120].map(limit => alertsOf([{ period: 'day', limit }], usage).map(({ key }) => key));
    expect(keys[0]).toHaveLength(2);
    expect(keys[1]).toEqual(['budget_warning 2026-11-26T00:00Z day 120']);
  });

  it('that was crossed just before its period ended still alerts, for a day', () => {
    const usage = [{ at: '2026-11-25T23:55Z', usd: 100 }];
    const keysAt = (now: string) => alertsOf([{ period: 'day', limit: 100 }], usage, now).map(({ key }) => key);
    expect(keysAt('2026-11-26T00:05Z')).toHaveLength(2);
    expect(keysAt('2026-11-26T23:55Z')).toHaveLength(2);
    expect(keysAt('2026-11-27T00:05Z')).toEqual([]);
    const monthAt = (now: string) =>
      alertsOf([{ period: 'month', limit: 100 }], [{ at: '2026-10-31T23:55Z', usd: 100 }], now).map(({ key }) => key);
    expect(monthAt('2026-11-01T23:55Z')).toHaveLength(2);
    expect(monthAt('2026-11-02T00:05Z')).toEqual([]);
  });

  it('counts nothing of the next period for the last one', () => {
    const usage = [
      { at: '2026-11-25T23:55Z', usd: 79 },
      { at: '2026-11-26T00:00Z', usd: 79 },
    ];
    expect(alertsOf([{ period: 'day', limit: 100 }], usage, '2026-11-26T00:05Z')).toEqual([]);
  });
});

describe('the forecast of a budget', () => {
  const month = (limit: number): Budget[] => [{ period: 'month', limit }];
  const forecasts = (limit: number, usage: readonly Usage[]) =>
    alertsOf(month(limit), usage).filter(({ kind }) => kind === 'budget_forecast');

  it.each([
    [1000, []],
    [285, ['warning']],
    [240, []],
  ])('alerts if it goes beyond %d USD, and not any more once that is reached', (limit, levels) => {
    // 25 days at $10, the rest of the 26th and 4 more days.
    expect(forecasts(limit, daily(10)).map(({ level }) => level)).toEqual(levels);
  });

  it('is an info while only its band goes beyond', () => {
    const uneven = daily(0).map((day, index) => ({ ...day, usd: index % 3 === 0 ? 30 : 1 }));
    const [state] = budgetStates(query(uneven), month(1000));
    const { expected = 0, high = 0 } = state?.forecast ?? {};
    expect(high).toBeGreaterThan(expected);
    const between = (expected + high) / 2e9;
    const [alert] = forecasts(between, uneven);
    expect(alert).toMatchObject({ level: 'info', at: '2026-11-26T18:00:00.000Z', value: expected / 1e9 });
    expect(alert?.message).toMatch(/may be exceeded\. Forecast \$[\d.,]+ \(\$[\d.,]+ to \$[\d.,]+ in 8 of 10 cases\)/);
  });

  it('is not given before there are three days to learn from', () => {
    expect(budgetStates(query(daily(10, 24)), month(30)).map(({ forecast }) => forecast)).toEqual([null]);
    expect(budgetStates(query(daily(10, 23)), month(30)).map(({ forecast }) => forecast?.days)).toEqual([3]);
  });
});
