/** The clock of the wall jumps by days and years, in the middle of a run. */
import { describe, expect } from 'vitest';
import { appendFact } from '../../src/journal/append-fact.ts';
import { readDocumentHead } from '../../src/store/read-document.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { end, note, start, T0 } from '../helpers/run-cli.ts';
import { runHook } from '../helpers/run-program.ts';
import { allEvents, archiveNames, readDocument } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { fault, times } from './fault.ts';

const DAY = 86_400_000;
const CLOCKS = [T0, T0 - DAY, T0 + 40 * DAY, Date.parse('2099-12-31T23:59:59Z'), 0, T0 + 1, 8.64e15];
const OPTIONS = { maxBytes: 20_000, fsync: false };

function expectSane(stateDir: string, events: number): void {
  const all = allEvents(stateDir);
  expect(all.length).toBe(events);
  for (const event of all) {
    expect(Number.isNaN(Date.parse(event.timestamp))).toBe(false);
    if ('duration_ms' in event) expect(event.duration_ms as number).toBeGreaterThanOrEqual(0);
  }
  expect(readDocument(stateDir).statistics.total_events).toBe(events);
}

describe('the clock jumps', () => {
  fault(
    'between all facts of a thousand runs',
    'no duration is negative, nothing is deleted, journal order holds',
    ({ count }) => {
      const stateDir = tempDir();
      const runs = times(300, 5000);
      for (let run = 1; run <= runs; run++) {
        const at = () => CLOCKS[Math.floor(Math.random() * CLOCKS.length)] ?? 0;
        const begun = start(2 * run, { at: at() });
        for (const fact of [begun, note(1e6 + run, { at: at() }), end(2 * run, { at: at() })])
          appendFact(stateDir, fact, OPTIONS);
        count('jumps', 3);
      }
      refreshDocument(stateDir, OPTIONS.maxBytes);
      // A question sweeps what is long dead: nothing here is open.
      readDocumentHead(stateDir, () => {});
      expectSane(stateDir, 3 * runs);
      expect(archiveNames(stateDir).length).toBeGreaterThan(2);
      const ids = allEvents(stateDir).filter(event => event.event_type === 'command_start');
      expect(ids.length).toBe(runs);
    },
  );

  fault('between the hooks of a session', 'no duration is negative, and no hook says a word', async ({ count }) => {
    const stateDir = tempDir();
    const rounds = times(10, 100);
    for (let round = 0; round < rounds; round++) {
      for (const hook_event_name of ['UserPromptSubmit', 'Stop']) {
        const input = { session_id: 's1', prompt_id: `p${round}`, hook_event_name, prompt: 'x' };
        const now = CLOCKS[(round + (hook_event_name === 'Stop' ? 3 : 0)) % CLOCKS.length];
        const env = { SPANBOOK_STATE_DIR: stateDir, SPANBOOK_NOW: String(now) };
        const outcome = await runHook('claude-code', { input, env });
        expect(outcome).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
        count('jumps', 1);
      }
    }
    refreshDocument(stateDir, 1e9);
    expectSane(stateDir, 2 * rounds);
  });
});
