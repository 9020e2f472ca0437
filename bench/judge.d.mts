import type { Row } from './rows.mjs';

/** A row as it is shown. */
export interface JudgedRow {
  what: string;
  against: string;
  measured: string;
  noise: string;
  rounds: string;
  aim: string;
  met: string;
  better: string;
  figures: string;
  isGrowth: boolean;
  /** Null where none is due. */
  plan: string | null;
}

export const NO_PLAN: string;
export function judge(row: Row): JudgedRow;
