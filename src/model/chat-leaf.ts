/** A billed model request as a span: the only place where `gen_ai.usage.*` stands, so that sums count nothing twice. */
import {
  ATTR_CACHE_CREATION_TOKENS,
  ATTR_CACHE_READ_TOKENS,
  ATTR_CACHE_WRITE_1H,
  ATTR_CACHE_WRITE_5M,
  ATTR_COST,
  ATTR_FAST,
  ATTR_FINISH_REASONS,
  ATTR_GEO,
  ATTR_INPUT_TOKENS,
  ATTR_OPERATION,
  ATTR_OUTPUT_TOKENS,
  ATTR_PEER_SERVICE,
  ATTR_PROVIDER,
  ATTR_REQUEST_MODEL,
  ATTR_RESPONSE_ID,
  ATTR_RESPONSE_MODEL,
  ATTR_USAGE_INCOMPLETE,
  ATTR_WEB_SEARCHES,
} from '../attributes.ts';
import type { TokenCounts } from './fact.ts';
import type { AttributeValue, Leaf } from './leaf.ts';

export interface ChatRequest {
  span: string;
  parent: string;
  session: string | null;
  startAt: number;
  endAt: number;
  model: string;
  provider: string;
  tokens: TokenCounts;
  /** In nano-dollars; null if no price is known. */
  cost: number | null;
  isFinal: boolean;
  isFast: boolean;
  geo?: string | undefined;
  webSearches: number;
  /** Id of the response at its provider, and why it stopped. */
  response?: string | undefined;
  finish?: string | undefined;
}

export function chatLeaf(request: ChatRequest): Leaf {
  const { span, parent, session, startAt, endAt, model } = request;
  const name = `chat ${model}`;
  return { kind: 'chat', span, parent, session, name, startAt, endAt, attributes: attributesOf(request) };
}

function attributesOf(request: ChatRequest): Record<string, AttributeValue> {
  const { model, provider, tokens, cost, isFinal, isFast, geo, webSearches, response, finish } = request;
  const written = tokens.cache_write_5m + tokens.cache_write_1h;
  const attributes: Record<string, AttributeValue> = {
    [ATTR_OPERATION]: 'chat',
    [ATTR_PROVIDER]: provider,
    [ATTR_PEER_SERVICE]: provider,
    [ATTR_REQUEST_MODEL]: model,
    [ATTR_RESPONSE_MODEL]: model,
    [ATTR_INPUT_TOKENS]: tokens.input + tokens.cache_read + written,
    [ATTR_OUTPUT_TOKENS]: tokens.output,
    [ATTR_CACHE_READ_TOKENS]: tokens.cache_read,
    [ATTR_CACHE_CREATION_TOKENS]: written,
  };
  if (tokens.cache_write_5m > 0) attributes[ATTR_CACHE_WRITE_5M] = tokens.cache_write_5m;
  if (tokens.cache_write_1h > 0) attributes[ATTR_CACHE_WRITE_1H] = tokens.cache_write_1h;
  // Nothing would read as free of charge.
  if (cost !== null) attributes[ATTR_COST] = cost;
  if (!isFinal) attributes[ATTR_USAGE_INCOMPLETE] = true;
  if (isFast) attributes[ATTR_FAST] = true;
  if (geo !== undefined) attributes[ATTR_GEO] = geo;
  if (webSearches > 0) attributes[ATTR_WEB_SEARCHES] = webSearches;
  if (response !== undefined) attributes[ATTR_RESPONSE_ID] = response;
  if (finish !== undefined) attributes[ATTR_FINISH_REASONS] = [finish];
  return attributes;
}
