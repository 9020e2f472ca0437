/** All that was told of a request, source by source. */
import type { BilledRequest, RequestSource } from './billed-request.ts';
import type { RequestSum } from './request-sum.ts';

export interface RequestTellings {
  /** As it counts. */
  counted: BilledRequest;
  /** As each source alone would have it. */
  bySource: Partial<Record<RequestSource, BilledRequest>>;
  /** What the client thinks that it cost, in nano-dollars; null if it did not say. */
  clientCost: number | null;
}

export interface LedgerTellings {
  requests: RequestTellings[];
  /** Of those whose lines were pruned: who told of them is not known any more. */
  sums: RequestSum[];
}
