/** Asks a monitor something over its socket, and believes the answer only if it proves that it is that monitor's. */
import { createConnection } from 'node:net';
import { object } from '../claude-code/payload.ts';
import { systemErrorCode } from '../errors.ts';
import type { Question } from './answer-socket.ts';
import { challengeIn, isProof, newChallenge, proofOf } from './socket-proof.ts';

export interface AskOptions {
  /** As `node:net` takes it. */
  socket: string;
  /** Of `monitor.json`. */
  nonce: string;
  /** How long the answer may take, in milliseconds. */
  timeoutMillis: number;
}

/**
 * `answered`: the monitor itself said this. `silent`: somebody holds the socket, and says nothing in time, or cannot
 * prove to be the monitor. `nobody`: the socket is free.
 */
export type Asked = { status: 'answered'; answer: Record<string, unknown> } | { status: 'silent' | 'nobody' };

const MAX_ANSWER_BYTES = 65_536;

export function askMonitor(question: Question, { socket, nonce, timeoutMillis }: AskOptions): Promise<Asked> {
  return new Promise(resolve => {
    const connection = createConnection(socket);
    const done = (asked: Asked): void => {
      clearTimeout(timer);
      connection.destroy();
      resolve(asked);
    };
    const timer = setTimeout(() => done({ status: 'silent' }), timeoutMillis);
    const challenge = newChallenge();
    let heard = '';
    let isAsked = false;
    connection.setEncoding('utf8');
    connection.on('error', error => done({ status: isNobody(error) ? 'nobody' : 'silent' }));
    connection.on('end', () => done({ status: 'silent' }));
    connection.on('data', (text: string) => {
      heard += text;
      if (heard.length > MAX_ANSWER_BYTES) return done({ status: 'silent' });
      for (let cut = heard.indexOf('\n'); cut >= 0; cut = heard.indexOf('\n')) {
        const line = parsed(heard.slice(0, cut));
        heard = heard.slice(cut + 1);
        if (!isAsked) {
          const proof = proofOf(nonce, challengeIn(line), question);
          connection.write(`${JSON.stringify({ question, challenge, proof })}\n`);
          isAsked = true;
          continue;
        }
        const { proof, ...answer } = line;
        const isOurs = isProof(proof, proofOf(nonce, challenge, question));
        return done(isOurs ? { status: 'answered', answer } : { status: 'silent' });
      }
    });
  });
}

const isNobody = (error: Error): boolean => ['ECONNREFUSED', 'ENOENT'].includes(systemErrorCode(error) ?? '');

function parsed(line: string): Record<string, unknown> {
  try {
    return object(JSON.parse(line));
  } catch {
    return {};
  }
}
