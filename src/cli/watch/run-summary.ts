/** A run as the list of `watch` sorts and filters it. */
import type { UsageRow } from '../../model/document-schema.ts';
import { allTokens } from '../../query/all-tokens.ts';
import type { ActivityRow } from '../../query/runs/activity-row.ts';
import type { ActivityTable } from '../../query/runs/activity-table.ts';
import { addRows } from '../../query/usage-below.ts';

/** As much of each name is looked through. */
const SEARCHED_LETTERS = 400;

export type UsageOf = (row: ActivityRow) => UsageRow | null;

export interface ActivitySums {
  /** It or something below it is open. */
  isOpen: boolean;
  /** Its own and those below it. */
  errors: number;
  warnings: number;
  usage: UsageRow | null;
  tokens: number;
  /** USD. */
  cost: number;
}

export interface RunSummary extends ActivitySums {
  root: ActivityRow;
  /** All that one may look for in it, in lower case. */
  text: string;
}

export function summarizeRun(table: ActivityTable, root: ActivityRow, usageOf: UsageOf): RunSummary {
  return { root, ...sumActivity(table, root, usageOf), text: searchText(table, root) };
}

/** An activity with all below it. Of what has ended and been told, its end says what it used. */
export function sumActivity(table: ActivityTable, row: ActivityRow, usageOf: UsageOf): ActivitySums {
  let { errors, warnings } = row;
  let isOpen = row.endedAt === null;
  let sum = row.usage ? row.usage.total : (usageOf(row) ?? undefined);
  for (const child of table.childrenOf(row.id)) {
    const below = sumActivity(table, child, usageOf);
    errors += below.errors;
    warnings += below.warnings;
    isOpen ||= below.isOpen;
    if (!row.usage && below.usage) sum = addRows(sum, below.usage);
  }
  const usage = sum ?? null;
  return { isOpen, errors, warnings, usage, tokens: allTokens(usage), cost: usage?.cost ?? 0 };
}

function searchText(table: ActivityTable, row: ActivityRow): string {
  const own = [row.name, row.label, row.stage, row.systemName, row.sessionId, row.id]
    .map(text => text?.slice(0, SEARCHED_LETTERS))
    .filter(Boolean)
    .join('\n');
  const below = table.childrenOf(row.id).map(child => searchText(table, child));
  return [own.toLowerCase(), ...below].join('\n');
}
