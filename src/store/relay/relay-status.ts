/** How the relay to an endpoint does, as a file that anybody may read, and the list of what a receiver did not take. */

import { closeSync, constants } from 'node:fs';
import { systemErrorCode } from '../../errors.ts';
import { writeWhole } from '../../journal/append-fact.ts';
import { openPlain, readPlain } from '../../journal/plain-file.ts';
import { forEachBlock } from '../../journal/read-blocks.ts';
import { publish, writeTemporary } from '../write-file.ts';

/**
 * `idle`: all that can be sent is sent. `sending`: it is at it. `holding`: the receiver is down, slow or busy, and it is
 * tried again. `wrong-destination`: something answers that takes no spans, or not ours. `stopped`: nobody is at it.
 */
export type RelayState = 'idle' | 'sending' | 'holding' | 'wrong-destination' | 'stopped';

export interface RelayStatus {
  endpoint: string;
  state: RelayState;
  /** Why it holds, in words. */
  reason: string | null;
  /** Facts and spans that are not sent, about; of the oldest, when it happened (RFC 3339). */
  lag_events: number;
  oldest_unsent_at: string | null;
  /** Of all times. */
  sent: number;
  quarantined: number;
  /** Segment of the journal before which everything is sent. */
  from_segment: number;
  pid: number;
  updated_at: string;
}

export interface Quarantined {
  at: string;
  reason: string;
  /** Spans that a receiver counted as rejected without saying which; null: all of these. */
  rejected: number | null;
  spans: { trace_id: string; span_id: string; name: string }[];
}

/** Null if there is none, or it is damaged: it is written anew. */
export function readRelayStatus(path: string): RelayStatus | null {
  try {
    const status = JSON.parse(readPlain(path).toString()) as Partial<RelayStatus> | null;
    return typeof status?.endpoint === 'string' && typeof status.state === 'string' ? (status as RelayStatus) : null;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

export const writeRelayStatus = (path: string, status: RelayStatus): void =>
  publish(writeTemporary(path, [Buffer.from(`${JSON.stringify(status, null, 2)}\n`)]), path);

export function quarantine(path: string, entry: Quarantined): void {
  const fd = openPlain(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  try {
    writeWhole(fd, `${JSON.stringify(entry)}\n`);
  } finally {
    closeSync(fd);
  }
}

/** Ids of the spans on the list. Those of which a receiver only said how many it left out count as taken. */
export function readQuarantined(path: string): Set<string> {
  const ids = new Set<string>();
  forEachBlock(path, 0, text => {
    for (const line of text.split('\n')) for (const id of refusedIn(line)) ids.add(id);
    return true;
  });
  return ids;
}

function refusedIn(line: string): string[] {
  try {
    const { rejected, spans } = JSON.parse(line) as Partial<Quarantined>;
    return rejected === null && Array.isArray(spans) ? spans.map(({ span_id }) => span_id) : [];
  } catch {
    // Half a line of a process that was killed, or none.
    return [];
  }
}
