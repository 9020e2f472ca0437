/** An answer in a transcript → the billed requests that it is a copy of. Pure. */
import type { TokenCounts } from '../model/fact.ts';
import { limitText, MAX_NAME } from '../model/limit-text.ts';
import { type Answer, type Counts, count, countsOf } from './answer.ts';
import { object, text } from './payload.ts';

/** Parts of a response that its own counts leave out. */
const EXTRA_ITERATIONS = ['advisor_message', 'compaction'];

/** What a record tells of a request, without what it belongs to. */
export interface RequestCopy {
  id: string;
  model: string;
  tokens: TokenCounts;
  isFinal: boolean;
  isFast: boolean;
  geo: string | undefined;
  webSearches: number;
}

/** The request of an answer; null if the record is damaged. */
export function requestOf(answer: Answer): RequestCopy | null {
  const { id, request, uuid, model } = answer;
  // A record that cannot be told from its copies would count as often as it is written.
  const key = id || request || uuid;
  if (!key || model === undefined) return null;
  return {
    id: idOf(key, request),
    model: limitText(model, MAX_NAME),
    tokens: tokensOf(answer),
    isFinal: answer.isFinal,
    isFast: answer.isFast,
    geo: geoOf(answer.geo),
    webSearches: answer.webSearches,
  };
}

let lastKey = '';
let lastRequest: string | undefined;
let lastId = '';

/** The copies of a request come one after the other. */
function idOf(key: string, request: string | undefined): string {
  if (key !== lastKey || request !== lastRequest) {
    lastKey = key;
    lastRequest = request;
    lastId = limitText(request ? `${key}:${request}` : key, MAX_NAME);
  }
  return lastId;
}

/** The requests that it made of other models on the way. `first`: its own. */
export function extraRequestsOf(answer: Answer, first: RequestCopy): RequestCopy[] {
  const { record } = answer;
  const usage = object(object(record?.message).usage);
  if (!record || !Array.isArray(usage.iterations) || usage.iterations.length === 0) return [];
  const extra = usage.iterations.map(object).filter(({ type }) => EXTRA_ITERATIONS.includes(type as string));
  return extra.map((iteration, index) => {
    const own = text(iteration.model) ?? (iteration.type === 'advisor_message' ? text(record.advisorModel) : undefined);
    // What holds for the whole request is not repeated in its parts.
    const { inference_geo = usage.inference_geo, speed = own === undefined ? usage.speed : null } = iteration;
    return {
      id: `${first.id}#${index + 1}`,
      model: own === undefined ? first.model : limitText(own, MAX_NAME),
      tokens: tokensOf(countsOf(iteration)),
      isFinal: first.isFinal,
      isFast: speed === 'fast',
      geo: geoOf(text(inference_geo)),
      webSearches: count(object(iteration.server_tool_use).web_search_requests),
    };
  });
}

const tokensOf = ({ input, read, written, written5m, written1h, output }: Counts): TokenCounts => ({
  input,
  cache_read: read,
  // What is not said to be for an hour is priced as for five minutes. Some clients gave the parts and no sum.
  cache_write_5m: Math.max(written5m, written - written1h),
  cache_write_1h: written1h,
  output,
});

const geoOf = (geo: string | undefined): string | undefined =>
  geo === undefined || geo === '' || geo === 'not_available' ? undefined : limitText(geo, MAX_NAME);
