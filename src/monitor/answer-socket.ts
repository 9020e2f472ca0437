/** The monitor's side of its socket: one question a connection, as a line of JSON, from somebody who knows the nonce. */
import type { Socket } from 'node:net';
import { object } from '../claude-code/payload.ts';
import { challengeIn, isProof, newChallenge, proofOf } from './socket-proof.ts';

export const QUESTIONS = ['status', 'poll', 'stop'] as const;
export type Question = (typeof QUESTIONS)[number];

export interface SocketAnswers {
  nonce: string;
  /** The answer, without its proof. May take as long as a poll. */
  answer(question: Question): object | Promise<object>;
}

const MAX_QUESTION_BYTES = 4096;
/** How long somebody may take to say what they want. */
const IDLE_MILLIS = 2000;

/** Serves one connection. Never throws: whoever connects may be anybody. */
export function answerSocket(socket: Socket, { nonce, answer }: SocketAnswers): void {
  const challenge = newChallenge();
  let said = '';
  const end = (value: object): void => void socket.end(`${JSON.stringify(value)}\n`);
  socket.on('error', () => socket.destroy());
  socket.setTimeout(IDLE_MILLIS, () => socket.destroy());
  socket.setEncoding('utf8');
  socket.write(`${JSON.stringify({ challenge })}\n`);
  socket.on('data', (text: string) => {
    said += text;
    if (said.length > MAX_QUESTION_BYTES) socket.destroy();
    const cut = said.indexOf('\n');
    if (cut < 0 || socket.destroyed) return;
    socket.removeAllListeners('data');
    const asked = parsed(said.slice(0, cut));
    const question = QUESTIONS.find(known => known === asked.question);
    if (!question || !isProof(asked.proof, proofOf(nonce, challenge, question))) return end({ denied: true });
    // The work that was asked for may take its time.
    socket.setTimeout(0);
    Promise.resolve()
      .then(() => answer(question))
      .then(
        value => end({ ...value, proof: proofOf(nonce, challengeIn(asked), question) }),
        (error: unknown) => end({ failed: error instanceof Error ? error.message : String(error) }),
      );
  });
}

function parsed(line: string): Record<string, unknown> {
  try {
    return object(JSON.parse(line));
  } catch {
    return {};
  }
}
