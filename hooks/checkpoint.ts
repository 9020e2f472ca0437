/** Begins (`--phase start`, prints the event id) or ends (`--phase end`) a checkpoint of a script. */

import { runHook } from '../src/hook/run-hook.ts';
import { phaseHook } from '../src/hook/script-facts.ts';

runHook('checkpoint', run => phaseHook(run, 'checkpoint', '--name'));
