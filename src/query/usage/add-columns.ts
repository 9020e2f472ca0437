/** The sum of rows about usage. */
import { type UsageColumns, usd } from './usage-columns.ts';

/** Costs are dollars here: they are added as whole nano-dollars. */
export function addColumns(rows: readonly UsageColumns[]): UsageColumns {
  const sum = (value: (row: UsageColumns) => number): number => rows.reduce((before, row) => before + value(row), 0);
  return {
    input_tokens: sum(row => row.input_tokens),
    output_tokens: sum(row => row.output_tokens),
    cache_read_tokens: sum(row => row.cache_read_tokens),
    cache_write_5m_tokens: sum(row => row.cache_write_5m_tokens),
    cache_write_1h_tokens: sum(row => row.cache_write_1h_tokens),
    cost: usd(sum(row => Math.round(row.cost * 1e9))),
    unpriced_tokens: sum(row => row.unpriced_tokens),
    requests: sum(row => row.requests),
    output_incomplete_requests: sum(row => row.output_incomplete_requests),
  };
}
