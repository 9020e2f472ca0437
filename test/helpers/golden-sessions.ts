/** Golden cases of sessions that repeat each other. The answers are written by hand. */
import { NOON } from './client-facts.ts';
import { inFile, type Line, type UsageCase } from './usage-cases.ts';
import { type Fields, SESSION, transcript, used } from './write-transcripts.ts';

const FORK = '0b6e0000-0000-4000-8000-000000000002';
const MAIN = `${SESSION}.jsonl`;
const FORK_FILE = `${FORK}.jsonl`;

/** A command with a skill, and a plain prompt: one, two and four of input. */
function original(): Fields[] {
  const t = transcript();
  const call = { type: 'tool_use', id: 't1', name: 'Skill', input: { skill: 'plan' } };
  return [
    t.command('ship'),
    t.answer('a', used(1, 0), { content: [call], fields: { attributionSkill: 'ship' } }),
    t.result('t1'),
    t.answer('b', used(2, 0), { fields: { attributionSkill: 'plan' } }),
    t.prompt('and now', 'p2'),
    t.answer('c', used(4, 0)),
  ];
}

/** What a fork adds, with an id of its prompt: eight of input. */
function added(): Fields[] {
  const t = transcript(FORK, NOON + 60_000);
  return [t.prompt('something else', 'p9'), t.answer('d', used(8, 0))];
}

/** What the original goes on with after the fork was made: sixteen of input. */
function later(): Fields[] {
  const t = transcript(SESSION, NOON + 120_000);
  return [t.command('ship', 'p3'), t.answer('e', used(16, 0))];
}

const isAnswer = (record: Fields): boolean => record.type === 'assistant';
const copied = (change: (record: Fields) => Fields): Fields[] =>
  original().map(record => ({ ...record, ...change(record) }));

/** As clients of today fork: the session of each answer is named, and all prompts have the id of the fork's own. */
const renamed = (): Fields[] =>
  copied(record => ({ sessionId: FORK, ...(isAnswer(record) ? { requestSessionId: SESSION } : { promptId: 'p9' }) }));
const stamped = (): Fields[] =>
  copied(({ uuid }) => ({ sessionId: FORK, forkedFrom: { sessionId: SESSION, messageUuid: uuid } }));
const unstamped = (): Fields[] => copied(() => ({ sessionId: FORK }));

const OWNERS = { '/ship | (main) | (none)': 1, '/ship | (main) | plan': 1, 'prompt | (main) | (none)': 2 };
const FOUR = { requests: 4, input: 15, cost: 0.000015 };
const THREE_AND_ONE = { session: { [SESSION]: 3, [FORK]: 1 } };

const both = (...fork: Fields[]): Line[] => [...inFile(MAIN, ...original()), ...inFile(FORK_FILE, ...fork, ...added())];

export const SESSIONS: Record<string, UsageCase> = {
  'a fork counts for what it adds': {
    lines: both(...renamed()),
    sums: FOUR,
    owners: OWNERS,
    by: THREE_AND_ONE,
  },
  'a fork whose records say where they come from does too': {
    lines: both(...stamped()),
    sums: FOUR,
    owners: OWNERS,
    by: THREE_AND_ONE,
  },
  'a fork that does not say what it repeats was made later, though the original goes on': {
    lines: [...both(...unstamped()), ...inFile(MAIN, ...later())],
    sums: { requests: 5, input: 31, cost: 0.000031 },
    owners: { ...OWNERS, '/ship | (main) | (none)': 2 },
    by: { session: { [SESSION]: 4, [FORK]: 1 } },
  },
  'a fork whose original is gone counts for both': {
    lines: inFile(FORK_FILE, ...renamed(), ...added()),
    sums: FOUR,
    owners: OWNERS,
    by: THREE_AND_ONE,
  },
  'a fork whose original is gone and that does not say what it repeats is one session': {
    lines: inFile(FORK_FILE, ...unstamped(), ...added()),
    sums: FOUR,
    owners: OWNERS,
    by: { session: { [FORK]: 4 } },
  },
  'a fork of a fork counts once': {
    lines: [
      ...both(...renamed()),
      ...inFile(
        'third.jsonl',
        ...renamed().map(record => ({ ...record, sessionId: 'third' })),
        ...added().map(record => ({
          ...record,
          sessionId: 'third',
          ...(isAnswer(record) && { requestSessionId: FORK }),
        })),
        ...later().map(record => ({ ...record, sessionId: 'third' })),
      ),
    ],
    sums: { requests: 5, input: 31, cost: 0.000031 },
    owners: { ...OWNERS, '/ship | (main) | (none)': 2 },
    by: { session: { [SESSION]: 3, [FORK]: 1, third: 1 } },
  },
  'a session that is resumed in a file of its own, as clients of old did, counts once': {
    lines: [...inFile(MAIN, ...original()), ...inFile(FORK_FILE, ...original(), ...added())],
    sums: FOUR,
    owners: OWNERS,
    by: THREE_AND_ONE,
  },
  'a session that is resumed goes on in its file': {
    lines: inFile(MAIN, ...original(), ...later()),
    sums: { requests: 4, input: 23, cost: 0.000023 },
    owners: { ...OWNERS, '/ship | (main) | (none)': 2, 'prompt | (main) | (none)': 1 },
    by: { session: { [SESSION]: 4 }, project: { '/home/dev': 4 } },
  },
  'the project is where the session began, the branch is that of the request': {
    lines: inFile(
      MAIN,
      ...original().map((record, index) => ({
        ...record,
        cwd: index > 3 ? '/home/dev/deep' : '/home/dev',
        gitBranch: index > 1 ? 'topic' : '',
      })),
    ),
    sums: { requests: 3, input: 7, cost: 0.000007 },
    by: { project: { '/home/dev': 3 }, branch: { '?': 1, topic: 2 } },
  },
};
