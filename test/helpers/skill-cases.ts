/** Skills that are refused, that agents of their own do, that commands share a name with: whose work requests are. */
import { A1, type Case, note, said, stamping } from './attribution-cases.ts';
import { NOON } from './client-facts.ts';
import { inFile, inMain, type Line } from './usage-cases.ts';
import { SESSION, transcript } from './write-transcripts.ts';

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

export const SKILLS: Record<string, Case> = {
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
