/** Payload → fact, payload by payload: what is kept, what is cut, and what leaves no fact. */
import { describe, expect, it } from 'vitest';
import { hookFact } from '../../src/claude-code/hook-fact.ts';

const base = { session_id: 's1', prompt_id: 'p1', cwd: '/home/dev/shop', transcript_path: '/t.jsonl' };
const CLIENT = { pid: 1, started: 2, boot: 'b', host: 'h', namespace: 'n' };
const factOf = (payload: object, labels = true) =>
  hookFact(
    { ...base, ...payload },
    {
      now: 7,
      labels,
      branchOf: folder => `branch of ${folder}`,
      stageOf: name => (name === 'builder' || name === '/staged' ? 'building' : undefined),
      client: () => CLIENT,
    },
  );
const tool = (event: string, tool_name: string, more: object = {}) => ({
  hook_event_name: event,
  tool_name,
  tool_use_id: 't1',
  ...more,
});

describe('hookFact', () => {
  it.each([
    [
      { hook_event_name: 'SessionStart', source: 'resume' },
      { kind: 'session_start', reason: 'resume', branch: 'branch of /home/dev/shop' },
    ],
    [
      { hook_event_name: 'SessionEnd', reason: 'clear' },
      { kind: 'session_end', reason: 'clear' },
    ],
    [
      { hook_event_name: 'UserPromptSubmit', prompt: 'hello' },
      { kind: 'prompt', prompt: 'p1', transcript: '/t.jsonl' },
    ],
    [
      { hook_event_name: 'UserPromptExpansion', command_name: 'ship' },
      { kind: 'command', name: 'ship' },
    ],
    [{ hook_event_name: 'Stop' }, { kind: 'stop' }],
    [
      { hook_event_name: 'StopFailure', error: 'rate_limit', error_details: 'a\nb' },
      { kind: 'stop_failure', error: 'rate_limit', message: 'a' },
    ],
    [
      { hook_event_name: 'SubagentStart', agent_id: 'x1', agent_type: 'builder' },
      { kind: 'agent_start', agent: 'x1', name: 'builder' },
    ],
    [
      { hook_event_name: 'SubagentStop', agent_id: 'x1' },
      { kind: 'agent_end', agent: 'x1' },
    ],
    [
      tool('PreToolUse', 'Agent', { tool_input: { subagent_type: 'b', description: 'd' } }),
      { kind: 'agent_call', name: 'b', label: 'd' },
    ],
    [tool('PreToolUse', 'Task', { agent_id: 'x1' }), { kind: 'agent_call', name: 'general-purpose', agent: 'x1' }],
    [
      tool('PostToolUse', 'Agent', { tool_response: { agentId: 'x2', status: 'async_launched' } }),
      { kind: 'agent_return', child: 'x2', status: 'async_launched' },
    ],
    [tool('PreToolUse', 'Skill', { tool_input: { skill: 'plan' } }), { kind: 'skill_call', name: 'plan' }],
    [
      tool('PostToolUseFailure', 'Bash', { error: 'Exit code 3\nsecret' }),
      { kind: 'tool_failure', name: 'Bash', message: 'Exit code 3' },
    ],
    [tool('PermissionDenied', 'Bash', { reason: 'no' }), { kind: 'tool_denied', message: 'no' }],
    [{ hook_event_name: 'TotallyNew' }, { kind: 'other', event: 'TotallyNew' }],
  ])('of %o is %o', (payload, fact) => {
    expect(factOf(payload)).toMatchObject({ v: 1, at: 7, source: 'hook', session: 's1', ...fact });
  });

  it.each([
    [{ hook_event_name: 'Notification' }],
    [{ hook_event_name: 'PostToolBatch' }],
    [{ hook_event_name: 'SubagentStop' }],
    [tool('PreToolUse', 'Bash')],
    [tool('PostToolUse', 'Skill')],
  ])('is none for %o', payload => {
    expect(factOf(payload)).toBeNull();
  });

  it.each([
    [
      { prompt: '<task-notification><task-id>x1</task-id></task-notification>' },
      { system: true, about: ['x1'], outcomes: [''] },
    ],
    [
      {
        prompt:
          '<task-notification>\n<task-id>x1</task-id>\n<status>killed</status>\n</task-notification>\n' +
          '<task-notification><task-id>x2</task-id><status>completed</status></task-notification>',
      },
      { system: true, about: ['x1', 'x2'], outcomes: ['killed', 'completed'] },
    ],
    [{ prompt: 'wake up', source: 'system' }, { system: true }],
    [{ prompt: 'hello', source: 'user' }, {}],
    [{ prompt: 'tell me about <task-notification>' }, {}],
  ])('says of %o whether the client sent it itself', (payload, origin) => {
    const fact = factOf({ hook_event_name: 'UserPromptSubmit', ...payload });
    expect(fact).toEqual({ ...factOf({ hook_event_name: 'UserPromptSubmit', prompt: '' }), ...origin });
  });

  it('keeps no label where labels are off', () => {
    const payload = tool('PreToolUse', 'Agent', { tool_input: { subagent_type: 'b', description: 'CANARY' } });
    expect(JSON.stringify(factOf(payload, false))).not.toContain('CANARY');
  });

  it.each([
    ['a key', 'failed: sk-abcdefghijklmnopqrstuvwx', 'failed: [redacted]'],
    ['a bearer', 'Authorization: Bearer abcdefgh12345', 'Authorization: Bearer [redacted]'],
    ['a password', 'password=hunter2 is wrong', 'password=[redacted] is wrong'],
    ['a login in a link', 'https://me:pass@example.com', 'https://[redacted]@example.com'],
  ])('cuts %s out of the message of a failure', (_what, error, message) => {
    expect(factOf(tool('PostToolUseFailure', 'Bash', { error }))).toMatchObject({ message });
  });

  it('bears any value in any key', () => {
    for (const value of [null, 7, true, [], {}, 'x'.repeat(1e6), '\ud800']) {
      for (const hook_event_name of [
        'SessionStart',
        'UserPromptSubmit',
        'PreToolUse',
        'StopFailure',
        'SubagentStart',
      ]) {
        const keys = [
          'prompt_id',
          'agent_id',
          'agent_type',
          'tool_name',
          'tool_input',
          'tool_use_id',
          'error',
          'prompt',
          'source',
        ];
        const payload = { hook_event_name, ...Object.fromEntries(keys.map(key => [key, value])) };
        expect(JSON.stringify(factOf(payload)).length).toBeLessThan(500_000);
      }
    }
  });
});
