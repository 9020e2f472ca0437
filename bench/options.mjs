// The command line of the benchmarks.
import { parseArgs } from 'node:util';

/** `names`: of all cases. Throws an error that says what is possible. */
export function readOptions(args, names) {
  const { values } = parseArgs({ args, options: { quick: { type: 'boolean' }, only: { type: 'string' } } });
  const only = values.only?.split(',').map(name => name.trim()) ?? null;
  const unknown = only?.filter(name => !names.includes(name)) ?? [];
  if (unknown.length > 0) throw new Error(`--only: expected one of ${names.join(', ')}; got "${unknown.join('", "')}"`);
  return { isQuick: values.quick ?? false, only };
}
