/** What an answer about usage is about, in words. */
import { safeText } from '../query/safe-text.ts';
import type { UsageTotals } from '../query/usage/usage-totals.ts';
import type { UsageScreen } from './usage-screen.ts';

/** `since 2026-11-01 00:00 +01:00, project shop`; without bounds the days of the first and of the last request. */
export function rangeText({ calendar, names }: UsageScreen, totals: UsageTotals): string {
  const { since, until, first_at, last_at } = totals;
  const timeOf = (at: string): string => calendar.label('hour', Date.parse(at));
  const dayOf = (at: number): string => calendar.label('day', at);
  const parts: string[] = [];
  if (since !== null) parts.push(`since ${timeOf(since)}`);
  if (until !== null) parts.push(`until ${timeOf(until)}`);
  if (parts.length === 0 && first_at !== null && last_at !== null) {
    const [first, last] = [dayOf(Date.parse(first_at)), dayOf(Date.parse(last_at) - 1)];
    parts.push(first === last ? first : `${first} to ${last}`);
  }
  for (const [name, value] of Object.entries(names)) {
    if (value !== undefined) parts.push(`${name} ${safeText(value)}`);
  }
  return parts.join(', ');
}
