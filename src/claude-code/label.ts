/** Labels of activities. */
import { limitText } from '../model/limit-text.ts';
import { redact } from '../model/redact.ts';
import { text } from './payload.ts';

const MAX_LABEL = 200;

/** A short text that a person or the model wrote, without secrets. */
export function label(value: unknown): string | undefined {
  const given = text(value);
  return given === undefined ? undefined : limitText(redact(given.slice(0, 8 * MAX_LABEL)), MAX_LABEL);
}
