/** Which rows of the cube a question is about: those of a time, of a project, of a session, of a model. */
import { DIMENSIONS, type Dimension, SLOT_MILLIS, type UsageCube } from '../../usage/usage-cube.ts';

export interface UsageFilter {
  /** Milliseconds since 1970. Both are widened to whole quarters of an hour. */
  since?: number | undefined;
  /** Not included itself. */
  until?: number | undefined;
  /** Per dimension, which names count. A null (not known) never does. */
  only?: Partial<Record<Dimension, (name: string) => boolean>> | undefined;
}

/** The time that an answer is about, RFC 3339; null where it has no bound. */
export interface EffectiveRange {
  since: string | null;
  until: string | null;
}

/** The times of a filter as they are applied: the cube knows quarters of an hour. */
export function effectiveRange({ since, until }: UsageFilter): EffectiveRange {
  const { from, to } = slotRange({ since, until });
  return {
    since: since === undefined ? null : new Date(from * SLOT_MILLIS).toISOString(),
    until: until === undefined ? null : new Date(to * SLOT_MILLIS).toISOString(),
  };
}

const slotRange = ({ since, until }: UsageFilter): { from: number; to: number } => ({
  from: since === undefined ? 0 : Math.floor(since / SLOT_MILLIS),
  to: until === undefined ? Number.POSITIVE_INFINITY : Math.ceil(until / SLOT_MILLIS),
});

/** The numbers of the rows that pass. */
export function selectRows(cube: UsageCube, filter: UsageFilter = {}): Uint32Array {
  const { from, to } = slotRange(filter);
  const { slots } = cube.columns;
  const checks = DIMENSIONS.flatMap(dimension => {
    const matches = filter.only?.[dimension];
    if (!matches) return [];
    const passes = Uint8Array.from(cube.names[dimension], (name, code) => Number(code > 0 && matches(name)));
    return [{ codes: cube.columns.dimensions[dimension], passes }];
  });
  const { first, end } = cube.rowsOf(from, to);
  const rows = new Uint32Array(end - first);
  let count = 0;
  for (let row = first; row < end; row++) {
    const slot = slots[row] ?? 0;
    if (slot < from || slot >= to) continue;
    if (checks.length > 0 && checks.some(({ codes, passes }) => passes[codes[row] ?? 0] === 0)) continue;
    rows[count++] = row;
  }
  return rows.subarray(0, count);
}
