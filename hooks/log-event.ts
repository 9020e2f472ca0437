/** Records an error, a warning or a message. */

import { runHook } from '../src/hook/run-hook.ts';
import { noteHook } from '../src/hook/script-facts.ts';

runHook('log-event', noteHook);
