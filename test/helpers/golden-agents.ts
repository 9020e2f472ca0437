/** Golden cases of agents: where their requests are written down, and what they belong to. The answers are by hand. */
import { NOON } from './client-facts.ts';
import { agentFile, inFile, inMain, type Line, type UsageCase } from './usage-cases.ts';
import { type Fields, SESSION, transcript, used } from './write-transcripts.ts';

const A1 = agentFile('a1');
const A2 = agentFile('a2');
const RUN_SUMS = { requests: 4, input: 15, cost: 0.000015 };
const ASYNC = { isAsync: true, status: 'async_launched', agentId: 'a1' };

/** Records of an agent: sidechain, with its id. */
const ofAgent = (id: string, ...records: Fields[]): Fields[] =>
  records.map(record => ({ ...record, isSidechain: true, agentId: id }));

const callOf = (id: string, tool = 'Agent', type?: string) => ({
  content: [{ type: 'tool_use', id, name: tool, input: { prompt: 'work', subagent_type: type } }],
});

/** A command that calls an agent (one of input) and goes on (eight); `inner` is what is written meanwhile. */
function calling(inner: Line[], { result = {}, tool = 'Agent' }: { result?: Fields; tool?: string } = {}): Line[] {
  const t = transcript();
  return [
    ...inMain(t.command('ship'), t.answer('a', used(1, 0), callOf('t1', tool, 'builder'))),
    ...inner,
    ...inMain(t.result('t1', { toolUseResult: result }), t.answer('z', used(8, 0))),
  ];
}

/** Two requests of an agent: two and four of input. */
function working(id: string, prompt: string | null = 'p1', from = NOON + 1100): Fields[] {
  const t = transcript(SESSION, from);
  const promptId = prompt ?? undefined;
  return ofAgent(id, t.user('work', { promptId }), t.answer(`${id}1`, used(2, 0)), t.answer(`${id}2`, used(4, 0)));
}

const note = (agentType: string, toolUseId?: string): Fields => ({ agentType, toolUseId, spawnDepth: 1 });

function background(): Line[] {
  const t = transcript();
  const [prompt, first, second] = working('a1') as [Fields, Fields, Fields];
  const report = '<task-notification>\n<task-id>a1</task-id>\n<status>completed</status>\n</task-notification>';
  return [
    ...inMain(t.command('ship'), t.answer('a', used(1, 0), callOf('t1'))),
    ...inFile(A1.file, prompt),
    ...inMain(t.result('t1', { toolUseResult: ASYNC })),
    ...inFile(A1.file, first),
    ...inMain(t.answer('z', used(8, 0)), t.prompt('meanwhile', 'p2'), t.answer('m', used(16, 0))),
    ...inFile(A1.file, second),
    ...inMain(t.prompt(report, 'p3', { promptSource: 'system' }), t.answer('w', used(32, 0))),
  ];
}

function nested(): Line[] {
  const t = transcript(SESSION, NOON + 1100);
  return calling(
    [
      ...inFile(
        A1.file,
        ...ofAgent('a1', t.prompt('work'), t.answer('b', used(2, 0), callOf('t2', 'Agent', 'tester'))),
      ),
      ...inFile(A2.file, ...working('a2')),
      ...inFile(A1.file, ...ofAgent('a1', t.result('t2', {}, { content: 'agentId: a2' }), t.answer('c', used(16, 0)))),
    ],
    { result: { status: 'completed', agentId: 'a1' } },
  );
}

const BUILDER = { '/ship | (main) | (none)': 2, '/ship | builder | (none)': 2 };
const NESTED: Omit<UsageCase, 'lines'> = {
  sums: { requests: 6, input: 33, cost: 0.000033 },
  owners: { ...BUILDER, '/ship | tester | (none)': 2 },
  by: { instance: { '?': 2, a1: 2, a2: 2 } },
};

function inMainFile(): Line[] {
  const [prompt, first, second] = working('a1', null) as [Fields, Fields, Fields];
  // A skill that such an agent calls is none of its caller's.
  const skill = { type: 'tool_use', id: 't9', name: 'Skill', input: { skill: 'plan' } };
  (first.message as Fields).content = [skill];
  return calling(
    inMain(...[prompt, first, second].map(record => ({ ...record, agentId: undefined, promptId: undefined }))),
    {
      tool: 'Task',
    },
  );
}

const alone = (...records: (Fields | string)[]): Line[] => inFile(A1.file, ...records);

export const AGENTS: Record<string, UsageCase> = {
  'an agent has a transcript of its own': {
    lines: calling(inFile(A1.file, ...working('a1')), { result: { status: 'completed', agentId: 'a1' } }),
    notes: { [A1.note]: note('builder', 't1') },
    sums: RUN_SUMS,
    owners: BUILDER,
    by: { instance: { '?': 2, a1: 2 }, session: { [SESSION]: 4 } },
  },
  'an agent of an older client is known when it comes back': {
    lines: calling(inFile(A1.file, ...working('a1')), { result: { agentId: 'a1' }, tool: 'Task' }),
    sums: RUN_SUMS,
    owners: BUILDER,
  },
  'an agent in the background belongs to the run that called it, and so does what its report wakes up': {
    lines: background(),
    notes: { [A1.note]: note('builder', 't1') },
    sums: { requests: 6, input: 63, cost: 0.000063 },
    owners: { '/ship | (main) | (none)': 3, '/ship | builder | (none)': 2, 'prompt | (main) | (none)': 1 },
  },
  'an agent may call another one': {
    lines: nested(),
    notes: { [A1.note]: note('builder', 't1'), [A2.note]: note('tester', 't2') },
    ...NESTED,
  },
  'an agent may call another one, and only the words of its result tell': { lines: nested(), ...NESTED },
  'an agent of a workflow is called by nobody': {
    lines: calling(inFile(`${SESSION}/subagents/workflows/wf_1/agent-w1.jsonl`, ...working('w1'))),
    sums: RUN_SUMS,
    owners: { '/ship | (main) | (none)': 2, '/ship | workflow-subagent | (none)': 2 },
  },
  'what the client does for itself is in the run': {
    lines: calling(inFile(agentFile('acompact-1').file, ...working('acompact-1'))),
    sums: RUN_SUMS,
    owners: { '/ship | (main) | (none)': 2, '/ship | (main) (inherited) | (none)': 2 },
    by: { instance: { '?': 4 } },
  },
  'what the client does for itself after a command of its own is in that': {
    lines: (() => {
      const t = transcript();
      return [
        ...inMain(t.prompt('hello'), t.answer('a', used(1, 0))),
        ...inMain(
          t.user('<command-name>/compact</command-name>\n<command-message>compact</command-message>', {
            promptId: 'p2',
          }),
        ),
        ...inFile(agentFile('acompact-1').file, ...working('acompact-1', 'p2', NOON + 5000)),
        ...inMain(t.user('<local-command-stdout>Compacted</local-command-stdout>', { promptId: 'p2' })),
        ...inMain(t.prompt('go on', 'p3'), t.answer('z', used(8, 0))),
      ];
    })(),
    sums: RUN_SUMS,
    owners: { 'prompt | (main) | (none)': 2, '/compact | (main) (inherited) | (none)': 2 },
  },
  'a command that the client answers alone is none, though the next prompt has its id': {
    lines: (() => {
      const t = transcript();
      const clear = '<command-name>/clear</command-name>\n<command-message>clear</command-message>';
      const done = '<local-command-stdout></local-command-stdout>';
      return inMain(t.user(clear), t.user(done), t.prompt('hello'), t.answer('a', used(1, 0)));
    })(),
    sums: { requests: 1, input: 1, cost: 0.000001 },
    owners: { 'prompt | (main) | (none)': 1 },
  },
  'an agent that lies beside the main transcripts is of the session that its records name': {
    lines: calling(inFile('agent-a1.jsonl', ...working('a1', null)), { result: { agentId: 'a1' }, tool: 'Task' }),
    sums: RUN_SUMS,
    owners: { '/ship | (main) | (none)': 2, '/ship (inherited) | builder | (none)': 2 },
    by: { session: { [SESSION]: 4 }, instance: { '?': 2, a1: 2 } },
  },
  'an agent that lies beside the main transcripts, and is called by nobody, is one all the same': {
    lines: inFile('agent-a1.jsonl', ...working('a1', null)),
    sums: { requests: 2, input: 6, cost: 0.000006 },
    owners: { '? | agent | (none)': 2 },
    by: { session: { [SESSION]: 2 } },
  },
  'agents of clients of old are in the main transcript, without a name': {
    lines: inMainFile(),
    sums: RUN_SUMS,
    owners: { '/ship | (main) | (none)': 2, '/ship | ? | (none)': 2 },
  },
  'an agent without its session is all that is known': {
    lines: alone(...working('a1')),
    notes: { [A1.note]: note('builder', 't1') },
    sums: { requests: 2, input: 6, cost: 0.000006 },
    owners: { '? | builder | (none)': 2 },
  },
  'an agent whose first line is damaged belongs to who called it': {
    lines: calling(alone('{"parentUuid":null,"isSide', ...working('a1').slice(1)), { result: { agentId: 'a1' } }),
    notes: { [A1.note]: note('builder', 't1') },
    sums: { ...RUN_SUMS, damaged: 1 },
    owners: { '/ship | (main) | (none)': 2, '/ship (inherited) | builder | (none)': 2 },
  },
};
