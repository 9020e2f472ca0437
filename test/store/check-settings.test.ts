import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkSettings } from '../../src/store/check-settings.ts';
import { locateJsonError } from '../../src/store/locate-json-error.ts';
import { makeFolder } from '../helpers/run-cli.ts';

async function complaint(file: string, content: unknown): Promise<string> {
  const stateDir = makeFolder();
  writeFileSync(`${stateDir}/${file}`, typeof content === 'string' ? content : JSON.stringify(content));
  const error: unknown = await checkSettings(stateDir).catch(caught => caught);
  if (!(error instanceof Error)) return '';
  expect(error).toHaveProperty('code', 'BAD_SETTINGS');
  return error.message.replaceAll(`${stateDir}/`, '');
}

it('takes all settings that are documented', async () => {
  const settings = {
    durability: 'fsync',
    capture: { labels: false, content: true },
    rotation: { max_bytes: 1000 },
    stages: { '/discover*': 'discovery', builder: 'prototype' },
    otlp: { endpoint: 'http://127.0.0.1:4318', headers: { authorization: 'Bearer x' } },
    receiver: { port: 4319 },
    poll_interval_seconds: 60,
    alerts: { notify: true },
  };
  expect(await complaint('spanbook.json', settings)).toBe('');
  expect(await complaint('spanbook.json', {})).toBe('');
});

it.each([
  [
    { durability: 'disk' },
    'durability: expected "fsync" (survives a power cut) or "process" (survives a kill), got "disk"',
  ],
  [{ rotation: { max_bytes: 1.5 } }, 'rotation.max_bytes: expected a whole number of bytes, 1 or more, got 1.5'],
  [{ rotation: 5 }, 'rotation: expected an object with max_bytes, got 5'],
  [{ rotation: { max_byte: 5 } }, 'rotation.max_byte: expected only max_bytes, got 5'],
  [{ receiver: { port: 0 } }, 'receiver.port: expected a port, 1 to 65535, got 0'],
  [{ receiver: { port: 65_536 } }, 'receiver.port: expected a port, 1 to 65535, got 65536'],
  [{ receiver: { port: '4319' } }, 'receiver.port: expected a port, 1 to 65535, got "4319"'],
  [{ receiver: { host: 'x' } }, 'receiver.host: expected only port, got "x"'],
  [{ capture: { labels: 'no' } }, 'capture.labels: expected true or false, got "no"'],
  [
    { otlp: { endpoint: 'ftp://x' } },
    'otlp.endpoint: expected an http or https URL, as http://127.0.0.1:4318, got "ftp://x"',
  ],
  [
    { stages: { a: '' } },
    'stages.a: expected patterns of names with the stage of each, as {"/prototype*": "prototype"}, got ""',
  ],
  [{ poll_interval_seconds: 0 }, 'poll_interval_seconds: expected a number of seconds, 1 or more, got 0'],
  [[], 'the whole file: expected an object with durability,'],
  ['{"__proto__": 1}', '__proto__: expected only durability,'],
  ['{"rotation": null}', 'rotation: expected an object with max_bytes, got null'],
  ['{\n  "durability": fsync\n}', 'expected JSON, got a mistake at line 2, column 17: expected value'],
])('refuses %j', async (settings, message) => {
  expect(await complaint('spanbook.json', settings)).toContain(`spanbook.json: ${message}`);
});

it('names every wrong key, and does not repeat secrets', async () => {
  const settings = { durability: 1, otlp: { headers: { authorization: ['secret'] } } };
  const lines = (await complaint('spanbook.json', settings)).split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toBe('spanbook.json: otlp.headers.authorization: expected a text, got another kind of value');
});

const price = { input: 0.003, output: 0.015 };

it('takes prices with dates and tiers, thresholds, budgets and recommendations', async () => {
  const pricing = {
    models: {
      plain: { ...price, cache_read: 0, cache_write_5m: 0.1, cache_write_1h: 0.2, valid_from: '2026-01-01' },
      dated: [
        { ...price, valid_until: '2026-05-31' },
        { ...price, tiers: [{ above_tokens: 200_000, ...price }] },
      ],
    },
    alert_thresholds: { hourly_cost_warning: 10 },
    budgets: [{ period: 'day', limit: 20, stage: 'prototype' }],
    recommendations: ['Use the small model for searches.'],
  };
  expect(await complaint('usage_pricing.json', pricing)).toBe('');
});

it.each([
  [
    { models: { m: { ...price, input: -1 } } },
    'models.m.input: expected a price in USD per 1,000 tokens, 0 or more, got -1',
  ],
  [
    { models: { m: { input: 1 } } },
    'models.m.output: expected a price in USD per 1,000 tokens, 0 or more, got nothing',
  ],
  [{ models: { m: [{ ...price, cache: 1 }] } }, 'models.m.0.cache: expected only model_name, input,'],
  [
    { models: { m: { ...price, valid_from: '1.1.2026' } } },
    'models.m.valid_from: expected a date as 2026-01-31, got "1.1.2026"',
  ],
  [{ models: { m: 3 } }, 'models.m: expected prices, or a list of dated prices, got 3'],
  [{ alert_thresholds: { hourly: 1 } }, 'alert_thresholds.hourly: expected only hourly_cost_warning,'],
  [{ budgets: [{ period: 'year', limit: 1 }] }, 'budgets.0.period: expected "day", "week" or "month", got "year"'],
  [
    { models: { m: { ...price, output: 1500 } } },
    'models.m.output: expected at most 1000: prices are per 1,000 tokens, not per million, got 1500',
  ],
  [
    { models: { m: { ...price, valid_from: '2026-02-01', valid_until: '2026-01-31' } } },
    'models.m.valid_until: expected a day that is not before valid_from, got "2026-01-31"',
  ],
  [
    { models: { m: { ...price, geo_multipliers: { us: 0 } } } },
    'models.m.geo_multipliers.us: expected a number above 0, at most 100, got 0',
  ],
  [{ currency: 'EUR' }, 'currency: expected "USD", got "EUR"'],
  [{ web_search: '10' }, 'web_search: expected a price in USD per 1,000 searches, 0 or more, got "10"'],
  [
    { budgets: [{ period: 'day', limit: 1, stage: 'a', skill: 'b' }] },
    'budgets.0: expected at most one of stage, command, agent, skill, model, got {"period":"day",',
  ],
  [
    { recommendations: [{ rule: 'be_thrifty' }] },
    'recommendations.0.rule: expected a text, or a rule: cheaper_model_for_small_agents, cache_never_read,',
  ],
  [
    { recommendations: [{ rule: 'cache_never_read', min_tokens: 1 }] },
    'recommendations.0.min_tokens: expected only rule, enabled, min_cache_write_tokens, max_reads_per_write, got 1',
  ],
  [
    { recommendations: [{ rule: 'expensive_prompts', min_cost_share: 20 }] },
    'recommendations.0.min_cost_share: expected a number from 0 to 1, got 20',
  ],
  [{ recommendations: [5] }, 'recommendations.0: expected a text, or an object with a rule, got 5'],
])('refuses the pricing %j', async (pricing, message) => {
  expect(await complaint('usage_pricing.json', pricing)).toContain(`usage_pricing.json: ${message}`);
});

it.each([
  ['[]', 'expected at most 64 levels, got more'],
  ['{"length":{"toString":1}}', 'expected lists and texts, got an object with a "length"'],
])('names what no schema can look at: %s', async (part, message) => {
  const deep = part === '[]' ? '['.repeat(8000) + ']'.repeat(8000) : part;
  expect(await complaint('usage_pricing.json', `{"models":{"m":${deep}}}`)).toBe(`usage_pricing.json: ${message}`);
});

it('says nothing when there are no such files', async () => {
  await expect(checkSettings(`${makeFolder()}/none`)).resolves.toBeUndefined();
});

it.each([
  ['', 1, 1],
  ['{"a":1,}', 1, 8],
  ['[1 2]', 1, 4],
  ['{"a" 1}', 1, 6],
  ['{\n"a": "x\ny"}', 2, 6],
  ['{"a":01}', 1, 6],
  ['{} {}', 1, 4],
  ['[1]]', 1, 4],
  ['\ufeff{}', 1, 1],
  ['{"a": [1, {"b": tru}]}', 1, 17],
])('finds the mistake in %j at line %d, column %d', (text, line, column) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(locateJsonError(text)).toMatchObject({ line, column });
});

it.each([['{"a":[1,-2.5e3,"\\u0041",null,true,{}],"b":{}}'], [' [] '], ['"x"']])('finds no mistake in %j', text => {
  expect(locateJsonError(text)).toBeNull();
});
