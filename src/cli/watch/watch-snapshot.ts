/** What there is to show at a moment. */
import type { Burn } from '../../live/live-requests.ts';
import type { PipelineHead } from '../../model/document-schema.ts';
import type { NoteEvent } from '../../query/event-kinds.ts';
import type { ActivityTable } from '../../query/runs/activity-table.ts';
import type { ContentPlace } from '../../query/show-activity.ts';
import type { Alert } from '../../usage/alert.ts';
import type { BudgetRow } from '../../usage/budget-row.ts';
import type { RunSummary, UsageOf } from './run-summary.ts';

export interface WatchSnapshot {
  /** Milliseconds since 1970. */
  now: number;
  stateDir: string;
  head: PipelineHead;
  /** False while older history is being read. */
  isWhole: boolean;
  table: ActivityTable;
  runs: readonly RunSummary[];
  /** Another number whenever `runs` are others. */
  version: number;
  usageOf: UsageOf;
  /** The last errors and warnings, the newest first. */
  problems: readonly NoteEvent[];
  /** Of the last minute and of the last five. */
  burn: readonly [Burn, Burn];
  money: WatchMoney | null;
  /** What is missing from all this, as it was said last. */
  said: string | null;
  contentOf: (activity: { event_id: string; session_id: string | null }) => ContentPlace;
}

/** What usage is held against; null in the snapshot until it was read. */
export interface WatchMoney {
  /** USD since midnight. */
  today: number;
  /** Of the last day, the newest first. */
  alerts: readonly Alert[];
  /** Those that are used up, or nearly. */
  budgets: readonly BudgetRow[];
}
