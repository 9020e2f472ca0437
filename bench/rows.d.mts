/** A row of the table: what was measured, against what, what was wanted, and what is to be done where that is missed. */
export interface Row {
  what: string;
  /** The other side. */
  against?: string;
  /** Of the other side: something one could use instead; the least that is possible; ours with less to do. */
  kind?: 'peer' | 'floor' | 'self';
  /** One a round. */
  samples?: number[];
  unit?: string;
  /** For rates. */
  isMoreBetter?: boolean;
  aim?: { atMost?: number; atLeast?: number };
  /** The same in milliseconds or the like, for the scale. */
  figures?: string;
  /** Shown if the aim is missed, or a peer is better. */
  plan?: string;
  /** Why there is nothing to show. */
  skipped?: string;
  /** In place of samples: a thing that is so or not. */
  check?: { says: string; isMet: boolean };
  /** Stands in the section on growth. */
  isGrowth?: boolean;
}

export function ratioRow(row: Row & { ours: number[]; theirs: number[] }): Row;
export function growthRow(
  row: Row & {
    sizes: number[];
    labels: string[];
    /** The values of all rounds for each size. */
    costs: number[][];
    by: 'slope' | 'ratio';
  },
): Row;
