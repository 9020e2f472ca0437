/** Counts as programs give them. */

/** Sums of more would no longer be exact. */
export const MAX_COUNT = 1e12;

/** A number of tokens or of anything else: whole, not negative, and 0 for what is none. */
export function countOf(value: unknown): number {
  if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'bigint') return 0;
  const count = Math.round(Number(value));
  return Number.isFinite(count) && count > 0 ? Math.min(count, MAX_COUNT) : 0;
}

/** True for a whole number that is not negative, and exact. */
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
