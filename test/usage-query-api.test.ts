import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UsageQueryApi } from '../src/usage-query-api.ts';
import { makeFolder } from './helpers/run-cli.ts';
import { ROOT } from './helpers/run-program.ts';
import { makeUsageState } from './helpers/usage-state.ts';

const HOUR = 3_600_000;
const ago = (hours: number): string => new Date(Date.now() - hours * HOUR).toISOString();

const api = (timeZone?: string): UsageQueryApi => {
  const stateDir = makeUsageState([
    { at: ago(0), tokens: { input: 100_000, output: 180_000 } },
    { at: ago(30), tokens: { output: 100_000 }, agent: 'builder', model: 'claude-opus-4-5', project: '/home/dev/site' },
    { at: ago(100), tokens: { input: 10 }, agent: 'tester', model: 'mystery-9', session: 'other' },
  ]);
  return new UsageQueryApi({ stateDir, claudeDir: '/nonexistent', ...(timeZone === undefined ? {} : { timeZone }) });
};

describe('the API of usage', () => {
  it('answers in camelCase', () => {
    expect(api().getTotals()).toMatchObject({
      totals: { totalTokensInput: 100_010, totalTokensCacheWrite5m: 0, totalCost: 5.5, sessionsTracked: 2 },
      unpricedModels: [{ model: 'mystery-9', tokens: 10 }],
    });
    expect(api().getBreakdown('model')).toMatchObject({
      by: ['model'],
      rows: [
        { key: 'claude-sonnet-4-5-20250929', modelName: 'Claude Sonnet 4.5', inputTokens: 100_000, cost: 3 },
        { key: 'claude-opus-4-5', cost: 2.5 },
        { key: 'mystery-9', unpricedTokens: 10, outputIncompleteRequests: 0 },
      ],
      total: { requests: 3 },
    });
    expect(api().getBreakdown(['agent', 'model']).rows[0]).toMatchObject({
      keys: ['(main)', 'claude-sonnet-4-5-20250929'],
      methods: { exact: 1, inherited: 0, 'time-window': 0 },
    });
  });

  it('gives hours, days, top consumers, the trend and alerts', () => {
    const hours = api().getHourly({ hours: 2 }).rows;
    expect(hours).toHaveLength(2);
    expect(api().getHourly().rows).toHaveLength(24);
    expect(api().getDaily().rows).toHaveLength(30);
    expect(api().getDaily({ days: 60 }).total).toMatchObject({ requests: 3 });
    expect(api().getTopConsumers('agent', { limit: 2 })).toMatchObject({
      rows: [{ key: '(main)' }, { key: 'builder' }],
      more: 1,
    });
    const { points, direction, slopePerDay } = api().getCostTrend({ days: 3 });
    expect([points.length, points.at(-1)?.inTrend, typeof slopePerDay]).toEqual([3, false, 'number']);
    expect(['rising', 'falling', 'flat']).toContain(direction);
    expect(
      api()
        .getAlerts()
        .map(alert => alert.kind),
    ).toContain('hourly_tokens');
    expect(api().getAlerts()[0]).toHaveProperty('periodStart');
  });

  it('limits an answer to a time, a project, a session or a model', () => {
    const count = (query: Parameters<UsageQueryApi['getTotals']>[0]) => api().getTotals(query).totals.requests;
    expect(count({ since: new Date(Date.now() - 40 * HOUR) })).toBe(2);
    expect(count({ since: Date.now() - 40 * HOUR, until: Date.now() - 20 * HOUR })).toBe(1);
    expect(count({ since: '2d' })).toBe(2);
    expect(count({ project: 'site' })).toBe(1);
    expect(count({ session: 'oth' })).toBe(1);
    expect(count({ model: 'opus' })).toBe(1);
    expect(api().getDaily({ days: 30, project: 'site' }).total.requests).toBe(1);
  });

  it('has the days of a zone, and dates are meant as days there', () => {
    const zoned = api('Asia/Kathmandu');
    expect(zoned.getDaily({ days: 2 }).rows[1]?.start).toMatch(/T18:15:00\.000Z$/);
    expect(zoned.getTotals({ since: '2026-11-01', until: '2026-11-02' })).toMatchObject({
      since: '2026-10-31T18:15:00.000Z',
      until: '2026-11-02T18:15:00.000Z',
    });
    expect(() => new UsageQueryApi({ timeZone: 'Mars/Olympus' })).toThrow(
      'time zone: expected one as Europe/Berlin, UTC or +05:30, got "Mars/Olympus"',
    );
  });

  it('writes a report for people', () => {
    const report = api().generateReport({ project: 'shop' });
    expect(report).toMatch(/^Usage report, .*project shop\n/);
    expect(report).toContain('Cost is list price (API-equivalent), not money spent on a subscription.\n');
    for (const line of report.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('refuses what makes no sense', () => {
    expect(() => api().getBreakdown('colour' as 'model')).toThrow(/dimension: expected one of model, .*got "colour"/);
    expect(() => api().getBreakdown(['model', 'model'])).toThrow(/got "model,model"/);
    expect(() => api().getTotals({ since: 'yesterday' })).toThrow(/since: expected a Date.*got "yesterday"/);
    expect(() => api().getHourly({ hours: 0 })).toThrow(/count: expected a whole number, 1 or more, got 0/);
  });

  it('reads the transcripts, to the nano-dollar', () => {
    const stateDir = makeFolder();
    const recorded = new UsageQueryApi({ stateDir, claudeDir: `${ROOT}examples/recorded-session` });
    expect(recorded.getTotals().totals).toMatchObject({ totalCost: 0.08316, requests: 15 });
    expect(recorded.getTotals().totals).toMatchObject({ totalCost: 0.08316, requests: 15 });
  });

  it('says nothing where nothing was used', () => {
    const claudeDir = `${makeFolder()}/none`;
    const empty = new UsageQueryApi({ stateDir: makeFolder(), claudeDir });
    expect(empty.getTotals().totals.requests).toBe(0);
    expect(empty.getBreakdown('agent').rows).toMatchObject([{ key: null, requests: 0 }]);
    expect(empty.getAlerts()).toEqual([]);
    expect(existsSync(claudeDir)).toBe(false);
  });
});
