/** `usage/snapshots.jsonl`: the totals as they were, one line a look of the monitor. */

import { closeSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { writeWhole } from '../journal/append-fact.ts';
import { openForAppend } from '../journal/numbered-files.ts';
import { readPlain } from '../journal/plain-file.ts';
import { fileSize } from '../journal/read-blocks.ts';
import type { UsageStats } from '../model/usage-stats-schema.ts';
import { usageDir } from './ledger.ts';
import { publish, writeTemporary } from './write-file.ts';

export type Snapshot = UsageStats['snapshots'][number];

/** Two weeks at one in five minutes; older ones go once the file is twice as large. */
const KEPT = 4032;
const MAX_BYTES = 4 << 20;

const snapshotPath = (stateDir: string): string => `${usageDir(stateDir)}/snapshots.jsonl`;

/** The last ones, the newest last. Lines that are damaged are passed by. */
export function readSnapshots(stateDir: string, limit = KEPT): Snapshot[] {
  let text: string;
  try {
    text = readPlain(snapshotPath(stateDir)).toString();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
  const lines = text.split('\n').filter(line => line !== '');
  return lines.slice(-limit).flatMap(parsed);
}

/** @throws a system error if it was not written whole. */
export function appendSnapshot(stateDir: string, snapshot: Snapshot): void {
  const path = snapshotPath(stateDir);
  const fd = openForAppend(path);
  try {
    // A line end first: whoever wrote before us may have died in the middle.
    writeWhole(fd, `\n${JSON.stringify(snapshot)}\n`);
  } finally {
    closeSync(fd);
  }
  if (fileSize(path) < MAX_BYTES) return;
  const kept = readSnapshots(stateDir).map(one => `${JSON.stringify(one)}\n`);
  publish(writeTemporary(path, [Buffer.from(kept.join(''))]), path);
}

function parsed(line: string): Snapshot[] {
  try {
    const snapshot = JSON.parse(line) as Snapshot;
    return typeof snapshot?.at === 'string' && !Number.isNaN(Date.parse(snapshot.at)) ? [snapshot] : [];
  } catch {
    return [];
  }
}
