/**
 * A line of the ledger: one telling of one request. There is one for every request ever made, so keys are short, and
 * what a request belongs to, which is the same for many, stands last.
 */
import { isCount } from '../model/count-of.ts';
import type { BilledRequest } from './billed-request.ts';
import { PLACE_KEY, placeOf, placeText } from './ledger-place.ts';

/** Begins every line, so that its id can be read without parsing it. */
const ID_PREFIX = '{"id":"';

/** What OTLP tells beside the request. */
export interface ToldBeside {
  /** The client's id of the prompt, by which the command can be found. */
  prompt?: string | undefined;
  /** What the client thinks that it cost, in millionths of a dollar. */
  costMicros?: number | undefined;
}

export interface LedgerEntry extends ToldBeside {
  request: BilledRequest;
}

/** The line, without a line end. */
export function toLedgerLine(request: BilledRequest, { prompt, costMicros }: ToldBeside = {}): string {
  const { id, at, model, tokens, isFinal, isFast, geo, webSearches } = request;
  const { input, cache_read, cache_write_5m, cache_write_1h, output } = tokens;
  let line = `{"id":${JSON.stringify(id)},"at":${at},"model":${JSON.stringify(model)}`;
  line += `,"t":[${input},${cache_read},${cache_write_5m},${cache_write_1h},${output}],"f":${isFinal ? 1 : 0}`;
  if (isFast) line += ',"fast":1';
  if (geo !== undefined) line += `,"geo":${JSON.stringify(geo)}`;
  if (webSearches > 0) line += `,"web":${webSearches}`;
  if (prompt !== undefined) line += `,"prompt":${JSON.stringify(prompt)}`;
  if (costMicros !== undefined) line += `,"usd6":${costMicros}`;
  return `${line}${PLACE_KEY}${placeText(request)}}`;
}

/** The request in a line; null if the line is damaged. Requests of the same place share it. */
export function fromLedgerLine(line: string): LedgerEntry | null {
  const place = placeOf(line);
  if (!place) return null;
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(`${line.slice(0, line.indexOf(PLACE_KEY))}}`) as Record<string, unknown>;
  } catch {
    return null;
  }
  const { id, at, model, t, web, prompt, geo, usd6 } = value;
  if (typeof id !== 'string' || !Number.isFinite(at) || typeof model !== 'string') return null;
  if (!Array.isArray(t) || t.length !== 5 || !t.every(isCount)) return null;
  const [input = 0, cache_read = 0, cache_write_5m = 0, cache_write_1h = 0, output = 0] = t as number[];
  const request: BilledRequest = {
    id,
    source: place.source,
    at: at as number,
    model,
    tokens: { input, cache_read, cache_write_5m, cache_write_1h, output },
    isFinal: value.f === 1,
    isFast: value.fast === 1,
    geo: typeof geo === 'string' ? geo : undefined,
    webSearches: isCount(web) ? web : 0,
    owner: place.owner,
    span: place.span,
    methods: place.methods,
  };
  const entry: LedgerEntry = { request };
  if (typeof prompt === 'string') entry.prompt = prompt;
  if (isCount(usd6)) entry.costMicros = usd6;
  return entry;
}

/** The id of a line; null if it does not begin like one, or its id has an escape in it. */
export function idOfLine(line: string): string | null {
  if (!line.startsWith(ID_PREFIX)) return null;
  const end = line.indexOf('"', ID_PREFIX.length);
  const id = line.slice(ID_PREFIX.length, end);
  return end < 0 || id.includes('\\') ? null : id;
}

const SPAN_KEY = '"span":"';
const SPAN_DIGITS = 16;

/** The span of the innermost activity in a line; empty if it names none. */
export function spanOfLine(line: string): string {
  const at = line.lastIndexOf(SPAN_KEY) + SPAN_KEY.length;
  return at < SPAN_KEY.length ? '' : line.slice(at, at + SPAN_DIGITS);
}
