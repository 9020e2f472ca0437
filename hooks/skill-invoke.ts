/** Begins (`--phase start`, prints the event id) or ends (`--phase end`) a skill of a script. */

import { runHook } from '../src/hook/run-hook.ts';
import { phaseHook } from '../src/hook/script-facts.ts';

runHook('skill-invoke', run => phaseHook(run, 'skill', '--skill-name'));
