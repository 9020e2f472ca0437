/** Units part time: every moment lies in just one, and both kinds of calendar agree on which. */
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { CALENDAR_UNITS, type Calendar } from '../../src/usage/calendar.ts';
import { localCalendar } from '../../src/usage/local-calendar.ts';
import { calendarOf } from '../../src/usage/wall-clock-calendar.ts';
import { zoneClock } from '../../src/zone-clock.ts';

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/Santiago',
  'America/Havana',
  'America/St_Johns',
  'America/Nuuk',
  'Atlantic/Azores',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'UTC',
];

const machineZone = process.env.TZ;
afterEach(() => {
  if (machineZone === undefined) delete process.env.TZ;
  else process.env.TZ = machineZone;
});

/** Any moment of 2000 to 2036, near a clock change more often than not. */
const moment = fc.oneof(
  fc.integer({ min: 946_684_800_000, max: 2_082_758_400_000 }),
  fc
    .tuple(
      fc.integer({ min: 2000, max: 2035 }),
      fc.constantFrom(2, 3, 8, 9, 10),
      fc.integer({ min: 1, max: 31 }),
      fc.integer({ min: 0, max: 86_400_000 }),
    )
    .map(([year, month, day, millis]) => Date.UTC(year, month, day) + millis),
);

function parts(calendar: Calendar, at: number): void {
  for (const unit of CALENDAR_UNITS) {
    const start = calendar.startOf(unit, at);
    const next = calendar.shift(unit, at, 1);
    expect(start).toBeLessThanOrEqual(at);
    expect(next).toBeGreaterThan(at);
    expect(calendar.startOf(unit, start)).toBe(start);
    expect(calendar.startOf(unit, next)).toBe(next);
    expect(calendar.startOf(unit, next - 1)).toBe(start);
    expect(calendar.shift(unit, next, -1)).toBe(start);
    expect(calendar.shift(unit, start - 1, 1)).toBe(start);
  }
}

it.each(ZONES)('%s: every moment lies in one hour, day, week and month, and both calendars agree', zone => {
  const clock = zoneClock(zone);
  if (!clock) throw new Error(`no zone ${zone}`);
  const asked = calendarOf(clock);
  process.env.TZ = zone;
  const local = localCalendar();
  fc.assert(
    fc.property(moment, at => {
      parts(local, at);
      for (const unit of CALENDAR_UNITS) {
        const start = asked.startOf(unit, at);
        expect(start).toBe(local.startOf(unit, at));
        expect(asked.label(unit, start)).toBe(local.label(unit, start));
      }
    }),
    { numRuns: 400 },
  );
  fc.assert(
    fc.property(moment, at => parts(asked, at)),
    { numRuns: 60 },
  );
});
