/** The commands that show what runs while it runs. */
import type { CommandSpec } from './command-spec.ts';

export const LIVE_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['watch'],
    summary: 'what runs now and what it costs, live, on the whole terminal',
    options: [
      { flags: '--filter <TEXT>', description: 'only runs with this text in a name, label, stage or session' },
      { flags: '--session <ID>', description: 'only the runs of this session; the first letters are enough' },
      { flags: '--once', description: 'print one screen, and exit' },
    ],
    example: 'spanbook watch --filter build',
    load: () => import('./commands/watch.ts'),
  },
];
