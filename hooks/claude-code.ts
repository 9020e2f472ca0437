/** Takes the hook JSON of Claude Code on standard input, for every event. */
import { clientHook } from '../src/hook/client-hook.ts';
import { runHook } from '../src/hook/run-hook.ts';

runHook('claude-code', clientHook);
