/** What activities of Claude Code used, as facts of the journal: told once they are over and their transcripts are read. */
import { JournalWriter } from './journal/journal-writer.ts';
import type { Activity } from './model/activity.ts';
import { FACT_VERSION, type UsageFact, type UsageSum } from './model/fact.ts';
import { addUsage, NO_TOKENS, selfUsage } from './model/fold-usage.ts';
import { spanIdOf } from './model/ids.ts';
import type { FoldState } from './model/state.ts';
import { placeOf } from './model/tree.ts';
import { readWriterSettings } from './store/read-settings.ts';
import type { BilledRequest } from './usage/billed-request.ts';
import { totalTokens } from './usage/billed-request.ts';
import type { RequestSum } from './usage/request-sum.ts';

/** The client writes its transcript a little later than it tells its hooks. */
const LAG_MILLIS = 2000;
/** What is not whole by then never will be, most likely. */
const WAIT_MILLIS = 60_000;

export interface UsageFactsOptions {
  stateDir: string;
  state: FoldState;
  /** Activities that may have used more than was told of them. */
  spans: ReadonlySet<string>;
  /** When everything was told last, in milliseconds since 1970. */
  settledAt: number;
  /** Also of those of which nothing was told yet, whenever they ended: their end may have been told late. */
  tellsUntold?: boolean;
  now: number;
  requestsIn(spans: ReadonlySet<string>): Map<string, BilledRequest[]>;
  /** Of those whose lines were pruned. */
  sumsIn(spans: ReadonlySet<string>): Map<string, RequestSum[]>;
  /** In nano-dollars; null if no price is known. */
  costOf(request: BilledRequest): number | null;
}

export interface UsageFactsResult {
  /** Facts that were appended. */
  added: number;
  /** When there will be more to tell without anything new; null if there will not. */
  nextAt: number | null;
  /** Before this time everything is told. */
  settledAt: number;
}

/**
 * Appends a fact for each activity that has used more than was told of it.
 *
 * @throws a system error if the journal cannot be written.
 */
export function appendUsageFacts(options: UsageFactsOptions): UsageFactsResult {
  const { state, spans, settledAt, tellsUntold, now } = options;
  const over = [...state.activities.values()].filter(
    ({ span, run, end, told }) =>
      run !== undefined && end && (spans.has(span) || end.at > settledAt || (tellsUntold && !told)),
  );
  const isReady = ({ end }: Activity): boolean => (end?.at ?? 0) + LAG_MILLIS <= now;
  const ready = over.filter(isReady);
  const waiting = over.filter(activity => !isReady(activity));
  const requests = options.requestsIn(new Set(ready.map(({ span }) => span)));
  const sums = options.sumsIn(new Set(requests.keys()));
  const selves = new Map<string, UsageSum>();
  for (const [span, made] of requests) selves.set(span, sumOf(made, sums.get(span) ?? [], options));
  const facts: UsageFact[] = [];
  for (const activity of ready) {
    const made = requests.get(activity.span) ?? [];
    const self = selves.get(activity.span);
    if (!self || isTold(activity, self)) continue;
    const isWhole = made.every(({ isFinal }) => isFinal);
    if (!isWhole && now < (activity.end?.at ?? 0) + WAIT_MILLIS) waiting.push(activity);
    else facts.push(factOf(activity, { state, selves, made, isWhole, now }));
  }
  write(options.stateDir, facts);
  const ends = waiting.map(({ end }) => end?.at ?? now);
  const earliest = Math.min(...ends);
  return {
    added: facts.length,
    nextAt: waiting.length === 0 ? null : Math.max(now, earliest) + LAG_MILLIS,
    settledAt: Math.min(now - WAIT_MILLIS, earliest - 1),
  };
}

function sumOf(
  requests: readonly BilledRequest[],
  pruned: readonly RequestSum[],
  { costOf }: UsageFactsOptions,
): UsageSum {
  let sum: UsageSum = { tokens: NO_TOKENS, requests: 0, cost_nanousd: 0, unpriced_tokens: 0 };
  for (const part of [...pruned, ...requests]) {
    const cost = 'requests' in part ? part.cost : costOf(part);
    sum = addUsage(sum, {
      tokens: part.tokens,
      requests: 'requests' in part ? part.requests : 1,
      cost_nanousd: cost ?? 0,
      unpriced_tokens: cost === null ? totalTokens(part.tokens) : 0,
    });
  }
  return sum;
}

function isTold({ told }: Activity, self: UsageSum): boolean {
  return (
    told !== undefined &&
    told.requests === self.requests &&
    totalTokens(told.tokens) === totalTokens(self.tokens) &&
    told.cost_nanousd === self.cost_nanousd
  );
}

interface FactSources {
  state: FoldState;
  selves: ReadonlyMap<string, UsageSum>;
  made: readonly BilledRequest[];
  isWhole: boolean;
  now: number;
}

function factOf(activity: Activity, { state, selves, made, isWhole, now }: FactSources): UsageFact {
  const { span, session } = activity;
  return {
    v: FACT_VERSION,
    at: now,
    kind: 'usage',
    source: 'import',
    session,
    span,
    trace: placeOf(state, activity).trace,
    self: withPrice(selves.get(span)),
    total: withPrice(totalOf(activity, state, selves)),
    leaves: made.map(({ id }) => spanIdOf('chat', id)),
    complete: isWhole,
  };
}

const withPrice = (sum: UsageSum | undefined): UsageSum =>
  sum ?? { tokens: NO_TOKENS, requests: 0, cost_nanousd: 0, unpriced_tokens: 0 };

function totalOf(activity: Activity, state: FoldState, selves: ReadonlyMap<string, UsageSum>): UsageSum | undefined {
  const self = selves.get(activity.span);
  const { usage, usageBelow } = activity;
  let total = self && usage ? addUsage(self, usage) : (self ?? selfUsage(activity));
  if (usageBelow) total = addUsage(total, usageBelow);
  for (const span of activity.children ?? []) {
    const child = state.activities.get(span);
    const below = child && totalOf(child, state, selves);
    if (below) total = addUsage(total, below);
  }
  return total;
}

function write(stateDir: string, facts: readonly UsageFact[]): void {
  if (facts.length === 0) return;
  const writer = new JournalWriter(stateDir, readWriterSettings(stateDir));
  try {
    for (const fact of facts) {
      writer.append(fact);
      writer.takeAppended();
    }
    writer.rollOver();
  } finally {
    writer.close();
  }
}
