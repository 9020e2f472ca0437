import { expect, it } from 'vitest';
import { usageStatsSchema } from '../../../src/model/usage-stats-schema.ts';
import { usageStatsDocument } from '../../../src/query/usage/usage-stats-document.ts';
import { usageTotals } from '../../../src/query/usage/usage-totals.ts';
import { makeAlert } from '../../../src/usage/alert.ts';
import { localCalendar } from '../../../src/usage/local-calendar.ts';
import { type Used, viewOf } from '../../helpers/usage-view.ts';

const NOW = Date.parse('2026-11-26T10:20:00Z');
const extras = { calendar: localCalendar(), now: NOW, pollIntervalSeconds: 300, snapshots: [], alerts: [] };

const documentOf = (used: readonly Used[]) =>
  usageStatsDocument(viewOf(used, { monitoring_started_at: NOW - 1000, last_updated_at: NOW }), extras);

it('says what the queries say, in the documented shape', () => {
  const used = [
    { at: NOW, input: 5, cost: 32_778_000, stage: 'prototype' },
    { at: NOW - 3_600_000, output: 7, agent: 'builder', skill: 'prototype-builder', command: null },
  ];
  const document = documentOf(used);
  expect(usageStatsSchema.parse(document)).toEqual(document);
  expect(document).toMatchObject({
    schema_version: '1.0.0',
    monitoring_started_at: '2026-11-26T10:19:59.000Z',
    last_updated_at: '2026-11-26T10:20:00.000Z',
    poll_interval_seconds: 300,
    totals: { total_tokens_input: 5, total_tokens_output: 7, total_cost: 0.032778, currency: 'USD', requests: 2 },
    by_model: { 'claude-sonnet-4-5': { model_name: 'Claude Sonnet 4.5', input_tokens: 5, output_tokens: 7 } },
    by_stage: { prototype: { requests: 1 }, unattributed: { requests: 1 } },
    by_command: { prompt: { cost: 0.032778 }, unattributed: { output_tokens: 7 } },
    by_agent: { '(main)': { requests: 1 }, builder: { requests: 1 } },
    by_skill: { '(none)': { requests: 1 }, 'prototype-builder': { requests: 1 } },
  });
  expect(Object.keys(document)).toEqual([
    'schema_version',
    'monitoring_started_at',
    'last_updated_at',
    'poll_interval_seconds',
    'totals',
    'skipped',
    'by_model',
    'by_stage',
    'by_command',
    'by_agent',
    'by_skill',
    'hourly_breakdown',
    'daily_breakdown',
    'snapshots',
    'alerts',
  ]);
});

it('has the last 48 hours and 90 days', () => {
  const { hourly_breakdown: hours, daily_breakdown: days } = documentOf([{ at: NOW, input: 5 }]);
  expect([hours.length, days.length]).toEqual([48, 90]);
  expect([hours.at(-1)?.input_tokens, days.at(-1)?.input_tokens]).toEqual([5, 5]);
});

it('has no row for what is not known where there is none of it, and is whole without usage', () => {
  expect(documentOf([{ at: NOW }]).by_agent).not.toHaveProperty('unattributed');
  const empty = usageStatsDocument(viewOf([]), extras);
  expect(usageStatsSchema.parse(empty)).toEqual(empty);
  expect([empty.monitoring_started_at, empty.by_model, empty.totals.requests]).toEqual([null, {}, 0]);
});

it('puts a stage that is called unattributed together with what is not known', () => {
  const { by_stage } = documentOf([
    { at: NOW, stage: 'unattributed', cost: 100_000_000, input: 1 },
    { at: NOW, stage: null, cost: 200_000_000, input: 2 },
  ]);
  expect(by_stage).toMatchObject({ unattributed: { cost: 0.3, input_tokens: 3, requests: 2 } });
});

it('keeps a key that would be the prototype of an object', () => {
  const document = documentOf([{ at: NOW, agent: '__proto__', input: 1 }]);
  const { by_agent } = JSON.parse(JSON.stringify(document));
  expect(Object.entries(by_agent)).toMatchObject([['__proto__', { input_tokens: 1 }]]);
});

it('takes alerts as they are made, and snapshots of the totals', () => {
  const view = viewOf([{ at: NOW, input: 5 }]);
  const alert = makeAlert({
    kind: 'hourly_cost',
    level: 'warning',
    at: NOW,
    now: NOW,
    period: 'hour',
    periodStart: NOW,
    subject: null,
    value: 11,
    limit: 10,
    message: 'Hour: too much.',
  });
  const snapshot = { at: new Date(NOW).toISOString(), ...usageTotals(view).totals };
  const document = usageStatsDocument(view, { ...extras, alerts: [alert], snapshots: [snapshot] });
  expect(usageStatsSchema.parse(document)).toEqual(document);
});
