/** What was reconciled, as the answer has it. */
import { type AmountColumns, amountColumns } from './amounts.ts';
import type { ClaimComparison, Reading } from './compare-claim.ts';
import { DIFFERENCES, type Difference, type DifferenceKind } from './difference.ts';
import type { Reconciliation, SourceSum } from './reconcile.ts';
import { type UsageColumns, usageColumns } from './usage-columns.ts';

export interface SourceColumns extends UsageColumns {
  cache_write_tokens: number;
  sessions: number;
}

/** The client tells neither how many requests there were, nor for how long the cache was written. */
type ClientColumns = AmountColumns & { sessions: number } & Record<
    'requests' | 'cache_write_5m_tokens' | 'cache_write_1h_tokens' | 'output_incomplete_requests' | 'unpriced_tokens',
    null
  >;

export type SourceRow =
  | ({ source: 'transcript' | 'otlp' | 'span' } & SourceColumns)
  | ({ source: 'client' } & ClientColumns);

export interface DifferenceRow extends Partial<Record<'transcript' | 'otlp' | 'client' | 'counted', AmountColumns>> {
  session: string | null;
  request?: string;
  model?: string;
  kind: DifferenceKind;
  cause: string;
  /** The cause is known for one. */
  explained: boolean;
  /** How many requests it is about; 0 if that is not known. */
  requests: number;
  difference: AmountColumns;
}

export interface ReconcileAnswer {
  sources: SourceRow[];
  counted: SourceColumns;
  /** What is in `counted` and can be compared no more; null if nothing was pruned. */
  pruned: SourceColumns | null;
  totals: {
    session: string;
    from: 'transcript' | 'result';
    reading: Reading | null;
    client: AmountColumns;
    counted: AmountColumns;
    agrees: boolean;
    /** Each difference has a known cause. */
    explained: boolean;
  }[];
  /** Totals of sessions that began before the time that was asked for. */
  totals_left_out: number;
  differences: DifferenceRow[];
  causes: Omit<DifferenceRow, 'request' | 'model' | 'transcript' | 'otlp' | 'client' | 'counted'>[];
  agrees: boolean;
  /** Differences without a known cause. */
  unexplained: number;
}

export function reconcileAnswer(found: Reconciliation): ReconcileAnswer {
  const { sources, client, counted, pruned, claims, claimsLeftOut, differences, causes, unexplained } = found;
  const rows: SourceRow[] = (['transcript', 'otlp', 'span'] as const).flatMap(source => {
    const sum = sources[source];
    return sum ? [{ source, ...sourceColumns(sum) }] : [];
  });
  if (client) rows.push({ source: 'client', ...UNKNOWN, ...amountColumns(client.amounts), sessions: client.sessions });
  return {
    sources: rows,
    counted: sourceColumns(counted),
    pruned: pruned.measures.requests > 0 ? sourceColumns(pruned) : null,
    totals: claims.map(totalRow),
    totals_left_out: claimsLeftOut,
    differences: differences.map(differenceRow),
    causes: causes.map(({ kind, session, requests, difference }) => ({
      session,
      kind,
      cause: DIFFERENCES[kind][0],
      explained: DIFFERENCES[kind][1],
      requests,
      difference: amountColumns(difference),
    })),
    agrees: differences.length === 0,
    unexplained,
  };
}

const UNKNOWN = {
  requests: null,
  cache_write_5m_tokens: null,
  cache_write_1h_tokens: null,
  output_incomplete_requests: null,
  unpriced_tokens: null,
} as const;

function sourceColumns({ measures, sessions }: SourceSum): SourceColumns {
  const cacheWrite = measures.cache_write_5m + measures.cache_write_1h;
  return { ...usageColumns(measures), cache_write_tokens: cacheWrite, sessions };
}

const totalRow = ({
  claim,
  reading,
  client,
  counted,
  differences,
}: ClaimComparison): ReconcileAnswer['totals'][number] => ({
  session: claim.session,
  from: claim.from,
  reading,
  client: amountColumns(client),
  counted: amountColumns(counted),
  agrees: differences.length === 0,
  explained: differences.every(({ kind }) => DIFFERENCES[kind][1]),
});

function differenceRow({ kind, session, request, model, requests, ...amounts }: Difference): DifferenceRow {
  const [cause, explained] = DIFFERENCES[kind];
  const row: DifferenceRow = {
    session,
    ...(request === undefined ? {} : { request }),
    ...(model === undefined ? {} : { model }),
    kind,
    cause,
    explained,
    requests,
    difference: amountColumns(amounts.difference),
  };
  for (const source of ['transcript', 'otlp', 'client', 'counted'] as const) {
    const told = amounts[source];
    if (told) row[source] = amountColumns(told);
  }
  return row;
}
