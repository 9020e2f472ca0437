/** Limits of hours and days: reached or not, in which quarter of an hour, in which zone. */
import { describe, expect, it } from 'vitest';
import { type AlertThresholds, thresholdAlerts } from '../../src/usage/alert-rules.ts';
import { trackingAlerts } from '../../src/usage/tracking-alert.ts';
import { cubeOf, type Usage } from '../helpers/cube-of.ts';
import { zoneCalendar } from '../helpers/zone-calendar.ts';

const LIMITS: AlertThresholds = {
  hourly_cost_warning: 10,
  hourly_cost_critical: 25,
  daily_cost_warning: 50,
  daily_cost_critical: 100,
  hourly_tokens_warning: 50_000,
  hourly_tokens_critical: 100_000,
};

interface Setting {
  now?: string;
  zone?: string;
  limits?: AlertThresholds;
}

function alertsOf(usage: readonly Usage[], { now = '2026-11-26T18:00Z', zone, limits = LIMITS }: Setting = {}) {
  return thresholdAlerts({ cube: cubeOf(usage), calendar: zoneCalendar(zone), now: Date.parse(now) }, limits);
}

const keysOf = (...args: Parameters<typeof alertsOf>): string[] => alertsOf(...args).map(({ key }) => key);

describe('limits of an hour', () => {
  it.each([
    [9.999999999, []],
    [10, ['hourly_cost_warning 2026-11-26T13:00Z']],
    [24.99, ['hourly_cost_warning 2026-11-26T13:00Z']],
    [25, ['hourly_cost_warning 2026-11-26T13:00Z', 'hourly_cost_critical 2026-11-26T13:00Z']],
  ])('of %s USD give %j', (usd, keys) => {
    expect(keysOf([{ at: '2026-11-26T13:20Z', usd }])).toEqual(keys);
  });

  it.each([
    [{ input: 30_000, output: 20_000 }, 1],
    [{ input: 1000, output: 1000, cache_write_5m: 24_000, cache_write_1h: 24_000 }, 1],
    [{ input: 49_999, cache_read: 9_000_000 }, 0],
    [{ output: 100_000 }, 2],
  ])('of tokens count all but cache reads: %j', (tokens, count) => {
    const alerts = alertsOf([{ at: '2026-11-26T13:20Z', ...tokens }]);
    expect(alerts.map(({ kind }) => kind)).toEqual(Array.from({ length: count }, () => 'hourly_tokens'));
  });

  it('add up what is used in it, and nothing of the hours beside it', () => {
    const usage = [
      { at: '2026-11-26T12:59:59.999Z', usd: 9 },
      { at: '2026-11-26T13:00Z', usd: 4 },
      { at: '2026-11-26T13:44Z', usd: 4 },
      { at: '2026-11-26T13:46Z', usd: 1.5 },
      { at: '2026-11-26T14:00Z', usd: 9 },
    ];
    expect(keysOf(usage)).toEqual([]);
    const [alert, ...others] = alertsOf([...usage, { at: '2026-11-26T13:47Z', usd: 0.6, command: '/other' }]);
    expect(others).toEqual([]);
    expect(alert).toEqual({
      key: 'hourly_cost_warning 2026-11-26T13:00Z',
      kind: 'hourly_cost',
      level: 'warning',
      at: '2026-11-26T14:00:00.000Z',
      noted_at: '2026-11-26T18:00:00.000Z',
      period_start: '2026-11-26T13:00:00.000Z',
      period: 'hour',
      subject: null,
      value: 10.1,
      limit: 10,
      message: 'Hour 2026-11-26 13:00 +00:00: $10.10 at list prices, warning limit $10.00.',
    });
  });

  it('are dated by the quarter in which they were reached, and never after now', () => {
    const usage = [
      { at: '2026-11-26T13:01Z', usd: 10 },
      { at: '2026-11-26T13:31Z', usd: 15 },
    ];
    expect(alertsOf(usage).map(({ at }) => at.slice(11, 16))).toEqual(['13:15', '13:45']);
    expect(alertsOf(usage, { now: '2026-11-26T13:05Z' }).map(({ at }) => at.slice(11, 16))).toEqual(['13:05']);
  });

  it('are hours of the clock on the wall, also where it is half an hour off', () => {
    const usage = [
      { at: '2026-11-26T13:20Z', usd: 6 },
      { at: '2026-11-26T13:40Z', usd: 6 },
    ];
    expect(keysOf(usage)).toEqual(['hourly_cost_warning 2026-11-26T13:00Z']);
    expect(keysOf(usage, { zone: 'Asia/Kolkata' })).toEqual([]);
  });

  it('of nothing are never reached, and what has no limit has no alert', () => {
    expect(keysOf([], { limits: { hourly_cost_warning: 0 } })).toEqual([]);
    expect(keysOf([{ at: '2026-11-26T13:20Z', unpriced: 5 }], { limits: { hourly_cost_warning: 0 } })).toEqual([]);
    expect(keysOf([{ at: '2026-11-26T13:20Z', usd: 0.01 }], { limits: { hourly_cost_warning: 0 } })).toHaveLength(1);
    expect(keysOf([{ at: '2026-11-26T13:20Z', usd: 1000, output: 1e9 }], { limits: {} })).toEqual([]);
  });
});

describe('limits of a day', () => {
  const evening = [
    { at: '2026-11-25T22:30Z', usd: 5 },
    { at: '2026-11-25T23:30Z', usd: 9 },
    { at: '2026-11-26T08:30Z', usd: 9 },
    { at: '2026-11-26T10:30Z', usd: 9 },
    { at: '2026-11-26T12:30Z', usd: 9 },
    { at: '2026-11-26T14:30Z', usd: 9 },
    { at: '2026-11-26T16:30Z', usd: 9 },
  ];

  it('are those of the zone', () => {
    expect(keysOf(evening)).toEqual([]);
    expect(keysOf(evening, { zone: 'Europe/Berlin' })).toEqual(['daily_cost_warning 2026-11-25T23:00Z']);
  });

  it('hold for 25 hours when the clocks are put back', () => {
    const hours = Array.from({ length: 25 }, (_, hour) => ({
      at: Date.parse('2026-10-24T22:00Z') + hour * 3.6e6,
      usd: 2,
    }));
    const setting = { zone: 'Europe/Berlin', now: '2026-10-26T12:00Z' };
    expect(keysOf(hours, setting)).toEqual(['daily_cost_warning 2026-10-24T22:00Z']);
    expect(keysOf(hours.slice(1), setting)).toEqual([]);
  });

  it('are looked at for three days back, so that a first import rings for no history', () => {
    const usage = ['2026-11-22T12:00Z', '2026-11-23T12:00Z'].map(at => ({ at, usd: 60 }));
    const days = alertsOf(usage).filter(({ kind }) => kind === 'daily_cost');
    expect(days.map(({ period_start }) => period_start)).toEqual(['2026-11-23T00:00:00.000Z']);
  });

  it('of what lies after now wait until it is now', () => {
    const usage = [{ at: '2026-11-26T19:20Z', usd: 60 }];
    expect(keysOf(usage)).toEqual([]);
    expect(keysOf(usage, { now: '2026-11-26T19:16Z' })).toHaveLength(3);
  });
});

describe('tracking', () => {
  const tracked = (usage: readonly Usage[], now = '2026-11-26T18:00Z') =>
    trackingAlerts({ cube: cubeOf(usage), calendar: zoneCalendar(), now: Date.parse(now) });

  it('is incomplete once a day, and names the models with their tokens', () => {
    const usage = [
      { at: '2026-11-25T09:10Z', model: 'gpt-x', output: 10, unpriced: 10 },
      { at: '2026-11-26T09:10Z', model: 'gpt-x', output: 1000, unpriced: 1000 },
      { at: '2026-11-26T11:10Z', model: 'gpt-y', output: 2000, unpriced: 2000 },
      { at: '2026-11-26T11:10Z', output: 2000, usd: 1 },
    ];
    const [yesterday, today, ...others] = tracked(usage);
    expect(others).toEqual([]);
    expect(yesterday).toMatchObject({ key: 'tracking_incomplete_warning 2026-11-25T00:00Z', subject: 'model gpt-x' });
    expect(today).toMatchObject({
      key: 'tracking_incomplete_warning 2026-11-26T00:00Z',
      at: '2026-11-26T09:15:00.000Z',
      value: 3000,
      limit: 0,
      subject: 'model gpt-y, gpt-x',
      message:
        'Day 2026-11-26: tracking is incomplete. 3,000 tokens of gpt-y, gpt-x have no price: costs are too low until usage_pricing.json has it.',
    });
  });

  it('names five models and counts the others', () => {
    const usage = Array.from({ length: 7 }, (_, index) => ({
      at: '2026-11-26T09:10Z',
      model: `m${index}`,
      unpriced: 100 - index,
    }));
    expect(tracked(usage)[0]?.subject).toBe('model m0, m1, m2, m3, m4 and 2 more');
  });

  it('is complete when everything has a price', () => {
    expect(tracked([{ at: '2026-11-26T09:10Z', output: 1000, usd: 1 }])).toEqual([]);
  });
});
