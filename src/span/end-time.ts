/** When spans end: a millisecond after their start at least, and never before what ended inside them. */

let latest = 0;

/**
 * End for a span that began at `startMillis` and ends now. Backends warn about spans without a length and about
 * children that outlive their parents; the clock's own step is a millisecond.
 */
export function endTime(startMillis: number): Date {
  const now = Date.now();
  // Ends are at most that one millisecond ahead of the clock; more means that the clock was set back.
  if (latest > now + 1) latest = now;
  const earliest = Number.isFinite(startMillis) ? startMillis + 1 : now;
  latest = Math.max(now, earliest, latest);
  return new Date(latest);
}
