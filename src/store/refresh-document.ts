/** Brings `pipeline_progress.json` up to date from a process that keeps no state: hooks at once, queries before they answer. */
import { SpanbookError, systemErrorCode } from '../errors.ts';
import type { Cursor } from '../model/render-document.ts';
import { archiveDir, readHead } from './archive.ts';
import { DocumentKeeper, type KeeperOptions, versionOf } from './document-keeper.ts';
import { documentPath } from './document-path.ts';
import { isBehind } from './is-behind.ts';
import { removeStaleTemporaries } from './write-file.ts';

/** Writers that meet at the same file go again; more often than this only if others write without a pause. */
const MAX_ATTEMPTS = 20;

/**
 * Folds the journal and writes the document until it holds all that the journal had when its writer looked last.
 *
 * @returns the keeper; its state may begin behind the events that were taken over as text.
 */
export function refreshDocument(stateDir: string, maxBytes: number): DocumentKeeper {
  for (const folder of [stateDir, archiveDir(stateDir)]) removeStaleTemporaries(folder, Date.now());
  try {
    return foldAndWrite(stateDir, maxBytes, { resume: true });
  } catch (error) {
    if (error instanceof SpanbookError || systemErrorCode(error) !== undefined) throw error;
    // Another version left a point to resume from that means something else: without it, all is folded from the journal.
    return foldAndWrite(stateDir, maxBytes, { resume: false });
  }
}

function foldAndWrite(stateDir: string, maxBytes: number, options: KeeperOptions): DocumentKeeper {
  const path = documentPath(stateDir);
  let keeper = new DocumentKeeper(stateDir, maxBytes, options);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const version = versionOf(path);
    keeper.catchUp();
    const written = keeper.write(version);
    if (written) keeper.saveResumePoint();
    if (!(written ? keeper.isBehind() : isDocumentBehind(stateDir))) break;
    // What another writer archived meanwhile is the truth: begin anew from there.
    if (!written) keeper = new DocumentKeeper(stateDir, maxBytes, options);
  }
  return keeper;
}

/** True if the journal holds a whole line that the document does not speak of, or the document cannot be read. */
export function isDocumentBehind(stateDir: string): boolean {
  const through = documentThrough(stateDir);
  return through === null || isBehind(stateDir, through);
}

/** How far the document has read the journal; null if somebody damaged it, so that it must be written anew. */
export function documentThrough(stateDir: string): Cursor[] | null {
  try {
    return readHead(documentPath(stateDir))?.through ?? [];
  } catch (error) {
    if (error instanceof SpanbookError) return null;
    throw error;
  }
}
