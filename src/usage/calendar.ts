/** Hours, days, weeks and months as people in a time zone have them: a day has 23 to 25 hours. */

export const CALENDAR_UNITS = ['hour', 'day', 'week', 'month'] as const;
export type CalendarUnit = (typeof CALENDAR_UNITS)[number];

/** All times are milliseconds since 1970. Weeks begin on Monday. */
export interface Calendar {
  /** Name of the zone, as `Europe/Berlin`. */
  readonly zone: string;
  /** The start of the hour, day, week or month that a time lies in. */
  startOf(unit: CalendarUnit, at: number): number;
  /** The start of the unit that is `count` units after the one that `at` lies in; `count` may be negative. */
  shift(unit: CalendarUnit, at: number, count: number): number;
  /** As `2026-01-31 14:00 +01:00`, for rows of a table: a date for days, weeks and months, with a clock time for hours. */
  label(unit: CalendarUnit, start: number): string;
}
