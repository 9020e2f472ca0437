/** How long all commands together took, day by day, for a chart. */
import { quantile, sortedNumbers } from '../query/analysis/quantile.ts';
import { type ActivityRow, durationOf } from '../query/runs/activity-row.ts';
import type { Calendar } from '../usage/calendar.ts';

export interface DurationDay {
  label: string;
  /** Commands that started on it and ran to their end. */
  count: number;
  /** Milliseconds; null where there is none. */
  p50_ms: number | null;
  p95_ms: number | null;
}

export interface DurationDaysQuery {
  calendar: Calendar;
  /** Milliseconds since 1970; of the starts, `until` excluded. */
  now: number;
  since: number;
  until: number;
}

const MAX_DAYS = 366;

/** From the first day with a command to the last one; days without any are there too. */
export function durationDays(rows: readonly ActivityRow[], query: DurationDaysQuery): DurationDay[] {
  const { calendar, now, since, until } = query;
  const days = new Map<number, number[]>();
  for (const row of rows) {
    if (row.level !== 'command' || (row.status !== 'completed' && row.status !== 'failed')) continue;
    if (row.startedAt < since || row.startedAt >= until) continue;
    const day = calendar.startOf('day', row.startedAt);
    const times = days.get(day) ?? [];
    days.set(day, times);
    times.push(durationOf(row, now));
  }
  if (days.size === 0) return [];
  const first = Math.min(...days.keys());
  const found: DurationDay[] = [];
  let day = Math.max(...days.keys());
  for (; day >= first && found.length < MAX_DAYS; day = calendar.shift('day', day, -1)) {
    const times = sortedNumbers(days.get(day) ?? []);
    found.push({
      label: calendar.label('day', day),
      count: times.length,
      p50_ms: rounded(quantile(times, 0.5)),
      p95_ms: rounded(quantile(times, 0.95)),
    });
  }
  return found.reverse();
}

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value));
