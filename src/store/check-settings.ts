/** Checks the files that people edit, so that a wrong value is named and not silently replaced by a default. */

import type { z } from 'zod';
import { SpanbookError, systemErrorCode } from '../errors.ts';
import { readPlain } from '../journal/plain-file.ts';
import { isTooDeep } from '../model/is-too-deep.ts';
import { checkedBy } from './checked-by.ts';
import { locateJsonError } from './locate-json-error.ts';
import { settingsPath } from './read-settings.ts';

const MAX_SHOWN = 80;
const MAX_DEPTH = 64;

export const pricingPath = (stateDir: string): string => `${stateDir}/usage_pricing.json`;

/** Where settings may hold a secret, which an error message must not repeat. */
const SECRET_KEYS = ['otlp.headers', 'alerts.webhook', 'alerts.mail.password'];

/**
 * Checks `spanbook.json` and `usage_pricing.json` of a state folder. The schemas are loaded only if such a file exists.
 * Called by every command that opens a state folder.
 *
 * @throws SpanbookError `BAD_SETTINGS` that names file, key, value and what is allowed, one line for each wrong key.
 */
export async function checkSettings(stateDir: string): Promise<void> {
  await checkFile(settingsPath(stateDir), async () => (await import('../model/edited-files.ts')).settingsSchema);
  await checkPricing(pricingPath(stateDir));
}

/**
 * Checks a file of prices, if there is one.
 *
 * @throws SpanbookError `BAD_SETTINGS` as above.
 */
export async function checkPricing(path: string): Promise<void> {
  await checkFile(path, async () => (await import('../model/edited-files.ts')).pricingSchema);
}

async function checkFile(path: string, loadSchema: () => Promise<z.ZodType>): Promise<void> {
  let text: string;
  try {
    text = readPlain(path).toString();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return;
    throw error;
  }
  const value = parseEdited(path, text);
  if (isTooDeep(value, MAX_DEPTH)) {
    throw new SpanbookError('BAD_SETTINGS', `${path}: expected at most ${MAX_DEPTH} levels, got more`);
  }
  const result = checkedBy(await loadSchema(), value);
  if (!result)
    throw new SpanbookError('BAD_SETTINGS', `${path}: expected lists and texts, got an object with a "length"`);
  if (result.success) return;
  const lines = result.error.issues.flatMap(describe(value));
  throw new SpanbookError('BAD_SETTINGS', lines.map(line => `${path}: ${line}`).join('\n'));
}

function parseEdited(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const place = locateJsonError(text);
    const where = place ? ` at line ${place.line}, column ${place.column}: expected ${place.expected}` : '';
    throw new SpanbookError('BAD_SETTINGS', `${path}: expected JSON, got a mistake${where}`, { cause });
  }
}

function describe(value: unknown): (issue: z.core.$ZodIssue) => string[] {
  return issue => {
    if (issue.code === 'invalid_union') {
      const branch = closestBranch(issue.errors);
      const nested = branch.map(inner => ({ ...inner, path: [...issue.path, ...inner.path] }));
      if (nested.some(inner => inner.path.length > issue.path.length)) return nested.flatMap(describe(value));
    }
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
    return keys.map(key => {
      const path = key === undefined ? issue.path : [...issue.path, key];
      const name = path.map(String).join('.');
      return `${name === '' ? 'the whole file' : name}: expected ${issue.message}, got ${shown(valueAt(value, path), name)}`;
    });
  };
}

/** The branch of a union that fits best: the one whose complaints lie deepest. */
function closestBranch(branches: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] {
  const depth = (issues: readonly z.core.$ZodIssue[]): number =>
    Math.max(0, ...issues.map(issue => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)));
  return branches.reduce<z.core.$ZodIssue[]>((best, issues) => (depth(issues) > depth(best) ? issues : best), []);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

function shown(value: unknown, name: string): string {
  if (value === undefined) return 'nothing';
  if (SECRET_KEYS.some(key => name.startsWith(key))) return 'another kind of value';
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN).toWellFormed()}…` : text;
}
