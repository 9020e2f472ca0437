/** Archives that something damaged. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { appendFact } from '../../src/journal/append-fact.ts';
import { readState } from '../../src/store/read-document.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { makeNote, span } from '../helpers/script-facts.ts';
import { allEvents, archiveNames } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const OPTIONS = { maxBytes: 1500, fsync: true };

function threeArchives(): string {
  const stateDir = tempDir();
  for (let number = 1; archiveNames(stateDir).length < 3; number++) {
    appendFact(stateDir, makeNote(number), OPTIONS);
    refreshDocument(stateDir, OPTIONS.maxBytes);
  }
  return stateDir;
}

it.each(['', '{"schema_version":', '{"other":1}'])(
  'the newest archive with %j in it is made again from the journal',
  text => {
    const stateDir = threeArchives();
    const before = allEvents(stateDir).map(event => event.event_id);
    const newest = `${stateDir}/archive/pipeline_progress-00000003.json`;
    const whole = readFileSync(newest, 'utf8');
    writeFileSync(newest, text);
    // While the document is sound it goes on from there, and asks no archive.
    rmSync(`${stateDir}/pipeline_progress.json`);
    appendFact(stateDir, makeNote(0xffff), OPTIONS);
    readState(stateDir, () => {});
    refreshDocument(stateDir, OPTIONS.maxBytes);
    expect(allEvents(stateDir).map(event => event.event_id)).toEqual([...before, `evt-${span(0xffff)}`]);
    // A late line may have come to its segment meanwhile, so it says the same and need not be the same bytes.
    expect(JSON.parse(readFileSync(newest, 'utf8')).events).toEqual(JSON.parse(whole).events);
    const kept = readdirSync(`${stateDir}/archive`).filter(name => name.includes('.bad-'));
    expect(kept.map(name => readFileSync(`${stateDir}/archive/${name}`, 'utf8'))).toEqual([text]);
    expect(existsSync(`${stateDir}/pipeline_progress.json`)).toBe(true);
  },
);
