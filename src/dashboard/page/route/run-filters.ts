/** What the list of runs is asked for, as it stands in the address of the page. */
import type { RunOrder } from '../../../query/runs/list-runs.ts';

export interface RunFilters {
  search: string;
  status: string;
  stage: string;
  command: string;
  agent: string;
  skill: string;
  model: string;
  session: string;
  problems: boolean;
  min_cost: string;
  max_cost: string;
  /** Seconds, as people say it; the server is asked in milliseconds. */
  min_seconds: string;
  /** A date, a time or an age, as `7d`. */
  since: string;
  until: string;
  order: RunOrder;
  ascending: boolean;
}

export const NO_FILTERS: RunFilters = {
  search: '',
  status: '',
  stage: '',
  command: '',
  agent: '',
  skill: '',
  model: '',
  session: '',
  problems: false,
  min_cost: '',
  max_cost: '',
  min_seconds: '',
  since: '',
  until: '',
  order: 'started',
  ascending: false,
};

const ORDERS: readonly string[] = ['started', 'duration', 'cost', 'tokens', 'errors', 'name'] satisfies RunOrder[];
const TEXTS = [
  'search',
  'status',
  'stage',
  'command',
  'agent',
  'skill',
  'model',
  'session',
  'since',
  'until',
] as const satisfies (keyof RunFilters)[];
const NUMBERS = ['min_cost', 'max_cost', 'min_seconds'] as const satisfies (keyof RunFilters)[];

/** What makes no sense is left out. */
export function filtersOf(search: string): RunFilters {
  const parameters = new URLSearchParams(search);
  const filters = { ...NO_FILTERS };
  for (const name of TEXTS) filters[name] = parameters.get(name) ?? '';
  for (const name of NUMBERS) {
    const value = parameters.get(name) ?? '';
    filters[name] = value.trim() !== '' && Number(value) >= 0 ? value : '';
  }
  filters.problems = parameters.get('problems') === 'true';
  filters.ascending = parameters.get('ascending') === 'true';
  const order = parameters.get('order') ?? '';
  if (ORDERS.includes(order)) filters.order = order as RunOrder;
  return filters;
}

/** Of the page; without a question mark, empty if nothing is filtered. */
export function filterSearch(filters: RunFilters): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (value !== NO_FILTERS[name as keyof RunFilters]) parameters.set(name, String(value));
  }
  return parameters.toString();
}

/** Of the question to the server; without offset and limit. */
export function filterQuery({ min_seconds, ...filters }: RunFilters): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(filters)) {
    if (value !== '' && value !== false) query[name] = String(value);
  }
  if (min_seconds !== '') query.min_duration_ms = String(Math.round(Number(min_seconds) * 1000));
  return query;
}

/** How many things are filtered by, without the search and the order. */
export const filterCount = (filters: RunFilters): number =>
  [...TEXTS.slice(1), ...NUMBERS, 'problems' as const].filter(name => filters[name] !== NO_FILTERS[name]).length;
