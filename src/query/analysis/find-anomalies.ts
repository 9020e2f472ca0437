/**
 * Activities that are out of the ordinary, each by the history of its own level and name up to its end: much slower or
 * dearer than usual, or failed where failures are rare. What it is compared with was known when it ended; one that still
 * runs is compared with all that have ended.
 */
import { type ActivityRow, type ActivityStatus, durationOf } from '../runs/activity-row.ts';
import { type ActivityLevel, hasFailed, isDated, kindKey, wholeCost } from './activity-kind.ts';
import { dearReason, failedReason, slowReason } from './anomaly-reason.ts';
import { OutcomeHistory } from './outcome-history.ts';
import { ValueHistory } from './value-history.ts';

export const ANOMALY_KINDS = ['slow', 'dear', 'failed'] as const;
export type AnomalyKind = (typeof ANOMALY_KINDS)[number];

export interface Anomaly {
  event_id: string;
  level: ActivityLevel;
  name: string;
  status: ActivityStatus;
  /** RFC 3339. */
  started_at: string;
  ended_at: string | null;
  kind: AnomalyKind;
  /** `slow`: milliseconds. `dear`: USD. `failed`: 1. */
  value: number;
  /** The median before it; of `failed`: the share that failed. */
  usual: number;
  /** What would have been nothing unusual. */
  low: number;
  high: number;
  /** How far out: as standard deviations from the usual, on a log scale. */
  score: number;
  /** How many before it it was compared with. */
  history: number;
  /** In words for people. */
  reason: string;
}

export interface AnomalyQuery {
  /** Milliseconds since 1970. */
  now: number;
  /** Of the end; of what still runs, of now. Milliseconds since 1970, `until` excluded. The history goes further back. */
  since?: number | undefined;
  until?: number | undefined;
  level?: ActivityLevel | undefined;
  /** Only the newest. */
  limit?: number | undefined;
}

export interface Anomalies {
  /** The newest first. */
  anomalies: Anomaly[];
  /** All that were found, of which `anomalies` may be the newest. */
  found: number;
  /** Activities that were looked at, and those of them that had history enough to say something. */
  examined: number;
  judged: number;
}

/** Less than so much more than usual bothers nobody, however regular the rest is. */
const MIN_RATIO = 1.5;
const MIN_MORE_MILLIS = 1000;
const MIN_MORE_DOLLARS = 0.01;
/** A failure is out of the ordinary where fewer than this are expected to fail. */
const RARE = 0.1;

interface Histories {
  durations: ValueHistory;
  costs: ValueHistory;
  outcomes: OutcomeHistory;
}

export function findAnomalies(rows: Iterable<ActivityRow>, query: AnomalyQuery): Anomalies {
  const { now, since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY, level, limit } = query;
  const kinds = new Map<string, Histories>();
  const found: Anomaly[] = [];
  let [examined, judged] = [0, 0];
  for (const row of inOrderOfEnds(rows)) {
    if (!isDated(row) || (level !== undefined && row.level !== level)) continue;
    const key = kindKey(row);
    const histories = kinds.get(key) ?? emptyHistories();
    kinds.set(key, histories);
    const at = row.endedAt ?? now;
    if (at >= since && at < until) {
      examined++;
      if (histories.outcomes.expected !== null) judged++;
      for (const anomaly of anomaliesOf(row, histories, now)) found.push(anomaly);
    }
    learn(row, histories);
  }
  found.reverse();
  return { anomalies: found.slice(0, limit), found: found.length, examined, judged };
}

const emptyHistories = (): Histories => ({
  durations: new ValueHistory(),
  costs: new ValueHistory(),
  outcomes: new OutcomeHistory(),
});

/** What still runs comes last. */
function inOrderOfEnds(rows: Iterable<ActivityRow>): ActivityRow[] {
  const ends = [...rows].map(row => ({ row, end: row.endedAt ?? Number.MAX_SAFE_INTEGER }));
  return ends.sort((a, b) => a.end - b.end || a.row.startedAt - b.row.startedAt).map(({ row }) => row);
}

/** Durations and costs are those of completed ones: what fails does so early or late. */
function learn(row: ActivityRow, { durations, costs, outcomes }: Histories): void {
  const { status } = row;
  if (status === 'completed') {
    durations.add(millisOf(row, row.endedAt ?? 0));
    const cost = wholeCost(row);
    if (cost !== null && cost > 0) costs.add(cost);
  }
  if (status === 'completed' || hasFailed(row)) outcomes.add(hasFailed(row));
}

/** The logarithm of nothing is none. */
const millisOf = (row: ActivityRow, now: number): number => Math.max(1, durationOf(row, now));

function anomaliesOf(row: ActivityRow, histories: Histories, now: number): Anomaly[] {
  const { status } = row;
  const slow = status === 'completed' || status === 'running' ? slowness(row, histories.durations, now) : null;
  const dear = status === 'running' ? null : dearness(row, histories.costs);
  const failed = hasFailed(row) ? failure(row, histories.outcomes) : null;
  // Nearly all.
  if (!slow && !dear && !failed) return [];
  return [dear, slow, failed].flatMap(judgement => {
    if (!judgement) return [];
    const started_at = new Date(row.startedAt).toISOString();
    const ended_at = row.endedAt === null ? null : new Date(row.endedAt).toISOString();
    return [{ event_id: row.id, level: row.level, name: row.name, status, started_at, ended_at, ...judgement }];
  });
}

type Judgement = Pick<Anomaly, 'kind' | 'value' | 'usual' | 'low' | 'high' | 'score' | 'history' | 'reason'>;

function slowness(row: ActivityRow, history: ValueHistory, now: number): Judgement | null {
  const value = millisOf(row, now);
  const above = judge(value, history, MIN_MORE_MILLIS);
  return above && { kind: 'slow', ...above, reason: slowReason(value, history, row.status === 'running') };
}

function dearness(row: ActivityRow, history: ValueHistory): Judgement | null {
  const value = wholeCost(row);
  if (value === null || value <= 0) return null;
  const above = judge(value, history, MIN_MORE_DOLLARS);
  return above && { kind: 'dear', ...above, reason: dearReason(value, history) };
}

function judge(value: number, history: ValueHistory, more: number): Omit<Judgement, 'kind' | 'reason'> | null {
  const { usual } = history;
  if (usual === null) return null;
  const least = Math.max(usual * MIN_RATIO, usual + more);
  // Most values: the spread need not be looked at.
  if (value <= least) return null;
  const outlook = history.outlook();
  if (!outlook) return null;
  const { low } = outlook;
  const high = Math.max(outlook.high, least);
  return value > high ? { value, usual, low, high, score: outlook.scoreOf(value), history: history.size } : null;
}

function failure({ status }: ActivityRow, outcomes: OutcomeHistory): Judgement | null {
  const { expected, size, failed } = outcomes;
  if (expected === null || expected > RARE) return null;
  return {
    kind: 'failed',
    value: 1,
    usual: failed / size,
    low: 0,
    high: RARE,
    // Of a normal distribution, about so far out as something of this rarity.
    score: Math.sqrt(-2 * Math.log(expected)),
    history: size,
    reason: failedReason(status, outcomes),
  };
}
