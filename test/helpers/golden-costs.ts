/** Golden cases of what requests cost, at the prices of the package. The answers are written by hand. */
import { ONE, one, prompted } from './golden-requests.ts';
import type { UsageCase } from './usage-cases.ts';
import { type Fields, HAIKU, used } from './write-transcripts.ts';

/** One answer at noon of a day, of a model. */
const asOf = (day: string, model: string, usage: Fields): UsageCase['lines'] =>
  prompted(t => [t.answer('a', usage, { message: { model } })], Date.parse(`${day}T12:00:00Z`));

export const COSTS: Record<string, UsageCase> = {
  'writing to the cache has two prices, as the parts say': {
    lines: one(
      used(0, 0, {
        cache_read_input_tokens: 1000,
        cache_creation_input_tokens: 300,
        cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
      }),
    ),
    // 1,000 × 0.10 + 100 × 1.25 + 200 × 2 millionths.
    sums: { requests: 1, cache_read: 1000, cache_write_5m: 100, cache_write_1h: 200, cost: 0.000625 },
  },
  'some clients gave the parts of what was written and no sum': {
    lines: one(used(0, 0, { cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 } })),
    sums: { requests: 1, cache_write_5m: 100, cache_write_1h: 200, cost: 0.000525 },
  },
  'others give the sum and no parts: it is priced as for five minutes': {
    lines: one(used(0, 0, { cache_creation_input_tokens: 300, cache_creation: null })),
    sums: { requests: 1, cache_write_5m: 300, cost: 0.000375 },
  },
  'what is in the sum and in none of the parts is priced as for five minutes': {
    lines: one(used(0, 0, { cache_creation_input_tokens: 300, cache_creation: { ephemeral_1h_input_tokens: 200 } })),
    sums: { requests: 1, cache_write_5m: 100, cache_write_1h: 200, cost: 0.000525 },
  },
  'a web search costs a cent': {
    lines: one(used(10, 20, { server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 } })),
    sums: { ...ONE, web_searches: 2, cost: 0.02011 },
  },
  'fast costs more': {
    lines: one(used(10, 20, { speed: 'fast' }), { model: 'claude-opus-5' }),
    // Twice 10 × 5 + 20 × 25 millionths.
    sums: { ...ONE, cost: 0.0011 },
  },
  'inference in the US costs a tenth more': {
    lines: one(used(10, 20, { inference_geo: 'us' }), { model: 'claude-opus-5' }),
    sums: { ...ONE, cost: 0.000605 },
  },
  'an advisor is priced as its own model, a compaction as the same, and neither is in the sum of the answer': {
    lines: one(
      used(10, 20, {
        iterations: [
          { type: 'message', input_tokens: 10, output_tokens: 20 },
          { type: 'advisor_message', model: 'claude-opus-5', input_tokens: 100, output_tokens: 10 },
          { type: 'compaction', input_tokens: 1000, output_tokens: 100 },
        ],
      }),
    ),
    // 0.000110, and 100 × 5 + 10 × 25, and 1,000 × 1 + 100 × 5 millionths.
    sums: { requests: 3, input: 1110, output: 130, cost: 0.00236 },
    by: { model: { [HAIKU]: 2, 'claude-opus-5': 1 } },
  },
  'an advisor that does not name its model is the one that the record names': {
    lines: one(
      used(10, 20, { iterations: [{ type: 'advisor_message', input_tokens: 100, output_tokens: 10 }] }),
      {},
      { advisorModel: 'claude-opus-5' },
    ),
    sums: { requests: 2, input: 110, output: 30, cost: 0.00086 },
    by: { model: { [HAIKU]: 1, 'claude-opus-5': 1 } },
  },
  'parts of an answer in the US cost a tenth more too': {
    lines: one(
      used(10, 20, { inference_geo: 'us', iterations: [{ type: 'compaction', input_tokens: 10, output_tokens: 20 }] }),
      { model: 'claude-opus-5' },
    ),
    sums: { requests: 2, input: 20, output: 40, cost: 0.00121 },
  },
  'a model without a price is unpriced, and not for nothing': {
    lines: prompted(t => [t.answer('a', used(10, 20)), t.answer('b', used(1, 2), { message: { model: 'new-9' } })]),
    sums: { requests: 2, input: 11, output: 22, cost: 0.00011, unpriced: 3 },
  },
  '300,000 tokens before a price changed cost the old price': {
    lines: asOf('2026-10-06', 'claude-sonnet-5-5', used(0, 0, { cache_read_input_tokens: 300_000 })),
    sums: { requests: 1, cache_read: 300_000, cost: 0.06 },
  },
  '300,000 tokens after a price changed cost the new price': {
    lines: asOf('2026-10-07', 'claude-sonnet-5-5', used(0, 0, { cache_read_input_tokens: 300_000 })),
    sums: { requests: 1, cache_read: 300_000, cost: 0.03 },
  },
  'a long prompt has its own price, for all of the request, as long as there was one': {
    lines: asOf('2026-03-12', 'claude-sonnet-4-6', used(300_000, 100)),
    // 300,000 × 6 + 100 × 22.50 millionths.
    sums: { requests: 1, input: 300_000, output: 100, cost: 1.80225 },
  },
  'a long prompt costs what a short one does since the day that this was dropped': {
    lines: asOf('2026-03-13', 'claude-sonnet-4-6', used(300_000, 100)),
    sums: { requests: 1, input: 300_000, output: 100, cost: 0.9015 },
  },
};
