/** Answers of the model as transcripts hold them, plain and odd. */
import fc from 'fast-check';
import type { Payload } from '../../src/claude-code/payload.ts';
import { hostileText } from './arbitrary-requests.ts';

const number: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.nat(100_000) },
  { weight: 1, arbitrary: fc.constantFrom(null, undefined, 0, -5, 1.5, 1e21, '7', 2 ** 53, true) },
);
const plainText = fc.constantFrom('plan', 'builder', 'main', '/home/dev', '/home/d[ev]', '/tmp/{x}');
const text: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: plainText },
  { weight: 1, arbitrary: hostileText },
  { weight: 1, arbitrary: fc.constantFrom(null, undefined, 5) },
);

const usage = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      input_tokens: number,
      cache_creation_input_tokens: number,
      cache_read_input_tokens: number,
      output_tokens: number,
      output_tokens_details: fc.constantFrom(undefined, null, { thinking_tokens: 3 }),
      server_tool_use: fc.option(fc.record({ web_search_requests: number, web_fetch_requests: number }), { nil: null }),
      service_tier: fc.constantFrom('standard', null),
      cache_creation: fc.option(fc.record({ ephemeral_1h_input_tokens: number, ephemeral_5m_input_tokens: number }), {
        nil: null,
      }),
      inference_geo: fc.constantFrom('', 'us', 'not_available', null, undefined, 'e"u'),
      iterations: fc.constantFrom(null, [], undefined, [{ type: 'compaction', input_tokens: 5, output_tokens: 6 }]),
      speed: fc.constantFrom('standard', 'fast', null, undefined),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom(null, undefined, {}, [], 'none') },
);

/** What a tool may be given: raw JSON with the keys of an answer. */
const input: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    {},
    { stop_reason: 'x', usage: { input_tokens: 5, output_tokens: 6 }, requestId: 'req_x', type: 'assistant' },
    { a: [1], stop_reason: null, usage: { input_tokens: 5, output_tokens: 6 } },
    { list: [[{ stop_reason: 'x', usage: { input_tokens: 1, output_tokens: 2 } }]], uuid: 'x', timestamp: 'y' },
    { message: { id: 'm', model: 'n', role: 'assistant', content: [], stop_reason: 'x', usage: null } },
    { name: 'Skill', type: 'tool_use', isSidechain: true, attributionSkill: 'evil', sessionId: 'evil' },
    { text: ']},"stop_reason":"x","usage":{"input_tokens":1,"output_tokens":2}}' },
  ),
  fc.dictionary(hostileText, hostileText, { maxKeys: 3 }),
);
const block = fc.oneof(
  { weight: 2, arbitrary: hostileText.map(said => ({ type: 'text', text: said })) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('Bash', 'Write', 'Skill', 'Agent', 'Task'), input).map(callOf) },
  { weight: 1, arbitrary: fc.nat(4000).map(length => ({ type: 'thinking', thinking: 'x'.repeat(length) })) },
);

function callOf([name, given]: [string, unknown]): Payload {
  return { type: 'tool_use', id: 't1', name, input: given };
}

/** `undefined` keys are left out when it is written. */
const message = fc
  .record({
    id: fc.constantFrom('msg_1', 'msg_2', null, undefined, ''),
    model: fc.constantFrom('claude-x', '<synthetic>', undefined),
    content: fc.array(block, { maxLength: 3 }),
    stop: fc.constantFrom('end_turn', 'tool_use', null, undefined),
    usage,
    layout: fc.nat(3),
  })
  .map(({ id, model, content, stop, usage: used, layout }) => {
    const named = { id, type: 'message', role: 'assistant', model };
    const ended = { stop_reason: stop, stop_sequence: null };
    if (layout === 1) return { ...named, content, usage: used, ...ended };
    if (layout === 2) return { ...named, ...ended, usage: used, content };
    return {
      ...named,
      content,
      ...ended,
      usage: used,
      ...(layout === 3 && { stop_details: null, context: { a: [] } }),
    };
  });

/** A record of an answer: as the client writes it, and in any other way. */
export const answerRecord: fc.Arbitrary<Payload> = fc
  .record({
    message,
    requestId: fc.constantFrom('req_1', null, undefined),
    isSidechain: fc.constantFrom(true, false, undefined),
    timestamp: fc.constantFrom('2026-01-01T12:00:00.000Z', '2026-01-01T12:00:00.123456Z', undefined, 'never'),
    texts: fc.record({ cwd: text, gitBranch: text, sessionId: text, uuid: text, agentId: text }),
    stamps: fc.record({ attributionSkill: text, attributionAgent: text, requestSessionId: text }),
    odd: fc.constantFrom(
      {},
      {},
      {},
      { isApiErrorMessage: true },
      { isAbortedMidStream: true },
      { forkedFrom: { sessionId: 's', messageUuid: 'u' } },
      { advisorModel: 'claude-y' },
      { mcp: [{ a: 1 }] },
    ),
    layout: fc.nat(4),
  })
  .map(({ message: inner, requestId, isSidechain, timestamp, texts, stamps, odd, layout }) => {
    const answer = { requestId, ...odd, ...stamps, type: 'assistant' };
    const { uuid, ...place } = texts;
    if (layout === 1)
      return {
        parentUuid: null,
        isSidechain,
        ...place,
        type: 'assistant',
        message: inner,
        requestId,
        uuid,
        timestamp,
        ...stamps,
      };
    const whole = { parentUuid: null, isSidechain, message: inner, ...answer, uuid, timestamp, ...place };
    if (layout === 2) return { parentUuid: null, type: 'progress', data: { message: whole }, uuid, timestamp };
    if (layout === 3) return { ...whole, type: 'user' };
    return whole;
  });
