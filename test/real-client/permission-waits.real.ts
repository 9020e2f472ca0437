/** A person is asked whether tools may run: what the client tells of it, down to the spans of the waits. */
import { execFileSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { receiverService } from '../../src/receiver-service.ts';
import { startOtlpServer } from '../helpers/otlp-server.ts';
import { attribute, type SinkSpan } from '../helpers/otlp-sink.ts';
import { cliJson } from '../helpers/run-cli.ts';
import { ROOT } from '../helpers/run-program.ts';
import { memoryLog } from '../helpers/simulated-clock.ts';
import { bash } from './calls.ts';
import { eachClient } from './each-client.ts';
import type { RunningClient } from './run-client.ts';
import { openStage } from './stage.ts';
import { TALK_ARGS } from './talk.ts';

/** How long the person thinks. */
const ANSWER_MILLIS = 600;

/** Writing is nothing that the tests allow from the start. */
const write = (folder: string, name: string) => ({
  tool: 'Write',
  input: { file_path: `${folder}/${name}`, content: 'y' },
});

/** Says a prompt, and answers each question: yes, but to what is called `refused`. */
async function converse({ child, done }: RunningClient, prompt: string): Promise<void> {
  const send = (message: object): void => void child.stdin?.write(`${JSON.stringify(message)}\n`);
  if (!child.stdout) throw new Error('the client: expected an output to listen to, got none');
  const answer = async (id: string, input: object): Promise<void> => {
    await sleep(ANSWER_MILLIS);
    const isRefused = JSON.stringify(input).includes('refused');
    const response = isRefused
      ? { behavior: 'deny', message: 'no, do not' }
      : { behavior: 'allow', updatedInput: input };
    send({ type: 'control_response', response: { subtype: 'success', request_id: id, response } });
  };
  createInterface({ input: child.stdout }).on('line', line => {
    const { type, request_id, request } = JSON.parse(line) as {
      type: string;
      request_id: string;
      request?: { subtype: string; input: object };
    };
    if (type === 'control_request' && request?.subtype === 'can_use_tool') void answer(request_id, request.input);
    if (type === 'result') child.stdin?.end();
  });
  send({ type: 'control_request', request_id: 'begin', request: { subtype: 'initialize' } });
  send({ type: 'user', message: { role: 'user', content: prompt } });
  const { code, stderr } = await done;
  expect([code, stderr]).toEqual([0, '']);
}

const millis = ({ startTimeUnixNano, endTimeUnixNano }: SinkSpan): number =>
  Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1e6;

eachClient('waits for a person', client => {
  it('are spans below the calls that they held up', async () => {
    const stage = await openStage({
      client,
      scripts: ({ project: { folder } }) => ({
        build: [
          { calls: [write(folder, 'refused')] },
          // The second is asked about when the first is done.
          { calls: [bash('sleep 1.5; touch x'), write(folder, 'behind')] },
          { text: 'done' },
        ],
      }),
      hooks({ folder, home }) {
        const env = { PATH: process.env.PATH, HOME: home };
        execFileSync(process.execPath, [`${ROOT}dist/bin/spanbook.cjs`, 'init', '--otlp'], { cwd: folder, env });
      },
    });
    onTestFinished(() => stage.close());
    const { stateDir, home } = stage.project;
    const receiver = receiverService(stateDir, memoryLog());
    await receiver?.start();
    onTestFinished(() => receiver?.stop());
    await converse(stage.start([...TALK_ARGS, '--permission-prompt-tool', 'stdio']), '/build it');
    const server = await startOtlpServer();
    const args = ['--state-dir', stateDir, '--endpoint', server.url, '--claude-dir', `${home}/.claude`];
    await cliJson(['ship', ...args], { now: () => Date.now() + 3600_000 });
    const waits = server.spans.filter(({ name }) => name === 'wait permission');
    const told = waits.map(span => [
      server.spans.find(({ spanId }) => spanId === span.parentSpanId)?.name,
      attribute(span, 'spanbook.wait.decision'),
    ]);
    expect(told).toEqual([
      ['execute_tool Write', 'user_reject'],
      ['execute_tool Write', 'user_temporary'],
    ]);
    for (const wait of waits) {
      expect(millis(wait)).toBeGreaterThanOrEqual(ANSWER_MILLIS - 50);
      expect(millis(wait)).toBeLessThan(ANSWER_MILLIS + 900);
    }
    const [, behind] = waits;
    const call = server.spans.find(({ spanId }) => spanId === behind?.parentSpanId);
    expect(call && millis(call)).toBeGreaterThan(ANSWER_MILLIS + 1500);
  });
});
