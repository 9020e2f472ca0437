/** `spanbook usage reconcile`: the sources side by side, each difference with its cause. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apiRequestEvents } from '../../src/claude-code/api-request-event.ts';
import type { ReconcileAnswer } from '../../src/query/usage/reconcile-answer.ts';
import { appendLedger, usageDir } from '../../src/store/ledger.ts';
import { toLedgerLine } from '../../src/usage/ledger-line.ts';
import { otlpRequest } from '../../src/usage/otlp-request.ts';
import { logsOf, recordedLogs, requestRecord } from '../helpers/otlp-logs.ts';
import { cli, cliJson, makeFolder, RECORDED_END } from '../helpers/run-cli.ts';
import { ROOT } from '../helpers/run-program.ts';
import { makeUsageState } from '../helpers/usage-state.ts';
import { HAIKU, SESSION, transcript, used, writeTranscripts } from '../helpers/write-transcripts.ts';

const RECORDED = `${ROOT}examples/recorded-session`;
const RECORDED_SESSION = 'fe0a3f5c-4c52-4589-b1df-2d0604705b1b';
const at = { now: () => RECORDED_END + 600_000, env: { HOME: '/nonexistent' } };
const MODEL = 'claude-sonnet-4-5-20250929';

/** Tells the ledger what these bodies of the client's telemetry say, as the receiver does. */
function receive(stateDir: string, bodies: readonly unknown[], limit = Number.POSITIVE_INFINITY): void {
  const told = bodies.flatMap(body => apiRequestEvents(body).events.map(otlpRequest)).slice(0, limit);
  const lines = told.map(({ request, prompt, costUsdMicros }) =>
    toLedgerLine(request, { prompt: prompt ?? undefined, costMicros: costUsdMicros ?? undefined }),
  );
  mkdirSync(usageDir(stateDir), { recursive: true });
  appendLedger(stateDir, lines.map(line => `${line}\n`).join(''));
}
const recorded = (): unknown[] => recordedLogs('2.1.197').map(body => JSON.parse(body));

interface Asked {
  stateDir: string;
  claudeDir?: string;
  more?: readonly string[];
}
const argv = ({ stateDir, claudeDir = RECORDED, more = [] }: Asked): string[] => [
  ...['usage', 'reconcile', '--state-dir', stateDir, '--claude-dir', claudeDir],
  ...more,
];
const run = (asked: Asked) => cli(argv(asked), at);
const ask = async (asked: Asked): Promise<ReconcileAnswer> => (await cliJson(argv(asked), at)) as ReconcileAnswer;

/** A result of the client over these sums, as it prints it. */
const result = (cost: number, [input, output, read, write]: readonly number[]) =>
  JSON.stringify({
    type: 'result',
    session_id: RECORDED_SESSION,
    total_cost_usd: cost,
    modelUsage: {
      [MODEL]: {
        inputTokens: input,
        outputTokens: output,
        cacheReadInputTokens: read,
        cacheCreationInputTokens: write,
        costUSD: cost,
      },
    },
  });
/** The three that were recorded: each of one call. */
const RESULTS = [
  result(0.032778, [6021, 321, 18_000, 1200]),
  result(0.044712, [8084, 484, 24_000, 1600]),
  result(0.00567, [1015, 65, 3000, 200]),
];

function fileOf(...lines: readonly string[]): string {
  const path = `${makeFolder()}/results.jsonl`;
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

describe('the recorded session', () => {
  it('is told by both sources and by the client, and all agree', async () => {
    const stateDir = makeFolder();
    receive(stateDir, recorded());
    const answer = await ask({ stateDir, more: ['--result', fileOf(...RESULTS)] });
    expect(answer).toMatchObject({ agrees: true, unexplained: 0, differences: [], causes: [], pruned: null });
    expect(answer.sources.map(({ source, requests, sessions, cost }) => [source, requests, sessions, cost])).toEqual([
      ['transcript', 15, 1, 0.08316],
      ['otlp', 15, 1, 0.08316],
      ['client', null, 1, 0.08316],
    ]);
    const tokens = { input_tokens: 15_120, output_tokens: 870, cache_read_tokens: 45_000, cache_write_tokens: 3000 };
    for (const source of [...answer.sources, answer.counted]) expect(source).toMatchObject(tokens);
    expect(answer.totals).toMatchObject([{ session: RECORDED_SESSION, reading: 'each_alone', agrees: true }]);
  });

  it('shows people three rows that are the same', async () => {
    const stateDir = makeFolder();
    receive(stateDir, recorded());
    const { code, out, err } = await run({ stateDir, more: ['--strict', '--result', fileOf(...RESULTS)] });
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(`What each source says

                    Cache  Cache
Source       Input   read  write  Output  Reqs  Sessions     Cost
Transcripts  15.1K  45.0K  3,000     870    15         1  $0.0832
OTLP         15.1K  45.0K  3,000     870    15         1  $0.0832
Client       15.1K  45.0K  3,000     870     -         1  $0.0832
Counted      15.1K  45.0K  3,000     870    15         1  $0.0832

Cost is list price (API-equivalent), not money spent on a subscription.

Results of the client
✔ fe0a3f5c, each result is of one call                                   $0.0832

✔ All of them agree, to the token and to the nano-dollar.
`);
  });

  it('agrees with results that go on from each other', async () => {
    const lines = [
      RESULTS[0] ?? '',
      result(0.07749, [14_105, 805, 42_000, 2800]),
      result(0.08316, [15_120, 870, 45_000, 3000]),
    ];
    const answer = await ask({ stateDir: makeFolder(), more: ['--result', fileOf(...lines)] });
    expect([answer.agrees, answer.totals[0]?.reading]).toEqual([true, 'continued']);
  });

  it('says of one result what it is not about', async () => {
    const answer = await ask({ stateDir: makeFolder(), more: ['--result', fileOf(RESULTS[1] ?? '')] });
    expect(answer.causes.map(({ kind, requests, explained }) => [kind, requests, explained])).toEqual([
      ['restarted', 6, true],
      ['later', 1, true],
    ]);
    expect(answer.differences[1]).toEqual({
      session: RECORDED_SESSION,
      kind: 'later',
      cause: 'from after the client told its total',
      explained: true,
      requests: 1,
      counted: {
        input_tokens: 1015,
        output_tokens: 65,
        cache_read_tokens: 3000,
        cache_write_tokens: 200,
        cost: 0.00567,
      },
      difference: {
        input_tokens: -1015,
        output_tokens: -65,
        cache_read_tokens: -3000,
        cache_write_tokens: -200,
        cost: -0.00567,
      },
    });
  });

  it('fails with --strict where the client counts what nobody told of', async () => {
    const more = ['--strict', '--result', fileOf(result(0.1, [20_000, 870, 45_000, 3000]))];
    const { code, out, err } = await run({ stateDir: makeFolder(), more });
    expect([code, err]).toEqual([1, '--strict: 1 difference has no known cause\n']);
    expect(out).toContain(`1 difference, 1 without a known cause
+ OTLP or the client tells of more, - of less

⚠ fe0a3f5c  15 requests                                  +4,880 tokens  +$0.0168
  the client counts more than any source told of
`);
    expect(await run({ stateDir: makeFolder(), more: more.slice(1) })).toMatchObject({ code: 0, err: '' });
  });

  it('reads results from standard input', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [`${ROOT}dist/bin/spanbook.cjs`, ...argv({ stateDir: makeFolder(), more: ['--result', '-', '--json'] })],
      { input: RESULTS.join('\n'), encoding: 'utf8', env: { PATH: process.env.PATH } },
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ agrees: true, totals: [{ reading: 'each_alone' }] });
  });
});

describe('a source alone', () => {
  it('says that transcripts are the only one, and how to have another', async () => {
    const { out } = await run({ stateDir: makeFolder() });
    expect(out).toContain(`There is one source alone: transcripts. The telemetry of the client is a second
one: spanbook init --otlp
The client told no totals of these sessions.
`);
    expect(out).toMatch(/✔ Nothing differs\.\n$/);
  });

  it('says that OTLP is the only one, and where transcripts were looked for', async () => {
    const stateDir = makeFolder();
    receive(stateDir, recorded());
    const claudeDir = makeFolder();
    const { out } = await run({ stateDir, claudeDir });
    expect(out.replaceAll('\n', ' ')).toContain(`one source alone: OTLP. No transcript in ${claudeDir}/projects`);
    expect(out).toContain('15 differences, each with a known cause');
    expect(out).toContain('only OTLP told of this session: its transcript is gone');
  });

  it('says that there is no usage', async () => {
    const stateDir = `${makeFolder()}/none`;
    const { code, out } = await run({ stateDir, claudeDir: makeFolder() });
    expect([code, out]).toEqual([
      0,
      'No usage in what you asked for. What is recorded, and from where: spanbook usage totals\n',
    ]);
    expect(existsSync(stateDir)).toBe(false);
  });

  it('is read though nothing of it may be kept', async () => {
    const { code, out } = await cli(['usage', 'reconcile', '--claude-dir', RECORDED], { ...at, cwd: makeFolder() });
    expect(code).toBe(0);
    expect(out).toContain('Transcripts  15.1K');
  });
});

describe('what only one of them has', () => {
  /** A prompt with an agent whose transcript never got the final usage of its request. */
  function withAgent(): { claudeDir: string; stateDir: string } {
    const t = transcript();
    const agent = transcript();
    const input = { subagent_type: 'builder', prompt: 'go' };
    const claudeDir = writeTranscripts({
      [`${SESSION}.jsonl`]: [
        t.prompt('go'),
        t.answer('main', used(10, 20), { content: [{ type: 'tool_use', id: 'toolu_1', name: 'Agent', input }] }),
        t.result('toolu_1', { toolUseResult: { agentId: 'a1', status: 'completed' } }),
      ],
      [`${SESSION}/subagents/agent-a1.jsonl`]: [
        agent.user('go', { isSidechain: true, agentId: 'a1' }),
        agent.answer('agent', used(100, 1), {
          fields: { isSidechain: true, agentId: 'a1' },
          message: { stop_reason: null },
        }),
      ],
      [`${SESSION}/subagents/agent-a1.meta.json`]: { agentType: 'builder', toolUseId: 'toolu_1' },
    });
    return { claudeDir, stateDir: makeFolder() };
  }
  const event = (id: string, more: object = {}) => ({
    ...{ 'session.id': SESSION, request_id: `req_${id}`, model: HAIKU, cost_usd_micros: undefined },
    ...{ 'event.timestamp': '2026-03-01T12:00:01.500Z', cache_read_tokens: 0, cache_creation_tokens: 0 },
    ...more,
  });
  const later = { ...at, now: () => Date.parse('2026-03-02T12:00:00Z') };
  const asked = async (words: string, { stateDir, claudeDir }: { stateDir: string; claudeDir: string }) =>
    cliJson([...words.split(' '), '--state-dir', stateDir, '--claude-dir', claudeDir], later);

  it('mends the usage that a transcript never got', async () => {
    const folders = withAgent();
    expect(await asked('usage totals', folders)).toMatchObject({
      totals: { total_tokens_output: 21, output_incomplete_requests: 1 },
    });
    const truth = [
      requestRecord(event('main', { input_tokens: 10, output_tokens: 20 })),
      requestRecord(event('agent', { input_tokens: 100, output_tokens: 500 })),
    ];
    receive(folders.stateDir, [logsOf(...truth)]);
    expect(await asked('usage totals', folders)).toMatchObject({
      totals: { total_tokens_input: 110, total_tokens_output: 520, output_incomplete_requests: 0, requests: 2 },
    });
    const answer = (await asked('usage reconcile', folders)) as ReconcileAnswer;
    expect(answer.differences).toMatchObject([
      {
        session: SESSION,
        request: 'msg_agent:req_agent',
        kind: 'incomplete',
        explained: true,
        transcript: { output_tokens: 1 },
        otlp: { output_tokens: 500 },
        difference: { input_tokens: 0, output_tokens: 499, cost: 0.002495 },
      },
    ]);
    expect(answer.sources.map(row => [row.source, row.output_tokens])).toEqual([
      ['transcript', 21],
      ['otlp', 520],
    ]);
    expect(answer.counted.output_tokens).toBe(520);
    const { out } = await cli(argv(folders), later);
    expect(readFileSync(`${ROOT}docs/usage.md`, 'utf8')).toContain(out);
  });

  it('names requests that the client made for itself', async () => {
    const folders = withAgent();
    const title = { input_tokens: 5, output_tokens: 2, query_source: 'generate_session_title' };
    const told = [
      event('main', { input_tokens: 10, output_tokens: 20 }),
      event('agent', { input_tokens: 100, output_tokens: 1 }),
      event('title', title),
    ];
    receive(folders.stateDir, [logsOf(...told.map(requestRecord))]);
    const { causes, counted } = (await asked('usage reconcile', folders)) as ReconcileAnswer;
    expect(causes).toMatchObject([{ kind: 'auxiliary', requests: 1, difference: { input_tokens: 5 } }]);
    expect(counted.requests).toBe(3);
  });

  it('holds totals that a transcript has against its requests', async () => {
    const { claudeDir, stateDir } = withAgent();
    const t = transcript();
    const usage = { inputTokens: 10, outputTokens: 20, cacheReadInputTokens: 0, cacheCreationInputTokens: 0 };
    const costState = {
      type: 'cost-state',
      sessionId: SESSION,
      totalCostUSD: 0.00011,
      modelUsage: { [HAIKU]: { ...usage, costUSD: 0.00011 } },
      hasUnknownModelCost: false,
    };
    const own = makeFolder();
    cpSync(claudeDir, own, { recursive: true });
    writeTranscripts({ [`${SESSION}.jsonl`]: [t.prompt('go'), t.answer('main', used(10, 20)), costState] }, own);
    const answer = (await asked('usage reconcile', { claudeDir: own, stateDir })) as ReconcileAnswer;
    expect(answer.totals).toMatchObject([{ session: SESSION, from: 'transcript', reading: null, agrees: false }]);
    expect(answer.causes).toMatchObject([{ kind: 'later', requests: 1, difference: { input_tokens: -100 } }]);
    expect(answer.sources.find(({ source }) => source === 'client')).toMatchObject({ cost: 0.00011, sessions: 1 });
  });

  it('lets a fork count on from the session that it repeats', async () => {
    const [parent, fork] = [SESSION, SESSION.replace(/1$/, '2')];
    const t = transcript(parent);
    const f = transcript(fork, Date.parse('2026-03-01T13:00:00Z'));
    const first = [t.prompt('go'), t.answer('a', used(10, 20)), t.answer('b', used(1, 2))];
    const repeated = first.map(record => ({ ...record, sessionId: fork, forkedFrom: { sessionId: parent } }));
    const usage = { inputTokens: 16, outputTokens: 27, cacheReadInputTokens: 0, cacheCreationInputTokens: 0 };
    const total = {
      type: 'cost-state',
      totalCostUSD: 0.000151,
      modelUsage: { [HAIKU]: { ...usage, costUSD: 0.000151 } },
    };
    const claudeDir = writeTranscripts({
      [`${parent}.jsonl`]: [...first, t.prompt('on', 'p9'), t.answer('z', used(7, 7))],
      [`${fork}.jsonl`]: [...repeated, f.prompt('more', 'p2'), f.answer('c', used(5, 5)), total],
    });
    const answer = (await asked('usage reconcile', { claudeDir, stateDir: makeFolder() })) as ReconcileAnswer;
    expect([answer.agrees, answer.totals]).toMatchObject([true, [{ session: fork, agrees: true }]]);
    expect(answer.counted.requests).toBe(4);
  });
});

describe('what is asked for', () => {
  const state = (): string =>
    makeUsageState([
      { at: '2026-11-20T06:00:00Z', session: 'aaaa', tokens: { output: 1 } },
      { at: '2026-11-22T06:00:00Z', session: 'bbbb', tokens: { output: 2 } },
      { at: '2026-11-22T06:00:01Z', session: 'bbbb', source: 'otlp', id: 'otlp:req_9', tokens: { output: 4 } },
    ]);
  const none = (): string => makeFolder();

  it('may be a session, or a time', async () => {
    const bySession = await ask({ stateDir: state(), claudeDir: none(), more: ['--session', 'aa'] });
    expect([bySession.counted.output_tokens, bySession.differences]).toEqual([1, []]);
    const byTime = await ask({ stateDir: state(), claudeDir: none(), more: ['--since', '1d'] });
    expect([byTime.counted.output_tokens, byTime.differences.length]).toEqual([6, 2]);
  });

  it('leaves totals of sessions out that began before', async () => {
    const more = ['--since', '2026-11-22T06:47:25Z', '--result', fileOf(...RESULTS)];
    const answer = await ask({ stateDir: makeFolder(), more });
    expect([answer.totals, answer.totals_left_out, answer.agrees]).toEqual([[], 1, true]);
    const { out } = await run({ stateDir: makeFolder(), more });
    expect(out).toContain('1 total of the client begins before that time, and is left out.');
  });

  it('says that no session begins so', async () => {
    const { err } = await run({ stateDir: state(), claudeDir: none(), more: ['--session', 'zz'] });
    expect(err).toBe('--session: no usage is recorded of "zz"\n');
  });

  it('may be CSV, with sources and differences in one table', async () => {
    const { out } = await run({ stateDir: state(), claudeDir: none(), more: ['--csv', '--session', 'bbbb'] });
    expect(out.split('\r\n')).toEqual([
      'what,kind,session,request,model,cause,requests,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,cost',
      'source,transcript,,,,,1,0,2,0,0,0.00003',
      'source,otlp,,,,,1,0,4,0,0,0.00006',
      'source,counted,,,,,2,0,6,0,0,0.00009',
      `difference,before_receiver,bbbb,msg_1:req_1,${MODEL},from before the receiver heard of this session,1,0,-2,0,0,-0.00003`,
      `difference,not_in_transcript,bbbb,otlp:req_9,${MODEL},the transcript of this session does not have it,1,0,4,0,0,0.00006`,
      '',
    ]);
  });

  it('stays within the terminal, whatever names are in it', async () => {
    const stateDir = makeUsageState([
      {
        at: '2026-11-22T06:00:00Z',
        id: `msg\x1b[2J${'x'.repeat(200)}:req_1`,
        model: 'm'.repeat(200),
        session: '\x1bs',
      },
      { at: '2026-11-22T06:00:01Z', source: 'otlp', id: 'otlp:req_9', session: '\x1bs' },
    ]);
    const { out } = await run({ stateDir, claudeDir: none() });
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(out).not.toContain('\x1b');
  });

  it.each([
    [['--result', '/nonexistent/file'], 1, '--result /nonexistent/file: expected a file that can be read, got ENOENT'],
    [['--result', `${ROOT}package.json`], 1, 'got no result with a session and a total'],
    [['--csv', '--json'], 2, '--csv: expected no --json beside it, got both'],
    [['--since', 'soon'], 2, 'Expected a date as 2026-10-31'],
  ])('%j ends with exit code %i', async (more, expected, message) => {
    const { code, out, err } = await run({ stateDir: state(), claudeDir: none(), more });
    expect([code, out]).toEqual([expected, '']);
    expect(err).toContain(message);
  });
});

describe('requests that were pruned', () => {
  it('count, and are compared no more, but with the client', async () => {
    const stateDir = makeFolder();
    receive(stateDir, recorded());
    await ask({ stateDir });
    const later = { ...at, now: () => RECORDED_END + 90 * 86_400_000 };
    await cliJson(['prune', '--older-than', '30d', '--state-dir', stateDir, '--claude-dir', RECORDED], later);
    const answer = await ask({ stateDir, more: ['--result', fileOf(...RESULTS)] });
    expect(answer).toMatchObject({ agrees: true, pruned: { requests: 15, cost: 0.08316 }, counted: { requests: 15 } });
    expect(answer.sources.map(({ source }) => source)).toEqual(['client']);
    const { out } = await run({ stateDir });
    expect(out).toContain('15 requests were pruned: what they used counts, and sources can be compared no');
  });
});
