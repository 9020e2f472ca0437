/** The days that a forecast learns from: what each cost, and what it cost after this time of day. */
import type { Calendar } from './calendar.ts';
import { type SlotUsage, slotUsage, type UsageScope } from './slot-usage.ts';
import { SLOT_MILLIS, type UsageCube } from './usage-cube.ts';

export interface PastDay {
  /** 0 is Monday. */
  readonly weekday: number;
  /** Nano-dollars of the day, and of its part after the time of day that it is now. */
  readonly cost: number;
  readonly rest: number;
}

/** Six weeks: enough to know the weekdays, and soon over what is no longer done. */
const MAX_DAYS = 42;
const DAY_MILLIS = 86_400_000;

export interface PastDaysQuery {
  cube: UsageCube;
  calendar: Calendar;
  /** Milliseconds since 1970. */
  now: number;
  scope?: UsageScope | undefined;
}

/** The whole days before today, from the first one with usage on, at most six weeks of them. */
export function pastDays({ cube, calendar, now, scope }: PastDaysQuery): PastDay[] {
  const today = calendar.startOf('day', now);
  const from = calendar.shift('day', now, -MAX_DAYS);
  const slots = slotUsage(cube, { from, until: today, ...(scope && { scope }) });
  const first = slots[0];
  if (!first) return [];
  // A clock time is kept as the distance from midnight; where the clock changes, an hour of one day is off.
  const elapsed = Math.floor((now - today) / SLOT_MILLIS) * SLOT_MILLIS;
  const days: PastDay[] = [];
  let next = 0;
  let start = calendar.startOf('day', first.start);
  for (let weekday = weekdayOf(calendar, start); start < today; weekday = (weekday + 1) % 7) {
    const end = calendar.shift('day', start, 1);
    const inside: SlotUsage[] = [];
    for (let slot = slots[next]; slot && slot.start < end; slot = slots[++next]) inside.push(slot);
    days.push({
      weekday,
      cost: costOf(inside),
      rest: costOf(inside.filter(slot => slot.start >= start + elapsed)),
    });
    start = end;
  }
  return days;
}

/** 0 is Monday. */
export const weekdayOf = (calendar: Calendar, at: number): number =>
  Math.round((calendar.startOf('day', at) - calendar.startOf('week', at)) / DAY_MILLIS);

const costOf = (slots: readonly SlotUsage[]): number => slots.reduce((sum, slot) => sum + slot.cost, 0);
