/** How long activities of a kind take, how often they fail and what they cost: over all, and from period to period. */
import type { Calendar, CalendarUnit } from '../../usage/calendar.ts';
import { allTokens } from '../all-tokens.ts';
import type { ActivityRow } from '../runs/activity-row.ts';
import { durationOf } from '../runs/activity-row.ts';
import { type ActivityLevel, hasFailed, isDated, kindKey, ranToItsEnd, wholeCost } from './activity-kind.ts';
import { quantile, sortedNumbers } from './quantile.ts';

export interface DurationFigures {
  count: number;
  ended: number;
  /** Failed or abandoned. */
  failed: number;
  /** Of the ended ones; null if none has ended. */
  failure_share: number | null;
  /** Completed or failed: those that the figures of time, and p50 and p95 of the cost, are about. */
  timed: number;
  p50_ms: number | null;
  p95_ms: number | null;
  longest_ms: number | null;
  total_ms: number;
  /** USD of all that have ended, each dollar once: one inside another of its kind is counted there. */
  total_cost: number;
  p50_cost: number | null;
  p95_cost: number | null;
  /** Of all sorts, with all below; each once, as the cost. */
  tokens: number;
}

export interface DurationPeriod extends DurationFigures {
  /** RFC 3339. */
  start: string;
  label: string;
}

export interface ActivityDurations extends DurationFigures {
  level: ActivityLevel;
  name: string;
  /** Those in which one of them started, the oldest first. */
  periods: DurationPeriod[];
}

export interface DurationQuery {
  calendar: Calendar;
  /** Milliseconds since 1970. */
  now: number;
  /** Default: `day`. */
  unit?: CalendarUnit | undefined;
  /** Milliseconds since 1970; of the start, `until` excluded. */
  since?: number | undefined;
  until?: number | undefined;
  level?: ActivityLevel | undefined;
}

const LEVELS: readonly ActivityLevel[] = ['command', 'agent', 'skill', 'checkpoint'];
/** Deeper than any real nesting: a file that somebody edited may hold a circle. */
const MAX_DEPTH = 1000;

/** A row for each level and name, by level, then by the time that they took together. */
export function activityDurations(rows: ReadonlyMap<string, ActivityRow>, query: DurationQuery): ActivityDurations[] {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY, level } = query;
  const passes = (row: ActivityRow): boolean =>
    (level === undefined || row.level === level) && row.startedAt >= since && row.startedAt < until;
  const kinds = new Map<string, ActivityRow[]>();
  for (const row of rows.values()) {
    if (!isDated(row) || !passes(row)) continue;
    const known = kinds.get(kindKey(row));
    if (known) known.push(row);
    else kinds.set(kindKey(row), [row]);
  }
  const isCounted = (row: ActivityRow): boolean => !isInsideItsKind(rows, row, passes);
  const found = [...kinds.values()].flatMap(ofKind => {
    const [first] = ofKind;
    if (!first) return [];
    const counted = new Set(ofKind.filter(isCounted));
    const { name } = first;
    const figures = figuresOf(ofKind, { counted, now: query.now });
    return [{ level: first.level, name, ...figures, periods: periodsOf(ofKind, { counted, ...query }) }];
  });
  return found.sort(
    (a, b) =>
      LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || b.total_ms - a.total_ms || (a.name < b.name ? -1 : 1),
  );
}

/** Its usage is in that of another one that is counted. */
function isInsideItsKind(
  rows: ReadonlyMap<string, ActivityRow>,
  row: ActivityRow,
  passes: (row: ActivityRow) => boolean,
): boolean {
  let parent = row.parentId;
  for (let depth = 0; parent !== null && depth < MAX_DEPTH; depth++) {
    const above = rows.get(parent);
    if (!above) return false;
    if (above.usage && above.level === row.level && above.name === row.name && passes(above)) return true;
    parent = above.parentId;
  }
  return false;
}

interface FigureQuery {
  /** Those of which the usage counts. */
  counted: ReadonlySet<ActivityRow>;
  now: number;
}

function figuresOf(rows: readonly ActivityRow[], { counted, now }: FigureQuery): DurationFigures {
  const ended = rows.filter(({ status }) => status !== 'running');
  const failed = ended.filter(hasFailed).length;
  const timed = ended.filter(ranToItsEnd);
  const times = sortedNumbers(timed.map(row => durationOf(row, now)));
  const costs = sortedNumbers(timed.flatMap(row => wholeCost(row) ?? []));
  let nano = 0;
  let tokens = 0;
  for (const row of ended) {
    if (!counted.has(row)) continue;
    nano += Math.round((row.usage?.total.cost ?? 0) * 1e9);
    tokens += allTokens(row.usage?.total);
  }
  return {
    count: rows.length,
    ended: ended.length,
    failed,
    failure_share: ended.length === 0 ? null : failed / ended.length,
    timed: timed.length,
    p50_ms: wholeNumber(quantile(times, 0.5)),
    p95_ms: wholeNumber(quantile(times, 0.95)),
    longest_ms: times.at(-1) ?? null,
    total_ms: times.reduce((sum, time) => sum + time, 0),
    total_cost: nano / 1e9,
    p50_cost: quantile(costs, 0.5),
    p95_cost: quantile(costs, 0.95),
    tokens,
  };
}

const wholeNumber = (value: number | null): number | null => (value === null ? null : Math.round(value));

function periodsOf(rows: readonly ActivityRow[], query: DurationQuery & FigureQuery): DurationPeriod[] {
  const { calendar, unit = 'day' } = query;
  const sorted = rows.toSorted((a, b) => a.startedAt - b.startedAt);
  const periods: DurationPeriod[] = [];
  for (let from = 0; from < sorted.length; ) {
    const start = calendar.startOf(unit, sorted[from]?.startedAt ?? 0);
    const end = calendar.shift(unit, start, 1);
    let to = from + 1;
    while (to < sorted.length && (sorted[to]?.startedAt ?? end) < end) to++;
    const label = calendar.label(unit, start);
    periods.push({ start: new Date(start).toISOString(), label, ...figuresOf(sorted.slice(from, to), query) });
    from = to;
  }
  return periods;
}
