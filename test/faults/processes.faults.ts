/** Many processes at one state folder: nothing lost, nothing torn, nothing counted twice. */
import { describe, expect, onTestFinished } from 'vitest';
import { appendFact } from '../../src/journal/append-fact.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { until } from '../helpers/run-monitor.ts';
import { outcomeOf, runFixture, startFixture } from '../helpers/run-program.ts';
import { makeNote } from '../helpers/script-facts.ts';
import { allEvents, archiveNames, journalLines, readDocument } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { fault, times } from './fault.ts';

const WRITERS = 8;
const idsIn = (text: string): string[] => text.split('\n').filter(line => line.length === 16);

describe('processes', () => {
  fault(
    'eight writers, rotations, and a reader that never rests',
    'every event is there once, and the reader never sees an invalid document',
    async ({ count }) => {
      const stateDir = tempDir();
      const each = times(2000, 10_000);
      const maxBytes = 50 * WRITERS * each;
      const watcher = startFixture('watch-document', [stateDir]);
      const watched = outcomeOf(watcher);
      const writers = Array.from({ length: WRITERS }, (_, index) =>
        runFixture('append-notes', [stateDir, index + 1, each, maxBytes, index < 3 ? 500 : 0]),
      );
      const outcomes = await Promise.all(writers);
      watcher.stdin?.end();
      for (const { code, stderr } of outcomes) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      refreshDocument(stateDir, maxBytes);

      const acknowledged = outcomes.flatMap(({ stdout }) => idsIn(stdout)).sort();
      expect(acknowledged.length).toBe(WRITERS * each);
      expect(journalLines(stateDir).length).toBe(WRITERS * each);
      expect(
        allEvents(stateDir)
          .map(event => event.event_id.slice(4))
          .sort(),
      ).toEqual(acknowledged);
      expect(readDocument(stateDir).statistics.total_events).toBe(WRITERS * each);
      expect(readDocument(stateDir).skipped).toBeUndefined();
      expect(archiveNames(stateDir).length).toBeGreaterThanOrEqual(5);

      const seen = JSON.parse((await watched).stdout);
      expect(seen.reads).toBeGreaterThan(10);
      expect(seen.invalid).toBe(0);
      // Nothing can compare and rename in one step: a writer that is stopped right between the two may put its older
      // document in place, until the next one comes. That is rare; writers that do not look at all are not.
      expect(seen.backwards).toBeLessThanOrEqual(Math.max(3, seen.reads / 100));
      count('events', WRITERS * each);
      count('rotations', archiveNames(stateDir).length);
      count('reads', seen.reads);
      count('invalid', seen.invalid);
    },
  );

  fault(
    'a writer that is stopped for long (SIGSTOP), and goes on',
    'it changes nothing that others wrote meanwhile',
    async ({ count }) => {
      const stateDir = tempDir();
      const options = { maxBytes: 100_000, fsync: false };
      let own = 0;
      for (let round = 1; round <= times(15, 200); round++) {
        const sleeper = startFixture('append-notes', [stateDir, round, 0, options.maxBytes, 1]);
        onTestFinished(() => void sleeper.kill('SIGKILL'));
        const outcome = outcomeOf(sleeper);
        let said = 0;
        sleeper.stdout?.on('data', text => {
          said += idsIn(text).length;
        });
        await until(() => said > 1 + Math.random() * 4, 20_000);
        sleeper.kill('SIGSTOP');
        const before = readTotal(stateDir);
        for (let number = 0; number < 5; number++) appendFact(stateDir, makeNote(0xf00000 + ++own), options);
        refreshDocument(stateDir, options.maxBytes);
        expect(readTotal(stateDir)).toBeGreaterThanOrEqual(before + 5);
        const after = said;
        sleeper.kill('SIGCONT');
        await until(() => said > after + 2, 20_000);
        sleeper.kill('SIGKILL');
        const acknowledged = idsIn((await outcome).stdout);
        refreshDocument(stateDir, options.maxBytes);
        const kept = allEvents(stateDir).map(event => event.event_id.slice(4));
        expect(new Set(kept).size).toBe(kept.length);
        expect(kept).toEqual(expect.arrayContaining(acknowledged));
        expect(readTotal(stateDir)).toBe(kept.length);
        count('stops', 1);
        count('acknowledged', acknowledged.length + 5);
      }
      count('lost', 0);
    },
  );
});

const readTotal = (stateDir: string): number => readDocument(stateDir).statistics.total_events;
