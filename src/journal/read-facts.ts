/** Reads facts of a segment from a byte offset on: whole lines only, damaged ones counted and passed by. */
import type { Fact } from '../model/fact.ts';
import { parseFact } from '../model/parse-fact.ts';
import { fileSize, forEachBlock } from './read-blocks.ts';
import { segmentPath } from './segments.ts';

export interface FactSink {
  onFact(fact: Fact): void;
  onSkipped(reason: 'damaged' | 'unknown'): void;
  /** It has had enough after about so many bytes. */
  atMost?: number;
}

/** Size of a segment in bytes; 0 if it does not exist. */
export const segmentSize = (stateDir: string, segment: number): number => fileSize(segmentPath(stateDir, segment));

/**
 * Hands every whole line from `offset` on to the sink, and returns the offset behind the last one. A tail without a
 * line end stays unread: its writer may be at work on it, or dead, and then the next writer ends it.
 */
export function readFacts(stateDir: string, segment: number, offset: number, sink: FactSink): number {
  const { atMost = Number.POSITIVE_INFINITY } = sink;
  let at = offset;
  forEachBlock(segmentPath(stateDir, segment), offset, (text, bytes) => {
    for (const line of text.split('\n')) {
      if (line === '' || line === '\r') continue;
      const fact = parseFact(line);
      if (typeof fact === 'string') sink.onSkipped(fact);
      else sink.onFact(fact);
    }
    at += bytes;
    return at - offset < atMost;
  });
  return at;
}

/** True if a whole line stands behind `offset`. */
export function hasLineBehind(stateDir: string, segment: number, offset: number): boolean {
  let found = false;
  forEachBlock(segmentPath(stateDir, segment), offset, text => {
    found = text.trim() !== '';
    return !found;
  });
  return found;
}
