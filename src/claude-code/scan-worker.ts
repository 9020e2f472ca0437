/** A thread that scans sessions, one after the other, as long as there are some that nobody has taken. */
import { parentPort, workerData } from 'node:worker_threads';
import { type ScannedSession, type SessionToScan, scanSession } from './scan-session.ts';

export interface SessionsOfWorker {
  sessions: readonly SessionToScan[];
  /** How many of them were taken, by all threads. */
  next: Int32Array;
}

export interface WorkerAnswer {
  /** Number of the session. */
  index: number;
  scanned: ScannedSession;
}

const { sessions, next } = workerData as SessionsOfWorker;
for (let index = Atomics.add(next, 0, 1); index < sessions.length; index = Atomics.add(next, 0, 1)) {
  const answer: WorkerAnswer = { index, scanned: scanSession(sessions[index] as SessionToScan) };
  const { lines, requests, hashes } = answer.scanned;
  const parts = [lines.bytes, lines.ends, requests.numbers, hashes];
  parentPort?.postMessage(answer, parts.map(({ buffer }) => buffer) as ArrayBuffer[]);
}
