/** A time zone in which it is noon now, so that what a test puts some minutes or hours ago belongs to today at any hour. */
export function middayZone(now = new Date()): string {
  const hours = 12 - now.getUTCHours();
  // The signs of these names are those of POSIX: `Etc/GMT-2` is two hours ahead.
  return hours === 0 ? 'Etc/GMT' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`;
}
