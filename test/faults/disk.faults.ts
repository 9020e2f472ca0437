/** Small disks that fill at each point, and run out of names. */
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { appendFact } from '../../src/journal/append-fact.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { runHook } from '../helpers/run-program.ts';
import { makeNote, span } from '../helpers/script-facts.ts';
import { smallDisk } from '../helpers/small-disk.ts';
import { allEvents, journalLines, readDocument } from '../helpers/state-folder.ts';
import { fault } from './fault.ts';

const OPTIONS = { maxBytes: 6000, fsync: false };
const SILENT = { code: 0, signal: null, stdout: '', stderr: '' };
const PAGE_BYTES = 4096;
const input = { session_id: 's1', prompt_id: 'p1', hook_event_name: 'UserPromptSubmit' };

/** Leaves so many pages of the disk that a file lies on. */
function leave(path: string, pages: number): void {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(path, Buffer.alloc(Math.max(0, bavail * bsize - pages * PAGE_BYTES)));
}

async function work(stateDir: string): Promise<string[]> {
  const accepted: string[] = [];
  for (let number = 1; number <= 20; number++) {
    try {
      mkdirSync(stateDir, { recursive: true });
      appendFact(stateDir, makeNote(number), OPTIONS);
      accepted.push(`evt-${span(number)}`);
      refreshDocument(stateDir, OPTIONS.maxBytes);
    } catch {
      // It goes on with the next one, as hooks do.
    }
  }
  expect(await runHook('claude-code', { input, env: { SPANBOOK_STATE_DIR: stateDir } })).toEqual(SILENT);
  return accepted;
}

function expectAll(stateDir: string, accepted: readonly string[]): void {
  refreshDocument(stateDir, OPTIONS.maxBytes);
  const ids = allEvents(stateDir).map(event => event.event_id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining([...accepted]));
  expect(readDocument(stateDir).statistics.total_events).toBe(ids.length);
}

describe('disks', () => {
  fault(
    'one that fills at each of its last pages',
    'what was accepted is there once; documents are whole',
    async row => {
      for (let pages = 0; pages <= 12; pages++) {
        const disk = smallDisk('size=256k');
        if ('refused' in disk) return row.skip(disk.refused);
        const stateDir = `${disk.path}/state`;
        leave(`${disk.path}/filler`, pages);
        const accepted = await work(stateDir);
        if (existsSync(`${stateDir}/pipeline_progress.json`)) readDocument(stateDir);
        rmSync(`${disk.path}/filler`);
        mkdirSync(stateDir, { recursive: true });
        expectAll(stateDir, accepted);
        row.count('disks', 1);
        row.count('accepted', accepted.length);
      }
      row.count('lost', 0);
    },
  );

  fault(
    'one that has no names left for files',
    'what was accepted is there once, and the hook is silent',
    async row => {
      for (let names = 1; names <= 12; names++) {
        const disk = smallDisk(`size=1m,nr_inodes=${names}`);
        if ('refused' in disk) return row.skip(disk.refused);
        const accepted = await work(`${disk.path}/state`);
        const there = readdirSync(disk.path);
        if (there.length > 0 && accepted.length > 0) {
          // A name is free again once something else is gone.
          const { files } = statfsSync(disk.path);
          expect(files).toBe(names);
          const ids = idsInJournal(`${disk.path}/state`);
          expect(ids).toEqual(expect.arrayContaining(accepted.map(id => id.slice(4))));
        }
        row.count('disks', 1);
        row.count('accepted', accepted.length);
      }
      row.count('lost', 0);
    },
  );
});

/** Ids of the facts in the journal, which is the truth where no document can be made. */
const idsInJournal = (stateDir: string): string[] => journalLines(stateDir).map(line => JSON.parse(line).id);
