/** The command that runs a program as an activity. */
import type { CommandSpec } from './command-spec.ts';
import { parseOneOf } from './option-parsers.ts';

export const EXEC_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['exec'],
    summary: 'run a program as an activity, hand it TRACEPARENT, and give back its exit code',
    options: [
      { flags: '--name <NAME>', description: 'what the activity is called' },
      {
        flags: '--level <LEVEL>',
        description: 'command (default), agent or skill',
        parse: parseOneOf(['command', 'agent', 'skill']),
      },
      { flags: '--stage <STAGE>', description: 'stage of the pipeline (default: by the rules of the settings)' },
    ],
    takesProgram: true,
    example: 'spanbook exec --name unit-tests -- npm test',
    opensState: false,
    load: () => import('./commands/exec.ts'),
  },
];
