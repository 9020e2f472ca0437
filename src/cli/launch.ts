/** The executable `spanbook`: loads the whole command line only where a call needs it. */
import type { QuickExec } from './quick-exec.ts';
import type { QuickStatusline } from './quick-statusline.ts';

/**
 * A status line is asked for after each message, and a program waits for `exec`; reading the command line takes as long
 * as starting Node.js.
 */
function isQuick([word, ...rest]: readonly string[]): boolean {
  if (word === 'statusline') return (require('./statusline.cjs') as QuickStatusline).quickStatusline(rest);
  return word === 'exec' && (require('./exec.cjs') as QuickExec).quickExec([word, ...rest]);
}

if (!isQuick(process.argv.slice(2))) require('./cli.cjs');
