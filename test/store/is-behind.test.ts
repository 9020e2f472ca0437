import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { appendFact } from '../../src/journal/append-fact.ts';
import { createSegment } from '../../src/journal/segments.ts';
import { isDocumentBehind, refreshDocument } from '../../src/store/refresh-document.ts';
import { makeNote } from '../helpers/script-facts.ts';
import { allEvents, archiveNames, readDocument } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const OPTIONS = { maxBytes: 1e6, fsync: false };

it('a document whose writer was killed after it was archived is behind, so that no event stands in two places', () => {
  const stateDir = tempDir();
  appendFact(stateDir, makeNote(1), OPTIONS);
  refreshDocument(stateDir, OPTIONS.maxBytes);
  const before = JSON.stringify(readDocument(stateDir));
  createSegment(stateDir, 2);
  refreshDocument(stateDir, OPTIONS.maxBytes);
  // As if it had been killed between the two.
  writeFileSync(`${stateDir}/pipeline_progress.json`, before);
  expect(archiveNames(stateDir)).toHaveLength(1);
  expect(isDocumentBehind(stateDir)).toBe(true);
  refreshDocument(stateDir, OPTIONS.maxBytes);
  expect(allEvents(stateDir)).toHaveLength(1);
  expect(readDocument(stateDir).statistics.total_events).toBe(1);
  expect(isDocumentBehind(stateDir)).toBe(false);
});

it('a folder with an empty segment and no document has nothing to tell', () => {
  const stateDir = tempDir();
  appendFact(stateDir, makeNote(1), OPTIONS);
  createSegment(stateDir, 2);
  expect(isDocumentBehind(stateDir)).toBe(true);
  expect(isDocumentBehind(tempDir())).toBe(false);
});
