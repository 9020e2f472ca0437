/** How far back usage is looked at. */

export interface TimeRange {
  id: string;
  name: string;
  days: number;
}

export const RANGES: readonly TimeRange[] = [
  { id: '24h', name: '24 hours', days: 1 },
  { id: '7d', name: '7 days', days: 7 },
  { id: '30d', name: '30 days', days: 30 },
  { id: '90d', name: '90 days', days: 90 },
  { id: '365d', name: '1 year', days: 365 },
];

const DEFAULT = { id: '30d', name: '30 days', days: 30 } satisfies TimeRange;

export const rangeOf = (id: string | null): TimeRange => RANGES.find(range => range.id === id) ?? DEFAULT;
