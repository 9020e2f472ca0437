/** The commands that set and show the context that later activities stand in. */
import type { CommandSpec } from './command-spec.ts';

export const CONTEXT_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['context', 'set'],
    summary: 'set the stage, system name or checkpoint of what comes next; an empty text clears it',
    options: [
      { flags: '--stage <STAGE>', description: 'stage of the pipeline' },
      { flags: '--system-name <NAME>', description: 'system that the pipeline builds' },
      { flags: '--checkpoint <N>', description: 'checkpoint, a number or a name' },
    ],
    example: 'spanbook context set --stage prototype --system-name Shop --checkpoint 5',
    load: () => import('./commands/context-set.ts'),
  },
  {
    path: ['context', 'show'],
    summary: 'show the current context',
    options: [],
    example: 'spanbook context show',
    load: () => import('./commands/context-show.ts'),
  },
];
