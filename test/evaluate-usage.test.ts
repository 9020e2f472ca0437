/** Two days of work, evaluated every five minutes: the right hours, days and budgets alert, each once, whatever happens. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Evaluation, evaluateAlerts, usageBudgets, usageRecommendations } from '../src/evaluate-usage.ts';
import type { Pricing } from '../src/model/pricing-schema.ts';
import { alertsPath } from '../src/store/alert-lines.ts';
import { readAlerts } from '../src/store/alert-log.ts';
import { UsageCube } from '../src/usage/usage-cube.ts';
import { addUsage, cubeOf, type Usage } from './helpers/cube-of.ts';
import { shippedPricing, shippedTable } from './helpers/prices.ts';
import { makeFolder } from './helpers/run-cli.ts';
import { zoneCalendar } from './helpers/zone-calendar.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PRICING: Pricing = {
  ...shippedPricing(),
  budgets: [
    { period: 'day', limit: 60 },
    { period: 'week', limit: 100, command: '/build' },
  ],
};

function evaluation(cube: UsageCube, now: number, pricing = PRICING): Evaluation {
  const view = {
    cube,
    head: { monitoring_started_at: null, last_updated_at: null, skipped: { damaged: 0, unreadable_files: 0 } },
    modelName: (id: string) => id,
  };
  return { view, pricing, calendar: zoneCalendar(), now };
}

const evaluate = (stateDir: string, cube: UsageCube, now: number) =>
  evaluateAlerts({ ...evaluation(cube, now), stateDir });

/**
 * Two days of work from 09:00 to 17:00 UTC, a request every ten minutes: $1 each, and $3 from 14:00 to 15:59 of the
 * second day. So $6 an hour and $18 in two of them; $48 on the first day and $72 on the second.
 */
const START = Date.parse('2026-11-26T00:00Z');
const WORK: (Usage & { at: number })[] = [26, 27].flatMap(day =>
  Array.from({ length: 48 }, (_, index) => {
    const at = Date.parse(`2026-11-${day}T09:00Z`) + index * 10 * MINUTE;
    const isDear = day === 27 && [14, 15].includes(new Date(at).getUTCHours());
    return { at, usd: isDear ? 3 : 1, output: 1000 };
  }),
);

const EXPECTED = [
  'budget_warning 2026-11-26T00:00Z day 60',
  'budget_warning 2026-11-23T00:00Z week 100 command /build',
  'budget_warning 2026-11-27T00:00Z day 60',
  'daily_cost_warning 2026-11-27T00:00Z',
  'hourly_cost_warning 2026-11-27T14:00Z',
  'hourly_cost_warning 2026-11-27T15:00Z',
  'budget_critical 2026-11-27T00:00Z day 60',
  'budget_critical 2026-11-23T00:00Z week 100 command /build',
].sort();

interface Step {
  /** What the clock says. */
  now: number;
  /** What has really been used by then. */
  used: number;
}

/** What the log holds after these steps, and how often each key came up as new. */
function simulate(steps: readonly Step[], stateDir = makeFolder()) {
  const cube = new UsageCube();
  let next = 0;
  const fresh: string[] = [];
  for (const { now, used } of steps) {
    for (let usage = WORK[next]; usage && usage.at <= used; usage = WORK[++next]) addUsage(cube, usage);
    fresh.push(...evaluate(stateDir, cube, now).fresh.map(({ key }) => key));
  }
  return { fresh, logged: readAlerts(stateDir), cube, stateDir };
}

const every = (minutes: number, until = START + 48 * HOUR): Step[] =>
  Array.from({ length: Math.floor((until - START) / (minutes * MINUTE)) + 1 }, (_, index) => {
    const now = START + index * minutes * MINUTE;
    return { now, used: now };
  });

describe('two days of work', () => {
  it.each([5, 60, 24 * 60])('give the same alerts when they are looked at every %d minutes', minutes => {
    const { fresh, logged } = simulate(every(minutes));
    expect([...fresh].sort()).toEqual(EXPECTED);
    expect(logged.map(({ key }) => key)).toEqual(fresh);
  });

  it('are dated by the quarter of an hour in which a limit was reached', () => {
    const { logged } = simulate(every(5));
    const at = (start: string) => logged.find(({ key }) => key.startsWith(start));
    // The tenth dollar of the hour is spent with the fourth request, at 14:30; the 50th of the day at 15:00.
    expect(at('hourly_cost_warning 2026-11-27T14')).toMatchObject({ at: '2026-11-27T14:30:00.000Z', value: 12 });
    expect(at('daily_cost_warning')).toMatchObject({ noted_at: '2026-11-27T15:00:00.000Z' });
    for (const { at: reached, noted_at } of logged)
      expect(Date.parse(reached)).toBeLessThanOrEqual(Date.parse(noted_at));
  });

  it('give each alert once across restarts', () => {
    const { logged, cube, stateDir } = simulate(every(5));
    // Nothing is remembered between the calls but what is in the folder.
    expect(evaluate(stateDir, cube, START + 49 * HOUR)).toEqual({ fresh: [], recent: logged, problem: null });
  });

  it('give each alert once when the clock is put back an hour, and when it is ahead for a day', () => {
    const back = [
      ...every(5, START + 39 * HOUR),
      ...every(5)
        .slice(39 * 12)
        .map(({ used }) => ({ now: used - HOUR, used })),
      { now: START + 48 * HOUR, used: START + 48 * HOUR },
    ];
    expect(simulate(back).fresh.sort()).toEqual(EXPECTED);
    const ahead = every(5).map(({ now, used }, index) => ({
      now: index > 300 && index < 400 ? now + 24 * HOUR : now,
      used,
    }));
    expect(simulate(ahead).fresh.sort()).toEqual(EXPECTED);
  });

  it('give each alert once when they are read two hours late', () => {
    const late = every(5, START + 50 * HOUR).map(({ now }) => ({ now, used: now - 2 * HOUR }));
    expect(simulate(late).fresh.sort()).toEqual(EXPECTED);
  });

  it('give the days and hours of the zone', () => {
    const stateDir = makeFolder();
    const calendar = zoneCalendar('Asia/Kolkata');
    // There the day ends at 18:30 UTC and hours begin at half past: $9 to 14:30, $18 to 15:30, $12 to 16:30.
    evaluateAlerts({ ...evaluation(cubeOf(WORK), START + 48 * HOUR), calendar, stateDir });
    expect(
      readAlerts(stateDir)
        .map(({ key }) => key)
        .filter(key => /^(hourly|daily)/.test(key))
        .sort(),
    ).toEqual([
      'daily_cost_warning 2026-11-26T18:30Z',
      'hourly_cost_warning 2026-11-27T13:30Z',
      'hourly_cost_warning 2026-11-27T14:30Z',
      'hourly_cost_warning 2026-11-27T15:30Z',
    ]);
  });
});

describe('the answer', () => {
  it('has the alerts of thirty days', () => {
    const { cube, stateDir, logged } = simulate(every(60));
    expect(evaluate(stateDir, cube, START + 31 * 24 * HOUR).recent).toHaveLength(7);
    expect(evaluate(stateDir, cube, START + 60 * 24 * HOUR).recent).toEqual([]);
    expect(readAlerts(stateDir)).toEqual(logged);
  });

  it('finds what a killed process has half written, and writes on', () => {
    const stateDir = makeFolder();
    simulate(every(60, START + 30 * HOUR), stateDir);
    appendFileSync(alertsPath(stateDir), '{"noted_at":"2026-11-27T06:00:00.000Z","alert":{"key":"hourly_co');
    const { cube } = simulate(every(60), stateDir);
    expect(
      readAlerts(stateDir)
        .map(({ key }) => key)
        .sort(),
    ).toEqual(EXPECTED);
    expect(evaluate(stateDir, cube, START + 48 * HOUR).fresh).toEqual([]);
  });

  it('tells what holds, and of no new alert, while the log cannot be kept', () => {
    const stateDir = makeFolder();
    writeFileSync(`${stateDir}/blocked`, '');
    const { fresh, recent, problem } = evaluate(`${stateDir}/blocked`, cubeOf(WORK), START + 40 * HOUR);
    expect(fresh).toEqual([]);
    expect(recent.map(({ key }) => key)).toContain('daily_cost_warning 2026-11-27T00:00Z');
    expect(problem).toBe('the log of alerts cannot be kept (ENOTDIR); alerts are shown, but not delivered');
  });
});

describe('for reports', () => {
  it('there are budgets in USD', () => {
    expect(usageBudgets(evaluation(cubeOf(WORK), Date.parse('2026-11-27T20:00Z')))).toEqual([
      {
        name: 'day budget',
        subject: null,
        period: 'day',
        period_start: '2026-11-27T00:00:00.000Z',
        period_end: '2026-11-28T00:00:00.000Z',
        limit: 60,
        used: 72,
        share: 1.2,
        level: 'critical',
        forecast: null,
      },
      expect.objectContaining({
        name: 'week budget of command /build',
        used: 120,
        period_end: '2026-11-30T00:00:00.000Z',
      }),
    ]);
  });

  it('there are recommendations', () => {
    const small = { at: START, agent: 'explore', requests: 100, input: 1_000_000, output: 50_000, usd: 3.75 };
    const found = usageRecommendations({ ...evaluation(cubeOf([small]), START + HOUR), prices: shippedTable });
    expect(found).toMatchObject([{ subject: 'agent explore' }]);
  });
});
