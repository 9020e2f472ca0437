/**
 * The time of a folder, where it tells that the folder holds what it held: asking for it takes a third of the time that
 * reading the names in it takes. Not all file systems set it with each change, and none tells two changes apart that come
 * at once.
 */
import { type Stats, statfsSync } from 'node:fs';
import { statOf } from './if-there.ts';

/** Time, inode and device; empty if the time tells nothing, and the names are to be compared. */
export type FolderTime = readonly number[];

/** By the numbers that Linux has for them: ext2 to ext4, XFS, Btrfs, tmpfs. */
const KEEPS_TIME = [0xef53, 0x58465342, 0x9123683e, 0x01021994];
/** Some of them count in seconds, and the clock may run a little behind. */
const SETTLED_MILLIS = 3000;

/** For folders that are looked through at one time. */
export class FolderTimes {
  readonly #now: number;
  readonly #keepsTime = new Map<number, boolean>();

  /** `now`: milliseconds since 1970, not later than the folders are looked through. */
  constructor(now: number) {
    this.#now = now;
  }

  /** To be called before the folder is read: what comes in between is then seen as a change. */
  of(path: string): FolderTime {
    const stats = statOf(path);
    if (!stats || this.#now - stats.ctimeMs < SETTLED_MILLIS || !this.#isKept(path, stats)) return [];
    return [stats.ctimeMs, stats.ino, stats.dev];
  }

  #isKept(path: string, { dev }: Stats): boolean {
    let isKept = this.#keepsTime.get(dev);
    if (isKept === undefined) {
      isKept = keepsTime(path);
      this.#keepsTime.set(dev, isKept);
    }
    return isKept;
  }
}

function keepsTime(path: string): boolean {
  try {
    return KEEPS_TIME.includes(statfsSync(path).type);
  } catch {
    // It is gone, or the system does not tell.
    return false;
  }
}

/** True if nothing in the folder was made, removed or renamed since it had that time. */
export function hasTime(path: string, time: FolderTime): boolean {
  if (time.length === 0) return false;
  const stats = statOf(path);
  // Anybody can set the time of the last change, but not that of the last change to the folder's own record.
  return stats?.ctimeMs === time[0] && stats?.ino === time[1] && stats?.dev === time[2];
}
