/** `GET /api/runs` and `GET /api/facets`: runs, and what they can be filtered by. */
import { SpanbookError } from '../errors.ts';
import type { LiveView } from '../live/live-view.ts';
import { startEventId } from '../model/ids.ts';
import { pointInTime } from '../point-in-time.ts';
import type { ActivityStatus } from '../query/runs/activity-row.ts';
import { RUN_ORDERS, type RunOrder, type RunQuery } from '../query/runs/list-runs.ts';
import type { Facet, FacetsAnswer, RunsAnswer } from './answers.ts';

const MAX_LIMIT = 1000;
const STATUSES: readonly ActivityStatus[] = ['running', 'completed', 'failed', 'cancelled', 'abandoned'];

export interface QueryParameter {
  name: string;
  description: string;
}

/** What `GET /api/runs` takes. */
export const RUN_PARAMETERS: readonly QueryParameter[] = [
  { name: 'search', description: 'words that stand in names, labels, sessions, stages or systems' },
  { name: 'status', description: `one of ${STATUSES.join(', ')}` },
  { name: 'stage', description: 'runs of this stage' },
  { name: 'command', description: 'runs of this command, with its slash or without' },
  { name: 'agent', description: 'runs with an agent of this type in them' },
  { name: 'skill', description: 'runs with this skill in them' },
  { name: 'model', description: 'runs that asked a model with this in its id' },
  { name: 'session', description: 'runs of this session; the first letters are enough' },
  { name: 'problems', description: 'true: runs with errors or warnings' },
  { name: 'min_cost', description: 'USD' },
  { name: 'max_cost', description: 'USD' },
  { name: 'min_duration_ms', description: 'milliseconds' },
  { name: 'since', description: 'a date, a time, or an age as 30d; of the start' },
  { name: 'until', description: 'the same, not included' },
  { name: 'order', description: `one of ${RUN_ORDERS.join(', ')} (default: started)` },
  { name: 'ascending', description: 'true: the least first' },
  { name: 'offset', description: 'how many to pass by' },
  { name: 'limit', description: `how many at most (default: 100, up to ${MAX_LIMIT})` },
];

/** @throws SpanbookError `BAD_INPUT` that names the parameter. */
export function runsAnswer(view: LiveView, query: URLSearchParams, now: number): RunsAnswer {
  const wanted = runQuery(view, query, now);
  const list = view.lister.list(wanted, now);
  return {
    ...list,
    total_commands: view.history.head.statistics.total_commands,
    is_whole: view.history.isWhole,
    order: wanted.order ?? 'started',
  };
}

function runQuery(view: LiveView, query: URLSearchParams, now: number): RunQuery {
  for (const [name, value] of query) {
    if (!RUN_PARAMETERS.some(parameter => parameter.name === name)) {
      throw wrong(name, `one of ${RUN_PARAMETERS.map(parameter => parameter.name).join(', ')}`, value);
    }
  }
  const text = (name: string): string | undefined => query.get(name) || undefined;
  const number = (name: string, max = Number.MAX_VALUE): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const parsed = Number(value);
    if (!Number.isFinite(parsed) || parsed < 0 || parsed > max) throw wrong(name, `a number, 0 to ${max}`, value);
    return parsed;
  };
  const time = (name: string): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const at = pointInTime(value, { now });
    if (Number.isNaN(at)) throw wrong(name, 'a date, a time, or an age as 30d', value);
    return at;
  };
  const oneOf = <T extends string>(name: string, allowed: readonly T[]): T | undefined => {
    const value = text(name);
    if (value === undefined || (allowed as readonly string[]).includes(value)) return value as T | undefined;
    throw wrong(name, `one of ${allowed.join(', ')}`, value);
  };
  const model = text('model');
  return {
    search: text('search'),
    status: oneOf('status', STATUSES),
    stage: text('stage'),
    command: text('command'),
    agent: text('agent'),
    skill: text('skill'),
    session: text('session'),
    problems: oneOf('problems', ['true', '1', 'false']) !== undefined && text('problems') !== 'false',
    minCost: number('min_cost'),
    maxCost: number('max_cost'),
    minDuration: number('min_duration_ms'),
    since: time('since'),
    until: time('until'),
    order: oneOf<RunOrder>('order', RUN_ORDERS),
    ascending: text('ascending') === 'true' || text('ascending') === '1',
    offset: number('offset'),
    limit: number('limit', MAX_LIMIT),
    among: model === undefined ? undefined : runsOfModel(view, model),
  };
}

function runsOfModel({ requests, history }: LiveView, model: string): Set<string> {
  const runs = new Set<string>();
  for (const span of requests.spansOfModel(model)) {
    const root = history.table.rootOf(startEventId(span));
    if (root) runs.add(root.id);
  }
  return runs;
}

const wrong = (name: string, expected: string, got: string): SpanbookError =>
  new SpanbookError('BAD_INPUT', `${name}: expected ${expected}, got "${got}"`);

export function facetsAnswer({ lister, requests }: LiveView, now: number): FacetsAnswer {
  const { runs } = lister.list({ limit: Number.MAX_SAFE_INTEGER }, now);
  const counts = () => new Map<string, number>();
  const found = { commands: counts(), agents: counts(), skills: counts(), stages: counts(), statuses: counts() };
  const count = (names: Map<string, number>, name: string | null): void => {
    if (name !== null) names.set(name, (names.get(name) ?? 0) + 1);
  };
  for (const run of runs) {
    if (run.level === 'command') count(found.commands, run.name);
    for (const name of run.agent_names) count(found.agents, name);
    for (const name of run.skill_names) count(found.skills, name);
    count(found.stages, run.stage);
    count(found.statuses, run.status);
  }
  return {
    commands: facetsOf(found.commands),
    agents: facetsOf(found.agents),
    skills: facetsOf(found.skills),
    stages: facetsOf(found.stages),
    statuses: facetsOf(found.statuses),
    models: requests.models,
  };
}

const facetsOf = (counts: ReadonlyMap<string, number>): Facet[] =>
  [...counts].map(([name, runs]) => ({ name, runs })).sort((a, b) => b.runs - a.runs || (a.name < b.name ? -1 : 1));
