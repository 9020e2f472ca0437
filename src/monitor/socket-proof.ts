/**
 * How a monitor and whoever asks it know each other: both can read the nonce in `monitor.json`, and neither says it.
 * Sockets without a file have no mode, so any user of the machine may connect to one, or take its name.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** For one question, or one answer. */
export const newChallenge = (): string => randomBytes(16).toString('hex');

/** The one that stands in a line; an empty text if there is none. */
export const challengeIn = ({ challenge }: Record<string, unknown>): string =>
  typeof challenge === 'string' ? challenge : '';

/** What only somebody who knows the nonce can say about this challenge and this text. */
export const proofOf = (nonce: string, challenge: string, text: string): string =>
  createHmac('sha256', nonce).update(`${challenge}\n${text}`).digest('hex');

/** Takes as long whatever is wrong with the proof. */
export function isProof(given: unknown, expected: string): boolean {
  if (typeof given !== 'string' || given.length !== expected.length) return false;
  return timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(expected, 'latin1'));
}
