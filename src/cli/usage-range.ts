/** The time zone and the range of time that a call asks for. */
import { resolve } from 'node:path';
import { SpanbookError } from '../errors.ts';
import { isDateAlone, pointInTime } from '../point-in-time.ts';
import { type NameFilter, nameFilter } from '../query/usage/name-filter.ts';
import type { UsageFilter } from '../query/usage/select-rows.ts';
import type { Calendar } from '../usage/calendar.ts';
import { localCalendar } from '../usage/local-calendar.ts';
import type { UsageView } from '../usage/usage-view.ts';
import { calendarOf } from '../usage/wall-clock-calendar.ts';
import { type CommandCall, textOption } from './command-spec.ts';

export interface ZoneOfCall {
  calendar: Calendar;
  /** Reads a time without an offset as one of the zone. */
  localTime: ((text: string) => number) | undefined;
  /** As it was asked for; null: that of this machine. */
  zone: string | null;
}

/**
 * The zone of `--tz`, else that of this machine.
 *
 * @throws SpanbookError `USAGE` if there is no such zone.
 */
export async function zoneOf(call: CommandCall): Promise<ZoneOfCall> {
  const name = textOption(call, 'tz');
  if (name === undefined) return { calendar: localCalendar(), localTime: undefined, zone: null };
  const { zoneClock } = await import('../zone-clock.ts');
  const clock = zoneClock(name);
  if (!clock) {
    throw new SpanbookError('USAGE', `--tz: expected a time zone as Europe/Berlin, UTC or +05:30, got "${name}"`);
  }
  return { calendar: calendarOf(clock), localTime: clock.instantOf, zone: clock.zone };
}

/** What `--since`, `--until`, `--project`, `--session` and `--model` let pass. */
export const filterOf = (call: CommandCall, view: UsageView, zone: ZoneOfCall): UsageFilter => ({
  ...rangeOf(call, zone),
  only: nameFilter(view, namesOf(call)),
});

/**
 * What `--since` and `--until` let pass. A date alone is a day of the zone: `--since` begins with it, `--until` ends
 * with it.
 *
 * @throws SpanbookError `USAGE` if the range ends before it begins.
 */
export function rangeOf(call: CommandCall, zone: ZoneOfCall): Pick<UsageFilter, 'since' | 'until'> {
  const since = timeOption(call, 'since', zone);
  const until = timeOption(call, 'until', zone);
  if (since !== undefined && until !== undefined && since >= until) {
    throw new SpanbookError('USAGE', '--until: expected a time after --since, got an earlier one');
  }
  return { since, until };
}

/** The time that an option names, in milliseconds since 1970; undefined if it was not given. */
export function timeOption(
  call: CommandCall,
  name: 'since' | 'until' | 'at',
  { calendar, localTime }: ZoneOfCall,
): number | undefined {
  const text = textOption(call, name);
  if (text === undefined) return undefined;
  const at = pointInTime(text, { now: call.context.now(), localTime });
  if (Number.isNaN(at)) throw new SpanbookError('USAGE', `--${name}: expected a time of the zone, got "${text}"`);
  return name === 'until' && isDateAlone(text) ? calendar.shift('day', at, 1) : at;
}

/** The names that a call asks for. A project that looks like a path is one, from the working folder on. */
export function namesOf(call: CommandCall): NameFilter {
  const project = textOption(call, 'project');
  return {
    project: project !== undefined && /[/\\]|^\.+$/.test(project) ? resolve(call.context.cwd, project) : project,
    session: textOption(call, 'session'),
    model: textOption(call, 'model'),
  };
}
