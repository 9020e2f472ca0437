/** A long reading makes garbage faster than the engine sees a reason to collect it. */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/** Collects the garbage of this thread if its heap is larger than this. Called now and then while transcripts are read. */
export function keepHeapSmall(maxBytes: number): void {
  if (getHeapStatistics().total_heap_size < maxBytes) return;
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
