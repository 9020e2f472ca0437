/** Hours and days across every kind of clock change, by the machine's zone and by a zone that was asked for. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Calendar, CalendarUnit } from '../../src/usage/calendar.ts';
import { localCalendar } from '../../src/usage/local-calendar.ts';
import { calendarOf } from '../../src/usage/wall-clock-calendar.ts';
import { zoneClock } from '../../src/zone-clock.ts';

const HOUR = 3_600_000;
const QUARTER = 900_000;

const machineZone = process.env.TZ;
afterEach(() => {
  if (machineZone === undefined) delete process.env.TZ;
  else process.env.TZ = machineZone;
});

function byZone(zone: string): Calendar {
  const clock = zoneClock(zone);
  if (!clock) throw new Error(`no zone ${zone}`);
  return calendarOf(clock);
}

/** The zone of the machine is changed for it. */
function byDate(zone: string): Calendar {
  process.env.TZ = zone;
  return localCalendar();
}

const makers = [
  ['the machine’s zone', byDate],
  ['a zone that was asked for', byZone],
] as const;

/** Labels and lengths in hours of the units from the one that `from` lies in. */
function unitsFrom(calendar: Calendar, unit: CalendarUnit, from: string, count: number): [string, number][] {
  let start = calendar.startOf(unit, Date.parse(from));
  return Array.from({ length: count }, () => {
    const next = calendar.shift(unit, start, 1);
    const row: [string, number] = [calendar.label(unit, start), (next - start) / HOUR];
    start = next;
    return row;
  });
}

describe.each(makers)('by %s', (_, make) => {
  it('a day of Berlin has 23, 24 or 25 hours', () => {
    const calendar = make('Europe/Berlin');
    expect(unitsFrom(calendar, 'day', '2026-03-28T12:00Z', 3)).toEqual([
      ['2026-03-28', 24],
      ['2026-03-29', 23],
      ['2026-03-30', 24],
    ]);
    expect(unitsFrom(calendar, 'day', '2026-10-24T12:00Z', 3)).toEqual([
      ['2026-10-24', 24],
      ['2026-10-25', 25],
      ['2026-10-26', 24],
    ]);
  });

  it('the hour that comes twice is two hours, and the one that does not come is none', () => {
    const berlin = make('Europe/Berlin');
    expect(unitsFrom(berlin, 'hour', '2026-10-24T23:30Z', 4)).toEqual([
      ['2026-10-25 01:00 +02:00', 1],
      ['2026-10-25 02:00 +02:00', 1],
      ['2026-10-25 02:00 +01:00', 1],
      ['2026-10-25 03:00 +01:00', 1],
    ]);
    expect(unitsFrom(berlin, 'hour', '2026-03-29T00:10Z', 2)).toEqual([
      ['2026-03-29 01:00 +01:00', 1],
      ['2026-03-29 03:00 +02:00', 1],
    ]);
    const newYork = make('America/New_York');
    expect(unitsFrom(newYork, 'hour', '2026-11-01T05:00Z', 2)).toEqual([
      ['2026-11-01 01:00 -04:00', 1],
      ['2026-11-01 01:00 -05:00', 1],
    ]);
    expect(unitsFrom(newYork, 'day', '2026-03-08T12:00Z', 1)).toEqual([['2026-03-08', 23]]);
  });

  it('a change of half an hour makes hours of half an hour', () => {
    const calendar = make('Australia/Lord_Howe');
    expect(unitsFrom(calendar, 'hour', '2026-10-03T14:30Z', 3)).toEqual([
      ['2026-10-04 01:00 +10:30', 1],
      ['2026-10-04 02:30 +11:00', 0.5],
      ['2026-10-04 03:00 +11:00', 1],
    ]);
    expect(unitsFrom(calendar, 'hour', '2026-04-04T14:00Z', 3)).toEqual([
      ['2026-04-05 01:00 +11:00', 1],
      ['2026-04-05 01:30 +10:30', 0.5],
      ['2026-04-05 02:00 +10:30', 1],
    ]);
    expect(unitsFrom(calendar, 'day', '2026-04-04T14:00Z', 1)).toEqual([['2026-04-05', 24.5]]);
  });

  it('hours and days of zones at a half and at three quarters begin there', () => {
    expect(new Date(make('Asia/Kathmandu').startOf('day', Date.parse('2026-05-01T12:00Z'))).toISOString()).toBe(
      '2026-04-30T18:15:00.000Z',
    );
    expect(unitsFrom(make('Asia/Kathmandu'), 'hour', '2026-05-01T00:14Z', 2)).toEqual([
      ['2026-05-01 05:00 +05:45', 1],
      ['2026-05-01 06:00 +05:45', 1],
    ]);
    expect(unitsFrom(make('Asia/Kolkata'), 'hour', '2026-05-01T00:14Z', 1)).toEqual([['2026-05-01 05:00 +05:30', 1]]);
  });

  it('a day whose midnight is skipped begins at one o’clock, and the next at midnight', () => {
    expect(unitsFrom(make('Africa/Cairo'), 'hour', '2026-04-23T21:59Z', 2)).toEqual([
      ['2026-04-23 23:00 +02:00', 1],
      ['2026-04-24 01:00 +03:00', 1],
    ]);
    expect(unitsFrom(make('Africa/Cairo'), 'day', '2026-04-23T12:00Z', 3)).toEqual([
      ['2026-04-23', 24],
      ['2026-04-24', 23],
      ['2026-04-25', 24],
    ]);
    expect(unitsFrom(make('America/Santiago'), 'day', '2026-09-05T12:00Z', 3)).toEqual([
      ['2026-09-05', 24],
      ['2026-09-06', 23],
      ['2026-09-07', 24],
    ]);
  });

  it('a midnight that comes twice begins its day once', () => {
    expect(unitsFrom(make('America/Havana'), 'day', '2026-10-31T12:00Z', 3)).toEqual([
      ['2026-10-31', 24],
      ['2026-11-01', 25],
      ['2026-11-02', 24],
    ]);
    expect(unitsFrom(make('America/Santiago'), 'day', '2026-04-04T12:00Z', 2)).toEqual([
      ['2026-04-04', 25],
      ['2026-04-05', 24],
    ]);
  });

  it('a day that has begun stays begun when the clocks go back to the day before', () => {
    // From 00:01 to 23:01.
    const calendar = make('America/St_Johns');
    expect(unitsFrom(calendar, 'day', '2010-11-06T12:00Z', 2)).toEqual([
      ['2010-11-06', 24],
      ['2010-11-07', 25],
    ]);
    expect(unitsFrom(calendar, 'day', '2010-11-07T02:45Z', 1)).toEqual([['2010-11-07', 25]]);
    expect(unitsFrom(calendar, 'hour', '2010-11-07T02:30Z', 3)).toEqual([
      ['2010-11-07 00:00 -02:30', 1 / 60],
      ['2010-11-06 23:01 -03:30', 59 / 60],
      ['2010-11-07 00:00 -03:30', 1],
    ]);
  });

  it('weeks begin on Monday and months on the first', () => {
    const calendar = make('America/New_York');
    expect(unitsFrom(calendar, 'week', '2026-11-01T12:00Z', 2)).toEqual([
      ['2026-10-26', 7 * 24 + 1],
      ['2026-11-02', 7 * 24],
    ]);
    expect(unitsFrom(calendar, 'month', '2026-01-31T12:00Z', 3)).toEqual([
      ['2026-01-01', 31 * 24],
      ['2026-02-01', 28 * 24],
      ['2026-03-01', 31 * 24 - 1],
    ]);
    const february = calendar.shift('month', Date.parse('2026-01-31T12:00Z'), 1);
    expect(calendar.label('month', february)).toBe('2026-02-01');
    expect(calendar.label('month', calendar.shift('month', february, -14))).toBe('2024-12-01');
  });

  it('a shift by many is as many shifts by one', () => {
    const calendar = make('Europe/Berlin');
    const now = Date.parse('2026-11-26T10:20Z');
    for (const unit of ['hour', 'day', 'week', 'month'] as const) {
      let start = calendar.startOf(unit, now);
      for (let count = 1; count <= 40; count++) {
        start = calendar.shift(unit, start, -1);
        expect(calendar.shift(unit, now, -count)).toBe(start);
      }
      expect(calendar.shift(unit, start, 40)).toBe(calendar.startOf(unit, now));
    }
  });

  it('has the name of its zone', () => {
    expect(make('Asia/Kathmandu').zone).toMatch(/^Asia\/Ka(thmandu|tmandu)$/);
  });
});

describe('the clock of a zone', () => {
  it.each(['Nowhere/Land', '', '+05:07', 'Europe/Berlin; rm', '\x1b[2J'])('is none for %j', name => {
    expect(zoneClock(name)).toBeNull();
  });

  it.each([
    ['europe/berlin', 'Europe/Berlin'],
    ['UTC', 'UTC'],
    ['+05:45', '+05:45'],
  ])('knows %s', (name, zone) => {
    expect(zoneClock(name)?.zone).toBe(zone);
  });

  it('reads a time as the clocks there show it', () => {
    const at = (text: string): string => new Date(zoneClock('America/New_York')?.instantOf(text) ?? 0).toISOString();
    expect(at('2026-07-01T08:30')).toBe('2026-07-01T12:30:00.000Z');
    expect(at('2026-12-01T08:30:15')).toBe('2026-12-01T13:30:15.000Z');
    expect(at('2026-12-01')).toBe('2026-12-01T05:00:00.000Z');
    expect(zoneClock('UTC')?.instantOf('2026-02-30T08:00')).toBeNaN();
  });
});

it('begins everything at a quarter of an hour', () => {
  for (const zone of ['Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns', 'Pacific/Chatham']) {
    const calendar = byZone(zone);
    for (let at = Date.parse('2026-01-01T00:00Z'); at < Date.parse('2027-01-01T00:00Z'); at += 37 * HOUR) {
      for (const unit of ['hour', 'day', 'week', 'month'] as const)
        expect(calendar.startOf(unit, at) % QUARTER).toBe(0);
    }
  }
});
