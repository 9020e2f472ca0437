/**
 * Whether values of one sort tend to be greater than those of another, whatever their distribution: the test of Mann and
 * Whitney by its normal approximation, with the corrections for ties and for continuity.
 */

export interface RankTest {
  /** The probability of a difference as great by chance alone, to both sides; 1 if there is nothing to compare. */
  p: number;
  /** Above 0: the second ones tend to be greater. */
  lean: number;
}

export function mannWhitney(first: readonly number[], second: readonly number[]): RankTest {
  const [m, n] = [first.length, second.length];
  if (m === 0 || n === 0) return { p: 1, lean: 0 };
  const { ranks, ties } = rankSum(first, second);
  const total = m + n;
  const lean = ranks - (n * (total + 1)) / 2;
  const variance = ((m * n) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (variance <= 0) return { p: 1, lean: 0 };
  const distance = Math.max(0, Math.abs(lean) - 0.5);
  return { p: Math.min(1, 2 * normalTail(distance / Math.sqrt(variance))), lean };
}

/** The ranks of the second ones among all; equal values share the mean of theirs. */
function rankSum(first: readonly number[], second: readonly number[]): { ranks: number; ties: number } {
  const all = [first, second].flatMap((values, side) => values.map(value => ({ value, side })));
  all.sort((a, b) => a.value - b.value);
  let ranks = 0;
  let ties = 0;
  for (let from = 0; from < all.length; ) {
    let to = from + 1;
    while (to < all.length && all[to]?.value === all[from]?.value) to++;
    const seconds = all.slice(from, to).filter(({ side }) => side === 1).length;
    // The ranks from `from + 1` to `to`.
    ranks += seconds * ((from + 1 + to) / 2);
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  return { ranks, ties };
}

const SERIES_BELOW = 3;
const FRACTIONS = 60;

/** The mass of the normal distribution above z, which is not negative: by its power series, far out by its continued fraction. */
function normalTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z >= SERIES_BELOW) {
    let fraction = z;
    for (let k = FRACTIONS; k > 0; k--) fraction = z + k / fraction;
    return density / fraction;
  }
  let sum = 0;
  let term = z;
  for (let k = 1; term > 1e-16; k++) {
    sum += term;
    term *= (z * z) / (2 * k + 1);
  }
  return 0.5 - density * sum;
}
