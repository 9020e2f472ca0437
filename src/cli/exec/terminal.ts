/** Whether the keys of a terminal reach this process and those beside it. */
import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';

/** True while this process is in the foreground of a terminal: what Ctrl-C sends goes to all of its group. */
export function isInForeground(): boolean {
  let stat: string;
  try {
    stat = readFileSync('/proc/self/stat', 'latin1');
  } catch {
    return isatty(0);
  }
  // The name stands in brackets and may hold anything.
  const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return terminal !== '0' && foreground === group;
}
