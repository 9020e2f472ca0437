/** The transcripts that are there against those that the index knows: what changed, and what is gone. */
import { type FoundFile, type FoundSession, transcriptsIn } from './claude-code/changed-sessions.ts';
import type { Seen } from './claude-code/find-transcripts.ts';
import { FolderTimes } from './claude-code/folder-time.ts';
import { isAsKnown, type KnownFolders, knownFolders } from './claude-code/known-folders.ts';
import type { UsageIndex } from './store/usage-index.ts';

export interface ChangedSession {
  found: FoundSession;
  /** Files of it that are new, or another size, age or file than they were. */
  changed: readonly FoundFile[];
}

/** The transcripts below folders of the client. */
export class TranscriptLook {
  /** True if they are those of `known`, and no longer; false if they may be others. */
  readonly isAsKnown: boolean;
  readonly #claudeDirs: readonly string[];
  readonly #now: number;
  #listed: { claudeDir: string; seen: Seen; found: FoundSession[] }[] | null = null;

  /** `known`: what `known` gave when they were read last. `now`: milliseconds since 1970. */
  constructor(claudeDirs: readonly string[], known: UsageIndex['folders'] | null, now: number) {
    this.#claudeDirs = claudeDirs;
    this.#now = now;
    this.isAsKnown = claudeDirs.every(claudeDir => {
      const folders = known?.get(claudeDir) as KnownFolders | undefined;
      return folders !== undefined && isAsKnown(folders);
    });
  }

  get found(): readonly FoundSession[] {
    return this.#all.flatMap(({ found }) => found);
  }

  /** What is to be known of them next time, by the folder of the client. */
  known(files: UsageIndex['files']): [string, KnownFolders][] {
    return this.#all.map(({ claudeDir, seen, found }) => [claudeDir, knownFolders(seen, found, files)]);
  }

  get #all() {
    this.#listed ??= this.#claudeDirs.map(claudeDir => {
      const seen: Seen = { times: new FolderTimes(this.#now), folders: [], others: [] };
      return { claudeDir, seen, found: transcriptsIn(claudeDir, seen) };
    });
    return this.#listed;
  }
}

export function changedSessions(sessions: readonly FoundSession[], index: UsageIndex): ChangedSession[] {
  return sessions.flatMap(found => {
    const changed = found.files.filter(file => isChanged(file, index));
    return changed.length > 0 ? [{ found, changed }] : [];
  });
}

function isChanged({ path, size, mtimeMs, ino }: FoundFile, { files }: UsageIndex): boolean {
  const known = files.get(path);
  return known === undefined || known.size !== size || known.mtimeMs !== mtimeMs || known.ino !== ino;
}

/** How much of them was not read before, in bytes. */
export function unreadBytes(sessions: readonly ChangedSession[], { files }: UsageIndex): number {
  const unread = ({ path, size }: FoundFile): number => Math.max(0, size - (files.get(path)?.offset ?? 0));
  return sessions.reduce((sum, { changed }) => changed.reduce((all, file) => all + unread(file), sum), 0);
}

/** The client removes transcripts after a month. What they told stays in the ledger. */
export function forgetVanished(
  { files, sessions }: UsageIndex,
  found: readonly FoundSession[],
  claudeDirs: readonly string[],
): void {
  const paths = new Set(found.flatMap(session => session.files.map(({ path }) => path)));
  const keys = new Set(found.map(({ key }) => key));
  // Another call may have looked at other folders.
  const isOurs = (path: string): boolean => claudeDirs.some(folder => path.startsWith(`${folder}/projects/`));
  for (const path of files.keys()) if (!paths.has(path) && isOurs(path)) files.delete(path);
  for (const key of sessions.keys()) if (!keys.has(key) && isOurs(key)) sessions.delete(key);
}
