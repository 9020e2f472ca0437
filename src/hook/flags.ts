/** Flags of the script hooks. Too few for a library, which would cost every call more than the hook itself. */
import { limitJson, limitObject, limitText, MAX_NAME, MAX_TEXT } from '../model/limit-text.ts';
import { flagValue, type HookRun } from './run-hook.ts';

/** A flag that names something. Without it the fact is kept under a stand-in, and the person is told. */
export function nameFlag(run: HookRun, flag: string): string {
  const value = flagValue(run.args, flag);
  if (value) return limitText(value, MAX_NAME);
  run.complain(`expected ${flag} NAME, got none; recorded as "unnamed"`);
  return 'unnamed';
}

export function textFlag(run: HookRun, flag: string): string | undefined {
  const value = flagValue(run.args, flag);
  return value === undefined ? undefined : limitText(value, MAX_TEXT);
}

/** One of the allowed values; anything else is said and replaced by the fallback. */
export function choiceFlag<T extends string>(run: HookRun, flag: string, allowed: readonly T[], fallback: T): T {
  const value = flagValue(run.args, flag);
  if (value === undefined) return fallback;
  const found = allowed.find(choice => choice === value);
  if (found === undefined)
    run.complain(`expected ${flag} to be one of ${allowed.join(', ')}, got ${quote(value)}; recorded as ${fallback}`);
  return found ?? fallback;
}

/** A JSON value; text that is no JSON is said and kept as it came. */
export function jsonFlag(run: HookRun, flag: string): unknown {
  const value = flagValue(run.args, flag);
  if (value === undefined) return undefined;
  try {
    return limitJson(JSON.parse(value));
  } catch {
    run.complain(`expected ${flag} to be JSON, got ${quote(value)}; kept as text`);
    return { unparsed: limitText(value, MAX_TEXT) };
  }
}

export const objectFlag = (run: HookRun, flag: string): { [key: string]: unknown } | undefined =>
  limitObject(jsonFlag(run, flag));

const quote = (value: string): string => JSON.stringify(value.slice(0, 80));
