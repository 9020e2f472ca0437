/** A client that takes one prompt after the other, as the editors and the SDK run it. */
import { createInterface } from 'node:readline';
import type { Outcome } from '../helpers/run-program.ts';
import type { RunningClient } from './run-client.ts';

export const TALK_ARGS = ['-p', '--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'];

export interface Talk {
  say(prompt: string): void;
  /** What the Escape key does. */
  interrupt(): void;
  /** Resolves when the client has answered that many prompts. */
  answered(count: number): Promise<void>;
}

export interface ResultMessage {
  type: string;
  subtype?: string;
  result?: unknown;
  is_error?: unknown;
  num_turns?: unknown;
  usage?: unknown;
}

/** Talks with a client until `conversation` resolves, and lets the client end. */
export async function talk(
  { child, done }: RunningClient,
  conversation: (talk: Talk) => Promise<void>,
): Promise<{ outcome: Outcome; results: ResultMessage[] }> {
  const results: ResultMessage[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const send = (message: object): void => {
    child.stdin?.write(`${JSON.stringify(message)}\n`);
  };
  if (!child.stdout) throw new Error('the client: expected an output to listen to, got none');
  createInterface({ input: child.stdout }).on('line', line => {
    const message = JSON.parse(line) as ResultMessage;
    if (message.type !== 'result') return;
    results.push(message);
    for (const { count, resolve } of waiting) if (results.length >= count) resolve();
  });
  const ended = done.then(({ code, stderr }) => {
    throw new Error(`the client: expected it to go on, but it ended with exit code ${code}: ${stderr}`);
  });
  await Promise.race([
    ended,
    conversation({
      say: content => send({ type: 'user', message: { role: 'user', content } }),
      interrupt: () => send({ type: 'control_request', request_id: 'stop', request: { subtype: 'interrupt' } }),
      answered: count =>
        new Promise(resolve => {
          if (results.length >= count) resolve();
          else waiting.push({ count, resolve });
        }),
    }),
  ]);
  ended.catch(() => {});
  child.stdin?.end();
  return { outcome: await done, results };
}
