/**
 * Whether the transcripts of a client are those that were read, without making a list of them: most questions come when
 * nothing is new, and a long history has thousands of files.
 */
import { lstatSync } from 'node:fs';
import type { FoundSession } from './changed-sessions.ts';
import type { Seen } from './find-transcripts.ts';
import { type FolderTime, hasTime } from './folder-time.ts';
import { joined, namesIn, statOf } from './if-there.ts';

/** A folder, all names in it, and four numbers for each transcript: of its name, size, time, and file. */
type KnownFolder = readonly [path: string, names: string | null, transcripts: readonly number[], time: FolderTime];

/** Plain data: it is kept between readings. Lists in lists, of which damage makes no JSON, or others. */
export type KnownFolders = readonly [folders: readonly KnownFolder[], others: readonly string[]];

/** What is known of a transcript that was read. */
type ReadFile = { size: number; mtimeMs: number; ino: number };

const NUMBERS = 4;
/** The size of none: the folder is looked through again. */
const UNREAD = -1;

/** What was seen of a client's folder, with what was read of the transcripts that were found in it. */
export function knownFolders(
  { folders, others }: Seen,
  found: readonly FoundSession[],
  read: ReadonlyMap<string, ReadFile>,
): KnownFolders {
  const paths = new Set(found.flatMap(({ files }) => files.map(({ path }) => path)));
  const known = folders.map(([folder, names, time]): KnownFolder => {
    const transcripts = (names ?? '').split('/').flatMap((name, index) => {
      const path = `${folder}/${name}`;
      if (!paths.has(path)) return [];
      const { size, mtimeMs, ino } = read.get(path) ?? { size: UNREAD, mtimeMs: 0, ino: 0 };
      return [index, size, mtimeMs, ino];
    });
    return [folder, names, transcripts, time];
  });
  return [known, others];
}

/** True if the same would be found, and nothing of it has grown or been replaced. */
export const isAsKnown = ([folders, others]: KnownFolders): boolean => folders.every(isSame) && others.every(isOther);

function isSame(folder: KnownFolder): boolean {
  // Of thousands of lists, the first run of this code takes apart one by one what is written as a pattern.
  const path = folder[0];
  const known = folder[1];
  const transcripts = folder[2];
  const isUntouched = known === null ? statOf(path) === undefined : hasTime(path, folder[3]);
  const names = isUntouched ? known?.split('/') : namesIn(path);
  if (!isUntouched && (names && joined(names)) !== known) return false;
  for (let at = 0; at < transcripts.length; at += NUMBERS) {
    const stats = statOf(`${path}/${names?.[transcripts[at] ?? 0]}`);
    if (stats?.size !== transcripts[at + 1]) return false;
    if (Math.floor(stats?.mtimeMs ?? 0) !== transcripts[at + 2] || stats?.ino !== transcripts[at + 3]) return false;
  }
  return true;
}

function isOther(path: string): boolean {
  try {
    const stats = lstatSync(path);
    return !stats.isFile() && !stats.isDirectory();
  } catch {
    // It is gone, or closed to us: whoever looks through the folder knows what to make of it.
    return false;
  }
}
