/** What a person sees who has recorded nothing yet. */
import { safeText } from '../query/safe-text.ts';

/** Says that the folder is empty and what fills it. */
export const emptyStateText = (stateDir: string): string =>
  [
    `Nothing is recorded in ${safeText(stateDir)} yet.`,
    '',
    'A state folder fills when hooks or spans write to it. To have Claude Code record here, run',
    '  spanbook init',
    'For a look at a recorded session, run',
    '  npm run demo',
    'in a clone of spanbook. To look into another folder, give --state-dir DIR.',
  ].join('\n');
