/** Whether the journal has more than somebody has read of it. */
import { hasLineBehind, segmentSize } from '../journal/read-facts.ts';
import { listSegments } from '../journal/segments.ts';
import type { Cursor } from '../model/render-document.ts';

/**
 * True if a segment holds a whole line that these cursors have not passed, or one was begun since: then what they read
 * belongs to an archive, and would stand in two places.
 */
export function isBehind(stateDir: string, through: readonly Cursor[]): boolean {
  const offsets = new Map(through.map(({ segment, offset }) => [segment, offset]));
  const newest = Math.max(...offsets.keys());
  return listSegments(stateDir).some(segment => {
    if (offsets.size > 0 && segment > newest) return true;
    const offset = offsets.get(segment) ?? 0;
    const size = segmentSize(stateDir, segment);
    return size < offset || (size > offset && hasLineBehind(stateDir, segment, offset));
  });
}
