/** Processes that are killed with SIGKILL at whatever moment: what they acknowledged is there, once. */
import { rmSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { readAlerts } from '../../src/store/alert-log.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { startOtlpServer, withoutRepeats } from '../helpers/otlp-server.ts';
import { programJournal } from '../helpers/program-journal.ts';
import { makeState } from '../helpers/run-cli.ts';
import { outcomeOf, startFixture } from '../helpers/run-program.ts';
import { allEvents, readDocument } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { fault, times } from './fault.ts';

const idsIn = (text: string): string[] => text.split('\n').filter(line => line.length === 16);
const LANES = 4;
const KILLS_A_BATCH = 5;

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

  fault(
    'a writer in the middle of 8 MB',
    'the torn line costs itself; what came before and comes after is whole',
    async row => {
      const stateDir = tempDir();
      const acknowledged: string[] = [];
      for (let round = 1; round <= times(10, 60); round++) {
        const child = startFixture('append-notes', [stateDir, round, 0, 1e12, 0, 0, 8_000_000]);
        const outcome = outcomeOf(child);
        child.stdout?.once('data', () => child.kill('SIGKILL'));
        acknowledged.push(...idsIn((await outcome).stdout));
        row.count('kills', 1);
        if (round % 10 === 0) {
          // 80 MB and more are enough to read back at once.
          expectKept(stateDir, acknowledged);
          for (const name of ['journal', 'pipeline_progress.json']) rmSync(`${stateDir}/${name}`, { recursive: true });
          row.count('acknowledged', acknowledged.length);
          acknowledged.length = 0;
        }
      }
      row.count('lost', 0);
    },
  );

  fault('whoever notes alerts', 'every alert that was acknowledged is there, once', async ({ count }) => {
    const stateDir = tempDir();
    const acknowledged: string[] = [];
    for (let round = 0; round < times(20, 200); round++) {
      const child = startFixture('append-alerts', [stateDir, 'a', 0, round * 1000]);
      const outcome = outcomeOf(child);
      child.stdout?.once('data', () => child.kill('SIGKILL'));
      const { signal, stdout } = await outcome;
      expect(signal).toBe('SIGKILL');
      count('kills', 1);
      acknowledged.push(...stdout.split('\n').filter(Boolean));
    }
    const kept = readAlerts(stateDir).map(({ key }) => key);
    expect(kept).toEqual(expect.arrayContaining(acknowledged));
    expect(new Set(kept).size).toBe(kept.length);
    count('acknowledged', acknowledged.length);
    count('lost', 0);
  });

  fault('the relay, while it sends', 'every span arrives, and none twice with other content', async ({ count }) => {
    const kills = times(20, 100);
    const spans = Math.ceil(kills / KILLS_A_BATCH) * 512;
    const stateDir = makeState(programJournal(spans));
    let current: ReturnType<typeof startFixture> | null = null;
    let killed = 0;
    const server = await startOtlpServer(exchange => {
      if (exchange.number % (KILLS_A_BATCH + 1) === 0) return exchange.take();
      killed++;
      // Before it counts, and after.
      if (exchange.number % 2 === 0) exchange.keep();
      current?.kill('SIGKILL');
      exchange.reset();
    });
    for (let done = false; !done; ) {
      current = startFixture('ship', [stateDir, server.url]);
      done = (await outcomeOf(current)).code === 0;
    }
    expect(killed).toBeGreaterThanOrEqual(kills);
    const shown = withoutRepeats(server.spans);
    expect(shown.map(span => span.spanId)).toEqual(programJournal.ids(spans));
    count('kills', killed);
    count('spans', shown.length);
    count('sent again', server.spans.length - shown.length);
    count('lost', 0);
  });
});

function expectKept(stateDir: string, acknowledged: readonly string[]): void {
  refreshDocument(stateDir, 1e12);
  const kept = allEvents(stateDir).map(event => event.event_id.slice(4));
  expect(new Set(kept).size).toBe(kept.length);
  expect(kept).toEqual(expect.arrayContaining([...acknowledged]));
}
