/** The executable `spanbook`: loads the whole command line only where a call needs it. */
import type { QuickStatusline } from './quick-statusline.ts';

const args = process.argv.slice(2);
// A status line is asked for after each message, and reading the command line takes as long as starting Node.js.
const isDone =
  args[0] === 'statusline' && (require('./statusline.cjs') as QuickStatusline).quickStatusline(args.slice(1));
if (!isDone) require('./cli.cjs');
