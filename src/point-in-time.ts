/** Points in time as people type them: a date, a time, or how long ago. */

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A date alone: it means the midnight that people there had. */
export const isDateAlone = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

/** The language would take 30 February for 2 March. */
function isDate(text: string): boolean {
  const at = isDateAlone(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

export interface PointInTimeQuery {
  /** Milliseconds since 1970. */
  now: number;
  /** Reads a time without an offset. Default: in the zone of this machine. */
  localTime?: ((text: string) => number) | undefined;
}

/** `2026-10-31`, `2026-10-31T12:00`, `2026-10-31T12:00Z`, `30d`, `12h`: milliseconds since 1970, or NaN. */
export function pointInTime(text: string, { now, localTime = Date.parse }: PointInTimeQuery): number {
  const [, amount, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) return now - Number(amount) * (UNITS[unit] ?? 0);
  // The language takes a date alone for UTC.
  if (!isDate(text.slice(0, 10))) return Number.NaN;
  if (isDateAlone(text)) return localTime(`${text}T00:00:00`);
  return /(?:z|[+-]\d{2}:?\d{2})$/i.test(text.slice(10)) ? Date.parse(text) : localTime(text);
}
