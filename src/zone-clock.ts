/** The clock of any time zone. Loads a library: import it only when a zone was asked for. */
import { Temporal } from 'temporal-polyfill';
import type { WallClock } from './usage/wall-clock-calendar.ts';

const DAY = 86_400_000;
const QUARTER = 15 * 60_000;

export interface ZoneClock extends WallClock {
  /** A date and time without an offset, as `2026-01-31T14:00`, as the clocks there show it; NaN if it is none. */
  instantOf(text: string): number;
}

/**
 * The clock of a zone with this name (`Europe/Berlin`, `UTC`) or this offset (`+05:45`).
 *
 * @returns null if there is no such zone, or if its hours begin at no quarter of an hour of UTC. It is a file of its own
 * when built, with error classes of its own, so it does not throw.
 */
export function zoneClock(name: string): ZoneClock | null {
  const zone = zoneId(name);
  if (zone === null) return null;
  const offsetAt = (at: number): number =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
  // An offset may have any minutes; a named zone has had quarters for half a century.
  if (offsetAt(Date.now()) % QUARTER !== 0) return null;
  return {
    zone,
    offsetAt,
    dayStart(day) {
      const date = new Date(day * DAY).toISOString().slice(0, 10);
      return Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;
    },
    instantOf(text) {
      try {
        return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
      } catch {
        return Number.NaN;
      }
    },
  };
}

/** The name as the zone's own data have it; null if there is none. */
function zoneId(name: string): string | null {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch {
    return null;
  }
}
