// The command line of the benchmarks.
import { parseArgs } from 'node:util';

/**
 * @param {string[]} args
 * @param {string[]} names of all cases
 * @returns {{ isQuick: boolean, only: string[] | null }}
 * @throws an error that says what is possible
 */
export function readOptions(args, names) {
  const { values } = parseArgs({ args, options: { quick: { type: 'boolean' }, only: { type: 'string' } } });
  const only = values.only?.split(',').map(name => name.trim()) ?? null;
  const unknown = only?.filter(name => !names.includes(name)) ?? [];
  if (unknown.length > 0)
    throw new Error(`--only: expected names of ${names.join(', ')}; got "${unknown.join('", "')}"`);
  return { isQuick: values.quick ?? false, only };
}
