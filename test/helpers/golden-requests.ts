/** Golden cases of single requests: how they are written down. The answers are written by hand. */
import { NOON } from './client-facts.ts';
import { inMain, type UsageCase } from './usage-cases.ts';
import { type Fields, HAIKU, SESSION, transcript, used } from './write-transcripts.ts';

const FIRST = { stop_reason: null };
/** Ten of input and twenty of output. */
export const ONE = { requests: 1, input: 10, output: 20, cost: 0.00011 };

/** A session of one prompt and these answers. */
export function prompted(
  make: (t: ReturnType<typeof transcript>) => (Fields | string)[],
  from = NOON,
): UsageCase['lines'] {
  const t = transcript(SESSION, from);
  return inMain(t.prompt('hello'), ...make(t));
}

/** One answer with this usage, and what else its record says. */
export const one = (usage: Fields | null, message: Fields = {}, fields: Fields = {}): UsageCase['lines'] =>
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
