/** The commands for alerts. What was alerted is asked with `usage alerts`. */
import type { CommandSpec } from './command-spec.ts';

export const ALERTS_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['alerts', 'test'],
    summary: 'send a test alert over every channel that is set in spanbook.json',
    options: [],
    example: 'spanbook alerts test',
    load: () => import('./commands/alerts-test.ts'),
  },
];
