/** Lines of the journal and of the ledger, and documents of the state folder: ours, but who knows what happened to them. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { ledgerRules } from '../../src/ledger-rules.ts';
import { readMonitorFile } from '../../src/monitor/monitor-file.ts';
import { readAlerts } from '../../src/store/alert-log.ts';
import { readDeliveries } from '../../src/store/delivery-log.ts';
import { readImportedFiles, readImportedPrompts } from '../../src/store/import-index.ts';
import { LedgerFiles } from '../../src/store/ledger-files.ts';
import { LedgerFold } from '../../src/store/ledger-fold.ts';
import { newestLimits, sessionCosts } from '../../src/store/rate-limits.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { readQuarantined, readRelayStatus } from '../../src/store/relay/relay-status.ts';
import { toLedgerLine } from '../../src/usage/ledger-line.ts';
import { MEASURES, UsageCube } from '../../src/usage/usage-cube.ts';
import { alertOf } from '../helpers/alerts.ts';
import { billedRequest } from '../helpers/arbitrary-requests.ts';
import { shippedTable } from '../helpers/prices.ts';
import { recordedFacts } from '../helpers/recorded-session.ts';
import { cli, makeState } from '../helpers/run-cli.ts';
import { makeContext, makeEnd, makeNote, makeRequest, makeStart, span } from '../helpers/script-facts.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { fault, times } from './fault.ts';
import { fuzz, putFile } from './fuzz.ts';
import { hostileJson } from './hostile-json.ts';
import { foldLines } from './valid-document.ts';

const sum = { tokens: { input: 1, cache_read: 2, cache_write_5m: 0, cache_write_1h: 0, output: 3 }, requests: 1 };
const program = { pid: 7, started: 1, boot: 'b', host: 'h', namespace: 'n' };
const FACTS = [
  ...recordedFacts(),
  makeStart(1, { process: program, attributes: { a: 1 }, resource: { b: [2] }, handed: true }),
  makeStart(2, { parent: span(1), level: 'skill', label: 'l', intent: 'i', stage: 's', system: 'x' }),
  makeEnd(1, { outputs: { files: 1 }, error: { type: 'Error', message: 'no', recovery: { retry: true } } }),
  makeNote(3, { level: 'error', type: 'T', recovery: 'again' }),
  makeContext({ stage: 'one', checkpoint: 3 }),
  makeRequest(4, 1, 5),
  { v: 1, at: 0, source: 'import', kind: 'usage', span: span(1), self: sum, total: sum, leaves: [], complete: true },
  { v: 1, at: 0, source: 'hook', kind: 'lost', span: span(2) },
];

const line = (samples: readonly unknown[]): fc.Arbitrary<string> =>
  hostileJson(samples.map(sample => JSON.stringify(sample))).map(text => text.replaceAll('\n', ' '));

const ledgerLine = hostileJson(
  fc.sample(billedRequest(), { numRuns: 30, seed: 1 }).map(request => toLedgerLine(request)),
);

/** A document as it lies in a state folder, and who reads it. `read` says whether it was taken for what it should be. */
interface Kept {
  path: string;
  samples: readonly string[];
  read(stateDir: string, path: string): boolean;
}

const _say = (): void => {};
const alert = alertOf();
const noted_at = '2026-11-26T13:30:00.000Z';
const relay = {
  endpoint: 'http://127.0.0.1:4318',
  state: 'holding',
  reason: 'HTTP 500',
  lag_events: 1,
  sent: 2,
  pid: 3,
};
const limits = {
  v: 1,
  at: noted_at,
  session_id: 's',
  cost: { total_cost_usd: 1.5 },
  rate_limits: { five_hour: { used_percentage: 7 } },
};
const monitor = {
  version: '1',
  pid: 99,
  process: { ...program, pid: 99 },
  nonce: 'a'.repeat(32),
  started_at: noted_at,
  last_poll_at: noted_at,
  socket: '@x',
};
const quarantined = {
  at: noted_at,
  reason: 'HTTP 400',
  rejected: null,
  spans: [{ trace_id: 't', span_id: 's', name: 'n' }],
};
const since = Number.NEGATIVE_INFINITY;

const KEPT: readonly Kept[] = [
  {
    path: 'monitor.json',
    samples: [JSON.stringify(monitor)],
    read: (_, path) => typeof readMonitorFile(path) === 'object',
  },
  { path: 'relay.json', samples: [JSON.stringify(relay)], read: (_, path) => readRelayStatus(path) !== null },
  {
    path: 'quarantine.jsonl',
    samples: [JSON.stringify(quarantined)],
    read: (_, path) => readQuarantined(path).size > 0,
  },
  {
    path: 'usage/rate-limits.jsonl',
    samples: [JSON.stringify(limits)],
    read: dir => sessionCosts(dir).size > 0 && newestLimits(dir) !== null,
  },
  {
    path: 'usage/alerts.jsonl',
    samples: [
      JSON.stringify({ noted_at, alert }),
      JSON.stringify({ noted_at, delivery: { key: 'k', channel: 'c', outcome: 'begun' } }),
    ],
    read: dir => readAlerts(dir, { since }).length + readDeliveries(dir, since).size > 0,
  },
  {
    path: 'journal/imported-files.json',
    samples: ['[["/a.jsonl",[1,2]],["/b.jsonl",[3,4]]]'],
    read: dir => readImportedFiles(dir).size > 0,
  },
  {
    path: 'journal/imported-prompts.json',
    samples: ['[["u1","/a.jsonl"]]'],
    read: dir => readImportedPrompts(dir).size > 0,
  },
];

describe('input', () => {
  fault('lines of the journal', 'what is no fact is counted, the rest folded, and the document valid', row =>
    fuzz(row, { input: line(FACTS), take: foldLines }),
  );

  fault('lines of the ledger', 'what is no request is counted, and every sum of the rest is a finite number', row => {
    const stateDir = tempDir();
    mkdirSync(`${stateDir}/usage`);
    const rules = ledgerRules(shippedTable, [['/x*', 'stage']]);
    return fuzz(row, {
      input: ledgerLine,
      take(lines) {
        putFile(`${stateDir}/usage/requests-00000001.jsonl`, lines.map(text => `${text}\n`).join(''));
        const files = new LedgerFiles(stateDir);
        const cube = new UsageCube();
        const fold = new LedgerFold({ files, cube, through: new Map(), rules });
        fold.catchUp();
        files.close();
        for (const measure of MEASURES) {
          const column: Iterable<number> = cube.columns.measures[measure].subarray(0, cube.size);
          expect([measure, [...column].every(Number.isFinite)]).toEqual([measure, true]);
        }
        return Math.max(0, lines.length - fold.damaged);
      },
    });
  });

  fault('small documents of the state folder', 'they are read or taken for damaged, and none stops a reader', row => {
    const stateDir = tempDir();
    for (const folder of ['usage', 'journal']) mkdirSync(`${stateDir}/${folder}`);
    const input = fc.oneof(...KEPT.map(kept => hostileJson(kept.samples).map(text => ({ kept, text }))));
    return fuzz(row, {
      input,
      inputs: times(20_000, 1_000_000),
      take(files) {
        let accepted = 0;
        for (const { kept, text } of files) {
          const path = `${stateDir}/${kept.path}`;
          putFile(path, `${text}\n`);
          if (kept.read(stateDir, path)) accepted++;
        }
        return accepted;
      },
    });
  });

  fault(
    'pipeline_progress.json, in front of commands',
    'an answer, or the document is written anew from the journal',
    row => {
      const stateDir = makeState(recordedFacts());
      refreshDocument(stateDir, 1e9);
      const path = `${stateDir}/pipeline_progress.json`;
      const whole = readFileSync(path, 'utf8');
      const commands = ['status', 'hierarchy', 'errors', 'active', 'sessions'];
      let turn = 0;
      return fuzz(row, {
        input: hostileJson([whole]),
        inputs: times(600, 50_000),
        async take(texts) {
          let accepted = 0;
          for (const text of texts) {
            putFile(path, text);
            const command = commands[turn++ % commands.length] ?? '';
            const { code, out, err } = await cli(['pipeline', command, '--state-dir', stateDir]);
            expect([code, err.includes('unexpected'), out !== ''], err).toEqual([0, false, true]);
            if (!err.includes('kept as')) accepted++;
          }
          for (const name of readdirSync(stateDir)) if (name.includes('.bad-')) rmSync(`${stateDir}/${name}`);
          return accepted;
        },
      });
    },
  );
});
