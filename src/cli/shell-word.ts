/** Paths in commands that a person may copy. */
import { safeText } from '../query/safe-text.ts';

/** As a shell takes it for one word. */
export const shellWord = (path: string): string =>
  safeText(/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
