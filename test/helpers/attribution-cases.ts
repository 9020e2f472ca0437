/** What the client stamps on requests, and what a person would say that they belong to. */
import { NOON } from './client-facts.ts';
import { agentFile, inFile, inMain, type Line, type UsageCase } from './usage-cases.ts';
import { type Fields, SESSION, transcript, used } from './write-transcripts.ts';

export const A1 = agentFile('a1');
const note = (agentType: string, toolUseId?: string): Fields => ({ agentType, toolUseId });
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

const said = (make: (t: ReturnType<typeof transcript>, s: ReturnType<typeof stamping>) => Fields[]): Line[] => {
  const t = transcript();
  return inMain(...make(t, stamping(t)));
};

type Case = Omit<UsageCase, 'sums'>;

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

function resumed(): Line[] {
  const t = transcript();
  const s = stamping(t);
  const first = transcript(SESSION, NOON + 2100);
  const later = transcript(SESSION, NOON + 6100);
  const resume = later.prompt('more', 'p2', { isMeta: true, origin: { kind: 'coordinator' } });
  return [
    ...inMain(
      t.command('build'),
      s.skill('m1', 't1', 'plan', 'build'),
      ...s.loaded('t1', 'plan'),
      s.agent('m2', 't2', 'plan'),
    ),
    ...inFile(A1.file, first.prompt('work'), stamping(first).ask('a1', 'plan')),
    ...inMain(t.result('t2', { toolUseResult: { status: 'completed', agentId: 'a1' } }), t.command('more', 'p2')),
    ...inMain(s.ask('m3', 'more', { id: 't4', name: 'SendMessage' })),
    ...inFile(A1.file, resume, stamping(later).ask('a2', 'more')),
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
  'a command may call the skill of its own name': {
    lines: said((t, s) => [
      t.command('review'),
      s.skill('a', 't1', 'review', 'review'),
      ...s.loaded('t1', 'review'),
      s.ask('b', 'review'),
    ]),
    // The stamp may mean either; the call says it.
    owners: { '/review | (main) | (none)': 1, '/review | (main) | review (inherited)': 1 },
  },
  'a skill of a plugin is the same by its short name': {
    lines: said((t, s) => [
      t.prompt('hi'),
      s.skill('a', 't1', 'plan'),
      ...s.loaded('t1', 'plan'),
      s.ask('b', 'tools:plan'),
    ]),
    owners: { 'prompt | (main) | (none)': 1, 'prompt | (main) | plan': 1 },
  },
  'a skill that is refused leaves the one before at work': {
    lines: said((t, s) => [
      t.prompt('hi'),
      s.skill('a', 't1', 'plan'),
      ...s.loaded('t1', 'plan'),
      s.skill('b', 't2', 'nope', 'plan'),
      t.result('t2', {}, { is_error: true, content: '<tool_use_error>Unknown skill: nope</tool_use_error>' }),
      s.ask('c', 'plan'),
      s.ask('d'),
    ]),
    owners: { 'prompt | (main) | (none)': 1, 'prompt | (main) | plan': 2, 'prompt | (main) | plan (inherited)': 1 },
  },
  'a skill that an agent of its own does is the work of that agent, and the one before goes on': {
    lines: (() => {
      const t = transcript();
      const s = stamping(t);
      const inner = transcript(SESSION, NOON + 5100);
      const a = stamping(inner);
      return [
        ...inMain(t.command('build'), s.skill('m1', 't1', 'plan', 'build'), ...s.loaded('t1', 'plan')),
        ...inMain(s.skill('m2', 't2', 'forked', 'plan')),
        ...inFile(A1.file, a.document('forked'), a.ask('a1', 'forked'), a.ask('a2')),
        ...inMain(t.result('t2', { toolUseResult: { success: true, status: 'forked', agentId: 'a1' } })),
        ...inMain(s.ask('m3', 'plan'), s.ask('m4')),
      ];
    })(),
    notes: { [A1.note]: note('builder') },
    owners: {
      '/build | (main) | (none)': 1,
      '/build | (main) | plan': 2,
      '/build | (main) | plan (inherited)': 1,
      '/build | builder | forked (inherited)': 2,
    },
  },
  'a skill that an agent of its own does may be typed: it is written down when it is over': {
    lines: (() => {
      const t = transcript();
      const inner = transcript(SESSION, NOON - 60_000);
      const a = stamping(inner);
      return [
        ...inFile(A1.file, a.document('forked'), a.ask('a1', 'forked'), a.ask('a2')),
        ...inMain(t.user('<local-command-caveat>Caveat: …</local-command-caveat>', { isMeta: true })),
        ...inMain(t.user('/forked now'), t.user('<local-command-stdout>done</local-command-stdout>')),
      ];
    })(),
    notes: { [A1.note]: note('builder') },
    owners: { '/forked | builder | forked (inherited)': 2 },
  },
  'an agent that is resumed belongs to who resumed it, and not to the skill of its first caller': {
    lines: resumed(),
    notes: { [A1.note]: note('builder', 't2') },
    owners: {
      '/build | (main) | (none)': 1,
      '/build | (main) | plan': 1,
      '/build | builder | plan (inherited)': 1,
      '/more | (main) | (none)': 1,
      '/more | builder | (none)': 1,
    },
  },
};
