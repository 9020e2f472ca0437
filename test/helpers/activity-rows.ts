/** Rows of activities for analyses: only what a case is about is named. */

import type { StartEvent } from '../../src/model/document-schema.ts';
import type { ActivityRow } from '../../src/query/runs/activity-row.ts';
import { ActivityTable } from '../../src/query/runs/activity-table.ts';

export const NOON = Date.parse('2026-03-01T12:00:00.000Z');

/** One that took a second. Times are milliseconds after noon. */
export function makeRow(id: number, { from = 0, to = 1000, ...rest }: RowOverrides = {}): ActivityRow {
  return {
    id: `evt-${id.toString(16).padStart(16, '0')}`,
    parentId: null,
    level: 'agent',
    name: 'builder',
    label: null,
    stage: null,
    systemName: null,
    sessionId: null,
    traceId: null,
    startedAt: NOON + from,
    endedAt: to === null ? null : NOON + to,
    status: to === null ? 'running' : 'completed',
    errors: 0,
    warnings: 0,
    usage: null,
    ...rest,
  };
}

export interface RowOverrides extends Partial<Omit<ActivityRow, 'id'>> {
  from?: number;
  to?: number | null;
}

/** Usage of one request: 10 tokens, and its price in USD. */
export function usageOf(cost: number | undefined, unpriced_tokens?: number): ActivityRow['usage'] {
  const row = {
    input_tokens: 4,
    output_tokens: 3,
    cache_read_tokens: 2,
    cache_write_5m_tokens: 1,
    cache_write_1h_tokens: 0,
    requests: 1,
    cost,
    unpriced_tokens,
  };
  return { self: row, total: row };
}

export const rowMap = (rows: readonly ActivityRow[]): Map<string, ActivityRow> =>
  new Map(rows.map(row => [row.id, row]));

/** A table that holds rows as they are. */
export function tableOf(rows: readonly ActivityRow[]): ActivityTable {
  const table = new ActivityTable();
  for (const { id, parentId, level, name, startedAt } of rows) {
    const start = {
      event_id: id,
      event_type: 'agent_spawn_start',
      parent_event_id: parentId,
      timestamp: new Date(startedAt).toISOString(),
      level,
      activity: { type: level, name },
      context: { stage: null, system_name: null },
      trace: { trace_id: 't', span_id: id.slice(4), parent_span_id: null },
    };
    table.apply(start as unknown as StartEvent);
  }
  for (const row of rows) Object.assign(table.rows.get(row.id) ?? {}, row);
  return table;
}

/** Numbers from 0 to 1, and of a normal distribution, that are the same in every run. */
export function randomOf(seed: number): { next(): number; normal(): number } {
  let state = seed;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return { next, normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()) };
}
