/** Stages by the rules of `spanbook.json`: every event has its stage where a rule fits, whoever wrote it. */
import { describe, expect, it } from 'vitest';
import { startPipeline } from '../src/setup.ts';
import { cli, makeFolder, writeSettings } from './helpers/run-cli.ts';
import { runHook } from './helpers/run-program.ts';
import { readDocument } from './helpers/state-folder.ts';

const rules = { stages: { '/prototype*': 'prototype', tester: 'testing', 'report-*': 'reporting', prompt: 'chat' } };

function staged(settings: object = rules): string {
  const stateDir = makeFolder();
  writeSettings(stateDir, settings);
  return stateDir;
}

const stages = (stateDir: string): [string, string | undefined][] =>
  readDocument(stateDir)
    .events.filter(event => event.event_type.endsWith('_start') || event.level === 'warning')
    .map(event => [event.activity.name, event.activity.stage]);

describe('with rules in the settings', () => {
  const base = { session_id: 's1', prompt_id: 'p1' };
  const tool = { ...base, tool_use_id: 't1' };

  it.each([['Submit first'], ['Expansion first']])('what Claude Code does has its stage, %s', async order => {
    const stateDir = staged();
    const submit = { ...base, hook_event_name: 'UserPromptSubmit', prompt: '/prototype x' };
    const expansion = { ...base, hook_event_name: 'UserPromptExpansion', command_name: 'prototype' };
    const failed = { hook_event_name: 'PostToolUseFailure', tool_name: 'Bash', tool_use_id: 't2', error: 'no' };
    const inputs = [
      ...(order === 'Submit first' ? [submit, expansion] : [expansion, submit]),
      { ...base, hook_event_name: 'SubagentStart', agent_id: 'a1', agent_type: 'tester' },
      { ...base, hook_event_name: 'SubagentStart', agent_id: 'a2', agent_type: 'builder' },
      { ...tool, hook_event_name: 'PreToolUse', tool_name: 'Skill', tool_input: { skill: 'report-writer' } },
      { ...base, ...failed, agent_id: 'a1' },
      { ...base, ...failed, tool_use_id: 't3' },
    ];
    for (const input of inputs) await runHook('claude-code', { input, args: ['--state-dir', stateDir] });
    expect(stages(stateDir)).toEqual([
      ['/prototype', 'prototype'],
      ['tester', 'testing'],
      ['builder', 'prototype'],
      ['report-writer', 'reporting'],
      ['tester', 'testing'],
      ['report-writer', 'reporting'],
    ]);
    expect(readDocument(stateDir).stage).toBe('prototype');
  });

  it('a plain prompt has the stage of the name `prompt`', async () => {
    const stateDir = staged();
    const input = { ...base, hook_event_name: 'UserPromptSubmit', prompt: 'hi' };
    await runHook('claude-code', { input, args: ['--state-dir', stateDir] });
    expect(stages(stateDir)).toEqual([['prompt', 'chat']]);
  });

  it('a flag goes before a rule, a rule before what is inherited, and that before the context', async () => {
    const stateDir = staged();
    const args = ['--state-dir', stateDir];
    await cli(['context', 'set', '--stage', 'from-context', ...args]);
    const hook = (name: string, ...flags: string[]) => runHook(name, { args: [...flags, ...args] });
    await hook('command-start', '--command-name', '/prototype-a', '--stage', 'from-flag');
    await hook('pre-agent-spawn', '--agent-name', 'tester');
    await hook('skill-invoke', '--phase', 'start', '--skill-name', 'other');
    await hook('command-end', '--command-name', '/prototype-a');
    await hook('command-start', '--command-name', '/prototype-b');
    await hook('command-end', '--command-name', '/prototype-b');
    await hook('command-start', '--command-name', '/unknown');
    expect(stages(stateDir)).toEqual([
      ['/prototype-a', 'from-flag'],
      ['tester', 'testing'],
      ['other', 'testing'],
      ['/prototype-b', 'prototype'],
      ['/unknown', 'from-context'],
    ]);
  });

  it('spans of a program have it too', async () => {
    const stateDir = staged();
    const pipeline = startPipeline({ stateDir });
    await pipeline.withCommand('/prototype', () =>
      pipeline.withAgent('tester', () => pipeline.withSkill('report-a', { stage: 'given' }, () => {})),
    );
    await pipeline.shutdown();
    expect(stages(stateDir)).toEqual([
      ['/prototype', 'prototype'],
      ['tester', 'testing'],
      ['report-a', 'given'],
    ]);
  });

  it('wrong rules are a clear error to people, and nothing to hooks', async () => {
    const stateDir = staged({ stages: { '/a': 5, '/b*': 'fine' } });
    await runHook('command-start', { args: ['--command-name', '/b', '--state-dir', stateDir] });
    expect(stages(stateDir)).toEqual([['/b', 'fine']]);
    const { code, err } = await cli(['pipeline', 'status', '--state-dir', stateDir]);
    expect([code, err]).toEqual([1, expect.stringContaining('stages')]);
  });
});
