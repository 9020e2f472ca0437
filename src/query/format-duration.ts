/** Durations for people. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (value: number): string => String(value).padStart(2, '0');

/** `750ms`, `12.3s`, `4m 02s`, `1h 03m`, `2d 05h`: at most seven characters for anything below 100 days. */
export function formatDuration(millis: number): string {
  const whole = Math.round(millis);
  if (whole < SECOND) return `${whole}ms`;
  // Rounded first: 59.96 s is a minute, not "60.0s".
  const tenths = Math.round(whole / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)}s`;
  const seconds = Math.max(60, Math.floor(whole / SECOND));
  if (whole < HOUR) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const minutes = Math.floor(whole / MINUTE);
  if (whole < DAY) return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
  const hours = Math.floor(whole / HOUR);
  return `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
}
