/** The runs that a person wants to see, in their order. */
import { durationOf } from '../../query/runs/activity-row.ts';
import type { RunSummary } from './run-summary.ts';
import type { Sort, WatchState } from './watch-state.ts';

export interface RunChoice extends Pick<WatchState, 'sort' | 'running' | 'problems' | 'filter'> {
  /** The first letters of a session. */
  session?: string | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

export function orderRuns(runs: readonly RunSummary[], choice: RunChoice): RunSummary[] {
  const words = wordsOf(choice.filter);
  const { session, running, problems, now } = choice;
  return runs
    .filter(
      run =>
        (!running || run.isOpen) &&
        (!problems || run.errors + run.warnings > 0) &&
        (session === undefined || run.root.sessionId?.startsWith(session) === true) &&
        words.every(word => run.text.includes(word)),
    )
    .sort((a, b) => ORDERS[choice.sort](a, b, now) || newestFirst(a, b));
}

export const wordsOf = (filter: string): string[] => filter.toLowerCase().split(/\s+/).filter(Boolean);

const ORDERS: Record<Sort, (a: RunSummary, b: RunSummary, now: number) => number> = {
  recent: (a, b) => Number(b.isOpen) - Number(a.isOpen),
  duration: (a, b, now) => durationOf(b.root, now) - durationOf(a.root, now),
  cost: (a, b) => b.cost - a.cost,
  tokens: (a, b) => b.tokens - a.tokens,
  errors: (a, b) => b.errors - a.errors || b.warnings - a.warnings,
};

const newestFirst = (a: RunSummary, b: RunSummary): number =>
  b.root.startedAt - a.root.startedAt || (a.root.id < b.root.id ? -1 : 1);
