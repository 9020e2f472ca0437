/** Time as the monitor sees it, so that tests can let days pass in a moment. */

export interface Clock {
  /** The clock of the wall, in milliseconds since 1970. It dates things, and may jump. */
  now(): number;
  /** Milliseconds on a clock that nobody sets. All intervals are measured by it. */
  monotonic(): number;
  /** Milliseconds of work that the processors did for this process. */
  cpu(): number;
  /** Calls `act` once after so many milliseconds. Returns what calls it off. */
  after(millis: number, act: () => void): () => void;
}

/** A longer timer would fire at once. */
const MAX_TIMER_MILLIS = 2 ** 31 - 1;

export const realClock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  cpu() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  after(millis, act) {
    const timer = setTimeout(act, Math.min(MAX_TIMER_MILLIS, Math.max(0, millis)));
    return () => clearTimeout(timer);
  },
};
