/** Runs by what one looks for in them, in an order, page by page. */
import { allTokens } from '../all-tokens.ts';
import type { ActivityStatus } from './activity-row.ts';
import type { ActivityTable } from './activity-table.ts';
import { type RunRow, runRow } from './run-row.ts';

export const RUN_ORDERS = ['started', 'duration', 'cost', 'tokens', 'errors', 'name'] as const;
export type RunOrder = (typeof RUN_ORDERS)[number];

export interface RunFilter {
  /** In a name, a label, a session, a stage or a system, whatever the case. */
  search?: string | undefined;
  status?: ActivityStatus | undefined;
  /** Runs that are over. */
  ended?: boolean | undefined;
  stage?: string | undefined;
  /** With its slash or without. */
  command?: string | undefined;
  /** Runs in which one of this name was. */
  agent?: string | undefined;
  skill?: string | undefined;
  session?: string | undefined;
  /** Runs with errors or warnings in them. */
  problems?: boolean | undefined;
  /** USD. */
  minCost?: number | undefined;
  maxCost?: number | undefined;
  /** Milliseconds. */
  minDuration?: number | undefined;
  /** Milliseconds since 1970; of the start. */
  since?: number | undefined;
  until?: number | undefined;
  /** Runs that asked one of these; by `event_id`. */
  among?: ReadonlySet<string> | undefined;
}

export interface RunQuery extends RunFilter {
  order?: RunOrder | undefined;
  /** The least first. Default: the newest, longest, dearest first. */
  ascending?: boolean | undefined;
  offset?: number | undefined;
  /** Default: 100. */
  limit?: number | undefined;
}

export interface RunList {
  runs: RunRow[];
  /** Runs that fit, of which `runs` is one page. */
  matching: number;
  /** All that are known. */
  total: number;
}

const DEFAULT_LIMIT = 100;

/** Keeps the rows of runs that have not changed, because a list is asked for again and again. */
export class RunLister {
  readonly #table: ActivityTable;
  #rows: RunRow[] = [];
  #version = -1;

  constructor(table: ActivityTable) {
    this.#table = table;
  }

  /** `now`: milliseconds since 1970. */
  list(query: RunQuery, now: number): RunList {
    const rows = this.#all(now);
    const passes = passing(query);
    const fitting = rows.filter(passes).sort(inOrder(query));
    const { offset = 0, limit = DEFAULT_LIMIT } = query;
    return { runs: fitting.slice(offset, offset + limit), matching: fitting.length, total: rows.length };
  }

  #all(now: number): RunRow[] {
    if (this.#version !== this.#table.version) {
      this.#rows = [...this.#table.roots].map(root => runRow(this.#table, root, now));
      this.#version = this.#table.version;
    }
    for (const row of this.#rows) {
      if (row.status === 'running') row.duration_ms = Math.max(0, now - Date.parse(row.started_at));
    }
    return this.#rows;
  }
}

function passing(filter: RunFilter): (row: RunRow) => boolean {
  const checks: ((row: RunRow) => boolean)[] = [];
  const { search, status, stage, command, agent, skill, session, problems, among } = filter;
  const { minCost, maxCost, minDuration, since, until } = filter;
  if (among) checks.push(row => among.has(row.event_id));
  if (status !== undefined) checks.push(row => row.status === status);
  if (filter.ended === true) checks.push(row => row.status !== 'running');
  if (stage !== undefined) checks.push(row => row.stage === stage);
  if (command !== undefined) checks.push(row => row.name === command || row.name === `/${command}`);
  if (agent !== undefined) checks.push(row => row.agent_names.includes(agent) || isItself(row, 'agent', agent));
  if (skill !== undefined) checks.push(row => row.skill_names.includes(skill) || isItself(row, 'skill', skill));
  if (session !== undefined) checks.push(row => row.session_id?.startsWith(session) === true);
  if (problems === true) checks.push(row => row.errors + row.warnings > 0);
  if (minCost !== undefined) checks.push(row => (row.usage?.cost ?? 0) >= minCost);
  if (maxCost !== undefined) checks.push(row => (row.usage?.cost ?? 0) <= maxCost);
  if (minDuration !== undefined) checks.push(row => row.duration_ms >= minDuration);
  if (since !== undefined) checks.push(row => Date.parse(row.started_at) >= since);
  if (until !== undefined) checks.push(row => Date.parse(row.started_at) < until);
  const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length > 0) {
    checks.push(row => {
      const text = searched(row);
      return words.every(word => text.includes(word));
    });
  }
  return row => checks.every(check => check(row));
}

const isItself = (row: RunRow, level: RunRow['level'], name: string): boolean =>
  row.level === level && row.name === name;

const searched = (row: RunRow): string =>
  [
    row.name,
    row.label,
    row.stage,
    row.system_name,
    row.session_id,
    row.event_id,
    ...row.agent_names,
    ...row.skill_names,
  ]
    .join('\n')
    .toLowerCase();

function inOrder({ order = 'started', ascending = false }: RunQuery): (a: RunRow, b: RunRow) => number {
  const sign = ascending ? 1 : -1;
  const compare = COMPARE[order];
  return (a, b) => sign * compare(a, b) || newestFirst(a, b);
}

const COMPARE: Record<RunOrder, (a: RunRow, b: RunRow) => number> = {
  started: (a, b) => (a.started_at < b.started_at ? -1 : a.started_at > b.started_at ? 1 : 0),
  duration: (a, b) => a.duration_ms - b.duration_ms,
  cost: (a, b) => (a.usage?.cost ?? 0) - (b.usage?.cost ?? 0),
  tokens: (a, b) => allTokens(a.usage) - allTokens(b.usage),
  errors: (a, b) => a.errors - b.errors || a.warnings - b.warnings,
  name: (a, b) => (a.name < b.name ? 1 : a.name > b.name ? -1 : 0),
};

const newestFirst = (a: RunRow, b: RunRow): number =>
  -COMPARE.started(a, b) || (a.event_id < b.event_id ? -1 : a.event_id > b.event_id ? 1 : 0);
