/** Requests that a scan found, as one thread hands them to another: lines for the ledger, and what these say. */
import type { LedgerText } from './ledger-text.ts';
import type { RequestRows } from './request-table.ts';

export interface ScannedRequests {
  lines: LedgerText;
  /** A row for each line. */
  requests: RequestRows;
  /** Of the ids in the lines, as `hashesOf` gives them. */
  hashes: Uint32Array;
}
