/** The keys of rows about usage, and words for those that are not known. */
import type { BreakdownRow } from '../query/usage/usage-breakdown.ts';
import type { Dimension } from '../usage/usage-cube.ts';

/** Of these it is worked out what belongs to them; of the others it is told. */
const ATTRIBUTED: readonly Dimension[] = ['stage', 'command', 'agent', 'instance', 'skill'];

/** What stands in the place of a name that is not known. */
export const unknownName = (dimension: Dimension): string =>
  ATTRIBUTED.includes(dimension) ? 'unattributed' : 'unknown';

export const keysOf = (row: BreakdownRow): readonly (string | null)[] => row.keys ?? [row.key ?? null];
