/** Notices that a client writes transcripts, as far as the file system tells. */
import { readdirSync, statSync } from 'node:fs';
import { FolderWatch } from './folder-watch.ts';

/** Folders of projects that are watched: those that changed last. The interval finds what goes on in others. */
const MAX_FOLDERS = 32;

export class TranscriptWatch {
  readonly #claudeDirs: readonly string[];
  readonly #watch: FolderWatch;

  /** `claudeDirs`: folders of the client, each with `projects` in it. */
  constructor(claudeDirs: readonly string[], onChange: () => void) {
    this.#claudeDirs = claudeDirs;
    this.#watch = new FolderWatch(onChange);
  }

  /** Looks which projects there are. To be called again now and then. */
  refresh(): void {
    const roots = this.#claudeDirs.map(folder => `${folder}/projects`);
    const projects = roots.flatMap(foldersIn).sort((a, b) => b.changedAt - a.changedAt);
    this.#watch.set([...roots, ...projects.slice(0, MAX_FOLDERS).map(({ path }) => path)]);
  }

  close(): void {
    this.#watch.close();
  }
}

function foldersIn(root: string): { path: string; changedAt: number }[] {
  try {
    return readdirSync(root, { withFileTypes: true }).flatMap(entry => {
      const path = `${root}/${entry.name}`;
      const changedAt = entry.isDirectory() ? (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) : 0;
      return changedAt > 0 ? [{ path, changedAt }] : [];
    });
  } catch {
    // No client here, or not to be read: the looks say so.
    return [];
  }
}
