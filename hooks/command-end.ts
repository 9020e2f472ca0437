/** Ends a command of a script. */

import { runHook } from '../src/hook/run-hook.ts';
import { endHook } from '../src/hook/script-facts.ts';

runHook('command-end', run => endHook(run, 'command', '--command-name'));
