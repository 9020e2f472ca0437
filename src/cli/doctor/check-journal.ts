/** Can what was recorded be read? */

import { closeSync, constants, fstatSync, readSync } from 'node:fs';
import { systemErrorCode } from '../../errors.ts';
import { openPlain } from '../../journal/plain-file.ts';
import { journalDir } from '../../journal/segments.ts';
import { archivePath, listArchives, readHead } from '../../store/archive.ts';
import { documentPath } from '../../store/document-path.ts';
import { isDocumentBehind } from '../../store/refresh-document.ts';
import { shellWord } from '../shell-word.ts';
import { bad, type Finding, ok, skipped } from './check.ts';
import type { Examination } from './examination.ts';
import type { JournalReport } from './read-journal.ts';

const MEGABYTE = 1024 * 1024;
const TAIL_BYTES = 16;

export function checkJournal(examination: Examination): Finding {
  const { path: stateDir } = examination.recorded;
  let journal: JournalReport;
  try {
    journal = examination.journal();
  } catch (error) {
    const detail = `${journalDir(stateDir)} cannot be read (${systemErrorCode(error) ?? error})`;
    return bad('failed', detail, `Look at it: ls -la ${shellWord(journalDir(stateDir))}`);
  }
  const { damaged, unknown, segments, facts } = journal;
  const archives = listArchives(stateDir);
  const broken = archives.map(number => archivePath(stateDir, number)).find(path => !isWhole(path));
  if (broken !== undefined) {
    const detail = `${broken} cannot be read, and its events are missing from answers`;
    return bad('failed', detail, `Put ${broken} back from a backup`);
  }
  if (!isWhole(documentPath(stateDir))) {
    const detail = `${documentPath(stateDir)} cannot be read`;
    return bad('failed', detail, `npx spanbook pipeline status --state-dir ${shellWord(stateDir)}`);
  }
  const bounded =
    journal.readBytes < journal.sizeBytes
      ? `; only the newest ${Math.round(journal.readBytes / MEGABYTE)} of ${Math.round(journal.sizeBytes / MEGABYTE)} MB were read`
      : '';
  if (damaged > 0) {
    const detail = `${damaged} damaged ${damaged === 1 ? 'line' : 'lines'} among ${facts} facts${bounded}`;
    return bad(
      'warning',
      detail,
      'Nothing can bring them back, and readers pass them by; if they grow, check the disk',
    );
  }
  if (unknown > 0) {
    const detail = `${unknown} ${unknown === 1 ? 'fact' : 'facts'} of a newer version of spanbook${bounded}`;
    return bad('warning', detail, 'Upgrade spanbook where you ask');
  }
  if (segments === 0) return skipped('nothing is recorded yet');
  const behind = isDocumentBehind(stateDir) ? '; the next query brings the document up to date' : '';
  const archived = archives.length === 0 ? '' : ` and ${archives.length} archives`;
  return ok(`${facts} facts in ${segments} ${segments === 1 ? 'segment' : 'segments'}${archived}${bounded}${behind}`);
}

/** True if there is no such file, or its head is a document's and it has its end. */
function isWhole(path: string): boolean {
  try {
    if (readHead(path) === null) return true;
    const fd = openPlain(path, constants.O_RDONLY);
    try {
      const { size } = fstatSync(fd);
      const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
      readSync(fd, tail, 0, tail.length, size - tail.length);
      return tail.toString('latin1').trimEnd().endsWith('}');
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
}
