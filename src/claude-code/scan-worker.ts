/** A thread that scans sessions: one comes in as a message, what it gave goes out as another. */
import { parentPort } from 'node:worker_threads';
import { keepHeapSmall } from './keep-heap-small.ts';
import { type SessionToScan, scanSession } from './scan-session.ts';

/** Of a thread that reads; what it gives is handed over at once. */
const MAX_HEAP_BYTES = 40 << 20;

parentPort?.on('message', (session: SessionToScan) => {
  parentPort?.postMessage(scanSession(session));
  keepHeapSmall(MAX_HEAP_BYTES);
});
