/** A clock that goes as far as a test tells it, and runs what falls due on the way. */
import type { Clock } from '../../src/monitor/clock.ts';

interface Timer {
  at: number;
  act: () => void;
}

export class SimulatedClock implements Clock {
  #wall: number;
  #monotonic = 0;
  #timers: Timer[] = [];

  constructor(wall = Date.parse('2026-03-01T12:00:00.000Z')) {
    this.#wall = wall;
  }

  now = (): number => this.#wall;
  monotonic = (): number => this.#monotonic;
  cpu = (): number => 0;

  after(millis: number, act: () => void): () => void {
    const timer = { at: this.#monotonic + millis, act };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter(other => other !== timer);
    };
  }

  get pending(): number {
    return this.#timers.length;
  }

  /** Somebody sets the clock of the wall. */
  jump(millis: number): void {
    this.#wall += millis;
  }

  /** Time that goes by while nothing else can happen, as in work without a pause. */
  pass(millis: number): void {
    this.#wall += millis;
    this.#monotonic += millis;
  }

  async advance(millis: number): Promise<void> {
    const until = this.#monotonic + millis;
    for (;;) {
      await settled();
      const next = this.#timers
        .filter(timer => timer.at <= until)
        .reduce<Timer | null>((first, timer) => (first && first.at <= timer.at ? first : timer), null);
      if (!next) break;
      this.#timers = this.#timers.filter(timer => timer !== next);
      this.pass(Math.max(0, next.at - this.#monotonic));
      next.act();
    }
    this.pass(Math.max(0, until - this.#monotonic));
  }
}

/** Everything that waits for a promise has had its turn. */
const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** Keeps what is logged. */
export function memoryLog() {
  const lines: string[] = [];
  return {
    lines,
    info: (message: string) => void lines.push(`info ${message}`),
    warn: (message: string) => void lines.push(`warn ${message}`),
  };
}
