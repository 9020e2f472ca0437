/** A file in the place of the document that is none: kept under another name, for it may be somebody's only copy. */
import { renameSync, statSync } from 'node:fs';
import { SpanbookError, systemErrorCode } from '../errors.ts';
import { readHead } from './archive.ts';

/** Renames `x.json` to `x.bad-20261123T073012123.json` and gives back that path. */
export function setAside(path: string): string {
  const stamp = new Date().toISOString().replace(/[^0-9T]/g, '');
  const aside = path.replace(/\.json$/, `.bad-${stamp}.json`);
  renameSync(path, aside);
  return aside;
}

/** Sets the file aside if its head is damaged, or is not one of ours. */
export function setAsideIfUnreadable(path: string): void {
  try {
    readHead(path);
  } catch (error) {
    if (!(error instanceof SpanbookError)) throw error;
    // A power cut may leave a name with nothing in it.
    if (statSync(path).size > 0) setAside(path);
  }
}

/** An archive that a power cut or somebody else damaged: its events are folded from the journal again, if that is there. */
export function setArchiveAside(path: string): void {
  try {
    setAside(path);
  } catch (error) {
    // Another process was quicker.
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}
