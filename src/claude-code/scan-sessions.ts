/** Many sessions, in two threads: the answers come in the order of the sessions. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { type ScannedSession, type SessionToScan, scanSession } from './scan-session.ts';
import type { SessionsOfWorker, WorkerAnswer } from './scan-worker.ts';

const THREADS = 2;
/** The young objects of a scan die at once; more room for them is only memory. */
const YOUNG_MIB = 4;
/** The same in this thread, which takes what the others found too. By itself it grows far larger. */
const OWN_YOUNG_BYTES = 8 << 20;
/**
 * The optimizing compiler shares the processors with the threads, and a reading is over before much of what it inlines is
 * repaid: with this it inlines the smallest functions only. It is looked up at each decision, so it may change while the
 * compiler is at work. (`--max-inlined-bytecode-size` may not: it is looked up twice for one function, and the engine
 * ends the process if the answers differ.)
 */
const INLINES_LITTLE = '--max-inlined-bytecode-size-cumulative=1';

export interface ScanOptions {
  /** The built `scan-worker`. */
  workerPath: string;
  /** This thread scans too, in a process that is there for nothing else. False: it stays ready for whatever comes. */
  helps: boolean;
}

/**
 * Scans sessions and hands each over in its turn. Whoever is free takes the next one.
 *
 * @throws what a worker or `onScanned` throws.
 */
export async function scanSessions(
  sessions: readonly SessionToScan[],
  { workerPath, helps }: ScanOptions,
  onScanned: (scanned: ScannedSession) => void,
): Promise<void> {
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const waiting = new Map<number, ScannedSession>();
  let due = 0;
  /** Stays true if one could not be taken: what comes after it must not be told before it. */
  let isTaking = false;
  const finish = (index: number, scanned: ScannedSession): void => {
    waiting.set(index, scanned);
    if (isTaking) return;
    isTaking = true;
    for (let ready = waiting.get(due); ready; ready = waiting.get(due)) {
      waiting.delete(due++);
      onScanned(ready);
    }
    isTaking = false;
  };
  const scanHere = async (): Promise<void> => {
    for (let index = Atomics.add(next, 0, 1); index < sessions.length; index = Atomics.add(next, 0, 1)) {
      finish(index, scanSession(sessions[index] as SessionToScan));
      keepYoungSmall();
      await nextTurn();
    }
  };
  const workerData: SessionsOfWorker = { sessions, next };
  const workers = Array.from(
    { length: Math.min(helps ? THREADS - 1 : THREADS, sessions.length) },
    () => new Worker(workerPath, { workerData, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } }),
  );
  // Not before they run: a thread that starts under a setting of its own does not take the compiled code that Node.js
  // holds of itself.
  if (helps) for (const worker of workers) worker.once('online', inlineLittle);
  try {
    await Promise.all([...workers.map(worker => answersOf(worker, finish)), ...(helps ? [scanHere()] : [])]);
    if (due < sessions.length) throw new Error(`scan: expected ${sessions.length} sessions, got ${due}`);
  } finally {
    Atomics.store(next, 0, sessions.length);
    await Promise.all(workers.map(worker => worker.terminate()));
  }
}

/** For good, so only in a process that is there for nothing else. */
const inlineLittle = (): void => setFlagsFromString(INLINES_LITTLE);

/** The room for young objects can be limited before a thread starts only; later on it can be kept from growing. */
function keepYoungSmall(): void {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  if (young && young.space_size >= OWN_YOUNG_BYTES) setFlagsFromString('--semi-space-growth-factor=1');
}

/** Until the worker has ended. */
function answersOf(worker: Worker, onAnswer: (index: number, scanned: ScannedSession) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on('message', ({ index, scanned }: WorkerAnswer) => {
      try {
        onAnswer(index, scanned);
      } catch (error) {
        reject(error);
      }
    });
    worker.on('error', reject);
    worker.on('exit', code => {
      if (code === 0) resolve();
      else reject(new Error(`scan worker: expected it to scan sessions, got exit code ${code}`));
    });
  });
}
