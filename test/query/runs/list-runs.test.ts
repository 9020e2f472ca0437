/** Runs by what one looks for, from events in any order. */
import { describe, expect, it } from 'vitest';
import type { PipelineEvent } from '../../../src/model/document-schema.ts';
import { ActivityTable } from '../../../src/query/runs/activity-table.ts';
import { RunLister, type RunQuery } from '../../../src/query/runs/list-runs.ts';
import { rowsBelow } from '../../../src/query/runs/run-row.ts';
import { foldToDocument } from '../../helpers/fold-facts.ts';
import { end, note, request, spanId, start, T0 } from '../../helpers/run-cli.ts';

const below = (parent: number): { parent: string } => ({ parent: spanId(parent) });

/** Two runs that are over and one that is not. */
const EVENTS = foldToDocument([
  start(1, { name: '/build', stage: 'one', system: 'Shop' }),
  start(2, { level: 'agent', name: 'tester', ...below(1), at: T0 + 10 }),
  start(3, { level: 'skill', name: 'fuzz', ...below(2), at: T0 + 20 }),
  note(20, { level: 'error', ...below(3), at: T0 + 30 }),
  request(30, { ...below(3), at: T0 + 35, cost_nanousd: 5_000_000 }),
  end(3, { at: T0 + 40 }),
  end(2, { at: T0 + 50 }),
  end(1, { at: T0 + 1000, status: 'failed' }),
  start(4, { name: '/test', at: T0 + 5000 }),
  end(4, { at: T0 + 5100 }),
  start(5, { name: '/build', at: T0 + 9000, session: 'abc-def' }),
  start(6, { level: 'agent', name: 'builder', ...below(5), at: T0 + 9001 }),
]).events as unknown as PipelineEvent[];

function listerOf(events: readonly PipelineEvent[]): RunLister {
  const table = new ActivityTable();
  for (const event of events) table.apply(event);
  return new RunLister(table);
}

const NOW = T0 + 10_000;
const found = (query: RunQuery): string[] =>
  listerOf(EVENTS)
    .list(query, NOW)
    .runs.map(({ name, started_at }) => `${name} ${Date.parse(started_at) - T0}`);

const ALL = ['/build 9000', '/test 5000', '/build 0'];

describe('a list of runs', () => {
  it.each<[string, RunQuery, string[]]>([
    ['everything, the newest first', {}, ALL],
    ['a command without its slash', { command: 'build' }, ['/build 9000', '/build 0']],
    ['an agent in it', { agent: 'tester' }, ['/build 0']],
    ['a skill in it, however deep', { skill: 'fuzz' }, ['/build 0']],
    ['a skill that none has', { skill: 'tester' }, []],
    ['a stage', { stage: 'one' }, ['/build 0']],
    ['a status', { status: 'failed' }, ['/build 0']],
    ['those that are over', { ended: true }, ['/test 5000', '/build 0']],
    ['those that run', { status: 'running' }, ['/build 9000']],
    ['problems below it', { problems: true }, ['/build 0']],
    ['the first letters of a session', { session: 'abc' }, ['/build 9000']],
    ['words in any case and order', { search: 'SHOP build' }, ['/build 0']],
    ['a word that one has and a word that another has', { search: 'shop builder' }, []],
    ['at least so dear', { minCost: 0.005 }, ['/build 0']],
    ['at most so dear', { maxCost: 0.004 }, ['/build 9000', '/test 5000']],
    ['at least so long, until now', { minDuration: 1000 }, ['/build 9000', '/build 0']],
    ['from then on', { since: T0 + 5000 }, ['/build 9000', '/test 5000']],
    ['up to then', { until: T0 + 5000 }, ['/build 0']],
    ['only some', { among: new Set([`evt-${spanId(4)}`]) }, ['/test 5000']],
    ['the longest first', { order: 'duration' }, ['/build 9000', '/build 0', '/test 5000']],
    ['the shortest first', { order: 'duration', ascending: true }, ['/test 5000', '/build 9000', '/build 0']],
    ['the dearest first, then the newest', { order: 'cost' }, ['/build 0', '/build 9000', '/test 5000']],
    ['those with most errors first', { order: 'errors', limit: 1 }, ['/build 0']],
    ['by name', { order: 'name' }, ['/build 9000', '/build 0', '/test 5000']],
    ['a page', { offset: 1, limit: 1 }, ['/test 5000']],
    ['a page behind the last', { offset: 9 }, []],
  ])('shows %s', (_, query, expected) => {
    // Of equal lengths the newer one comes first.
    expect(found(query)).toEqual(expected);
  });

  it('says how many fit, and how many there are', () => {
    expect(listerOf(EVENTS).list({ command: 'build', limit: 1 }, NOW)).toMatchObject({ matching: 2, total: 3 });
  });

  it('adds up what is below a run', () => {
    const [, , first] = listerOf(EVENTS).list({}, NOW).runs;
    expect(first).toMatchObject({
      ...{ agents: 1, skills: 1, checkpoints: 0, errors: 1, warnings: 0, duration_ms: 1000 },
      ...{ agent_names: ['tester'], skill_names: ['fuzz'], system_name: 'Shop' },
      usage: { requests: 1, cost: 0.005 },
    });
  });

  it('is the same whatever the order of the events was', () => {
    const expected = listerOf(EVENTS).list({}, NOW).runs;
    expect(listerOf(EVENTS.toReversed()).list({}, NOW).runs).toEqual(expected);
    const twice = listerOf([...EVENTS, ...EVENTS.toReversed()]);
    expect(twice.list({}, NOW).runs).toEqual(expected);
  });

  it('keeps the time of what runs, though nothing changes', () => {
    const lister = listerOf(EVENTS);
    expect(lister.list({ status: 'running' }, NOW).runs[0]?.duration_ms).toBe(1000);
    expect(lister.list({ status: 'running' }, NOW + 500).runs[0]?.duration_ms).toBe(1500);
  });
});

describe('a table of activities', () => {
  it('finds the run of an activity', () => {
    const table = new ActivityTable();
    for (const event of EVENTS) table.apply(event);
    expect(table.rootOf(`evt-${spanId(3)}`)?.id).toBe(`evt-${spanId(1)}`);
    expect(table.rootOf('evt-none')).toBeNull();
  });

  it('hangs nothing in a circle, whatever a file says', () => {
    const table = new ActivityTable();
    for (const event of EVENTS) table.apply(event);
    const [agent] = EVENTS.filter(event => event.event_id === `evt-${spanId(2)}`);
    const [root] = EVENTS.filter(event => event.event_id === `evt-${spanId(1)}`);
    if (root && agent) table.apply({ ...root, parent_event_id: agent.event_id });
    const row = table.rows.get(`evt-${spanId(1)}`);
    expect(row && rowsBelow(table, row).map(({ name }) => name)).toEqual(['tester', 'fuzz']);
    expect(table.rootOf(`evt-${spanId(2)}`)?.name).toBe('/build');
  });

  it('lets an older event say nothing against what is known', () => {
    const table = new ActivityTable();
    for (const event of EVENTS) table.apply(event);
    for (const event of EVENTS) {
      if (event.event_id === `evt-${spanId(1)}`)
        table.applyOlder({ ...event, context: { stage: 'old', system_name: null } });
    }
    expect(table.rows.get(`evt-${spanId(1)}`)).toMatchObject({ stage: 'one', status: 'failed' });
  });
});
