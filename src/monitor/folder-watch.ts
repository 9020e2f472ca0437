/** Hints of the file system that something changed in some folders. They may never come; nothing may depend on them. */
import { type FSWatcher, statSync, watch } from 'node:fs';

interface Watched {
  watcher: FSWatcher;
  /** A folder that was removed and made again is another one. */
  inode: number;
}

export class FolderWatch {
  readonly #onChange: (name: string) => void;
  readonly #watched = new Map<string, Watched>();

  /** `onChange` is called with the name of what changed; an empty text where the system does not tell. */
  constructor(onChange: (name: string) => void) {
    this.#onChange = onChange;
  }

  /** Watches these folders and no others. Those that cannot be watched now are tried again at the next call. */
  set(folders: readonly string[]): void {
    const wanted = new Map(folders.map(folder => [folder, inodeOf(folder)]));
    for (const [folder, { watcher, inode }] of this.#watched) {
      if (wanted.get(folder) === inode) continue;
      this.#watched.delete(folder);
      watcher.close();
    }
    for (const [folder, inode] of wanted) if (inode !== null && !this.#watched.has(folder)) this.#open(folder, inode);
  }

  close(): void {
    this.set([]);
  }

  #open(folder: string, inode: number): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => this.#onChange(name ?? ''));
      watcher.on('error', () => {
        if (this.#watched.get(folder)?.watcher === watcher) this.#watched.delete(folder);
        watcher.close();
      });
      this.#watched.set(folder, { watcher, inode });
    } catch {
      // Gone in the same moment, or the system has no watches left.
    }
  }
}

function inodeOf(path: string): number | null {
  try {
    return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
  } catch {
    return null;
  }
}
