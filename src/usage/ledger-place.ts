/** The last part of a line of the ledger: what a request belongs to. The same for many, so it is made and read once. */
import {
  ATTRIBUTED,
  type BilledRequest,
  METHODS,
  type Method,
  type Owner,
  type RequestSource,
} from './billed-request.ts';

const SOURCES: readonly RequestSource[] = ['transcript', 'otlp', 'span'];

/** Stands before it. Texts cannot hold it: their quotes are escaped. */
export const PLACE_KEY = ',"o":';

/** What a request belongs to, and how that is known. */
export type Place = Pick<BilledRequest, 'source' | 'owner' | 'span' | 'methods'>;

let lastPlace: Place | null = null;
let lastText = '';

/** As JSON. */
export function placeText(place: Place): string {
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

let readText = '';
let readPlace: Place | null = null;

/** The place in a line; null if the line is damaged. Lines of the same place share it. */
export function placeOf(line: string): Place | null {
  const cut = line.indexOf(PLACE_KEY);
  if (cut < 0 || !line.endsWith('}')) return null;
  const json = line.slice(cut + PLACE_KEY.length, -1);
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
  const source = typeof value?.src === 'number' ? SOURCES[value.src] : undefined;
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
