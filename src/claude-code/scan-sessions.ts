/** Many sessions, in two threads: the answers come in the order of the questions. */
import { Worker } from 'node:worker_threads';
import { keepHeapSmall } from './keep-heap-small.ts';
import type { ScannedSession, SessionToScan } from './scan-session.ts';

const THREADS = 2;
/** The young objects of a scan die at once; more room for them is only memory. */
const YOUNG_MIB = 4;
const MAX_HEAP_BYTES = 64 << 20;

/**
 * Scans sessions with the worker at `workerPath` and hands each over in its turn.
 *
 * @throws what a worker throws.
 */
export async function scanSessions(
  sessions: readonly SessionToScan[],
  workerPath: string,
  onScanned: (scanned: ScannedSession) => void,
): Promise<void> {
  const waiting = new Map<number, ScannedSession>();
  let next = 0;
  let due = 0;
  const finish = (index: number, scanned: ScannedSession): void => {
    waiting.set(index, scanned);
    for (let ready = waiting.get(due); ready; ready = waiting.get(due)) {
      waiting.delete(due++);
      onScanned(ready);
      keepHeapSmall(MAX_HEAP_BYTES);
    }
  };
  const runThread = async (): Promise<void> => {
    const worker = new Worker(workerPath, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } });
    try {
      while (next < sessions.length) {
        const index = next++;
        worker.postMessage(sessions[index]);
        finish(index, await answerOf(worker));
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(THREADS, sessions.length) }, runThread));
}

function answerOf(worker: Worker): Promise<ScannedSession> {
  return new Promise((resolve, reject) => {
    const onMessage = (scanned: ScannedSession): void => settle(() => resolve(scanned));
    const onError = (error: unknown): void => settle(() => reject(error));
    const onExit = (code: number): void =>
      settle(() => reject(new Error(`scan worker: expected an answer, got exit code ${code}`)));
    const settle = (act: () => void): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}
