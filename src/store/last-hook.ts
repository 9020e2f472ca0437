/** When a hook was last heard of, from the end of the journal. */
import { type FactSink, readFacts, segmentSize } from '../journal/read-facts.ts';
import { listSegments } from '../journal/segments.ts';
import type { Fact } from '../model/fact.ts';

/** Hooks write short lines, so the last of them is hardly further back than this. */
const TAIL_BYTES = 262_144;
const SEGMENTS = 2;
/** What the command line and monitors write under the same source. */
const NOT_OF_HOOKS: readonly Fact['kind'][] = ['lost', 'context'];

/** Milliseconds since 1970; null if there was none lately. */
export function lastHookAt(stateDir: string): number | null {
  let last: number | null = null;
  const sink: FactSink = {
    onFact(fact) {
      const isProgram = (fact.kind === 'start' || fact.kind === 'end') && fact.program;
      if (fact.source === 'hook' && !NOT_OF_HOOKS.includes(fact.kind) && !isProgram)
        last = Math.max(last ?? 0, fact.at);
    },
    // The first line may have been cut in two by where the reading began.
    onSkipped() {},
  };
  for (const segment of listSegments(stateDir).slice(-SEGMENTS).reverse()) {
    readFacts(stateDir, segment, Math.max(0, segmentSize(stateDir, segment) - TAIL_BYTES), sink);
    if (last !== null) break;
  }
  return last;
}
