/** The real client's transcripts, its telemetry and the totals that it prints: all three are the same. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startOtlpReceiver } from '../../src/monitor/otlp-receiver.ts';
import type { ReconcileAnswer } from '../../src/query/usage/reconcile-answer.ts';
import { appendLedger } from '../../src/store/ledger.ts';
import { toLedgerLine } from '../../src/usage/ledger-line.ts';
import { ROOT } from '../helpers/run-program.ts';
import { agent, bash, skill } from './calls.ts';
import { eachClient } from './each-client.ts';
import type { Project } from './project.ts';
import { openStage } from './stage.ts';

const SCRIPTS = {
  build: [{ calls: [agent('builder', 'sub')] }, { calls: [skill('prototype-builder')] }, { text: 'done' }],
  sub: [{ calls: [bash('exit 0')] }, { text: 'ok' }],
  ask: [{ text: 'so it is' }],
};

const spanbook = ({ folder, home }: Project, ...args: string[]): string => {
  const env = { PATH: process.env.PATH, HOME: home };
  return execFileSync(process.execPath, [`${ROOT}dist/bin/spanbook.cjs`, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
};

eachClient('reconciliation', client => {
  it('finds no difference between transcripts, telemetry and results', async () => {
    const stage = await openStage({
      client,
      scripts: () => SCRIPTS,
      hooks: project => void spanbook(project, 'init', '--otlp'),
    });
    const { project, results } = stage;
    const { port } = JSON.parse(readFileSync(`${project.stateDir}/spanbook.json`, 'utf8')).receiver;
    const receiver = await startOtlpReceiver({
      port,
      log: () => {},
      onRequests(requests) {
        const lines = requests.map(({ request, prompt, costUsdMicros }) =>
          toLedgerLine(request, { prompt: prompt ?? undefined, costMicros: costUsdMicros ?? undefined }),
        );
        appendLedger(project.stateDir, lines.map(line => `${line}\n`).join(''));
      },
    });
    try {
      for (const args of [['/build it'], ['--continue', '[[ask]]']]) {
        expect(await stage.run(...args)).toMatchObject({ code: 0, stderr: '' });
      }
      const file = `${project.home}/results.jsonl`;
      writeFileSync(file, results.map(result => JSON.stringify(result)).join('\n'));
      const answer = JSON.parse(spanbook(project, 'usage', 'reconcile', '--result', file, '--json')) as ReconcileAnswer;
      expect(answer.differences).toEqual([]);
      expect(answer.sources.map(({ source, requests }) => [source, requests])).toEqual([
        ['transcript', stage.api.requests.length],
        ['otlp', stage.api.requests.length],
        ['client', null],
      ]);
      expect(new Set([...answer.sources, answer.counted].map(({ cost }) => cost)).size).toBe(1);
      expect(answer.totals.map(({ from, agrees }) => [from, agrees])).toContainEqual(['result', true]);
    } finally {
      await receiver.close();
      await stage.close();
    }
  });
});
