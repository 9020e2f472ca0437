/** The calendar of this machine's time zone. */
import type { Calendar } from './calendar.ts';
import { calendarOf } from './wall-clock-calendar.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** By `Date` alone, which is there without loading anything. Only its `zone` asks for more, when it is read. */
export function localCalendar(): Calendar {
  return calendarOf({
    // Loads the whole of Intl: 25 ms.
    get zone() {
      return Intl.DateTimeFormat().resolvedOptions().timeZone;
    },
    offsetAt: at => -new Date(at).getTimezoneOffset() * MINUTE,
    dayStart(day) {
      const date = new Date(day * DAY);
      // Of a midnight that comes twice this is the first; of one that does not come, the moment after the gap.
      return new Date(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()).getTime();
    },
  });
}
