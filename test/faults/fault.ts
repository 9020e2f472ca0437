/** One row of the failure matrix: something that goes wrong, what is promised all the same, and how often it was tried. */
import { it } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    promise?: string;
    counts?: [what: string, count: number][];
  }
}

export const isLong = process.env.SPANBOOK_FAULTS === 'long';

/** How often something is tried: in the short form, which CI runs, and in the long one. */
export const times = (short: number, long: number): number => (isLong ? long : short);

export interface FaultRow {
  /** Adds to a count of the report: `count('kills', 1000)`. */
  count(what: string, count: number): void;
  /** Leaves the row out, with a reason that says what is missing here. */
  skip(reason: string): never;
}

/** A named test of the matrix. `promise`: what holds however often the fault comes, as a sentence of the report. */
export function fault(
  name: string,
  promise: string,
  body: (row: FaultRow) => void | Promise<void>,
  timeoutMillis = times(120_000, 3_600_000),
): void {
  it(name, { timeout: timeoutMillis }, async ({ task, skip }) => {
    const counts = new Map<string, number>();
    task.meta.promise = promise;
    await body({
      count(what, count) {
        counts.set(what, (counts.get(what) ?? 0) + count);
        task.meta.counts = [...counts];
      },
      skip,
    });
  });
}
