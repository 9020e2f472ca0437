import { describe, expect, it } from 'vitest';
import { modelNameOf, priceTableOf } from '../../src/usage/price-table.ts';
import { shippedTable } from '../helpers/prices.ts';

const modelOf = (id: string): string | null => shippedTable.find(id)?.id ?? null;

describe('an id of a model', () => {
  it.each([
    ['claude-sonnet-4-5', 'claude-sonnet-4-5'],
    ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
    ['claude-sonnet-4-5-20250929[1m]', 'claude-sonnet-4-5'],
    ['claude-opus-5-5[1m]', 'claude-opus-5-5'],
    ['claude-haiku-4-5-20251001', 'claude-haiku-4-5'],
    ['claude-opus-4-1-20250805', 'claude-opus-4-1'],
    ['claude-opus-4-20250514', 'claude-opus-4'],
    ['claude-opus-4-0', 'claude-opus-4'],
    ['claude-sonnet-4-20250514', 'claude-sonnet-4'],
    ['claude-sonnet-4-0', 'claude-sonnet-4'],
    ['claude-3-5-haiku-20241022', 'claude-3-5-haiku'],
    ['claude-3-5-haiku-latest', 'claude-3-5-haiku'],
    ['anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4-5'],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4-5'],
    ['global.anthropic.claude-opus-4-6-v1', 'claude-opus-4-6'],
    ['us-gov.anthropic.claude-opus-5-5', 'claude-opus-5-5'],
    [
      'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-1-20250805-v1:0',
      'claude-opus-4-1',
    ],
    ['claude-sonnet-4-5@20250929', 'claude-sonnet-4-5'],
    ['claude-opus-5@default', 'claude-opus-5'],
    ['vertex_ai/claude-opus-4-1@20250805', 'claude-opus-4-1'],
    ['anthropic/claude-fable-5-2', 'claude-fable-5-2'],
  ])('%s is %s', (id, model) => {
    expect(modelOf(id)).toBe(model);
  });

  it.each([
    'claude-opus-4-9',
    'claude-opus-5-6-20270101',
    'claude-sonnet-4-5-mini',
    'my-claude-sonnet-4-5',
    'claude-sonnet',
    'Claude-Sonnet-4-5',
    'gpt-6',
    '<synthetic>',
    '[1m]',
    '__proto__',
    'constructor',
    '',
  ])('%j is of no model that is known', id => {
    expect(modelOf(id)).toBeNull();
    expect(modelNameOf(shippedTable, id)).toBe(id);
  });

  it('is looked for as it is before anything is taken off', () => {
    const price = { input: 1, output: 1 };
    const table = priceTableOf({
      models: { 'claude-x': price, 'claude-x-20260101': price, 'us.anthropic.claude-x': price },
      aliases: { 'claude-x': 'claude-y', proxy: 'claude-x-20260101', lost: 'claude-z', again: 'proxy' },
    });
    const found = (id: string): string | undefined => table.find(id)?.id;
    expect(found('claude-x-20260101')).toBe('claude-x-20260101');
    expect(found('claude-x-20260101[1m]')).toBe('claude-x-20260101');
    expect(found('claude-x-20260102')).toBe('claude-x');
    expect(found('us.anthropic.claude-x')).toBe('us.anthropic.claude-x');
    expect(found('eu.anthropic.claude-x')).toBe('claude-x');
    expect(found('gateway/proxy[1m]')).toBe('claude-x-20260101');
    expect(found('lost')).toBeUndefined();
    expect(found('again')).toBeUndefined();
  });
});

it('gives names for people, of dated ids too', () => {
  expect(modelNameOf(shippedTable, 'claude-sonnet-4-5-20250929')).toBe('Claude Sonnet 4.5');
  expect(modelNameOf(shippedTable, 'us.anthropic.claude-3-5-haiku-20241022-v1:0')).toBe('Claude Haiku 3.5');
});
