/** Whether the journal has more than somebody has read of it. */
import { hasLineBehind, segmentSize } from '../journal/read-facts.ts';
import { listSegments } from '../journal/segments.ts';
import type { Cursor } from '../model/render-document.ts';

/** True if a segment holds a whole line that these cursors have not passed. */
export function isBehind(stateDir: string, through: readonly Cursor[]): boolean {
  const offsets = new Map(through.map(({ segment, offset }) => [segment, offset]));
  return listSegments(stateDir).some(segment => {
    const offset = offsets.get(segment) ?? 0;
    const size = segmentSize(stateDir, segment);
    return size < offset || (size > offset && hasLineBehind(stateDir, segment, offset));
  });
}
