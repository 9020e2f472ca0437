/** Many processes at one state folder: nothing lost, nothing torn, nothing counted twice. */
import { describe, expect, it } from 'vitest';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { outcomeOf, runFixture, startFixture } from '../helpers/run-program.ts';
import { allEvents, archiveNames, journalLines, readDocument } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const ids = (text: string): string[] => text.split('\n').filter(line => line.length === 16);

describe('8 processes at once', () => {
  it('write 40,000 events through five rotations, and a reader never sees an invalid document', async () => {
    const stateDir = tempDir();
    const maxBytes = 2_000_000;
    const watcher = startFixture('watch-document', [stateDir]);
    const watched = outcomeOf(watcher);
    const writers = Array.from({ length: 8 }, (_, i) =>
      runFixture('append-notes', [stateDir, i + 1, 5000, maxBytes, i < 3 ? 500 : 0]),
    );
    const outcomes = await Promise.all(writers);
    watcher.stdin?.end();
    for (const { code, stderr } of outcomes) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    refreshDocument(stateDir, maxBytes);

    const acknowledged = outcomes.flatMap(({ stdout }) => ids(stdout)).sort();
    expect(acknowledged.length).toBe(40_000);
    expect(journalLines(stateDir).length).toBe(40_000);
    const events = allEvents(stateDir);
    expect(events.map(event => event.event_id.slice(4)).sort()).toEqual(acknowledged);
    expect(readDocument(stateDir).statistics.total_events).toBe(40_000);
    expect(readDocument(stateDir).skipped).toBeUndefined();
    expect(archiveNames(stateDir).length).toBeGreaterThanOrEqual(5);

    const seen = JSON.parse((await watched).stdout);
    expect(seen.reads).toBeGreaterThan(10);
    expect(seen.invalid).toBe(0);
    // Nothing can compare and rename in one step: a writer that is stopped right between the two may put its older
    // document in place, until the next one comes. That is rare; writers that do not look at all are not.
    expect(seen.backwards).toBeLessThanOrEqual(Math.max(3, seen.reads / 100));
  });
});

describe('a writer that is killed', () => {
  it('leaves every acknowledged event there once, 200 times', async () => {
    const stateDir = tempDir();
    const maxBytes = 400_000;
    const acknowledged: string[] = [];
    const lane = async (first: number): Promise<void> => {
      for (let round = 0; round < 50; round++) {
        const child = startFixture('append-notes', [stateDir, first + round, 0, maxBytes, round % 5 === 0 ? 20 : 0]);
        const outcome = outcomeOf(child);
        // Killed at a random moment: after so many acknowledgements, in the middle of whatever it does then.
        let left = 1 + Math.floor(Math.random() * 30);
        child.stdout?.on('data', text => {
          left -= ids(text).length;
          if (left <= 0) child.kill('SIGKILL');
        });
        const { signal, stdout } = await outcome;
        expect(signal).toBe('SIGKILL');
        acknowledged.push(...ids(stdout));
      }
    };
    await Promise.all([lane(1000), lane(2000), lane(3000), lane(4000)]);
    refreshDocument(stateDir, maxBytes);
    const events = allEvents(stateDir).map(event => event.event_id.slice(4));
    const kept = new Set(events);
    expect(kept.size).toBe(events.length);
    expect(acknowledged.filter(id => !kept.has(id))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThanOrEqual(200);
    expect(readDocument(stateDir).statistics.total_events).toBe(events.length);
  });
});
