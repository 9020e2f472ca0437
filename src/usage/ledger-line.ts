/**
 * A line of the ledger: one telling of one request. There is one for every request ever made, so keys are short, and
 * what a request belongs to, which is the same for many, stands last as a part that is made and read once.
 */
import {
  ATTRIBUTED,
  type BilledRequest,
  METHODS,
  type Method,
  type Owner,
  type RequestSource,
} from './billed-request.ts';

const SOURCES: readonly RequestSource[] = ['transcript', 'otlp', 'span'];

/** Begins every line, so that its id can be read without parsing it. */
export const ID_PREFIX = '{"id":"';
const PLACE_KEY = ',"o":';

/** What a request belongs to, and how that is known. */
type Place = Pick<BilledRequest, 'source' | 'owner' | 'span' | 'methods'>;

/** The line, without a line end. `prompt`: the client's id of the prompt, for a request whose command is not known. */
export function toLedgerLine(request: BilledRequest, prompt?: string): string {
  const { id, at, model, tokens, isFinal, isFast, geo, webSearches } = request;
  const { input, cache_read, cache_write_5m, cache_write_1h, output } = tokens;
  let line = `{"id":${JSON.stringify(id)},"at":${at},"model":${JSON.stringify(model)}`;
  line += `,"t":[${input},${cache_read},${cache_write_5m},${cache_write_1h},${output}],"f":${isFinal ? 1 : 0}`;
  if (isFast) line += ',"fast":1';
  if (geo !== undefined) line += `,"geo":${JSON.stringify(geo)}`;
  if (webSearches > 0) line += `,"web":${webSearches}`;
  if (prompt !== undefined) line += `,"prompt":${JSON.stringify(prompt)}`;
  return `${line}${PLACE_KEY}${placeText(request)}}`;
}

let lastPlace: Place | null = null;
let lastText = '';

function placeText(place: Place): string {
  const { source, owner, span, methods } = place;
  // The requests of a turn come one after the other, and share these.
  const isLast =
    lastPlace?.owner === owner &&
    lastPlace.span === span &&
    lastPlace.methods === methods &&
    lastPlace.source === source;
  if (isLast) return lastText;
  lastPlace = { source, owner, span, methods };
  lastText = JSON.stringify({
    src: SOURCES.indexOf(source),
    s: owner.session,
    p: owner.project,
    b: owner.branch,
    g: owner.stage ?? undefined,
    c: owner.command,
    a: owner.agent,
    i: owner.instance ?? undefined,
    k: owner.skill,
    span: span ?? undefined,
    m: packed(methods),
  });
  return lastText;
}

function packed(methods: BilledRequest['methods']): number | undefined {
  let value = 0;
  for (const [index, key] of ATTRIBUTED.entries()) value |= METHODS.indexOf(methods[key] ?? 'exact') << (2 * index);
  return value || undefined;
}

function unpacked(value: unknown): BilledRequest['methods'] {
  if (typeof value !== 'number') return {};
  const methods: Partial<Record<(typeof ATTRIBUTED)[number], Method>> = {};
  for (const [index, key] of ATTRIBUTED.entries()) {
    const method = METHODS[(value >> (2 * index)) & 3];
    if (method !== undefined && method !== 'exact') methods[key] = method;
  }
  return methods;
}

export interface LedgerEntry {
  request: BilledRequest;
  prompt?: string;
}

/** The request in a line; null if the line is damaged. Requests of the same place share it. */
export function fromLedgerLine(line: string): LedgerEntry | null {
  // Texts cannot hold it: their quotes are escaped.
  const cut = line.indexOf(PLACE_KEY);
  const place = cut < 0 ? null : placeOf(line.slice(cut + PLACE_KEY.length, -1));
  if (!place || !line.endsWith('}')) return null;
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(`${line.slice(0, cut)}}`) as Record<string, unknown>;
  } catch {
    return null;
  }
  const { id, at, model, t, web, prompt } = value;
  if (typeof id !== 'string' || typeof at !== 'number' || typeof model !== 'string') return null;
  if (!Array.isArray(t) || t.length !== 5 || !t.every(Number.isSafeInteger)) return null;
  const [input = 0, cache_read = 0, cache_write_5m = 0, cache_write_1h = 0, output = 0] = t as number[];
  const request: BilledRequest = {
    id,
    source: place.source,
    at,
    model,
    tokens: { input, cache_read, cache_write_5m, cache_write_1h, output },
    isFinal: value.f === 1,
    isFast: value.fast === 1,
    geo: text(value.geo) ?? undefined,
    webSearches: typeof web === 'number' ? web : 0,
    owner: place.owner,
    span: place.span,
    methods: place.methods,
  };
  return typeof prompt === 'string' ? { request, prompt } : { request };
}

let readText = '';
let readPlace: Place | null = null;

function placeOf(json: string): Place | null {
  if (json === readText) return readPlace;
  readText = json;
  readPlace = parsedPlace(json);
  return readPlace;
}

function parsedPlace(json: string): Place | null {
  let value: Record<string, unknown> | null;
  try {
    value = JSON.parse(json) as Record<string, unknown> | null;
  } catch {
    return null;
  }
  const source = SOURCES[value?.src as number];
  if (!value || source === undefined) return null;
  const owner: Owner = {
    session: text(value.s),
    project: text(value.p),
    branch: text(value.b),
    stage: text(value.g),
    command: text(value.c),
    agent: text(value.a),
    instance: text(value.i),
    skill: text(value.k),
  };
  return { source, owner, span: text(value.span), methods: unpacked(value.m) };
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The id of a line; null if it does not begin like one, or its id has an escape in it. */
export function idOfLine(line: string): string | null {
  if (!line.startsWith(ID_PREFIX)) return null;
  const end = line.indexOf('"', ID_PREFIX.length);
  const id = line.slice(ID_PREFIX.length, end);
  return end < 0 || id.includes('\\') ? null : id;
}
