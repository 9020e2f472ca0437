/** The monitor, killed again and again while everything that it follows grows. */
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { appendFact } from '../../src/journal/append-fact.ts';
import { readAlerts } from '../../src/store/alert-log.ts';
import { type OtlpServer, startOtlpServer, withoutRepeats } from '../helpers/otlp-server.ts';
import { programJournal } from '../helpers/program-journal.ts';
import { writeSettings } from '../helpers/run-cli.ts';
import { monitoredFolder, spawnSpanbook, until } from '../helpers/run-monitor.ts';
import { outcomeOf } from '../helpers/run-program.ts';
import { allEvents, readDocument } from '../helpers/state-folder.ts';
import { sums, sumsOf, usageWorld } from '../helpers/usage-cases.ts';
import { usageRound } from '../helpers/usage-rounds.ts';
import { fault, times } from './fault.ts';

const OPTIONS = { maxBytes: 20_000, fsync: false };
/** A command with a skill in it. */
const SPANS_A_ROUND = 2;
const A_ROUND = { requests: 3, input: 21, output: 42 };

const stamp = (path: string): string => {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.ino} ${stats.mtimeMs}` : '';
};

describe('kill -9', () => {
  fault('the monitor', 'document, usage, alerts and traces are as if it had never been killed', async ({ count }) => {
    const rounds = times(12, 200);
    const stateDir = monitoredFolder();
    const world = usageWorld({}, stateDir);
    const server: OtlpServer = await startOtlpServer();
    appendFact(stateDir, facts(1)[0] as never, OPTIONS);
    writeSettings(stateDir, {
      otlp: { endpoint: server.url },
      poll_interval_seconds: 1,
      rotation: { max_bytes: OPTIONS.maxBytes },
    });
    const start = () =>
      spawnSpanbook(['monitor', 'run', '--state-dir', stateDir], { CLAUDE_CONFIG_DIR: world.claudeDir });
    for (let round = 1; round <= rounds; round++) {
      const monitor = start();
      const ended = outcomeOf(monitor);
      for (const fact of facts(round)) appendFact(stateDir, fact, OPTIONS);
      world.append(...usageRound(round));
      // At a moment that is another one each time: it was just started, has written this or that, or has sent.
      const signs = [
        () => existsSync(`${stateDir}/monitor.json`),
        changed(`${stateDir}/pipeline_progress.json`),
        changed(`${stateDir}/usage/index.bin`),
        changed(`${stateDir}/usage_stats.json`),
        sentMore(server),
      ];
      await until(signs[round % signs.length] as () => boolean, 20_000);
      const gone = once(monitor, 'exit');
      monitor.kill('SIGKILL');
      await gone;
      await ended;
      count('kills', 1);
    }
    const last = start();
    const expected = sums({ ...A_ROUND, requests: 3 * rounds, input: 21 * rounds, output: 42 * rounds });
    await until(() => withoutRepeats(server.spans).length === SPANS_A_ROUND * rounds, 60_000);
    await until(() => totalsIn(stateDir) === expected.requests, 60_000);
    last.kill('SIGTERM');
    await once(last, 'exit');
    const events = allEvents(stateDir).map(event => event.event_id);
    expect(new Set(events).size).toBe(events.length);
    expect(events.length).toBe(2 * SPANS_A_ROUND * rounds);
    expect(readDocument(stateDir).statistics.total_events).toBe(events.length);
    const { requests, input, output } = sumsOf(world.read().view);
    expect({ requests, input, output }).toEqual({
      requests: expected.requests,
      input: expected.input,
      output: expected.output,
    });
    const alerts = readAlerts(stateDir).map(({ key }) => key);
    expect(new Set(alerts).size).toBe(alerts.length);
    const spans = withoutRepeats(server.spans).map(span => span.spanId);
    expect(new Set(spans).size).toBe(spans.length);
    count('events', events.length);
    count('requests', requests);
    count('spans', spans.length);
    count('lost', 0);
  });
});

/** Those of this round: programs of one command each. */
const facts = (round: number) => programJournal(SPANS_A_ROUND * round).slice(-2 * SPANS_A_ROUND);

function changed(path: string): () => boolean {
  const before = stamp(path);
  return () => stamp(path) !== before;
}

function sentMore(server: OtlpServer): () => boolean {
  const before = server.requests;
  return () => server.requests > before;
}

/** Requests in the document of usage; null while there is none. */
function totalsIn(stateDir: string): number | null {
  const path = `${stateDir}/usage_stats.json`;
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).totals.requests : null;
}
