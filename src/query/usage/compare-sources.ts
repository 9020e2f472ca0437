/** Transcripts and OTLP held against each other, request by request. */
import type { BilledRequest } from '../../usage/billed-request.ts';
import { requestOfTellings } from '../../usage/merge-requests.ts';
import { modelIdForms } from '../../usage/model-id.ts';
import { requestIdOf } from '../../usage/request-id.ts';
import type { RequestTellings } from '../../usage/request-tellings.ts';
import { type Amounts, amountsOf, NO_AMOUNTS, plus } from './amounts.ts';
import type { Difference, DifferenceKind } from './difference.ts';

/** The sources tell of a request at about the same time. */
const NEAR_MILLIS = 60_000;
/** The client rounds to a millionth of a dollar. */
const MICRO_NANOS = 1000;

export interface SourceRules {
  /** In nano-dollars; null if no price is known. */
  costOf(request: BilledRequest): number | null;
  /** Milliseconds since 1970. */
  now: number;
}

/** What OTLP told of a request, with what only the transcript can tell: for how long the cache was written, web searches. */
export function otlpOf({ bySource: { transcript, otlp } }: RequestTellings): BilledRequest | undefined {
  if (!otlp || !transcript) return otlp;
  return requestOfTellings([{ ...transcript, isFinal: false }, otlp]) ?? otlp;
}

/** Every request on which the two do not agree. */
export function compareSources(requests: readonly RequestTellings[], rules: SourceRules): Difference[] {
  const sessions = sessionsIn(requests);
  const found = requests.flatMap(request => {
    const kind = kindOf(request, sessions, rules);
    return kind === null ? [] : [{ request, kind }];
  });
  const twins = twinsIn(found);
  const paired = new Set(twins.values());
  return found.flatMap(({ request, kind }) => {
    const twin = twins.get(request);
    if (twin)
      return [differenceOf({ ...request, bySource: { ...twin.bySource, ...request.bySource } }, 'unjoined', rules)];
    return paired.has(request) ? [] : [differenceOf(request, kind, rules)];
  });
}

interface SessionSources {
  hasTranscript: boolean;
  /** Times of the first and of the last request that OTLP told of. */
  firstAt: number;
  lastAt: number;
}

function sessionsIn(requests: readonly RequestTellings[]): Map<string | null, SessionSources> {
  const sessions = new Map<string | null, SessionSources>();
  for (const { counted, bySource } of requests) {
    const { session } = counted.owner;
    const known = sessions.get(session) ?? { hasTranscript: false, firstAt: Number.POSITIVE_INFINITY, lastAt: 0 };
    if (bySource.transcript) known.hasTranscript = true;
    if (bySource.otlp) {
      known.firstAt = Math.min(known.firstAt, bySource.otlp.at);
      known.lastAt = Math.max(known.lastAt, bySource.otlp.at);
    }
    sessions.set(session, known);
  }
  return sessions;
}

function kindOf(
  request: RequestTellings,
  sessions: ReadonlyMap<string | null, SessionSources>,
  rules: SourceRules,
): DifferenceKind | null {
  const { bySource, counted } = request;
  const { transcript, otlp } = bySource;
  const session = sessions.get(counted.owner.session);
  if (transcript && otlp) return kindOfBoth(request, transcript, rules);
  if (otlp) return kindOfOtlp(otlp, { session, rules });
  if (!transcript || !session || session.lastAt === 0) return null;
  if (transcript.id.includes('#')) return 'part';
  if (transcript.at > rules.now - NEAR_MILLIS) return 'pending';
  if (transcript.at < session.firstAt) return 'before_receiver';
  return transcript.at > session.lastAt ? 'after_receiver' : 'lost';
}

function kindOfBoth(request: RequestTellings, transcript: BilledRequest, rules: SourceRules): DifferenceKind | null {
  const otlp = otlpOf(request) ?? transcript;
  const [a, b] = [transcript, otlp].map(told => amountsOf(told.tokens, rules.costOf(told)));
  if (!a || !b) return null;
  const isSame = a.input === b.input && a.output === b.output && isSameCache(a, b);
  if (!transcript.isFinal && (!isSame || a.cost !== b.cost)) return 'incomplete';
  if (!isSame) return 'tokens';
  if (modelIdForms(transcript.model).at(-1) !== modelIdForms(otlp.model).at(-1)) return 'model';
  return transcript.isFast === otlp.isFast ? priceKind(request, rules) : 'terms';
}

const isSameCache = (a: Amounts, b: Amounts): boolean =>
  a.cache_read === b.cache_read && a.cache_write === b.cache_write;

function kindOfOtlp(
  otlp: BilledRequest,
  { session, rules }: { session: SessionSources | undefined; rules: SourceRules },
): DifferenceKind {
  if (otlp.at > rules.now - NEAR_MILLIS) return 'pending';
  // What the client does for itself belongs to the run, by structure.
  if (otlp.methods.agent === 'inherited') return 'auxiliary';
  return session?.hasTranscript ? 'not_in_transcript' : 'no_transcript';
}

/** How the client's own cost of a request differs from the one here. */
function priceKind({ counted, clientCost }: RequestTellings, { costOf }: SourceRules): DifferenceKind | null {
  if (clientCost === null) return null;
  const cost = costOf(counted);
  if (cost === null) return 'unpriced';
  return Math.abs(cost - clientCost) <= MICRO_NANOS ? null : 'client_price';
}

interface Found {
  request: RequestTellings;
  kind: DifferenceKind;
}

/** Behind some proxies the two have no id in common: what a transcript alone told of, with what OTLP alone told of. */
function twinsIn(found: readonly Found[]): Map<RequestTellings, RequestTellings> {
  const twins = new Map<RequestTellings, RequestTellings>();
  const told = found.filter(({ request: { bySource } }) => !bySource.transcript);
  for (const { request } of found) {
    const { transcript, otlp } = request.bySource;
    if (!transcript || otlp || requestIdOf(transcript.id) !== '' || transcript.id.includes('#')) continue;
    const index = told.findIndex(other => isTwin(transcript, other.request.counted));
    const [twin] = index < 0 ? [] : told.splice(index, 1);
    if (twin) twins.set(request, twin.request);
  }
  return twins;
}

function isTwin(a: BilledRequest, b: BilledRequest): boolean {
  const [x, y] = [amountsOf(a.tokens, 0), amountsOf(b.tokens, 0)];
  const isSame = a.owner.session === b.owner.session && modelIdForms(a.model).at(-1) === modelIdForms(b.model).at(-1);
  return (
    isSame && Math.abs(a.at - b.at) <= NEAR_MILLIS && x.input === y.input && x.output === y.output && isSameCache(x, y)
  );
}

function differenceOf(request: RequestTellings, kind: DifferenceKind, { costOf }: SourceRules): Difference {
  const { counted, bySource, clientCost } = request;
  const amounts = (told: BilledRequest | undefined): Amounts | undefined =>
    told && amountsOf(told.tokens, costOf(told));
  const transcript = amounts(bySource.transcript);
  const otlp = amounts(otlpOf(request));
  const isPrice = kind === 'client_price' || kind === 'unpriced';
  const base = { kind, session: counted.owner.session, request: counted.id, model: counted.model, requests: 1 };
  if (isPrice) {
    const own = amountsOf(counted.tokens, costOf(counted));
    const client = { ...own, cost: clientCost ?? 0 };
    return { ...base, client, counted: own, difference: plus(client, own, -1) };
  }
  return {
    ...base,
    ...(transcript ? { transcript } : {}),
    ...(otlp ? { otlp } : {}),
    difference: plus(otlp ?? NO_AMOUNTS, transcript ?? NO_AMOUNTS, -1),
  };
}
