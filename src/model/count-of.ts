/** Counts as programs give them. */

/** A number of tokens or of anything else, as programs give it: whole, not negative, and 0 for what is none. */
export function countOf(value: unknown): number {
  if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'bigint') return 0;
  const count = Math.round(Number(value));
  return count > 0 ? Math.min(count, Number.MAX_SAFE_INTEGER) : 0;
}
