/** The last values of a kind of activity, and how far out a new one is: by median and median deviation, on a log scale. */
import { quantile } from './quantile.ts';

export interface Outlook {
  /** In the unit of the values. */
  usual: number;
  /** Between them is what is nothing unusual. */
  low: number;
  high: number;
  /** How many standard deviations above the usual a value is, as if the logarithms were normal. */
  scoreOf(value: number): number;
}

/** A shift of level is the new usual after half of them. */
const KEPT = 100;
/** Of fewer, nothing is said. */
export const MIN_HISTORY = 8;
/** Standard deviations of a normal distribution in a median deviation, and in the distance of the quartiles. */
const SIGMA_OF_MAD = 1.4826;
const SIGMA_OF_IQR = 0.7413;
/** What hardly varies is allowed to vary a little: 5 %. */
const MIN_SIGMA = 0.05;
/** Where history is short its spread is known badly, so more is asked. By simulation: see docs/analysis.md. */
const LIMIT = 3.5;
const LIMIT_OF_SHORT = 14;

export class ValueHistory {
  /** Logarithms, in the order in which they came, and sorted. */
  readonly #ring = new Float64Array(KEPT);
  readonly #buffer = new Float64Array(KEPT);
  #sorted = this.#buffer.subarray(0, 0);
  #next = 0;

  get size(): number {
    return this.#sorted.length;
  }

  /** Values must be positive. */
  add(value: number): void {
    const log = Math.log(value);
    const buffer = this.#buffer;
    const to = placeOf(this.#sorted, log);
    if (this.size < KEPT) {
      buffer.copyWithin(to + 1, to, this.size);
      buffer[to] = log;
      this.#sorted = buffer.subarray(0, this.size + 1);
    } else {
      // What lies between the place of the oldest one and the new place moves by one.
      const from = placeOf(this.#sorted, this.#ring[this.#next] ?? 0);
      if (from < to) buffer.copyWithin(from, from + 1, to);
      else buffer.copyWithin(to + 1, to, from);
      buffer[from < to ? to - 1 : to] = log;
    }
    this.#ring[this.#next] = log;
    this.#next = (this.#next + 1) % KEPT;
  }

  /** The median; null while there are too few. */
  get usual(): number | null {
    const middle = this.size < MIN_HISTORY ? null : quantile(this.#sorted, 0.5);
    return middle === null ? null : Math.exp(middle);
  }

  /** Null while there are too few. */
  outlook(): Outlook | null {
    const middle = quantile(this.#sorted, 0.5);
    if (middle === null || this.size < MIN_HISTORY) return null;
    const sigma = Math.max(MIN_SIGMA, sigmaOf(this.#sorted, middle));
    const reach = sigma * (LIMIT + LIMIT_OF_SHORT / this.size);
    return {
      usual: Math.exp(middle),
      low: Math.exp(middle - reach),
      high: Math.exp(middle + reach),
      scoreOf: value => (Math.log(value) - middle) / sigma,
    };
  }

  /** The value below which this share of them is. */
  quantile(share: number): number {
    return Math.exp(quantile(this.#sorted, share) ?? 0);
  }
}

function sigmaOf(sorted: ArrayLike<number>, middle: number): number {
  const deviation = SIGMA_OF_MAD * medianDeviation(sorted, middle);
  if (deviation > 0) return deviation;
  // More than half of them are the same.
  return SIGMA_OF_IQR * ((quantile(sorted, 0.75) ?? 0) - (quantile(sorted, 0.25) ?? 0));
}

/** The median of the distances from the middle; they grow to both sides, so two fingers find it without sorting. */
function medianDeviation(sorted: ArrayLike<number>, middle: number): number {
  const count = sorted.length;
  let right = placeOf(sorted, middle);
  let left = right - 1;
  let [before, distance] = [0, 0];
  for (let taken = 0; taken <= count / 2; taken++) {
    const below = left < 0 ? Number.POSITIVE_INFINITY : middle - (sorted[left] ?? 0);
    const above = right >= count ? Number.POSITIVE_INFINITY : (sorted[right] ?? 0) - middle;
    before = distance;
    distance = Math.min(below, above);
    if (below < above) left--;
    else right++;
  }
  return count % 2 === 1 ? distance : (before + distance) / 2;
}

/** Index of the first that is not below the value. */
function placeOf(sorted: ArrayLike<number>, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
