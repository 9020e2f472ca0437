/** Quantiles of numbers that are sorted already. */

/** Between two neighbours by how near it is to each; null of nothing. `share`: 0 to 1. */
export function quantile(sorted: ArrayLike<number>, share: number): number | null {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) return null;
  return below + (above - below) * (at - Math.floor(at));
}

export const sortedNumbers = (values: Iterable<number>): Float64Array => Float64Array.from(values).sort();
