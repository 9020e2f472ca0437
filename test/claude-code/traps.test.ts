/**
 * The traps of Claude Code's hooks, one test each: what a client does that a simple reader would get wrong. Those of its
 * transcripts stand in `test/import-spans.test.ts`, those that only a real client shows in `test/real-client`.
 */
import { describe, expect, it } from 'vitest';
import { hookGroups } from '../../src/claude-code/hook-entries.ts';
import { hookFact } from '../../src/claude-code/hook-fact.ts';
import type { Fact } from '../../src/model/fact.ts';
import { foldToDocument } from '../helpers/fold-facts.ts';
import { runHook } from '../helpers/run-program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { outline, treeOf } from '../helpers/tree-of.ts';

type Payload = Record<string, unknown>;

const NOW = Date.UTC(2026, 0, 1, 12);
const context = { labels: true, branchOf: () => undefined, stageOf: () => undefined, client: () => undefined };
const base = { session_id: 's1', prompt_id: 'p1' };
const event = (hook_event_name: string, more: Payload = {}): Payload => ({ ...base, hook_event_name, ...more });
const submit = (prompt: string, prompt_id = 'p1', more: Payload = {}): Payload =>
  event('UserPromptSubmit', { prompt, prompt_id, ...more });
const tool = (name: string, tool_name: string, tool_use_id: string, more: Payload = {}): Payload =>
  event(name, { tool_name, tool_use_id, ...more });

const facts = (payloads: readonly Payload[]): Fact[] =>
  payloads.flatMap((payload, index) => hookFact(payload, { ...context, now: NOW + index * 1000 }) ?? []);
const tree = (...payloads: Payload[]): string[] => outline(treeOf(foldToDocument(facts(payloads))));

describe('events that do not come', () => {
  it('trap: a typed /skill comes as a command, and never as a call of the Skill tool', () => {
    const expansion = event('UserPromptExpansion', {
      command_name: 'report-writer',
      command_source: 'projectSettings',
    });
    expect(tree(submit('/report-writer x'), expansion, event('Stop'))).toEqual(['command /report-writer completed']);
  });

  it('trap: /clear and /compact send no prompt, only ends and starts of sessions', () => {
    const clear = [
      event('SessionEnd', { reason: 'clear' }),
      event('SessionStart', { source: 'clear', session_id: 's2' }),
    ];
    const compact = [event('PreCompact'), event('SessionStart', { source: 'compact' }), event('PostCompact')];
    expect(tree(submit('hi'), event('Stop'), ...clear)).toEqual(['command prompt completed']);
    expect(tree(submit('hi'), ...compact)).toEqual(['command prompt open']);
    expect(tree(submit('hi'), ...clear)).toEqual(['command prompt cancelled']);
  });

  it('trap: a call that fails validation has neither a start nor a failure, so nothing is waited for', () => {
    expect(tree(submit('hi'), event('Stop'))).toEqual(['command prompt completed']);
  });

  it('trap: no PostToolUse after a denial: an agent call that was denied leaves nothing open', () => {
    const call = tool('PreToolUse', 'Agent', 't1', { tool_input: { subagent_type: 'builder' } });
    expect(tree(submit('hi'), call, event('Stop'))).toEqual(['command prompt completed']);
    const denied = tool('PermissionDenied', 'Agent', 't1', { reason: 'no' });
    expect(tree(submit('hi'), call, denied, event('Stop'))).toEqual([
      'command prompt completed',
      '  ! warning ToolDenied: Agent: no',
    ]);
  });

  it('trap: no Stop after an interrupt: the next prompt ends the run', () => {
    expect(tree(submit('one'), submit('two', 'p2'))).toEqual(['command prompt cancelled', 'command prompt open']);
  });

  it('trap: StopFailure comes in place of Stop, and SessionEnd may overtake it', () => {
    const failure = event('StopFailure', { error: 'overloaded', last_assistant_message: 'API Error: 529' });
    const failed = ['command prompt failed', '  ! error overloaded: API Error: 529'];
    expect(tree(submit('hi'), failure, event('SessionEnd'))).toEqual(failed);
    expect(tree(submit('hi'), event('SessionEnd'), failure)).toEqual(failed);
  });

  it('trap: SubagentStop came for the main session too, without an agent, and for what the client does itself', () => {
    const own = event('SubagentStop', { agent_id: 'acompact', agent_type: '' });
    expect(tree(submit('hi'), event('SubagentStop'), own)).toEqual(['command prompt open']);
  });

  it('trap: Stop with background tasks is a pause: the client wakes up by itself, in the same run', () => {
    const start = event('SubagentStart', { agent_id: 'a1', agent_type: 'builder' });
    const pause = event('Stop', { background_tasks: [{ id: 'a1', type: 'subagent' }] });
    const woken = submit(
      '<task-notification><task-id>a1</task-id><status>completed</status></task-notification>',
      'p2',
    );
    const stop = event('SubagentStop', { agent_id: 'a1', agent_type: 'builder' });
    const last = event('Stop', { prompt_id: 'p2' });
    const whole = ['command prompt completed', '  agent builder completed'];
    expect(tree(submit('hi'), start, pause, stop, woken, last)).toEqual(whole);
    // The notification may come before the stop of the agent.
    expect(tree(submit('hi'), start, pause, woken, stop, last)).toEqual(whole);
  });

  it('trap: a prompt that is typed meanwhile has the id of the run that is under way', () => {
    expect(tree(submit('one'), submit('two'), event('Stop'))).toEqual(['command prompt completed']);
  });
});

describe('what hooks do not say', () => {
  it('trap: SubagentStart has no parent: it comes with the return of the call, or of the skill', () => {
    const one = tool('PreToolUse', 'Agent', 't1', { tool_input: { subagent_type: 'builder', description: 'one' } });
    const two = tool('PreToolUse', 'Task', 't2', { tool_input: { subagent_type: 'builder', description: 'two' } });
    const starts = ['a1', 'a2'].map(agent_id => event('SubagentStart', { agent_id, agent_type: 'builder' }));
    const stops = ['a1', 'a2'].map(agent_id => event('SubagentStop', { agent_id, agent_type: 'builder' }));
    const returned = (id: string, agentId: string): Payload =>
      tool('PostToolUse', 'Agent', id, { tool_response: { status: 'completed', agentId } });
    const crossed = [submit('hi'), one, two, ...starts, ...stops, returned('t1', 'a2'), returned('t2', 'a1')];
    const spans = foldToDocument(facts(crossed)).events.filter(e => e.event_type === 'agent_spawn_start');
    expect(spans.map(e => e.activity.label)).toEqual(['two', 'one']);
  });

  it('trap: a skill that an agent does returns with the agent when it is done', () => {
    const skill = tool('PreToolUse', 'Skill', 't1', { tool_input: { skill: 'forked' } });
    const start = event('SubagentStart', { agent_id: 'a1', agent_type: 'builder' });
    const stop = event('SubagentStop', { agent_id: 'a1', agent_type: 'builder' });
    const done = tool('PostToolUse', 'Skill', 't1', { tool_response: { status: 'forked', agentId: 'a1' } });
    const later = tool('PostToolUseFailure', 'Bash', 't2', { error: 'Exit code 1' });
    expect(tree(submit('hi'), skill, start, stop, done, later)).toEqual([
      'command prompt open',
      '  ! warning ToolFailure: Bash: Exit code 1',
      '  skill forked completed',
      '    agent builder completed',
    ]);
  });

  it('trap: StopFailure of an agent is not that of the run', () => {
    const start = event('SubagentStart', { agent_id: 'a1', agent_type: 'builder' });
    const failure = event('StopFailure', { agent_id: 'a1', error: 'overloaded', error_details: 'no' });
    expect(tree(submit('hi'), start, failure, event('Stop'))).toEqual([
      'command prompt completed',
      '  agent builder failed',
      '    ! error overloaded: no',
    ]);
  });

  it('trap: the failure of an agent and that of its call come in any order, and neither names the other', () => {
    const calls = ['one', 'two'].map((description, index) =>
      tool('PreToolUse', 'Agent', `t${index}`, { tool_input: { subagent_type: 'builder', description } }),
    );
    const starts = ['a1', 'a2'].map(agent_id => event('SubagentStart', { agent_id, agent_type: 'builder' }));
    const failure = event('StopFailure', { agent_id: 'a1', error: 'overloaded', error_details: 'no' });
    const callFailure = tool('PostToolUseFailure', 'Agent', 't0', { error: 'terminated early' });
    const before = [submit('hi'), ...calls, ...starts];
    const whole = tree(...before, failure, callFailure);
    expect(whole).toContain('  agent builder "one" failed');
    expect(tree(...before, callFailure, failure)).toEqual(whole);
  });

  it('trap: TaskCreated and TaskCompleted are lines of a to-do list, not agents', () => {
    expect(facts([event('TaskCreated', { task_id: '1' }), event('TaskCompleted', { task_id: '1' })])).toEqual([]);
  });

  it('trap: events come twice, after a resume and for skills', () => {
    const skill = tool('PreToolUse', 'Skill', 't1', { tool_input: { skill: 'plan' } });
    const start = event('SessionStart', { source: 'resume' });
    const whole = [start, submit('hi'), skill, event('Stop')];
    expect(foldToDocument(facts([...whole, ...whole.slice(1)])).statistics).toMatchObject({
      total_commands: 1,
      total_skills_invoked: 1,
    });
  });

  it('trap: parallel calls are told by processes that overtake each other', () => {
    const calls = ['t1', 't2'].map(id => tool('PreToolUse', 'Agent', id, { tool_input: { subagent_type: id } }));
    const starts = ['t1', 't2'].map(type => event('SubagentStart', { agent_id: `a-${type}`, agent_type: type }));
    const before = tree(submit('hi'), ...calls, ...starts);
    expect(tree(submit('hi'), ...starts, ...calls)).toEqual(before);
  });
});

describe('how hooks are called', () => {
  it('trap: what a hook prints goes into the prompt, and an exit code other than 0 is shown or blocks', async () => {
    for (const input of [submit('hi'), event('SessionStart'), event('Stop'), { hook_event_name: 5 }, 'no json', '']) {
      const outcome = await runHook('claude-code', { input, args: ['--state-dir', tempDir()] });
      expect(outcome).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    }
  });

  it('trap: the matcher of tools names both names of the agent tool, and other tools cost nothing', () => {
    const groups = hookGroups('x');
    for (const name of ['PreToolUse', 'PostToolUse']) {
      expect(groups.get(name)).toMatchObject({ matcher: 'Agent|Task|Skill' });
    }
    expect(groups.get('StopFailure')?.matcher).toBeUndefined();
  });

  it('trap: events and fields that this version does not know are no error', () => {
    expect(facts([event('Brandnew', { scratchpad_dir: '/x' })])).toMatchObject([{ kind: 'other', event: 'Brandnew' }]);
    expect(tree({ ...submit('hi'), new_field: { a: 1 } })).toEqual(['command prompt open']);
  });
});
