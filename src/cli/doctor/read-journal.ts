/** One pass over the journal, for all checks that ask about it. */
import { statSync } from 'node:fs';
import { readFacts, segmentSize } from '../../journal/read-facts.ts';
import { listSegments, segmentPath } from '../../journal/segments.ts';
import type { Fact } from '../../model/fact.ts';

/** More is not read: the newest bytes tell what is wrong now. */
const MAX_READ_BYTES = 256 * 1024 * 1024;
/** A clock that is ahead by less is nobody's problem. */
const FUTURE_MILLIS = 60_000;

/** What scripts, programs and queries write too. */
const NOT_OF_THE_CLIENT: readonly Fact['kind'][] = ['start', 'end', 'note', 'context', 'lost', 'request', 'other'];
const RUN_ENDS: readonly Fact['kind'][] = ['stop', 'stop_failure', 'session_end'];

export interface JournalReport {
  segments: number;
  sizeBytes: number;
  /** Less than the size if the journal is very large. */
  readBytes: number;
  facts: number;
  damaged: number;
  /** Facts of a newer version. */
  unknown: number;
  future: number;
  /** The time that lies furthest ahead. */
  furthest: number;
  /** Newest fact that a hook of the client wrote; 0: none. */
  lastHook: number;
  /** Sessions that hooks told of, and whether a run of theirs is open. */
  sessions: Map<string, boolean>;
  /** Time of the last fact that was not imported, and of the file that it is in; 0: none. */
  lastAt: number;
  lastWritten: number;
}

/** @throws a system error if the journal cannot be read. */
export function readJournal(stateDir: string, now: number, maxBytes = MAX_READ_BYTES): JournalReport {
  const segments = listSegments(stateDir);
  const report: JournalReport = {
    segments: segments.length,
    sizeBytes: 0,
    readBytes: 0,
    facts: 0,
    damaged: 0,
    unknown: 0,
    future: 0,
    furthest: 0,
    lastHook: 0,
    sessions: new Map(),
    lastAt: 0,
    lastWritten: 0,
  };
  const parts = segments.map(segment => ({ segment, size: segmentSize(stateDir, segment), from: 0 }));
  for (const part of parts.toReversed()) {
    const room = Math.max(0, maxBytes - report.readBytes);
    part.from = Math.max(0, part.size - room);
    report.sizeBytes += part.size;
    report.readBytes += part.size - part.from;
  }
  for (const { segment, size, from } of parts) {
    if (from === size) continue;
    let cut = from > 0;
    const keep = (count: () => void): void => {
      // The first line may have been cut in two by where the reading began.
      if (!cut) count();
      cut = false;
    };
    readFacts(stateDir, segment, from, {
      onFact: fact => keep(() => note(report, fact, now)),
      onSkipped: reason => keep(() => report[reason]++),
    });
    report.lastWritten = statSync(segmentPath(stateDir, segment)).mtimeMs;
  }
  return report;
}

function note(report: JournalReport, fact: Fact, now: number): void {
  report.facts++;
  if (fact.at > now + FUTURE_MILLIS) report.future++;
  report.furthest = Math.max(report.furthest, fact.at);
  report.lastAt = fact.source === 'import' ? 0 : fact.at;
  if (fact.source !== 'hook' || fact.session === undefined || NOT_OF_THE_CLIENT.includes(fact.kind)) return;
  report.lastHook = Math.max(report.lastHook, fact.at);
  report.sessions.set(fact.session, !RUN_ENDS.includes(fact.kind));
}
