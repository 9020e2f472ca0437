/** Ends an agent of a script; without flags it takes Claude Code's hook JSON instead. */
import { clientHook } from '../src/hook/client-hook.ts';
import { runHook } from '../src/hook/run-hook.ts';
import { endHook, isScript } from '../src/hook/script-facts.ts';

runHook('post-task-completion', run => (isScript(run) ? endHook(run, 'agent', '--agent-name') : clientHook(run)));
