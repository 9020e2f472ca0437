/** How much went on at a time: what has nothing below it, each in the first lane that is free. */
import type { TimelineItem } from '../../../query/runs/run-timeline.ts';

export interface LaneBar {
  item: TimelineItem;
  lane: number;
}

export interface Lanes {
  bars: LaneBar[];
  /** The most that ran at once. */
  most: number;
}

/** Items beyond the last lane share it. */
export function parallelLanes(items: readonly TimelineItem[], { now, lanes }: { now: number; lanes: number }): Lanes {
  const lowest = items
    .filter((item, index) => item.kind !== 'wait' && (items[index + 1]?.depth ?? -1) <= item.depth)
    .sort((a, b) => a.started_ms - b.started_ms);
  const freeAt: number[] = [];
  const ends: number[] = [];
  let most = 0;
  const bars = lowest.map(item => {
    const end = item.ended_ms ?? now;
    let lane = freeAt.findIndex(free => free <= item.started_ms);
    if (lane < 0) lane = freeAt.length < lanes ? freeAt.length : lanes - 1;
    freeAt[lane] = Math.max(end, freeAt[lane] ?? 0);
    for (let index = ends.length - 1; index >= 0; index--) {
      if ((ends[index] ?? 0) <= item.started_ms) ends.splice(index, 1);
    }
    ends.push(end);
    most = Math.max(most, ends.length);
    return { item, lane };
  });
  return { bars, most };
}
