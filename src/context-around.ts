/** What a program runs in: the activity that another process handed over, or the run of Claude Code around it. */
import type { Context } from '@opentelemetry/api';
import type { RemoteSpan } from './model/handed-parent.ts';
import { parentFromEnvironment } from './span/parent-from-environment.ts';
import { findParent } from './store/find-parent.ts';

/** The context of what has no activity of this program around it. Reads the state only where the environment says too little. */
export function contextAround(stateDir: string, env: Readonly<Record<string, string | undefined>>): Context {
  const isTold = env.TRACEPARENT || !env.SPANBOOK_PARENT_EVENT_ID;
  return parentFromEnvironment(env, isTold && !env.CLAUDE_CODE_SESSION_ID ? null : foundOrNull(stateDir, env));
}

function foundOrNull(stateDir: string, env: Readonly<Record<string, string | undefined>>): RemoteSpan | null {
  try {
    return findParent(stateDir, env);
  } catch {
    // A folder that cannot be read, or not be written: then what was handed over has to do.
    return null;
  }
}
