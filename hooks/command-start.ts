/** Begins a command of a script and prints its event id. */

import { runHook } from '../src/hook/run-hook.ts';
import { startHook } from '../src/hook/script-facts.ts';

runHook('command-start', run => startHook(run, 'command', '--command-name'));
