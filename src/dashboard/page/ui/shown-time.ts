/** Times as the clocks of this machine show them. */

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });
const seconds = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

type Time = string | number;

const date = (at: Time): Date => new Date(at);

/** `14:03` today, `26 Nov 14:03` before, with the year where it is another one. */
export function shownTime(at: Time | null, now = Date.now()): string {
  if (at === null) return '—';
  const [time, today] = [date(at), date(now)];
  if (Number.isNaN(time.getTime())) return '—';
  if (time.toDateString() === today.toDateString()) return clock.format(time);
  const isThisYear = time.getFullYear() === today.getFullYear();
  return `${(isThisYear ? day : dayOfYear).format(time)}, ${clock.format(time)}`;
}

export const shownClock = (at: Time): string => seconds.format(date(at));

/** With the day and milliseconds, for details. */
export function exactTime(at: Time | null): string {
  if (at === null) return '—';
  const time = date(at);
  return `${dayOfYear.format(time)}, ${seconds.format(time)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

/** `just now`, `5 min ago`. */
export function ago(at: Time | null, now = Date.now()): string {
  if (at === null) return 'never';
  const minutes = Math.floor((now - date(at).getTime()) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ago`;
  return `${Math.floor(hours / 24)} days ago`;
}
