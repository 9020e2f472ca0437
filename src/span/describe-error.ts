/** What a program threw or reported → type and message. JavaScript throws anything, so nothing here may throw. */
import type { FailureInfo } from '../model/fact.ts';
import { limitText, MAX_NAME, MAX_TEXT } from '../model/limit-text.ts';
import { redact } from '../model/redact.ts';

/** Takes errors of any realm, reports `{type, message}`, and whatever else there is. Secrets are cut. */
export function describeError(error: unknown): FailureInfo {
  const parts = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  const read = (key: string): unknown => {
    try {
      return parts[key];
    } catch {
      return undefined;
    }
  };
  const recovery = read('recovery');
  return {
    type: limitText(textOf(read('type')) ?? textOf(read('name')) ?? 'Error', MAX_NAME),
    message: limitText(redact((textOf(read('message')) ?? asText(error)).slice(0, MAX_TEXT)), MAX_TEXT),
    severity: textOf(read('severity')) ?? 'high',
    ...(recovery === undefined ? {} : { recovery }),
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function asText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'something that cannot be shown';
  }
}
