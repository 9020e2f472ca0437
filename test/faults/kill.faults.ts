/** Processes that are killed with SIGKILL at whatever moment: what they acknowledged is there, once. */
import { describe, expect } from 'vitest';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { outcomeOf, startFixture } from '../helpers/run-program.ts';
import { allEvents, readDocument } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { fault, times } from './fault.ts';

const idsIn = (text: string): string[] => text.split('\n').filter(line => line.length === 16);
const LANES = 4;

describe('kill -9', () => {
  fault('a writer, at a random moment', 'every event that was acknowledged is there, once', async ({ count }) => {
    const stateDir = tempDir();
    const maxBytes = 400_000;
    const acknowledged: string[] = [];
    const rounds = times(200, 1000) / LANES;
    const lane = async (number: number): Promise<void> => {
      for (let round = 0; round < rounds; round++) {
        const writer = number * rounds + round + 1;
        // Some write the document too, which is what they are in the middle of when they are killed.
        const child = startFixture('append-notes', [stateDir, writer, 0, maxBytes, round % 5 === 0 ? 20 : 0]);
        const outcome = outcomeOf(child);
        let left = 1 + Math.floor(Math.random() * 30);
        child.stdout?.on('data', text => {
          left -= idsIn(text).length;
          if (left <= 0) child.kill('SIGKILL');
        });
        const { signal, stdout } = await outcome;
        expect(signal).toBe('SIGKILL');
        count('kills', 1);
        acknowledged.push(...idsIn(stdout));
      }
    };
    await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
    refreshDocument(stateDir, maxBytes);
    const events = allEvents(stateDir).map(event => event.event_id.slice(4));
    const kept = new Set(events);
    expect(kept.size).toBe(events.length);
    expect(acknowledged.filter(id => !kept.has(id))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThanOrEqual(rounds * LANES);
    expect(readDocument(stateDir).statistics.total_events).toBe(events.length);
    count('acknowledged', acknowledged.length);
    count('lost', acknowledged.filter(id => !kept.has(id)).length);
  });
});
