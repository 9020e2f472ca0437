/** Files that people edit: settings, prices, and the settings of Claude Code. */
import { describe, expect } from 'vitest';
import { withoutVariables, withVariables } from '../../src/claude-code/env-edit.ts';
import { hookGroups } from '../../src/claude-code/hook-entries.ts';
import { withHooks, withoutHooks } from '../../src/claude-code/settings-edit.ts';
import { SpanbookError } from '../../src/errors.ts';
import { isTooDeep } from '../../src/model/is-too-deep.ts';
import { keepValidPricing } from '../../src/model/keep-valid-pricing.ts';
import { pricingSchema } from '../../src/model/pricing-schema.ts';
import { settingsSchema } from '../../src/model/settings-schema.ts';
import { readAlertSettings } from '../../src/monitor/notify/read-alert-settings.ts';
import { checkSettings } from '../../src/store/check-settings.ts';
import { checkedBy } from '../../src/store/checked-by.ts';
import { readPollSeconds, readWriterSettings } from '../../src/store/read-settings.ts';
import { costOf } from '../../src/usage/price-request.ts';
import { priceTableOf } from '../../src/usage/price-table.ts';
import { makeRequest } from '../helpers/prices.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { fault, times } from './fault.ts';
import { fuzz, putFile } from './fuzz.ts';
import { hostileJson, jsonIn } from './hostile-json.ts';

const SETTINGS = [
  {
    durability: 'fsync',
    capture: { labels: false },
    rotation: { max_bytes: 1000 },
    stages: { '/deploy*': 'release', '*': 'x' },
    otlp: { endpoint: 'http://127.0.0.1:4318', headers: { authorization: 'Bearer x' } },
    receiver: { port: 4319 },
    poll_interval_seconds: 60,
  },
  {
    alerts: {
      notify: ['mail -s "a b"'],
      webhook: { url: 'https://example.com/hook', allow_private: true, headers: { 'x-a': 'b' } },
      mail: { to: ['a@example.com'], from: 'b@example.com', host: 'mail', port: 25 },
    },
  },
];
const prices = { input: 0.01, output: 0.05, cache_read: 0.001, cache_write_5m: 0.02, cache_write_1h: 0.03 };
const PRICES = [
  { currency: 'USD', web_search: 10, models: { m: { ...prices, fast_multiplier: 2, geo_multipliers: { us: 1.1 } } } },
  {
    models: {
      m: [
        { ...prices, valid_until: '2026-01-01' },
        { ...prices, valid_from: '2026-01-02', tiers: [{ above_tokens: 200_000, input: 1, output: 2 }] },
      ],
    },
    aliases: { n: 'm' },
    alert_thresholds: { hourly_cost_warning: 5 },
    budgets: [{ period: 'day', limit: 5, stage: 'x' }],
  },
];
const CLIENT = [
  {
    $schema: 'https://json.schemastore.org/claude-code-settings.json',
    env: { A: '1', OTEL_LOGS_EXPORTER: 'otlp' },
    hooks: { Stop: [{ matcher: '', hooks: [{ type: 'command', command: 'echo' }] }], PreToolUse: [] },
    permissions: { allow: ['Bash(ls:*)'] },
  },
  {},
];

const texts = (values: readonly unknown[]): string[] =>
  values.flatMap(value => [JSON.stringify(value), JSON.stringify(value, null, 2)]);

/** False if it is refused as a person's mistake; what else is thrown goes on. */
function isTaken(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (error instanceof SpanbookError) return false;
    throw error;
  }
}

describe('input', () => {
  fault('spanbook.json', 'it fits the schema or each mistake is named, and writers go on with what is right', row => {
    const stateDir = tempDir();
    return fuzz(row, {
      input: hostileJson(texts(SETTINGS)),
      inputs: times(10_000, 500_000),
      async take(files) {
        let accepted = 0;
        for (const text of files) {
          putFile(`${stateDir}/spanbook.json`, text);
          const refusal = await checkSettings(stateDir).catch((error: unknown) => error);
          if (refusal === undefined) accepted++;
          else if (!(refusal instanceof SpanbookError)) throw refusal;
          // Deeper ones are refused before they are looked at, also in what nobody sees: below `__proto__`.
          const value = jsonIn(text);
          const fits = !isTooDeep(value, 64) && (checkedBy(settingsSchema, value)?.success ?? false);
          expect([refusal === undefined, text]).toEqual([fits, text]);
          const { maxBytes, stages, receiverPort } = readWriterSettings(stateDir);
          expect(maxBytes >= 1 && stages.every(rule => rule.length === 2) && receiverPort !== 0).toBe(true);
          expect(readPollSeconds(stateDir)).toBeGreaterThanOrEqual(1);
          const { settings, problem } = await readAlertSettings(stateDir);
          if (problem !== null) expect(settings).toEqual({});
        }
        return accepted;
      },
    });
  });

  fault('usage_pricing.json', 'the command line names mistakes, and whoever counts uses what is right of it', row => {
    const requests = [makeRequest({ model: 'm', tokens: { input: 300_000, output: 5 } }), makeRequest({ model: 'n' })];
    const stateDir = tempDir();
    let turn = 0;
    return fuzz(row, {
      input: hostileJson(texts(PRICES)),
      inputs: times(20_000, 1_000_000),
      async take(files) {
        let accepted = 0;
        for (const text of files) {
          const value = jsonIn(text);
          // Deeper ones are refused before they are looked at, and a key that objects have by themselves nobody sees.
          if (isTooDeep(value, 64) || text.includes('__proto__')) continue;
          const { pricing, ignored } = keepValidPricing(value);
          const isValid = checkedBy(pricingSchema, value)?.success ?? false;
          expect([ignored.length === 0, text]).toEqual([isValid, text]);
          if (isValid) accepted++;
          const table = priceTableOf(pricing);
          for (const request of requests) expect(costOf(table, request) ?? 0).toBeGreaterThanOrEqual(0);
          // The same through the file, which costs more, for some of them.
          if (turn++ % 10 > 0) continue;
          putFile(`${stateDir}/usage_pricing.json`, text);
          const refusal = await checkSettings(stateDir).catch((error: unknown) => error);
          expect(refusal === undefined ? isValid : refusal instanceof SpanbookError && !isValid, text).toBe(true);
        }
        return accepted;
      },
    });
  });

  fault('settings of Claude Code', 'hooks and variables go in and out, or the file is refused as it is', row => {
    const path = '/p/settings.json';
    const groups = hookGroups('/x/claude-code.cjs');
    const variables = { CLAUDE_CODE_ENABLE_TELEMETRY: '1', OTEL_LOGS_EXPORTER: 'otlp' };
    return fuzz(row, {
      input: hostileJson(texts(CLIENT)),
      inputs: times(4000, 100_000),
      take: files =>
        files.filter(text =>
          isTaken(() => {
            const hooked = withHooks({ path, text }, groups);
            const told = withVariables({ path, text: hooked.text }, variables);
            const back = withoutVariables({ path, text: told.text }, told.made);
            withoutHooks({ path, text: back }, hooked.made);
          }),
        ).length,
    });
  });
});
