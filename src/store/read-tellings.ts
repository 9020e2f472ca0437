/** The ledger, request by request, with what each source told. Reads all of it. */
import type { BilledRequest } from '../usage/billed-request.ts';
import type { LedgerRules } from '../usage/cube-point.ts';
import type { LedgerEntry } from '../usage/ledger-line.ts';
import { requestOfTellings } from '../usage/merge-requests.ts';
import { fromSumLine, type RequestSum } from '../usage/request-sum.ts';
import type { LedgerTellings, RequestTellings } from '../usage/request-tellings.ts';
import { UsageCube } from '../usage/usage-cube.ts';
import { LedgerFiles } from './ledger-files.ts';
import { LedgerFold } from './ledger-fold.ts';

const SOURCES = ['transcript', 'otlp', 'span'] as const;

export function readTellings(stateDir: string, rules: LedgerRules): LedgerTellings {
  const files = new LedgerFiles(stateDir);
  try {
    const fold = new LedgerFold({ files, cube: new UsageCube(), through: new Map(), rules });
    fold.catchUp();
    const requests = Array.from(fold.requests(), ({ request, entries }) => tellings(request, entries));
    const sums: RequestSum[] = [];
    files.read(new Map(), line => {
      const sum = fromSumLine(line);
      if (sum) sums.push(sum);
    });
    return { requests, sums };
  } finally {
    files.close();
  }
}

function tellings(counted: BilledRequest, entries: readonly LedgerEntry[]): RequestTellings {
  const bySource: RequestTellings['bySource'] = {};
  for (const source of SOURCES) {
    const told = entries.flatMap(({ request }) => (request.source === source ? [request] : []));
    const request = requestOfTellings(told);
    if (request) bySource[source] = request;
  }
  const micros = entries.find(({ costMicros }) => costMicros !== undefined)?.costMicros;
  return { counted, bySource, clientCost: micros === undefined ? null : micros * 1000 };
}
