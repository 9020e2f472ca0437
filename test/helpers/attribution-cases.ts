/** What the client stamps on requests, and what a person would say that they belong to. */
import { NOON } from './client-facts.ts';
import { agentFile, inFile, inMain, type Line, type UsageCase } from './usage-cases.ts';
import { type Fields, SESSION, transcript, used } from './write-transcripts.ts';

export const A1 = agentFile('a1');
export const note = (agentType: string, toolUseId?: string): Fields => ({ agentType, toolUseId });
const DOCUMENT = 'Base directory for this skill: /home/dev/.claude/skills/';

/** A request with one token of input and the skill that the client stamps on it. */
export function stamping(t: ReturnType<typeof transcript>) {
  const ask = (id: string, skill?: string, call?: Fields, fields: Fields = {}): Fields =>
    t.answer(id, used(1, 0), {
      fields: { attributionSkill: skill, ...fields },
      ...(call && { content: [{ type: 'tool_use', ...call }] }),
    });
  return {
    ask,
    skill: (id: string, use: string, name: string, stamp?: string) =>
      ask(id, stamp, { id: use, name: 'Skill', input: { skill: name } }),
    agent: (id: string, use: string, stamp?: string) =>
      ask(id, stamp, { id: use, name: 'Agent', input: { subagent_type: 'builder' } }),
    loaded: (use: string, name: string) => [
      t.result(use, { toolUseResult: { success: true, commandName: name } }),
      t.user([{ type: 'text', text: `${DOCUMENT}${name}\n\nGo on.` }], { isMeta: true, sourceToolUseID: use }),
    ],
    document: (name: string, fields: Fields = {}) =>
      t.user(`${DOCUMENT}${name}\n\nGo on.`, { isMeta: true, ...fields }),
  };
}

export const said = (make: (t: ReturnType<typeof transcript>, s: ReturnType<typeof stamping>) => Fields[]): Line[] => {
  const t = transcript();
  return inMain(...make(t, stamping(t)));
};

export type Case = Omit<UsageCase, 'sums'>;

/** `stamps`: false leaves out what the client stamps. */
function agentCase({ stamps }: { stamps: boolean }): Line[] {
  const t = transcript();
  const s = stamping(t);
  const a = stamping(transcript(SESSION, NOON + 3100));
  const b = transcript(SESSION, NOON + 3000);
  const stamp = (name: string): string | undefined => (stamps ? name : undefined);
  // The stamp of the caller stays in the agent, whatever it calls.
  return [
    ...inMain(t.command('build'), s.skill('m1', 't1', 'plan', stamp('build')), ...s.loaded('t1', 'plan')),
    ...inMain(s.agent('m2', 't2', stamp('plan'))),
    ...inFile(A1.file, b.prompt('work'), a.ask('a1', stamp('plan')), a.skill('a2', 't3', 'test', stamp('plan'))),
    ...inFile(A1.file, ...a.loaded('t3', 'test'), a.ask('a3', stamp('plan'))),
    ...inMain(t.result('t2', { toolUseResult: { status: 'completed', agentId: 'a1' } }), s.ask('m3', stamp('plan'))),
  ];
}

const inherits = (method: string): Record<string, number> => ({
  '/build | (main) | (none)': 1,
  [`/build | (main) | plan${method}`]: 2,
  '/build | builder | plan (inherited)': 2,
  '/build | builder | test (inherited)': 1,
});

function background(): Line[] {
  const t = transcript();
  const s = stamping(t);
  const report = '<task-notification>\n<task-id>a1</task-id>\n<status>completed</status>\n</task-notification>';
  return [
    ...inMain(
      t.command('build'),
      s.skill('m1', 't1', 'plan', 'build'),
      ...s.loaded('t1', 'plan'),
      s.agent('m2', 't2', 'plan'),
    ),
    ...inMain(t.result('t2', { toolUseResult: { status: 'async_launched', agentId: 'a1' } }), s.ask('m3', 'plan')),
    ...inMain(t.prompt(report, 'p2', { origin: { kind: 'task-notification' } }), s.ask('m4'), s.ask('m5')),
  ];
}

export const STAMPS: Record<string, Case> = {
  '1. the request that calls a skill is not the work of the skill': {
    lines: said((t, s) => [
      t.command('build'),
      s.ask('a', 'build'),
      s.skill('b', 't1', 'plan', 'build'),
      ...s.loaded('t1', 'plan'),
      s.ask('c', 'plan'),
      s.ask('d', 'plan'),
    ]),
    owners: { '/build | (main) | (none)': 2, '/build | (main) | plan': 2 },
  },
  '1. nor is it if the call is but one of its blocks': {
    lines: said((t, s) => [
      t.prompt('hi'),
      s.skill('a', 't1', 'plan'),
      s.ask('a'),
      ...s.loaded('t1', 'plan'),
      s.ask('c', 'plan'),
    ]),
    owners: { 'prompt | (main) | (none)': 1, 'prompt | (main) | plan': 1 },
  },
  '2. a skill is at work until the next one, or the next prompt': {
    lines: said((t, s) => [
      t.prompt('hi'),
      s.skill('a', 't1', 'plan'),
      ...s.loaded('t1', 'plan'),
      s.ask('b', 'plan'),
      s.skill('c', 't2', 'report', 'plan'),
      ...s.loaded('t2', 'report'),
      s.ask('d', 'report'),
      t.prompt('again', 'p2'),
      s.ask('e'),
    ]),
    owners: { 'prompt | (main) | (none)': 2, 'prompt | (main) | plan': 2, 'prompt | (main) | report': 1 },
  },
  '3. agents work for the skill of their caller, unless they call one themselves': {
    lines: agentCase({ stamps: true }),
    notes: { [A1.note]: note('builder', 't2') },
    owners: inherits(''),
  },
  '3. agents do so without any stamp too': {
    lines: agentCase({ stamps: false }),
    notes: { [A1.note]: note('builder', 't2') },
    owners: inherits(' (inherited)'),
  },
  '4. the stamp is lost when an agent in the background reports, the skill goes on': {
    lines: background(),
    owners: {
      '/build | (main) | (none)': 1,
      '/build | (main) | plan': 2,
      '/build | (main) | plan (inherited)': 2,
    },
  },
  '5. a skill that is typed is a command and a skill': {
    lines: said((t, s) => [t.command('backlog'), s.document('backlog'), s.ask('a', 'backlog'), s.ask('b')]),
    owners: { '/backlog | (main) | backlog': 1, '/backlog | (main) | backlog (inherited)': 1 },
  },
  '5. so it is when its document is a companion of the turn': {
    lines: said((t, s) => [
      t.command('tools:backlog'),
      s.document('backlog', { isMeta: undefined, turnCompanion: true }),
      s.ask('a', 'tools:backlog'),
    ]),
    owners: { '/tools:backlog | (main) | tools:backlog': 1 },
  },
  '5. a custom command is no skill, whatever the client stamps': {
    lines: said((t, s) => [
      t.command('backlog'),
      t.user('Do it.', { isMeta: true }),
      s.ask('a', 'backlog'),
      s.ask('b'),
    ]),
    owners: { '/backlog | (main) | (none)': 2 },
  },
  '5. agents of a skill that was typed work for it': {
    lines: (() => {
      const t = transcript();
      const s = stamping(t);
      const inner = transcript(SESSION, NOON + 2100);
      return [
        ...inMain(t.command('backlog'), s.document('backlog'), s.agent('m', 't1', 'backlog')),
        ...inFile(A1.file, inner.prompt('work'), stamping(inner).ask('a', 'backlog'), stamping(inner).ask('b')),
      ];
    })(),
    notes: { [A1.note]: note('builder', 't1') },
    owners: { '/backlog | (main) | backlog': 1, '/backlog | builder | backlog (inherited)': 2 },
  },
  '5. agents of a custom command work for none': {
    lines: (() => {
      const t = transcript();
      const inner = transcript(SESSION, NOON + 1100);
      return [
        ...inMain(t.command('backlog'), stamping(t).agent('m', 't1', 'backlog')),
        ...inFile(A1.file, inner.prompt('work'), stamping(inner).ask('a', 'backlog')),
      ];
    })(),
    notes: { [A1.note]: note('builder', 't1') },
    owners: { '/backlog | (main) | (none)': 1, '/backlog | builder | (none)': 1 },
  },
};
