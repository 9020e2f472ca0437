/** The record of an answer in a transcript → the billed request that it is a copy of. Pure. */
import type { TokenCounts } from '../model/fact.ts';
import { limitText, MAX_NAME } from '../model/limit-text.ts';
import { object, type Payload, text } from './payload.ts';

/** Made by the client itself, without a request. */
const SYNTHETIC = '<synthetic>';
/** Parts of a response that its own counts leave out. */
const EXTRA_ITERATIONS = ['advisor_message', 'compaction'];

/** What a record tells of a request, without what it belongs to. */
export interface RequestCopy {
  id: string;
  at: number;
  model: string;
  tokens: TokenCounts;
  isFinal: boolean;
  isFast: boolean;
  geo: string | undefined;
  webSearches: number;
}

/**
 * The request of an answer first, then those that it made of other models on the way. Empty if nothing was billed;
 * null if the record is damaged.
 */
export function requestsOf(record: Payload): RequestCopy[] | null {
  const message = object(record.message);
  if (message.model === SYNTHETIC || record.isApiErrorMessage === true) return [];
  if (typeof message.usage !== 'object' || message.usage === null) return [];
  const at = Date.parse(text(record.timestamp) ?? '');
  // A record that cannot be told from its copies would count as often as it is written.
  const request = text(record.requestId);
  const key = text(message.id) || request || text(record.uuid);
  const model = text(message.model);
  if (Number.isNaN(at) || !key || model === undefined) return null;
  const id = limitText(request ? `${key}:${request}` : key, MAX_NAME);
  const usage = message.usage as Payload;
  const isFinal = typeof message.stop_reason === 'string' && record.isAbortedMidStream !== true;
  const first = copyOf({ id, at, model, usage, isFinal });
  if (!Array.isArray(usage.iterations) || usage.iterations.length === 0) return [first];
  const extra = usage.iterations.map(object).filter(({ type }) => EXTRA_ITERATIONS.includes(String(type)));
  return [
    first,
    ...extra.map((iteration, index) => {
      const own =
        text(iteration.model) ?? (iteration.type === 'advisor_message' ? text(record.advisorModel) : undefined);
      // What holds for the whole request is not repeated in its parts.
      const { inference_geo = usage.inference_geo, speed = own === undefined ? usage.speed : null } = iteration;
      const part = { ...iteration, inference_geo, speed };
      return copyOf({ id: `${id}#${index + 1}`, at, model: own ?? model, usage: part, isFinal });
    }),
  ];
}

interface Told {
  id: string;
  at: number;
  model: string;
  usage: Payload;
  isFinal: boolean;
}

function copyOf({ id, at, model, usage, isFinal }: Told): RequestCopy {
  const { cache_creation, server_tool_use, inference_geo: geo } = usage;
  const written = count(usage.cache_creation_input_tokens);
  const split = object(cache_creation);
  const write1h = count(split.ephemeral_1h_input_tokens);
  const write5m = count(split.ephemeral_5m_input_tokens);
  return {
    id,
    at,
    model: limitText(model, MAX_NAME),
    tokens: {
      input: count(usage.input_tokens),
      cache_read: count(usage.cache_read_input_tokens),
      // What is not said to be for an hour is priced as for five minutes. Some clients gave the parts and no sum.
      cache_write_5m: Math.max(write5m, written - write1h),
      cache_write_1h: write1h,
      output: count(usage.output_tokens),
    },
    isFinal,
    isFast: usage.speed === 'fast',
    geo: typeof geo === 'string' && geo !== '' && geo !== 'not_available' ? limitText(geo, MAX_NAME) : undefined,
    webSearches: count(object(server_tool_use).web_search_requests),
  };
}

/** A count of tokens; what is none counts as 0. */
const count = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
