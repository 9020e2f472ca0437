/** Agents and skills: who called whom, and when they are over. */
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import { clientFacts } from '../helpers/client-facts.ts';
import { foldToDocument } from '../helpers/fold-facts.ts';
import { outline, treeOf } from '../helpers/tree-of.ts';

const outlineOf = (facts: readonly Fact[]): string[] => outline(treeOf(foldToDocument(facts)));

describe('an agent', () => {
  it('hangs under the agent that called it', () => {
    const fact = clientFacts();
    const facts = [
      fact('prompt'),
      fact('agent_call', { tool_use: 't1', name: 'lead', label: 'outer' }),
      fact('agent_start', { agent: 'x1', name: 'lead' }),
      fact('agent_call', { agent: 'x1', tool_use: 't2', name: 'worker', label: 'inner' }),
      fact('agent_start', { agent: 'x2', name: 'worker' }),
      fact('agent_end', { agent: 'x2' }),
      fact('agent_return', { agent: 'x1', tool_use: 't2', child: 'x2', status: 'completed' }),
      fact('agent_end', { agent: 'x1' }),
      fact('agent_return', { tool_use: 't1', child: 'x1', status: 'completed' }),
      fact('stop'),
    ];
    expect(outlineOf(facts)).toEqual([
      'command prompt completed',
      '  agent lead "outer" completed',
      '    agent worker "inner" completed',
    ]);
  });

  it('is joined by the id that came back, when two of a type run at once', () => {
    const fact = clientFacts();
    const calls = [
      fact('prompt'),
      fact('agent_call', { tool_use: 't1', name: 'worker', label: 'first' }),
      fact('agent_call', { tool_use: 't2', name: 'worker', label: 'second' }),
      fact('agent_start', { agent: 'x2', name: 'worker' }),
      fact('agent_start', { agent: 'x1', name: 'worker' }),
    ];
    expect(outlineOf(calls).slice(1)).toEqual(['  agent worker open', '  agent worker open']);
    const returned = [...calls, fact('agent_return', { tool_use: 't2', child: 'x2', status: 'completed' })];
    expect(outlineOf(returned).slice(1)).toEqual(['  agent worker "first" open', '  agent worker "second" completed']);
  });

  it.each([
    ['call', 'start'],
    ['start', 'call'],
  ])('is joined to the only open call of its type before it comes back (%s, then %s)', first => {
    const fact = clientFacts();
    const begin = [fact('prompt'), fact('skill_call', { tool_use: 't1', name: 'plan' })];
    const call = fact('agent_call', { tool_use: 't2', name: 'worker', label: 'only' });
    const start = fact('agent_start', { agent: 'x1', name: 'worker' });
    expect(outlineOf([...begin, ...(first === 'call' ? [call, start] : [start, call])])).toEqual([
      'command prompt open',
      '  skill plan open',
      '    agent worker "only" open',
    ]);
  });

  it('belongs to its run when it comes before its command', () => {
    const fact = clientFacts();
    const facts = [
      fact('agent_start', { agent: 'x1', name: 'builder' }),
      fact('tool_failure', { agent: 'x1', tool_use: 't1', name: 'Bash', message: 'no' }),
      fact('prompt'),
      fact('agent_end', { agent: 'x1' }),
      fact('stop'),
    ];
    expect(outlineOf(facts)).toEqual([
      'command prompt completed',
      '  agent builder completed',
      '    ! warning ToolFailure: Bash: no',
    ]);
  });

  it('is over when its end comes before its start', () => {
    const fact = clientFacts();
    const facts = [
      fact('prompt'),
      fact('agent_end', { agent: 'x1' }),
      fact('agent_start', { agent: 'x1', name: 'builder' }),
    ];
    expect(outlineOf(facts)).toEqual(['command prompt open', '  agent builder completed']);
    expect(foldToDocument(facts).events.at(-1)?.duration_ms).toBe(0);
  });

  it('that is resumed under a later prompt is another activity, of that run, with its label', () => {
    const fact = clientFacts();
    const again = { agent: 'x1', prompt: 'p2' };
    const facts = [
      fact('prompt'),
      fact('agent_call', { tool_use: 't0', name: 'builder', label: 'first' }),
      fact('agent_start', { agent: 'x1', name: 'builder' }),
      fact('agent_end', { agent: 'x1' }),
      fact('agent_return', { tool_use: 't0', child: 'x1', status: 'completed' }),
      fact('stop'),
      fact('prompt', { prompt: 'p2' }),
      fact('command', { prompt: 'p2', name: 'more' }),
      fact('agent_start', { ...again, name: 'builder' }),
      fact('tool_failure', { ...again, tool_use: 't1', name: 'Bash', message: 'no' }),
    ];
    expect(outlineOf(facts)).toEqual([
      'command /more open',
      '  agent builder "first" open',
      '    ! warning ToolFailure: Bash: no',
      'command prompt completed',
      '  agent builder "first" completed',
    ]);
    expect(outlineOf([...facts, fact('agent_end', again)])).toContain('  agent builder "first" completed');
  });

  it.each([
    ['killed', 'cancelled'],
    ['failed', 'failed'],
    ['completed', 'completed'],
    ['', 'open'],
  ])('in the background ends by a notification that says %j', (outcome, status) => {
    const fact = clientFacts();
    const facts = [
      fact('prompt'),
      fact('agent_start', { agent: 'x1', name: 'builder' }),
      fact('stop'),
      fact('prompt', { prompt: 'p2', system: true, about: ['x1'], outcomes: [outcome] }),
    ];
    expect(outlineOf(facts)).toEqual(['command prompt completed', `  agent builder ${status}`]);
    expect(outlineOf([...facts, fact('agent_end', { agent: 'x1' })])[1]).toBe('  agent builder completed');
  });

  it('is not ended at its resumption by an end that came twice', () => {
    const fact = clientFacts();
    const facts = [
      fact('prompt'),
      fact('agent_start', { agent: 'x1', name: 'builder' }),
      fact('stop'),
      fact('agent_end', { agent: 'x1', prompt: 'p2' }),
      fact('agent_end', { agent: 'x1', prompt: 'p2' }),
      fact('prompt', { prompt: 'p3' }),
      fact('agent_start', { agent: 'x1', prompt: 'p3', name: 'builder' }),
    ];
    expect(outlineOf(facts)).toContain('  agent builder open');
  });

  it.each([
    ['tool_failure', 'ToolFailure'],
    ['tool_denied', 'ToolDenied'],
  ] as const)('whose call came to nothing (%s) leaves one warning and nothing open', (kind, type) => {
    const fact = clientFacts();
    const call = [
      fact('prompt'),
      fact('agent_call', { tool_use: 't1', name: 'builder' }),
      fact('agent_start', { agent: 'x1', name: 'builder' }),
      fact(kind, { tool_use: 't1', name: 'Agent', message: 'no' }),
    ];
    const document = foldToDocument(call);
    expect(outline(treeOf(document))).toEqual([
      'command prompt open',
      `  ! warning ${type}: Agent: no`,
      '  agent builder failed',
    ]);
    expect(document.statistics.total_warnings).toBe(1);
    const neverBegan = call.filter(({ kind: other }) => other !== 'agent_start');
    expect(outlineOf(neverBegan)).toEqual(['command prompt open', `  ! warning ${type}: Agent: no`]);
  });
});

describe('a skill', () => {
  it('ends at the next skill of its owner and is the parent of what comes between', () => {
    const fact = clientFacts();
    const facts = [
      fact('prompt'),
      fact('skill_call', { tool_use: 't1', name: 'plan' }),
      fact('agent_call', { tool_use: 't2', name: 'builder' }),
      fact('agent_start', { agent: 'x1', name: 'builder' }),
      fact('agent_end', { agent: 'x1' }),
      fact('agent_return', { tool_use: 't2', child: 'x1', status: 'completed' }),
      fact('tool_failure', { tool_use: 't3', name: 'Bash', message: 'no' }),
      fact('skill_call', { tool_use: 't4', name: 'report' }),
    ];
    expect(outlineOf(facts)).toEqual([
      'command prompt open',
      '  skill plan completed',
      '    ! warning ToolFailure: Bash: no',
      '    agent builder completed',
      '  skill report open',
    ]);
    expect(outlineOf([...facts, fact('stop')])).toContain('  skill report completed');
  });

  it('of an agent hangs under it and ends with it', () => {
    const fact = clientFacts();
    const facts = [
      fact('prompt'),
      fact('agent_start', { agent: 'x1', name: 'builder' }),
      fact('skill_call', { agent: 'x1', tool_use: 't1', name: 'plan' }),
      fact('skill_call', { tool_use: 't2', name: 'of the main thread' }),
    ];
    const open = [
      'command prompt open',
      '  agent builder open',
      '    skill plan open',
      '  skill of the main thread open',
    ];
    expect(outlineOf(facts)).toEqual(open);
    expect(outlineOf([...facts, fact('agent_end', { agent: 'x1' })])).toEqual([
      'command prompt open',
      '  agent builder completed',
      '    skill plan completed',
      '  skill of the main thread open',
    ]);
  });

  it('that failed to load is failed, with the warning under it', () => {
    const fact = clientFacts();
    const facts = [
      fact('prompt'),
      fact('skill_call', { tool_use: 't1', name: 'plan' }),
      fact('tool_failure', { tool_use: 't1', name: 'Skill', message: 'unknown skill' }),
    ];
    expect(outlineOf(facts)).toEqual([
      'command prompt open',
      '  skill plan failed',
      '    ! warning ToolFailure: Skill: unknown skill',
    ]);
  });
});
