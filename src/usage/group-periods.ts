/** Quarters of an hour, put together to the hours, days, weeks or months of a calendar. */
import type { AlertPeriod } from './alert.ts';
import type { Calendar } from './calendar.ts';
import type { SlotUsage } from './slot-usage.ts';
import { SLOT_MILLIS } from './usage-cube.ts';

export interface Period {
  /** Milliseconds since 1970; the end is the start of the next one. */
  readonly start: number;
  readonly end: number;
  readonly slots: readonly SlotUsage[];
}

/** The periods with usage. `slots` are in the order of time. */
export function groupPeriods(slots: readonly SlotUsage[], unit: AlertPeriod, calendar: Calendar): Period[] {
  const periods: { start: number; end: number; slots: SlotUsage[] }[] = [];
  for (const slot of slots) {
    const last = periods.at(-1);
    if (last && slot.start < last.end) last.slots.push(slot);
    else {
      const start = calendar.startOf(unit, slot.start);
      periods.push({ start, end: calendar.shift(unit, start, 1), slots: [slot] });
    }
  }
  return periods;
}

export type SlotMeasure = Exclude<keyof SlotUsage, 'start'>;

export const sumOf = (slots: readonly SlotUsage[], measure: SlotMeasure): number =>
  slots.reduce((sum, slot) => sum + slot[measure], 0);

/** End of the quarter of an hour in which the sum reached a limit above 0; null if it did not. */
export function reachedAt(slots: readonly SlotUsage[], measure: SlotMeasure, limit: number): number | null {
  let sum = 0;
  for (const slot of slots) {
    sum += slot[measure];
    if (sum > 0 && sum >= limit) return slot.start + SLOT_MILLIS;
  }
  return null;
}
