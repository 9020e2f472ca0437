/** Whether two shares differ: Fisher's exact test. */

export interface Outcomes {
  failed: number;
  ended: number;
}

/** What differs by less than this is the same probability, computed in another order. */
const SAME = 1 + 1e-7;

/** The probability of shares at least as unlikely by chance alone, to both sides; 1 if there is nothing to compare. */
export function fisherExact(a: Outcomes, b: Outcomes): number {
  const failed = a.failed + b.failed;
  const ended = a.ended + b.ended;
  if (a.ended === 0 || b.ended === 0 || failed === 0 || failed === ended) return 1;
  const logs = logFactorials(ended);
  const log = (count: number): number => logs[count] ?? 0;
  const choose = (of: number, count: number): number => log(of) - log(count) - log(of - count);
  const whole = choose(ended, failed);
  const probability = (count: number): number =>
    Math.exp(choose(a.ended, count) + choose(b.ended, failed - count) - whole);
  const limit = probability(a.failed) * SAME;
  let sum = 0;
  for (let count = Math.max(0, failed - b.ended); count <= Math.min(failed, a.ended); count++) {
    const likely = probability(count);
    if (likely <= limit) sum += likely;
  }
  return Math.min(1, sum);
}

function logFactorials(most: number): Float64Array {
  const logs = new Float64Array(most + 1);
  for (let count = 1; count <= most; count++) logs[count] = (logs[count - 1] ?? 0) + Math.log(count);
  return logs;
}
