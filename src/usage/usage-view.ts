/** What usage queries work on: the cube, and what is known of how it came about. */
import type { CubeSum } from './cube-sum.ts';
import type { UsageCube } from './usage-cube.ts';

/** Lines of transcripts that gave nothing, by reason. */
export interface SkippedLines {
  /** No JSON, or a record without a time or an id. */
  damaged: number;
  /** Files that could not be read. */
  unreadable_files: number;
}

export interface UsageHead {
  /** Milliseconds since 1970; null before the first reading. */
  monitoring_started_at: number | null;
  last_updated_at: number | null;
  skipped: SkippedLines;
}

export interface UsageView {
  readonly cube: UsageCube;
  /** The sum of all rows, if it is known already. */
  whole?: CubeSum | null;
  head: UsageHead;
  /** Name for people of a model id, as `Claude Sonnet 4.5`; the id itself where none is known. */
  modelName(id: string): string;
}
