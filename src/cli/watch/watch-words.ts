/** Marks, times and amounts as `watch` shows them. */
import { formatDuration } from '../../query/format-duration.ts';
import { type ActivityRow, durationOf } from '../../query/runs/activity-row.ts';
import { safeText } from '../../query/safe-text.ts';
import { clockTime } from '../local-time.ts';
import type { Color, Marks } from '../style.ts';

export const LOOKS: Record<ActivityRow['status'], { mark: keyof Marks; color: Color }> = {
  completed: { mark: 'completed', color: 'green' },
  failed: { mark: 'failed', color: 'red' },
  running: { mark: 'running', color: 'cyan' },
  cancelled: { mark: 'cancelled', color: 'yellow' },
  abandoned: { mark: 'cancelled', color: 'yellow' },
};

/** No screen shows more of a name, and a name may have a million letters. */
const NAME_LETTERS = 400;

const DAY_MILLIS = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Of what runs in whole seconds: it is read while it changes. */
export const elapsedText = (row: ActivityRow, now: number): string =>
  row.endedAt === null ? wholeSeconds(now - row.startedAt) : formatDuration(durationOf(row, now));

/** `12s`, `4m 02s`, `1h 03m`. */
export function wholeSeconds(millis: number): string {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  return seconds < 60 ? `${seconds}s` : formatDuration(seconds * 1000);
}

/** `14:05:09`, or ` 22 Nov` for what is more than a day ago: eight characters. */
export function whenText(timestamp: string, now: number): string {
  const at = Date.parse(timestamp);
  if (now - at < DAY_MILLIS) return clockTime(timestamp);
  const day = new Date(at);
  return `${day.getDate()} ${MONTHS[day.getMonth()]}`.padEnd(8);
}

/** Safe for a terminal, and not longer than anybody can read. */
export const shownText = (text: string, letters = NAME_LETTERS): string =>
  safeText(text.length > letters ? text.slice(0, letters) : text);
