/** Begins an agent of a script and prints its event id; without flags it takes Claude Code's hook JSON instead. */
import { clientHook } from '../src/hook/client-hook.ts';
import { runHook } from '../src/hook/run-hook.ts';
import { isScript, startHook } from '../src/hook/script-facts.ts';

runHook('pre-agent-spawn', run => (isScript(run) ? startHook(run, 'agent', '--agent-name') : clientHook(run)));
