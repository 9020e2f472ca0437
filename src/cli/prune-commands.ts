/** The command that takes away what is old. */
import type { CommandSpec } from './command-spec.ts';
import { parseAge } from './parse-age.ts';

export const PRUNE_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['prune'],
    summary: 'remove old archives, journal segments and request lines; what they used and cost stays, as sums',
    options: [
      { flags: '--older-than <AGE>', description: 'what is older goes: 30d, 12w, 48h', parse: parseAge },
      { flags: '--dry-run', description: 'say what would go, and remove nothing' },
      { flags: '--claude-dir <DIR>', description: 'folder of the client (default: CLAUDE_CONFIG_DIR, else ~/.claude)' },
    ],
    example: 'spanbook prune --older-than 90d --dry-run',
    load: () => import('./commands/prune.ts'),
  },
];
