/** The executable `spanbook`: loads the whole command line only where a call needs it. */
import { loadPart } from './compiled-code.ts';
import type { QuickExec } from './quick-exec.ts';
import type { QuickStatusline } from './quick-statusline.ts';
import type { QuickUsage } from './quick-usage.ts';

/** The parts of `usage`, each with commands that are asked for alike; of all others there is one more. */
const USAGE_PARTS: Readonly<Record<string, string>> = { totals: 'totals', daily: 'periods', hourly: 'periods' };

/**
 * A status line is asked for after each message, a program waits for `exec`, and usage is asked for all day; reading
 * the command line takes as long as starting Node.js.
 */
function isQuick(args: readonly string[]): boolean {
  const [word, ...rest] = args;
  if (word === 'statusline') return (require('./statusline.cjs') as QuickStatusline).quickStatusline(rest);
  if (word === 'exec') return (require('./exec.cjs') as QuickExec).quickExec(args);
  if (word !== 'usage' && word !== 'attribution') return false;
  return (loadPart(USAGE_PARTS[rest[0] ?? ''] ?? 'usage') as QuickUsage).quickUsage(args);
}

if (!isQuick(process.argv.slice(2))) loadPart('cli');
