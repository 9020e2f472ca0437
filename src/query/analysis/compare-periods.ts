/**
 * Before and after a moment: how long activities of each kind take, what they cost and how often they fail, and whether
 * a change is more than noise. Times and costs by the test of Mann and Whitney, failures by Fisher's exact test; since
 * many are tested at once, each has to hold beside all others (Holm's correction).
 */
import { type ActivityRow, durationOf } from '../runs/activity-row.ts';
import { type ActivityLevel, hasFailed, isDated, kindKey, ranToItsEnd, wholeCost } from './activity-kind.ts';
import { fisherExact } from './fisher-exact.ts';
import { mannWhitney, type RankTest } from './mann-whitney.ts';
import { quantile, sortedNumbers } from './quantile.ts';

/** `too_little_data`: fewer than eight on one side. `noise`: chance alone makes such differences. */
export type Verdict = 'up' | 'down' | 'noise' | 'too_little_data';

export interface Change {
  /** After by before; null if either is unknown, or nothing. Of failures: how much the share went up, 0 to 1. */
  change: number | null;
  /** By chance alone; null where there is too little data. */
  p_value: number | null;
  /** With Holm's correction for all that were tested. */
  p_adjusted: number | null;
  verdict: Verdict;
}

export interface SideFigures {
  count: number;
  ended: number;
  failed: number;
  failure_share: number | null;
  /** Of completed and failed ones, as all figures of time and cost. */
  p50_ms: number | null;
  p95_ms: number | null;
  /** USD. */
  p50_cost: number | null;
}

export interface ComparedKind {
  level: ActivityLevel;
  name: string;
  before: SideFigures;
  after: SideFigures;
  duration: Change;
  cost: Change;
  failures: Change;
}

/** Of runs: activities at the top, with all below them. */
export interface SideTotals {
  runs: number;
  ended: number;
  failed: number;
  /** Of completed and failed ones. */
  total_ms: number;
  /** USD. */
  total_cost: number;
}

export interface Comparison {
  /** RFC 3339. */
  at: string;
  /** Null: as far as there is anything. */
  since: string | null;
  until: string | null;
  totals: { before: SideTotals; after: SideTotals };
  /** The clearest change first. */
  rows: ComparedKind[];
}

export interface ComparisonQuery {
  /** Milliseconds since 1970. What started then or later is after. */
  at: number;
  now: number;
  /** Only so many days of 24 hours to each side. */
  days?: number | undefined;
  level?: ActivityLevel | undefined;
}

const DAY_MILLIS = 86_400_000;
const MIN_EACH = 8;
/** Of twenty answers where nothing has changed, one at most says that something has. */
const LEVEL = 0.05;

export function comparePeriods(rows: Iterable<ActivityRow>, query: ComparisonQuery): Comparison {
  const { at, now, days, level } = query;
  const reach = days === undefined ? Number.POSITIVE_INFINITY : days * DAY_MILLIS;
  const kinds = new Map<string, { level: ActivityLevel; name: string; before: ActivityRow[]; after: ActivityRow[] }>();
  const totals = { before: emptyTotals(), after: emptyTotals() };
  for (const row of rows) {
    if (!isDated(row) || row.startedAt < at - reach || row.startedAt >= at + reach) continue;
    const side = row.startedAt < at ? 'before' : 'after';
    if (row.parentId === null) addRun(totals[side], row, now);
    if (level !== undefined && row.level !== level) continue;
    const kind = kinds.get(kindKey(row)) ?? { level: row.level, name: row.name, before: [], after: [] };
    kinds.set(kindKey(row), kind);
    kind[side].push(row);
  }
  const compared = [...kinds.values()].map(kind => comparedKind(kind, now));
  correct(compared.flatMap(({ duration, cost, failures }) => [duration, cost, failures]));
  const clearest = ({ duration, cost, failures }: ComparedKind): number =>
    Math.min(duration.p_value ?? 2, cost.p_value ?? 2, failures.p_value ?? 2);
  const timeText = (time: number): string | null => (Number.isFinite(time) ? new Date(time).toISOString() : null);
  return {
    at: new Date(at).toISOString(),
    since: timeText(at - reach),
    until: timeText(at + reach),
    totals,
    rows: compared.sort(
      (a, b) => clearest(a) - clearest(b) || b.before.count + b.after.count - a.before.count - a.after.count,
    ),
  };
}

const emptyTotals = (): SideTotals => ({ runs: 0, ended: 0, failed: 0, total_ms: 0, total_cost: 0 });

function addRun(totals: SideTotals, row: ActivityRow, now: number): void {
  totals.runs++;
  if (row.status !== 'running') totals.ended++;
  if (hasFailed(row)) totals.failed++;
  if (ranToItsEnd(row)) totals.total_ms += durationOf(row, now);
  // As whole nano-dollars.
  totals.total_cost = (Math.round(totals.total_cost * 1e9) + Math.round((row.usage?.total.cost ?? 0) * 1e9)) / 1e9;
}

function comparedKind(
  kind: { level: ActivityLevel; name: string; before: ActivityRow[]; after: ActivityRow[] },
  now: number,
): ComparedKind {
  const [before, after] = [sideOf(kind.before, now), sideOf(kind.after, now)];
  return {
    level: kind.level,
    name: kind.name,
    before: before.figures,
    after: after.figures,
    duration: changeOf(before.times, after.times),
    cost: changeOf(before.costs, after.costs),
    failures: failureChange(before.figures, after.figures),
  };
}

function sideOf(rows: readonly ActivityRow[], now: number) {
  const timed = rows.filter(ranToItsEnd);
  const times = timed.map(row => durationOf(row, now));
  const costs = timed.flatMap(row => wholeCost(row) ?? []);
  const ended = rows.filter(({ status }) => status !== 'running').length;
  const failed = rows.filter(hasFailed).length;
  const sorted = sortedNumbers(times);
  const figures: SideFigures = {
    count: rows.length,
    ended,
    failed,
    failure_share: ended === 0 ? null : failed / ended,
    p50_ms: quantile(sorted, 0.5),
    p95_ms: quantile(sorted, 0.95),
    p50_cost: medianOf(costs),
  };
  return { times, costs, figures };
}

const medianOf = (values: readonly number[]): number | null => quantile(sortedNumbers(values), 0.5);

function changeOf(before: readonly number[], after: readonly number[]): Change {
  const [from, to] = [medianOf(before), medianOf(after)];
  const change = from === null || to === null || from === 0 ? null : to / from;
  const isEnough = before.length >= MIN_EACH && after.length >= MIN_EACH;
  return tested(change, isEnough ? mannWhitney(before, after) : null);
}

function failureChange(before: SideFigures, after: SideFigures): Change {
  const { failure_share: from } = before;
  const { failure_share: to } = after;
  const change = from === null || to === null ? null : to - from;
  const isEnough = before.ended >= MIN_EACH && after.ended >= MIN_EACH;
  return tested(change, isEnough ? { p: fisherExact(before, after), lean: change ?? 0 } : null);
}

const tested = (change: number | null, test: RankTest | null): Change => ({
  change,
  p_value: test?.p ?? null,
  p_adjusted: null,
  verdict: !test ? 'too_little_data' : test.lean > 0 ? 'up' : 'down',
});

/** Holm: the least probable of n has to be so n times over, the next n − 1 times, and so on. */
function correct(changes: readonly Change[]): void {
  const ranked = changes.filter(({ p_value }) => p_value !== null).sort((a, b) => (a.p_value ?? 1) - (b.p_value ?? 1));
  let least = 0;
  for (const [index, change] of ranked.entries()) {
    least = Math.max(least, Math.min(1, (change.p_value ?? 1) * (ranked.length - index)));
    change.p_adjusted = least;
    if (least > LEVEL) change.verdict = 'noise';
  }
}
