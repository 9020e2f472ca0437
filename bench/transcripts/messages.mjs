// Messages of the model: one record for each content block, all with the ids of their one response.
import { pass, writeLinked } from './records.mjs';

const MOST_CONTEXT_TOKENS = 170_000;
/** Of the responses with several blocks, so many have an early count in all records but the last. */
const GROWING_SHARE = 0.6;
/** Of the responses in files of agents, so many never get their last count. */
const NEVER_SETTLED_SHARE = 0.2;

function nextUsage(thread) {
  const { random } = thread.world;
  const read = thread.contextTokens;
  const created = random.between(150, 6_000);
  thread.contextTokens = Math.min(MOST_CONTEXT_TOKENS, read + created);
  const isHourly = !thread.agent && thread.session.isSubscriber;
  return {
    input_tokens: random.between(1, 40),
    cache_creation_input_tokens: created,
    cache_read_input_tokens: read,
    output_tokens: random.between(40, 2_400),
    server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
    service_tier: 'standard',
    cache_creation: {
      ephemeral_1h_input_tokens: isHourly ? created : 0,
      ephemeral_5m_input_tokens: isHourly ? 0 : created,
    },
    inference_geo: '',
    iterations: [],
    speed: 'standard',
  };
}

/** Of the keys of `usage`, what an older client wrote. */
const oldUsage = usage => ({
  input_tokens: usage.input_tokens,
  cache_creation_input_tokens: usage.cache_creation_input_tokens,
  cache_read_input_tokens: usage.cache_read_input_tokens,
  cache_creation: usage.cache_creation,
  output_tokens: usage.output_tokens,
  service_tier: usage.service_tier,
});

function messageRecord(thread, { id, block, usage, stopReason }) {
  const { session } = thread;
  const model = thread.agent?.model ?? session.model;
  const rest = { content: [block], stop_reason: stopReason, stop_sequence: null };
  if (session.isOld) return { model, id, type: 'message', role: 'assistant', ...rest, usage: oldUsage(usage) };
  return { id, type: 'message', role: 'assistant', model, ...rest, usage, stop_details: null };
}

/** The counts of each record of one response: growing, the same in all, or never much more than the first guess. */
function copiesOf(thread, { count, usage, isCutOff }) {
  const { random } = thread.world;
  const guess = random.between(1, 8);
  const isNeverSettled = isCutOff || (thread.agent !== undefined && random.chance(NEVER_SETTLED_SHARE));
  const isGrowing = random.chance(GROWING_SHARE);
  return Array.from({ length: count }, (_, index) => {
    if (isNeverSettled) return { usage: { ...usage, output_tokens: guess + index }, isSettled: false };
    if (!isGrowing || index === count - 1) return { usage, isSettled: true };
    const soFar = index === 0 ? guess : guess + Math.floor(((usage.output_tokens - guess) * index) / count);
    return { usage: { ...usage, output_tokens: soFar }, isSettled: false };
  });
}

/**
 * Writes one response. `isCutOff`: the user interrupted it.
 * Gives the uuid of each block's record.
 */
export function writeMessage(thread, blocks, { stopReason, isCutOff = false }) {
  const { world, session } = thread;
  const { random, truth } = world;
  const id = `msg_01${random.base62(22)}`;
  const requestId = session.isProxied ? undefined : `req_011C${random.base62(20)}`;
  const copies = copiesOf(thread, { count: blocks.length, usage: nextUsage(thread), isCutOff });
  pass(thread, 900, 9_000);
  const uuids = blocks.map((block, index) => {
    const { usage, isSettled } = copies[index];
    const message = messageRecord(thread, { id, block, usage, stopReason: isSettled ? stopReason : null });
    pass(thread, 2, 900);
    return writeLinked(thread, {
      agentId: thread.agent?.id,
      message,
      requestId,
      attributionAgent: session.isOld ? undefined : thread.agent?.type,
      attributionSkill: session.isOld ? undefined : thread.skill,
      type: 'assistant',
    });
  });
  const model = thread.agent?.model ?? session.model;
  thread.lastUsage = copies.at(-1).usage;
  thread.messages++;
  truth.countMessage({ model, usage: thread.lastUsage, copies: blocks.length - 1 });
  if (thread === session.thread) session.replay?.countMessage(blocks.length);
  return uuids;
}

export function thinkingBlock({ random, filler }) {
  const signature = filler.base64(random.between(200, 900));
  return { type: 'thinking', thinking: filler.text(random.between(80, 900)), signature };
}
