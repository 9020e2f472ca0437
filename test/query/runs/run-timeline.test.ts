/** A run as a waterfall: activities, requests and tools in the order in which one reads them. */
import { describe, expect, it } from 'vitest';
import type { PipelineEvent } from '../../../src/model/document-schema.ts';
import type { Leaf } from '../../../src/model/leaf.ts';
import { ActivityTable } from '../../../src/query/runs/activity-table.ts';
import { activityTree } from '../../../src/query/runs/activity-tree.ts';
import { runTimeline, type TimelineItem } from '../../../src/query/runs/run-timeline.ts';
import { foldToDocument } from '../../helpers/fold-facts.ts';
import { end, note, request, spanId, start, T0 } from '../../helpers/run-cli.ts';

const below = (parent: number): { parent: string } => ({ parent: spanId(parent) });
const leaf = (kind: Leaf['kind'], span: number, parent: number, overrides: Partial<Leaf> = {}): Leaf => ({
  kind,
  span: spanId(span),
  parent: spanId(parent),
  session: null,
  name: kind === 'chat' ? 'chat claude-x' : 'execute_tool Bash',
  startAt: T0,
  endAt: T0 + 10,
  attributes: {},
  ...overrides,
});

const NOW = T0 + 5000;

function timeline(leaves: Record<number, Leaf[]>): TimelineItem[] {
  const { events } = foldToDocument([
    start(1, { name: '/build' }),
    start(2, { level: 'agent', name: 'tester', label: 'Run the tests', ...below(1), at: T0 + 100 }),
    note(9, { level: 'error', type: 'ApiError', message: 'overloaded', ...below(2), at: T0 + 150 }),
    end(2, { at: T0 + 200, status: 'failed' }),
    start(3, { level: 'agent', name: 'builder', ...below(1), at: T0 + 300 }),
    request(8, { ...below(3), at: T0 + 310, cost_nanousd: 1_000_000 }),
  ]);
  const table = new ActivityTable();
  for (const event of events as unknown as PipelineEvent[]) table.apply(event);
  const root = table.rows.get(`evt-${spanId(1)}`);
  if (!root) throw new Error('expected the run in the table');
  const usageOf = () => ({
    ...{ input_tokens: 1, output_tokens: 2, cache_read_tokens: 0, cache_write_5m_tokens: 0, cache_write_1h_tokens: 0 },
    ...{ requests: 1, cost: 0.001, unpriced_tokens: undefined },
  });
  const tree = activityTree(table, root, { now: NOW, usageOf: row => (row.name === 'builder' ? usageOf() : null) });
  const found = new Map(Object.entries(leaves).map(([span, of]) => [spanId(Number(span)), of]));
  return runTimeline({ tree, leaves: found, notes: table.notes });
}

describe('a waterfall', () => {
  it('has each activity before what is below it, and requests and tools between them by their starts', () => {
    const items = timeline({
      1: [leaf('chat', 20, 1, { startAt: T0 + 5 }), leaf('tool', 21, 1, { startAt: T0 + 250 })],
      2: [leaf('chat', 22, 2, { startAt: T0 + 110 })],
    });
    expect(items.map(({ kind, name, depth }) => `${'  '.repeat(depth)}${kind} ${name}`)).toEqual([
      'command /build',
      '  chat claude-x',
      '  agent tester',
      '    chat claude-x',
      '  tool Bash',
      '  agent builder',
    ]);
  });

  it('shows what waited inside a call below the call', () => {
    const call = leaf('tool', 21, 1);
    const wait = leaf('wait', 23, 21, { name: 'wait' });
    const items = timeline({ 1: [call, wait] });
    expect(items.slice(0, 3).map(({ kind, depth, parent_id }) => [kind, depth, parent_id])).toEqual([
      ['command', 0, null],
      ['tool', 1, `evt-${spanId(1)}`],
      ['wait', 2, spanId(21)],
    ]);
  });

  it('says why something failed', () => {
    const failed = leaf('tool', 21, 1, { error: { type: 'ToolFailure', message: 'Exit code 3' } });
    const items = timeline({ 1: [failed] });
    expect(items.filter(({ error }) => error !== null)).toMatchObject([
      { kind: 'tool', status: 'failed', error: 'Exit code 3' },
      { kind: 'agent', name: 'tester', status: 'failed', error: 'overloaded', notes: [{ type: 'ApiError' }] },
    ]);
  });

  it('counts the tokens of a request as they are paid for, and of an open activity what it has used so far', () => {
    const chat = leaf('chat', 20, 1, {
      attributes: {
        'gen_ai.usage.input_tokens': 1000,
        'gen_ai.usage.output_tokens': 20,
        'gen_ai.usage.cache_read.input_tokens': 600,
        'gen_ai.usage.cache_creation.input_tokens': 300,
        'spanbook.usage.cache_write_1h_tokens': 100,
        'spanbook.cost.nanousd': 7_000_000,
      },
    });
    const [command, request, , builder] = timeline({ 1: [chat] });
    expect(request?.usage).toEqual({
      ...{ input_tokens: 100, output_tokens: 20, cache_read_tokens: 600 },
      ...{ cache_write_5m_tokens: 200, cache_write_1h_tokens: 100, requests: 1, cost: 0.007 },
    });
    expect(builder).toMatchObject({ name: 'builder', status: 'running', ended_ms: null, usage: { cost: 0.001 } });
    expect(command?.usage?.cost).toBe(0.001);
  });
});
