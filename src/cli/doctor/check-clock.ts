/** Do the times of facts fit the clock of this machine? */
import { formatDuration } from '../../query/format-duration.ts';
import { bad, type Finding, ok, skipped } from './check.ts';
import type { Examination } from './examination.ts';

const BEHIND_MILLIS = 3_600_000;
const SET_CLOCK = 'Let the machine that records set its clock from the network: sudo timedatectl set-ntp true';

export function checkClock({ journal, now }: Examination): Finding {
  const { facts, future, furthest, lastAt, lastWritten } = journal();
  if (facts === 0) return skipped('nothing is recorded yet');
  if (future > 0) {
    const detail = `${future} ${future === 1 ? 'fact lies' : 'facts lie'} in the future, by up to ${formatDuration(furthest - now)}`;
    return bad('warning', detail, SET_CLOCK);
  }
  if (lastAt > 0 && lastWritten - lastAt > BEHIND_MILLIS) {
    const detail = `the last fact is dated ${formatDuration(lastWritten - lastAt)} before it was written, unless it was replayed or copied`;
    return bad('warning', detail, SET_CLOCK);
  }
  return ok('facts are dated when they were written');
}
