/** The stage of a request, and the command of one that no prompt tells of: by the rules, the journal, or the time. */
import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import { startPipeline } from '../../src/setup.ts';
import { stamping } from '../helpers/attribution-cases.ts';
import { clientFacts, NOON } from '../helpers/client-facts.ts';
import { appendLines, cli, linesOf, makeFolder, writeSettings } from '../helpers/run-cli.ts';
import { runHook } from '../helpers/run-program.ts';
import { makeContext, makeEnd, makeStart } from '../helpers/script-facts.ts';
import {
  agentFile,
  inFile,
  inMain,
  ownersOf,
  requestsBy,
  type UsageWorld,
  usageWorld,
} from '../helpers/usage-cases.ts';
import { SESSION, transcript, used } from '../helpers/write-transcripts.ts';

const stagesOf = (made: UsageWorld): Record<string, number> => ownersOf(made.read().view, ['stage']);

/** A state folder that lies in no project, unless said otherwise. */
function world(facts: readonly Fact[] = [], settings?: object, stateDir = makeFolder()): UsageWorld {
  const made = usageWorld({ [agentFile('a1').note]: { agentType: 'builder', toolUseId: 't2' } }, stateDir);
  mkdirSync(`${made.stateDir}/journal`, { recursive: true });
  if (facts.length > 0) appendLines(made.stateDir, linesOf(facts));
  if (settings) writeSettings(made.stateDir, settings);
  return made;
}

/** A command with a skill and an agent, one request each, and one of a plain prompt. */
function work(made: UsageWorld): UsageWorld {
  const t = transcript();
  const s = stamping(t);
  const inner = transcript(SESSION, NOON + 1100);
  made.append(
    ...inMain(t.command('ship'), s.agent('a', 't2')),
    ...inFile(agentFile('a1').file, inner.prompt('work'), inner.answer('b', used(1, 0))),
    ...inMain(t.result('t2', { toolUseResult: { agentId: 'a1' } }), s.skill('c', 't1', 'plan')),
    ...inMain(...s.loaded('t1', 'plan'), s.ask('d', 'plan'), t.prompt('hello', 'p2'), s.ask('e')),
  );
  return made;
}

const inSession = (facts: readonly Fact[]): Fact[] => facts.map(fact => ({ ...fact, session: SESSION }) as Fact);

describe('by the rules of the settings', () => {
  it('the stage is that of the innermost activity with a rule', () => {
    const made = work(world([], { stages: { '/ship': 'release', plan: 'planning', prompt: 'chat' } }));
    expect(stagesOf(made)).toEqual({ release: 2, 'release (inherited)': 1, planning: 1, chat: 1 });
  });

  it('the rules of now hold for all that was counted before', () => {
    const made = work(world([], { stages: { '/ship': 'release' } }));
    expect(stagesOf(made)).toEqual({ release: 2, 'release (inherited)': 2, '?': 1 });
    writeSettings(made.stateDir, { stages: { builder: 'building' } });
    expect(stagesOf(made)).toEqual({ building: 1, '?': 4 });
  });
});

describe('by the journal', () => {
  it('the stage is that of the activity that made the request', () => {
    const live = clientFacts('p1');
    const facts = [makeContext({ stage: 'alpha' }), ...inSession([live('prompt'), live('command', { name: 'ship' })])];
    const made = work(world(facts));
    expect(stagesOf(made)).toEqual({ alpha: 2, '?': 3 });
  });

  it('the stage that was told goes before the rules', () => {
    const live = clientFacts('p1');
    const facts = [makeContext({ stage: 'alpha' }), ...inSession([live('prompt'), live('command', { name: 'ship' })])];
    const made = work(world(facts, { stages: { '/ship': 'release', prompt: 'chat' } }));
    expect(stagesOf(made)).toEqual({ alpha: 2, 'release (inherited)': 2, chat: 1 });
  });
});

describe('by the time', () => {
  const around = (level: 'command' | 'agent' | 'skill', from: number, until: number): Fact[] => [
    makeStart(1, { at: NOON + from, level, stage: 'nightly' }),
    makeEnd(1, { at: NOON + until }),
  ];

  it.each(['command', 'agent', 'skill'] as const)('the stage is that of the %s of a script around it', level => {
    expect(stagesOf(work(world(around(level, 0, 3000))))).toEqual({ 'nightly (time-window)': 3, '?': 2 });
  });

  it('the rules go before', () => {
    const made = work(world(around('command', 0, 60_000), { stages: { '/ship': 'release' } }));
    expect(stagesOf(made)).toEqual({ release: 2, 'release (inherited)': 2, 'nightly (time-window)': 1 });
  });

  it('a script is around clients in its own project only', () => {
    const made = world(around('command', 0, 60_000), {}, `${makeFolder()}/state`);
    expect(stagesOf(work(made))).toEqual({ '?': 5 });
  });

  it('the command of an agent without its session is that which was open', () => {
    const live = clientFacts('p1', NOON);
    const made = world(inSession([live('prompt'), live('command', { name: 'ship' }), live('stop')]));
    const t = transcript(SESSION, NOON + 500);
    const inner = [
      t.prompt('work', 'gone'),
      t.answer('a', used(1, 0)),
      t.answer('b', used(1, 0)),
      t.answer('c', used(1, 0)),
    ];
    made.append(...inFile(agentFile('a1').file, ...inner));
    expect(ownersOf(made.read().view)).toEqual({
      '/ship (time-window) | builder | (none)': 1,
      '? | builder | (none)': 2,
    });
  });
});

describe('what scripts and programs report', () => {
  it('a stage that a script gives holds for the client that it starts', async () => {
    const project = makeFolder();
    const stateDir = `${project}/state`;
    const made = usageWorld({}, stateDir);
    const hook = (name: string, ...args: string[]) => runHook(name, { args: [...args, '--state-dir', stateDir] });
    await cli(['context', 'set', '--stage', 'set-before', '--state-dir', stateDir]);
    const { stdout } = await hook('command-start', '--command-name', '/nightly', '--stage', 'nightly');
    const t = transcript(SESSION, Date.now());
    const inProject = (...records: object[]) => inMain(...records.map(record => ({ ...record, cwd: project })));
    made.append(...inProject(t.command('ship'), { ...t.answer('a', used(1, 0)), timestamp: new Date().toISOString() }));
    expect(requestsBy(made.read().view, 'stage', 'command')).toEqual({ 'nightly | /ship': 1 });
    await hook('command-end', '--command-name', '/nightly', '--start-event-id', stdout.trim());
    made.append(...inProject({ ...t.answer('b', used(1, 0)), timestamp: new Date(Date.now() + 60_000).toISOString() }));
    expect(requestsBy(made.read().view, 'stage', 'command')).toEqual({ 'nightly | /ship': 1, '? | /ship': 1 });
  });

  it('requests of a program belong to the spans around them', async () => {
    const made = world([], { stages: { writer: 'writing' } });
    const pipeline = startPipeline({ stateDir: made.stateDir });
    const usage = { model: 'claude-haiku-4-5', inputTokens: 10, outputTokens: 20 };
    await pipeline.withCommand('/build', { stage: 'given' }, async command => {
      command.recordUsage(usage);
      await pipeline.withAgent('writer', async agent => {
        agent.recordUsage(usage);
        await pipeline.withSkill('grammar', skill => skill.recordUsage(usage));
      });
      await pipeline.withSkill('plan', async () => {
        await pipeline.withAgent('reader', agent => agent.recordUsage(usage));
      });
    });
    await pipeline.shutdown();
    const { view } = made.read();
    expect(ownersOf(view)).toEqual({
      '/build | (main) | (none)': 1,
      '/build | writer | (none)': 1,
      '/build | writer | grammar': 1,
      '/build | reader | plan (inherited)': 1,
    });
    expect(requestsBy(view, 'stage')).toEqual({ given: 2, writing: 2 });
    expect(made.read().news).toBeNull();
  });
});
