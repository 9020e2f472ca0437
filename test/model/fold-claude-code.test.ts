/** What the hooks of Claude Code mean, case by case. */
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import { clientFacts, NOON } from '../helpers/client-facts.ts';
import { foldFacts, foldToDocument } from '../helpers/fold-facts.ts';
import { outline, treeOf } from '../helpers/tree-of.ts';

const HOUR = 3_600_000;
const outlineOf = (facts: readonly Fact[]): string[] => outline(treeOf(foldToDocument(facts)));
const endsOf = (facts: readonly Fact[]) =>
  foldToDocument(facts).events.flatMap(event =>
    event.status === undefined ? [] : [{ name: event.activity.name, status: event.status, at: event.timestamp }],
  );
const clock = (seconds: number): string => new Date(NOON + seconds * 1000).toISOString();

it('a decision of a person about a tool is known, and changes nothing: not even a session comes to be', () => {
  const fact = clientFacts();
  const facts = [fact('prompt'), fact('stop')];
  const decided = { tool_use: 't1', name: 'Bash', decision: 'user_reject', source: 'import' } as const;
  const elsewhere = fact('tool_wait', { ...decided, session: 's2' });
  const told = [...facts.slice(0, 1), fact('tool_wait', decided), elsewhere, ...facts.slice(1)];
  expect(foldToDocument(told)).toEqual(foldToDocument(facts));
  const { sessions, skipped } = foldFacts(told);
  expect([...sessions.keys()]).toEqual(['s1']);
  expect(sessions.get('s1')?.lastAt).toBe(NOON + 1000);
  expect(Object.values(skipped).every(count => count === 0)).toBe(true);
});

describe('a command', () => {
  it('is named by its command, before or after its prompt, and `prompt` without one', () => {
    const fact = clientFacts();
    expect(outlineOf([fact('command', { name: 'ship' }), fact('prompt'), fact('stop')])).toEqual([
      'command /ship completed',
    ]);
    expect(outlineOf([fact('prompt'), fact('command', { name: 'ship' }), fact('stop')])).toEqual([
      'command /ship completed',
    ]);
    expect(outlineOf([fact('prompt'), fact('stop')])).toEqual(['command prompt completed']);
  });

  it('ends at its last stop', () => {
    const fact = clientFacts();
    expect(endsOf([fact('prompt'), fact('stop'), fact('stop')])).toEqual([
      { name: 'prompt', status: 'completed', at: clock(2) },
    ]);
  });

  it('is continued by a prompt that the client sent, which is no command', () => {
    const fact = clientFacts();
    const facts = [
      fact('prompt'),
      fact('agent_start', { agent: 'x1', name: 'builder' }),
      fact('stop'),
      fact('agent_end', { agent: 'x1' }),
      fact('prompt', { prompt: 'p2', system: true, about: ['x1'] }),
      fact('skill_call', { prompt: 'p2', tool_use: 't1', name: 'report' }),
      fact('stop', { prompt: 'p2' }),
    ];
    expect(outlineOf(facts)).toEqual([
      'command prompt completed',
      '  agent builder completed',
      '  skill report completed',
    ]);
    expect(endsOf(facts).find(end => end.name === 'prompt')?.at).toBe(clock(6));
  });

  it('is continued by the run of the agent that reports, not by the last one', () => {
    const fact = clientFacts();
    const facts = [
      fact('prompt'),
      fact('agent_start', { agent: 'x1', name: 'builder' }),
      fact('stop'),
      fact('prompt', { prompt: 'p2' }),
      fact('stop', { prompt: 'p2' }),
      fact('agent_end', { agent: 'x1', prompt: 'p2' }),
      fact('prompt', { prompt: 'p3', system: true, about: ['x1'] }),
      fact('tool_failure', { prompt: 'p3', tool_use: 't9', name: 'Bash', message: 'no' }),
      fact('stop', { prompt: 'p3' }),
    ];
    expect(outlineOf(facts)).toEqual([
      'command prompt completed',
      '  ! warning ToolFailure: Bash: no',
      '  agent builder completed',
      'command prompt completed',
    ]);
  });

  it('is continued by a prompt of the client that names no agent', () => {
    const fact = clientFacts();
    const wakeUp = { prompt: 'p2', system: true };
    expect(outlineOf([fact('prompt'), fact('stop'), fact('prompt', wakeUp)])).toEqual(['command prompt completed']);
  });

  it('is cancelled by the next human prompt, with the agents that it waited for', () => {
    const fact = clientFacts();
    const facts = [
      fact('prompt'),
      fact('agent_start', { agent: 'x1', name: 'builder' }),
      fact('prompt', { prompt: 'p2' }),
    ];
    expect(outlineOf(facts)).toEqual(['command prompt cancelled', '  agent builder cancelled', 'command prompt open']);
  });

  it('leaves an agent in the background at work when the next prompt comes', () => {
    const fact = clientFacts();
    const facts = [
      fact('prompt'),
      fact('agent_call', { tool_use: 't1', name: 'builder' }),
      fact('agent_start', { agent: 'x1', name: 'builder' }),
      fact('agent_return', { tool_use: 't1', child: 'x1', status: 'async_launched' }),
      fact('prompt', { prompt: 'p2' }),
    ];
    expect(outlineOf(facts)).toEqual(['command prompt cancelled', '  agent builder open', 'command prompt open']);
    expect(outlineOf([...facts, fact('agent_end', { agent: 'x1', prompt: 'p2' })])).toContain(
      '  agent builder completed',
    );
  });

  it('that the person broke off is cancelled then, with the agents that it waited for', () => {
    const fact = clientFacts();
    const facts = [
      fact('prompt'),
      fact('agent_start', { agent: 'x1', name: 'builder' }),
      fact('skill_call', { tool_use: 't1', name: 'report' }),
      fact('stop', { interrupted: true }),
    ];
    expect(outlineOf(facts)).toEqual([
      'command prompt cancelled',
      '  agent builder cancelled',
      '  skill report cancelled',
    ]);
    expect(endsOf(facts).map(end => end.at)).toEqual([clock(3), clock(3), clock(3)]);
  });

  it('is cancelled by the end of the session', () => {
    const fact = clientFacts();
    const facts = [fact('prompt'), fact('skill_call', { tool_use: 't1', name: 'report' }), fact('session_end')];
    expect(outlineOf(facts)).toEqual(['command prompt cancelled', '  skill report cancelled']);
  });

  it('fails with one error when the client says that the turn failed', () => {
    const fact = clientFacts();
    const facts = [fact('prompt'), fact('stop_failure', { error: 'rate_limit', message: 'too many' })];
    const document = foldToDocument([...facts, fact('stop_failure', { error: 'rate_limit', message: 'too many' })]);
    expect(outline(treeOf(document))).toEqual(['command prompt failed', '  ! error rate_limit: too many']);
    expect(document.statistics.total_errors).toBe(1);
    expect(document.pipeline_status).toBe('failed');
  });

  it.each(['startup', 'resume'])('is abandoned when its session starts anew (%s), until a real end comes', reason => {
    const fact = clientFacts();
    const facts = [
      fact('prompt'),
      fact('tool_failure', { tool_use: 't1', name: 'Bash', message: '' }),
      fact('session_start', { prompt: undefined, reason, at: NOON + HOUR }),
    ];
    expect(endsOf(facts)).toEqual([{ name: 'prompt', status: 'abandoned', at: clock(1) }]);
    expect(foldToDocument(facts).pipeline_status).toBe('failed');
    expect(endsOf([...facts, fact('stop')])).toEqual([{ name: 'prompt', status: 'completed', at: clock(3) }]);
  });

  it.each(['clear', 'compact'])('goes on when the session starts anew by %s', reason => {
    const fact = clientFacts();
    expect(outlineOf([fact('prompt'), fact('session_start', { reason })])).toEqual(['command prompt open']);
  });

  it('is abandoned after 24 hours without a sign of life, with the time of the last one', () => {
    const fact = clientFacts();
    const other = clientFacts('q1', NOON + 24 * HOUR + 2000);
    const facts = [
      fact('prompt'),
      fact('skill_call', { tool_use: 't1', name: 'report' }),
      other('prompt', { session: 's2' }),
    ];
    expect(endsOf(facts)).toEqual([
      { name: 'report', status: 'abandoned', at: clock(1) },
      { name: 'prompt', status: 'abandoned', at: clock(1) },
    ]);
  });

  it('is found by its session when the client names no prompts', () => {
    const fact = clientFacts(undefined);
    const run = (name: string) => [
      fact('prompt', { prompt: undefined }),
      fact('agent_start', { prompt: undefined, agent: name, name }),
      fact('agent_end', { prompt: undefined, agent: name }),
      fact('skill_call', { prompt: undefined, tool_use: name, name: 'report' }),
      fact('stop', { prompt: undefined }),
    ];
    expect(outlineOf([...run('one'), ...run('two')])).toEqual([
      'command prompt completed',
      '  agent one completed',
      '  skill report completed',
      'command prompt completed',
      '  skill report completed',
      '  agent two completed',
    ]);
  });

  it.each([
    ['before its prompt', true],
    ['after its prompt', false],
  ])('takes a name that comes %s when the client names no prompts', (_when, before) => {
    const none = { prompt: undefined };
    const fact = clientFacts(undefined);
    const first = [fact('prompt', none), fact('stop', none)];
    const name = (): Fact => fact('command', { ...none, name: 'ship' });
    const second = before ? [name(), fact('prompt', none)] : [fact('prompt', none), name()];
    const starts = foldToDocument([...first, ...second]).events.filter(event => event.event_type === 'command_start');
    expect(starts.map(event => event.activity.name)).toEqual(['prompt', '/ship']);
  });
});
