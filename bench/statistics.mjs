// The arithmetic of the table: medians, quartiles, ratios by round, and the slope by which a cost grows.

/** The value below which this part of the values lies; between two of them it is interpolated. */
export function quantile(values, part) {
  if (values.length === 0) throw new Error('quantile: expected at least one value, got none');
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const below = Math.floor(at);
  const next = sorted[Math.min(below + 1, sorted.length - 1)];
  return sorted[below] + (next - sorted[below]) * (at - below);
}

export const median = values => quantile(values, 0.5);

/** The middle half of the values. */
export const quartiles = values => [quantile(values, 0.25), quantile(values, 0.75)];

/** One against another, taken in the same round: what slows both down does not show. */
export function ratios(ours, theirs) {
  if (ours.length !== theirs.length)
    throw new Error(`ratios: expected as many values on both sides, got ${ours.length} and ${theirs.length}`);
  return ours.map((value, round) => value / theirs[round]);
}

/** The exponent by which a cost grows with a size: 0 is constant, 1 is linear. Least squares over the logarithms. */
export function slope(sizes, costs) {
  if (sizes.length < 2 || sizes.some(size => !(size > 0)))
    throw new Error(`slope: expected two or more sizes above 0, got ${sizes.join(', ')}`);
  const xs = sizes.map(Math.log);
  const ys = costs.map(Math.log);
  const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x0, y0] = [mean(xs), mean(ys)];
  const together = xs.reduce((sum, x, at) => sum + (x - x0) * (ys[at] - y0), 0);
  return together / xs.reduce((sum, x) => sum + (x - x0) ** 2, 0);
}
