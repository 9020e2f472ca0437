/** What `init` writes into the settings of Claude Code: which events call the hook, and how it is called. */

export interface HookHandler {
  type: 'command';
  command: string;
  /** With `args` the client starts the program without a shell. */
  args: string[];
  /** Seconds. */
  timeout: number;
}

export interface HookGroup {
  /** Names of tools; absent: the event has no tools, or all of them count. */
  matcher?: string;
  hooks: HookHandler[];
}

const PROGRAM = 'hooks/spanbook/claude-code.cjs';
/** The program in a project: the client puts the folder in, so the entry is the same on every machine. */
export const PROJECT_PROGRAM = `\${CLAUDE_PROJECT_DIR}/.claude/${PROGRAM}`;

const AGENTS_AND_SKILLS = 'Agent|Task|Skill';
const MATCHERS: Readonly<Record<string, string | undefined>> = {
  PreToolUse: AGENTS_AND_SKILLS,
  PostToolUse: AGENTS_AND_SKILLS,
};

export const HOOK_EVENTS = [
  'SessionStart',
  'SessionEnd',
  'UserPromptSubmit',
  'UserPromptExpansion',
  'Stop',
  'StopFailure',
  'SubagentStart',
  'SubagentStop',
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'PermissionDenied',
] as const;

/**
 * The group of each event. Neither `async` (such a hook is killed with the client) nor `onFailure` (a hook of ours must
 * never block) is set.
 */
export function hookGroups(program: string, stateDir?: string): Map<string, HookGroup> {
  const args = stateDir === undefined ? [program] : [program, '--state-dir', stateDir];
  const hooks: HookHandler[] = [{ type: 'command', command: 'node', args, timeout: 5 }];
  return new Map(
    HOOK_EVENTS.map(event => {
      const matcher = MATCHERS[event];
      return [event, matcher === undefined ? { hooks } : { matcher, hooks }];
    }),
  );
}

/** Whether a handler runs a copy of our hook, in whatever form an older version or a person wrote it. */
export function isOurHandler(handler: unknown): boolean {
  if (typeof handler !== 'object' || handler === null) return false;
  const { command, args } = handler as { command?: unknown; args?: unknown };
  const words: unknown[] = [command, ...(Array.isArray(args) ? args : [])];
  return words.some(word => typeof word === 'string' && word.replaceAll('\\', '/').includes(PROGRAM));
}
