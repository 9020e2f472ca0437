/** A thread that scans sessions: one comes in as a message, what it gave goes out as another. */
import { parentPort } from 'node:worker_threads';
import { type SessionToScan, scanSession } from './scan-session.ts';

parentPort?.on('message', (session: SessionToScan) => parentPort?.postMessage(scanSession(session)));
