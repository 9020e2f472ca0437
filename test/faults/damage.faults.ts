/** Files of the state folder with each of their bytes changed, cut or doubled. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { appendFact } from '../../src/journal/append-fact.ts';
import { readFacts } from '../../src/journal/read-facts.ts';
import { segmentPath } from '../../src/journal/segments.ts';
import type { NoteFact } from '../../src/model/fact.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { NOON } from '../helpers/client-facts.ts';
import { makeNote } from '../helpers/script-facts.ts';
import { allEvents } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { inMain, sumsOf, usageWorld } from '../helpers/usage-cases.ts';
import { transcript, used } from '../helpers/write-transcripts.ts';
import { fault, isLong, times } from './fault.ts';

const OPTIONS = { maxBytes: 1e6, fsync: false };
const JOURNAL_BYTES = 2048;
const NEWLINE = 0x0a;

/** What may become of a byte. `last`: everything from it on is gone. */
const HOWS = ['changed', 'cut', 'doubled', 'last'] as const;

function damaged(bytes: Buffer, at: number, how: (typeof HOWS)[number]): Buffer {
  const before = bytes.subarray(0, at);
  if (how === 'cut') return Buffer.concat([before, bytes.subarray(at + 1)]);
  if (how === 'doubled') return Buffer.concat([bytes.subarray(0, at + 1), bytes.subarray(at)]);
  if (how === 'last') return before;
  const flipped = Buffer.from(bytes);
  flipped[at] = (flipped[at] ?? 0) ^ (isLong ? 1 << (at % 8) : 0x15);
  return flipped;
}

const damages = (length: number) => Array.from({ length }, (_, at) => HOWS.map(how => ({ at, how }))).flat();

describe('damaged bytes', () => {
  fault(
    'each byte of a journal of 2 KB',
    'only the lines that it touches are lost, and they are counted',
    ({ count }) => {
      const stateDir = tempDir();
      const path = segmentPath(stateDir, 1);
      for (let number = 1; number < 3 || statSync(path).size < JOURNAL_BYTES; number++)
        appendFact(stateDir, makeNote(number), OPTIONS);
      const bytes = readFileSync(path);
      const lines = bytes.toString().trimEnd().split('\n');
      const messages = lines.map(line => (JSON.parse(line) as NoteFact).message);
      const starts = lines.map((_, index) => lines.slice(0, index).join('\n').length + (index > 0 ? 1 : 0));
      for (const { at, how } of damages(bytes.length)) {
        writeFileSync(path, damaged(bytes, at, how));
        const found: (string | undefined)[] = [];
        let skipped = 0;
        readFacts(stateDir, 1, 0, {
          onFact: fact => found.push((fact as NoteFact).message),
          onSkipped: () => skipped++,
        });
        // Without the end of its line, one line takes the next along.
        const touched = starts.findLastIndex(start => start <= at);
        const reach = bytes[at] === NEWLINE || how === 'changed' ? 1 : 0;
        const isWhole = (index: number): boolean =>
          how === 'last' ? index < touched : index < touched || index > touched + reach;
        for (const [index, message] of messages.entries()) {
          if (isWhole(index)) expect(found, `${how} at ${at}`).toContain(message);
        }
        if (how !== 'last') expect(found.length + skipped).toBeGreaterThanOrEqual(lines.length - 1);
        count('damages', 1);
      }
    },
  );

  fault(
    'each byte of what is derived: document, resume point, index of usage',
    'answers are as without it, once it was read again',
    ({ count }) => {
      const t = transcript(undefined, NOON);
      const world = usageWorld();
      const { stateDir } = world;
      world.append(...inMain(t.command('ship', 'p1'), t.answer('a', used(10, 2)), t.answer('b', used(4, 8))));
      for (const number of [1, 2, 3]) appendFact(stateDir, makeNote(number), OPTIONS);
      refreshDocument(stateDir, OPTIONS.maxBytes);
      const usage = sumsOf(world.read().view);
      const events = eventIds(stateDir);
      const resumePoint = (): string =>
        `journal/${readdirSync(`${stateDir}/journal`).find(name => name.startsWith('resume-'))}`;
      for (const file of [() => 'pipeline_progress.json', () => 'usage/index.bin', resumePoint]) {
        let index = 0;
        for (const { at, how } of damages(readFileSync(`${stateDir}/${file()}`).length)) {
          // Every 61st, or every fifth: which is another kind of damage each time.
          if (index++ % times(61, 5) !== 0) continue;
          const path = `${stateDir}/${file()}`;
          const bytes = readFileSync(path);
          writeFileSync(path, damaged(bytes, at, how));
          // One that is known already: there is something to fold, and nothing to add.
          appendFact(stateDir, makeNote(1), OPTIONS);
          refreshDocument(stateDir, OPTIONS.maxBytes);
          const where = `${path}, ${how} at ${at}`;
          if (path.endsWith('.bin')) expect(sumsOf(world.read().view), where).toEqual(usage);
          // A byte of an event that is only another one shows to nobody but whoever compares it with the journal.
          else if (how !== 'changed') expect(eventIds(stateDir), where).toEqual(events);
          for (const name of readdirSync(stateDir)) if (name.includes('.bad-')) rmSync(`${stateDir}/${name}`);
          if (file !== resumePoint) writeFileSync(path, bytes);
          count('damages', 1);
        }
      }
    },
  );
});

const eventIds = (stateDir: string): string[] => allEvents(stateDir).map(event => event.event_id);
