/** The command that brings in what was before the hooks. */
import type { CommandSpec } from './command-spec.ts';
import { parseSince } from './option-parsers.ts';

export const IMPORT_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['import'],
    summary: 'past sessions of Claude Code, from its transcripts: what they used; nothing is added twice',
    options: [
      { flags: '--spans', description: 'also commands, agents and skills, as the hooks would have told them' },
      { flags: '--claude-dir <DIR>', description: 'folder of the client (default: CLAUDE_CONFIG_DIR, else ~/.claude)' },
      {
        flags: '--since <T>',
        description: 'with --spans: only runs from then on: a date, a time, or an age as 30d',
        parse: parseSince,
      },
    ],
    example: 'spanbook import --spans --since 30d',
    load: () => import('./commands/import.ts'),
  },
];
