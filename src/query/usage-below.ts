/** What activities of the tree used, as far as their ends say. */
import type { UsageRow } from '../model/document-schema.ts';
import type { UsageSum } from '../model/fact.ts';
import type { HierarchyNode } from './build-hierarchy.ts';

/** The sum of two rows; costs are added as whole nano-dollars. */
export function addRows(a: UsageRow | undefined, b: UsageRow): UsageRow {
  if (!a) return b;
  return {
    input_tokens: a.input_tokens + b.input_tokens,
    output_tokens: a.output_tokens + b.output_tokens,
    cache_read_tokens: a.cache_read_tokens + b.cache_read_tokens,
    cache_write_5m_tokens: a.cache_write_5m_tokens + b.cache_write_5m_tokens,
    cache_write_1h_tokens: a.cache_write_1h_tokens + b.cache_write_1h_tokens,
    requests: a.requests + b.requests,
    cost: a.cost === undefined && b.cost === undefined ? undefined : (nanoOf(a) + nanoOf(b)) / 1e9,
    unpriced_tokens: (a.unpriced_tokens ?? 0) + (b.unpriced_tokens ?? 0) || undefined,
  };
}

const nanoOf = ({ cost = 0 }: UsageRow): number => Math.round(cost * 1e9);

/** The sum over these trees. What is still open has no usage of its own yet; what has ended inside it counts. */
export function usageOfTrees(nodes: readonly HierarchyNode[]): UsageRow | undefined {
  let sum: UsageRow | undefined;
  for (const { usage, children } of nodes) {
    const row = usage?.total ?? usageOfTrees(children);
    if (row) sum = addRows(sum, row);
  }
  return sum;
}

/** The row as the fold has it. */
export const usageSumOf = (row: UsageRow): UsageSum => ({
  tokens: {
    input: row.input_tokens,
    cache_read: row.cache_read_tokens,
    cache_write_5m: row.cache_write_5m_tokens,
    cache_write_1h: row.cache_write_1h_tokens,
    output: row.output_tokens,
  },
  requests: row.requests,
  cost_nanousd: row.cost === undefined ? undefined : nanoOf(row),
  unpriced_tokens: row.unpriced_tokens,
});
