/** The last outcomes of a kind of activity: how often it failed. */
import { MIN_HISTORY } from './value-history.ts';

const KEPT = 100;

export class OutcomeHistory {
  readonly #ring: boolean[] = [];
  #next = 0;
  #failed = 0;

  get size(): number {
    return this.#ring.length;
  }

  get failed(): number {
    return this.#failed;
  }

  add(failed: boolean): void {
    if (this.#ring[this.#next]) this.#failed--;
    if (failed) this.#failed++;
    this.#ring[this.#next] = failed;
    this.#next = (this.#next + 1) % KEPT;
  }

  /** How likely the next one fails, by the rule of succession; null while there are too few. */
  get expected(): number | null {
    return this.size < MIN_HISTORY ? null : (this.#failed + 1) / (this.size + 2);
  }
}
