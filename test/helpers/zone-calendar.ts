/** The calendar of a zone, whatever the zone of the machine is. */
import type { Calendar } from '../../src/usage/calendar.ts';
import { calendarOf, type WallClock } from '../../src/usage/wall-clock-calendar.ts';
import { zoneClock } from '../../src/zone-clock.ts';

/** The library for zones is slow, and most tests want none of its zones. */
const UTC: WallClock = { zone: 'UTC', offsetAt: () => 0, dayStart: day => day * 86_400_000 };

export function zoneCalendar(zone = 'UTC'): Calendar {
  const clock = zone === 'UTC' ? UTC : zoneClock(zone);
  if (!clock) throw new Error(`no zone ${zone}`);
  return calendarOf(clock);
}
