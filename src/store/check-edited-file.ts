/** Says what is wrong with a file that people edit. Loaded, with the schemas, only where there is such a file. */
import type { z } from 'zod';
import { SpanbookError, systemErrorCode } from '../errors.ts';
import { readPlain } from '../journal/plain-file.ts';
import { isTooDeep } from '../model/is-too-deep.ts';
import { pricingSchema } from '../model/pricing-schema.ts';
import { settingsSchema } from '../model/settings-schema.ts';
import { checkedBy } from './checked-by.ts';
import { locateJsonError } from './locate-json-error.ts';

export { settingsSchema };

const MAX_SHOWN = 80;
const MAX_DEPTH = 64;

/** Where settings may hold a secret, which an error message must not repeat. */
const SECRET_KEYS = ['otlp.headers', 'alerts.webhook', 'alerts.mail.password'];

/** @throws SpanbookError `BAD_SETTINGS` if `spanbook.json` is not as it should be. */
export const checkSettingsFile = (path: string): void => checkFile(path, settingsSchema);

/** @throws SpanbookError `BAD_SETTINGS` if `usage_pricing.json` is not as it should be. */
export const checkPricingFile = (path: string): void => checkFile(path, pricingSchema);

function checkFile(path: string, schema: z.ZodType): void {
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
  const result = checkedBy(schema, value);
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
