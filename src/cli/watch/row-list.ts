/** The rows of the list, one an activity that is not folded away; only those that are looked at are made. */
import type { ActivityRow } from '../../query/runs/activity-row.ts';
import type { ActivityTable } from '../../query/runs/activity-table.ts';
import type { RunSummary } from './run-summary.ts';
import type { WatchState } from './watch-state.ts';

/** A run that has just ended stays open for so long. */
const LINGER_MILLIS = 60_000;

export interface ListedRow {
  row: ActivityRow;
  run: RunSummary;
  /** Of each activity above it and of itself: whether it is the last one there. Empty for a run. */
  lasts: readonly boolean[];
  hasChildren: boolean;
  /** What is below it is shown. */
  isUnfolded: boolean;
}

export interface RowListOptions extends Pick<WatchState, 'folds' | 'foldAll'> {
  table: ActivityTable;
  /** Words that are looked for; a run that has them below its top is opened. */
  words: readonly string[];
  /** Milliseconds since 1970. */
  now: number;
}

export class RowList {
  readonly #runs: readonly RunSummary[];
  readonly #options: RowListOptions;
  /** When a run that has just ended folds itself; milliseconds since 1970. */
  staleAt = Number.POSITIVE_INFINITY;
  /** Index of the row of each run, and behind them the count of all. */
  readonly #begins: number[] = [0];

  constructor(runs: readonly RunSummary[], options: RowListOptions) {
    this.#runs = runs;
    this.#options = options;
    let length = 0;
    const { folds, foldAll, words, now } = options;
    // Most of ten thousand runs are over and folded: that is all that is to be known of them.
    const isUsual = folds.size === 0 && foldAll === 'auto' && words.length === 0;
    for (const run of runs) {
      const closesAt = (run.root.endedAt ?? 0) + LINGER_MILLIS;
      if (closesAt > now) this.staleAt = Math.min(this.staleAt, closesAt);
      length += isUsual && !run.isOpen && closesAt <= now ? 1 : this.#height(run, run.root);
      this.#begins.push(length);
    }
  }

  get length(): number {
    return this.#begins.at(-1) ?? 0;
  }

  /** Runs among the rows. */
  get runs(): number {
    return this.#runs.length;
  }

  slice(from: number, until: number): ListedRow[] {
    const rows: ListedRow[] = [];
    for (let at = this.#runAt(from); at < this.#runs.length; at++) {
      const begin = this.#begins[at] ?? 0;
      if (begin >= until) break;
      const run = this.#runs[at];
      if (run) rows.push(...this.#rowsOf(run).slice(Math.max(0, from - begin), until - begin));
    }
    return rows;
  }

  at(index: number): ListedRow | null {
    return index < 0 ? null : (this.slice(index, index + 1)[0] ?? null);
  }

  /** Of this activity, or of the nearest above it that is not folded away; −1 if its run is not in the list. */
  indexOf(id: string): number {
    const { table } = this.#options;
    const root = table.rootOf(id);
    const at = this.#runs.findIndex(run => run.root === root);
    const run = this.#runs[at];
    if (!run) return -1;
    const rows = this.#rowsOf(run);
    for (let row = table.rows.get(id); row; row = table.rows.get(row.parentId ?? '')) {
      const index = rows.findIndex(listed => listed.row === row);
      if (index >= 0) return (this.#begins[at] ?? 0) + index;
    }
    return -1;
  }

  /** The last run that begins at this row or before it. */
  #runAt(index: number): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#begins[middle + 1] ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #height(run: RunSummary, row: ActivityRow): number {
    if (!this.#isUnfolded(run, row)) return 1;
    let height = 1;
    for (const child of this.#options.table.childrenOf(row.id)) height += this.#height(run, child);
    return height;
  }

  #rowsOf(run: RunSummary, row = run.root, lasts: readonly boolean[] = []): ListedRow[] {
    const children = this.#options.table.childrenOf(row.id).toSorted((a, b) => a.startedAt - b.startedAt);
    const isUnfolded = this.#isUnfolded(run, row);
    const own = { row, run, lasts, hasChildren: children.length > 0, isUnfolded };
    if (!isUnfolded) return [own];
    return [
      own,
      ...children.flatMap((child, index) => this.#rowsOf(run, child, [...lasts, index === children.length - 1])),
    ];
  }

  #isUnfolded(run: RunSummary, row: ActivityRow): boolean {
    const { folds, foldAll, words, now } = this.#options;
    const chosen = folds.get(row.id);
    if (chosen !== undefined) return chosen;
    if (foldAll !== 'auto') return foldAll === 'open';
    if (row !== run.root) return true;
    if (run.isOpen || (row.endedAt ?? 0) > now - LINGER_MILLIS) return true;
    const { name, label, stage, systemName, sessionId, id } = row;
    const own = [name, label, stage, systemName, sessionId, id].join('\n').toLowerCase();
    return words.some(word => !own.includes(word));
  }
}
