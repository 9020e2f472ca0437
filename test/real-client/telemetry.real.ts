/** What the client sends of its own, once `init --otlp` has told it to: each request that the API was asked for. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type OtlpReceiver, startOtlpReceiver } from '../../src/monitor/otlp-receiver.ts';
import type { OtlpRequest } from '../../src/usage/otlp-request.ts';
import { ROOT } from '../helpers/run-program.ts';
import { agent, bash, skill } from './calls.ts';
import { eachClient } from './each-client.ts';
import type { Project } from './project.ts';
import { openStage, type Stage } from './stage.ts';

const SCRIPTS = {
  build: [{ calls: [agent('builder', 'sub')] }, { calls: [skill('prototype-builder')] }, { text: 'done' }],
  sub: [{ calls: [bash('exit 0')] }, { text: 'ok' }],
};

const spanbook = ({ folder, home }: Project, ...args: string[]): void => {
  const env = { PATH: process.env.PATH, HOME: home };
  execFileSync(process.execPath, [`${ROOT}dist/bin/spanbook.cjs`, ...args], { cwd: folder, env, stdio: 'pipe' });
};

interface Played {
  stage: Stage;
  requests: OtlpRequest[];
  lines: string[];
}

/** Runs `/build` with a receiver that refuses the first so many exports. */
async function play(client: Parameters<typeof openStage>[0]['client'], refusals = 0): Promise<Played> {
  const requests: OtlpRequest[] = [];
  const lines: string[] = [];
  let turn = 0;
  const stage = await openStage({
    client,
    scripts: () => SCRIPTS,
    hooks: project => spanbook(project, 'init', '--otlp'),
  });
  let receiver: OtlpReceiver | undefined;
  try {
    const { port } = JSON.parse(readFileSync(`${stage.project.stateDir}/spanbook.json`, 'utf8')).receiver;
    receiver = await startOtlpReceiver({
      port,
      log: line => void lines.push(line),
      onRequests(got) {
        if (turn++ < refusals) throw new Error('full');
        requests.push(...got);
      },
    });
    const { code, stderr } = await stage.run('/build it');
    expect([code, stderr]).toEqual([0, '']);
    spanbook(stage.project, 'uninstall');
    expect(existsSync(`${stage.project.home}/.claude/settings.json`)).toBe(false);
    return { stage, requests, lines };
  } finally {
    await receiver?.close();
    await stage.close();
  }
}

eachClient('telemetry', client => {
  it('tells each request once, with its tokens, its prompt and who asked', async () => {
    const { stage, requests, lines } = await play(client);
    expect(requests).toHaveLength(stage.api.requests.length);
    const outputs = requests.map(({ request }) => request.tokens.output);
    expect(outputs).toEqual([50, 50, 51, 51, 52]);
    expect(requests.map(({ requestId }) => requestId)).toEqual([1, 2, 3, 4, 5].map(n => `req_test00000${n}`));
    expect(new Set(requests.map(({ prompt }) => prompt)).size).toBe(1);
    expect(requests.map(({ request }) => request.owner.agent)).toEqual(['(main)', null, null, '(main)', '(main)']);
    expect(requests.at(-1)?.request.owner.skill).toBe('prototype-builder');
    expect(lines).toEqual([]);
  });

  it('is sent again if it could not be kept', async () => {
    const { requests, lines } = await play(client, 1);
    expect(requests).toHaveLength(5);
    expect(lines).toHaveLength(2);
  });
});
