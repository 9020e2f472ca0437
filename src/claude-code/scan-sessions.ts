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
/** Size of the largest function that is inlined, in the engine's own code; by itself, it inlines those of 460. */
const INLINED_BYTES = 30;

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
  // The compiler shares the processors with the threads, and a reading is over before what it inlines is repaid, but for
  // functions of a line or two. A process that goes on afterwards inlines as always.
  if (helps) setFlagsFromString(`--max-inlined-bytecode-size=${INLINED_BYTES}`);
  const workerData: SessionsOfWorker = { sessions, next };
  const workers = Array.from(
    { length: Math.min(helps ? THREADS - 1 : THREADS, sessions.length) },
    () => new Worker(workerPath, { workerData, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } }),
  );
  try {
    await Promise.all([...workers.map(worker => answersOf(worker, finish)), ...(helps ? [scanHere()] : [])]);
    if (due < sessions.length) throw new Error(`scan: expected ${sessions.length} sessions, got ${due}`);
  } finally {
    Atomics.store(next, 0, sessions.length);
    await Promise.all(workers.map(worker => worker.terminate()));
  }
}

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
