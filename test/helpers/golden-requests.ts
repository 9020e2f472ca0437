/** Golden cases of single requests: how they are written down, and what they cost. The answers are written by hand. */
import { NOON } from './client-facts.ts';
import { inMain, type UsageCase } from './usage-cases.ts';
import { type Fields, HAIKU, SESSION, transcript, used } from './write-transcripts.ts';

const FIRST = { stop_reason: null };
/** Ten of input and twenty of output. */
const ONE = { requests: 1, input: 10, output: 20, cost: 0.00011 };

/** A session of one prompt and these answers. */
function prompted(make: (t: ReturnType<typeof transcript>) => (Fields | string)[], from = NOON): UsageCase['lines'] {
  const t = transcript(SESSION, from);
  return inMain(t.prompt('hello'), ...make(t));
}

/** One answer with this usage, and what else its record says. */
const one = (usage: Fields | null, message: Fields = {}, fields: Fields = {}): UsageCase['lines'] =>
  prompted(t => [t.answer('a', usage, { message, fields })]);

export const COPIES: Record<string, UsageCase> = {
  'a stream is written block by block: the copy that is finished counts, once': {
    lines: prompted(t => [
      t.answer('a', used(10, 1), { message: FIRST }),
      t.answer('a', used(10, 1), { message: FIRST }),
      t.answer('a', used(10, 20)),
      t.answer('a', used(10, 20)),
    ]),
    sums: ONE,
  },
  'the finished copy counts though an unfinished one says more, or comes after it': {
    lines: prompted(t => [
      t.answer('a', used(500, 700), { message: FIRST }),
      t.answer('a', used(10, 20)),
      t.answer('a', used(500, 700), { message: FIRST }),
    ]),
    sums: ONE,
  },
  'copies of two messages may alternate': {
    lines: prompted(t => [
      t.answer('a', used(10, 1), { message: FIRST }),
      t.answer('b', used(7, 2), { message: FIRST }),
      t.answer('a', used(10, 20)),
      t.answer('b', used(7, 30)),
    ]),
    sums: { requests: 2, input: 17, output: 50, cost: 0.000267 },
  },
  'a stream that goes on with another model counts as that model has it, and is not mixed': {
    lines: prompted(t => [
      t.answer('a', used(900, 5, { cache_read_input_tokens: 800 }), { message: { ...FIRST, model: 'claude-opus-5' } }),
      t.answer('a', used(10, 20)),
    ]),
    sums: ONE,
    by: { model: { [HAIKU]: 1 } },
  },
  'a request that never was finished counts with the most that is known, as incomplete': {
    lines: prompted(t => [
      t.answer('a', used(10, 1), { message: FIRST }),
      t.answer('a', used(10, 20), { message: FIRST }),
      t.answer('a', used(10, 3), { message: FIRST }),
    ]),
    sums: { ...ONE, incomplete: 1 },
  },
  'a stream that was broken off is incomplete, whatever reason it gives': {
    lines: prompted(t => [t.answer('a', used(10, 20), { fields: { isAbortedMidStream: true } })]),
    sums: { ...ONE, incomplete: 1 },
  },
  'behind a proxy without request ids the id of the message tells copies': {
    lines: prompted(t => [
      t.answer('a', used(10, 1), { message: FIRST, fields: { requestId: undefined } }),
      t.answer('a', used(10, 20), { fields: { requestId: null } }),
      t.answer('b', used(1, 1), { fields: { requestId: '' } }),
    ]),
    sums: { requests: 2, input: 11, output: 21, cost: 0.000116 },
  },
  'without the id of the message that of the request tells copies': {
    lines: prompted(t => [
      t.answer('a', used(10, 1), { message: { ...FIRST, id: null } }),
      t.answer('a', used(10, 20), { message: { id: '' } }),
      t.answer('b', used(1, 1), { message: { id: undefined } }),
    ]),
    sums: { requests: 2, input: 11, output: 21, cost: 0.000116 },
  },
  'without both every record is one': {
    lines: prompted(t => [
      t.answer('a', used(10, 1), { message: { id: null }, fields: { requestId: null } }),
      t.answer('a', used(10, 20), { message: { id: null }, fields: { requestId: null } }),
    ]),
    sums: { requests: 2, input: 20, output: 21, cost: 0.000125 },
  },
};

export const LAYOUTS: Record<string, UsageCase> = {
  'JSON may have spaces': {
    lines: prompted(t => [JSON.stringify(t.answer('a', used(10, 20)), null, 1).replaceAll('\n', ' ')]),
    sums: ONE,
  },
  'times may have microseconds': {
    lines: one(used(10, 20), {}, { timestamp: '2026-11-22T06:47:24.589123Z' }),
    sums: ONE,
  },
  'keys may stand in the order of older clients': {
    lines: prompted(t => {
      const { message, ...rest } = t.answer('a', used(10, 20));
      return [{ ...rest, message }];
    }),
    sums: ONE,
  },
  'whatever may be null is null': {
    lines: one(
      {
        ...used(10, 20),
        cache_creation_input_tokens: null,
        cache_read_input_tokens: null,
        server_tool_use: null,
        service_tier: null,
        cache_creation: null,
        inference_geo: null,
        iterations: null,
        speed: null,
      },
      { stop_reason: null },
      { requestId: null, gitBranch: null, attributionSkill: null, isApiErrorMessage: null },
    ),
    sums: { ...ONE, incomplete: 1 },
  },
  'what may be missing is missing': {
    lines: one(
      { input_tokens: 10, output_tokens: 20 },
      { stop_reason: undefined },
      { requestId: undefined, isSidechain: undefined, cwd: undefined, sessionId: undefined },
    ),
    sums: { ...ONE, incomplete: 1 },
  },
  'an answer without usage is none': { lines: one(null), sums: {} },
  'what the client says itself is none': {
    lines: one(used(0, 0), { model: '<synthetic>' }),
    sums: {},
  },
  'an error of the API is none, though it looks like a request': {
    lines: one(used(10, 20), {}, { isApiErrorMessage: true, apiErrorStatus: 529, error: 'overloaded' }),
    sums: {},
  },
  'what tools read and write may look like a request': {
    lines: prompted(t => {
      const input = { stop_reason: 'x', usage: { input_tokens: 5, output_tokens: 6 }, requestId: 'x', model: 'y' };
      const call = { type: 'tool_use', id: 't1', name: 'Write', input };
      const { message, ...rest } = t.answer('b', used(1, 1), { content: [call] });
      const { stop_reason: _, ...unstopped } = message as Fields;
      return [
        t.answer('a', used(10, 20), { content: [call] }),
        { ...rest, message: unstopped },
        t.result('t1', { toolUseResult: { type: 'assistant', message: { id: 'z', model: HAIKU, usage: used(9, 9) } } }),
      ];
    }),
    sums: { requests: 2, input: 11, output: 21, cost: 0.000116, incomplete: 1 },
  },
  'what older clients tell of the progress of agents is no request of its own': {
    lines: prompted(t => {
      const { uuid, timestamp, sessionId, cwd, ...answer } = t.answer('a', used(10, 20));
      const data = { message: answer, type: 'agent_progress', agentId: 'a1' };
      return [{ parentUuid: null, isSidechain: false, type: 'progress', data, uuid, timestamp, sessionId, cwd }];
    }),
    sums: {},
  },
};

/** 100 tokens of input at noon of a day, of a model. */
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
