import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recordedFacts } from '../helpers/recorded-session.ts';
import {
  appendLines,
  cli,
  cliJson,
  end,
  eventId,
  linesOf,
  makeFolder,
  makeState,
  note,
  request,
  spanId,
  start,
  T0,
} from '../helpers/run-cli.ts';

const busy = [
  start(1, { stage: 'prototype', system: 'Shop' }),
  start(2, { level: 'agent', name: 'builder', label: 'make it', parent: spanId(1), at: T0 + 500 }),
  note(10, { parent: spanId(2), level: 'error', type: 'Broken', message: 'no' }),
];

describe('pipeline status', () => {
  it('answers with the documented keys', async () => {
    expect(await cliJson(['pipeline', 'status', '--state-dir', makeState(busy)])).toEqual({
      schema_version: '1.0.0',
      system_name: 'Shop',
      stage: 'prototype',
      pipeline_status: 'running',
      pipeline_started_at: '2026-03-01T12:00:00.000Z',
      pipeline_updated_at: '2026-03-01T12:00:00.500Z',
      current_context: { stage: 'prototype', system_name: 'Shop', checkpoint: null },
      statistics: {
        total_events: 3,
        total_commands: 1,
        total_agents_spawned: 1,
        total_skills_invoked: 0,
        total_errors: 1,
        total_warnings: 0,
      },
      active_count: 2,
    });
  });

  it('shows skipped lines, failures of hooks, and what to do next', async () => {
    const stateDir = makeState(busy);
    appendLines(stateDir, '{"torn\n{"v":99,"kind":"new"}\n');
    writeFileSync(`${stateDir}/hooks.log`, `{"at":"x","hook":"claude-code","reason":"no\\u001b space"}\n`.repeat(2));
    const { out } = await cli(['pipeline', 'status', '--state-dir', stateDir]);
    expect(out).toContain('2 journal lines gave no event:\n    1 damaged\n    1 of a newer version');
    expect(out).toContain(
      `2 failures in hooks, logged in\n    ${stateDir}/hooks.log\n    last: claude-code: no\\x1b space`,
    );
    expect(out.trimEnd().split('\n').at(-1)).toBe('Next: spanbook pipeline active --follow');
    expect(await cliJson(['pipeline', 'status', '--state-dir', stateDir])).toMatchObject({
      skipped: { damaged: 1, unknown: 1 },
      hook_failures: { count: 2, path: `${stateDir}/hooks.log` },
    });
  });

  it('says what to do when nothing is recorded', async () => {
    const { out } = await cli(['pipeline', 'status', '--state-dir', makeFolder()]);
    expect(out).toMatch(/^Nothing is recorded in .* yet\./);
    expect(out).toContain('npm run demo');
    expect(out).toContain('spanbook init');
  });

  it('says so when state/ belongs to something else', async () => {
    const cwd = makeFolder();
    mkdirSync(`${cwd}/state`);
    writeFileSync(`${cwd}/state/main.tf`, '');
    const { code, err } = await cli(['pipeline', 'status'], { cwd });
    expect(code).toBe(0);
    expect(err).toBe(`${cwd}/state belongs to something else; ${cwd}/.spanbook is used instead\n`);
  });
});

describe('pipeline active', () => {
  it('answers with the documented keys', async () => {
    expect(await cliJson(['pipeline', 'active', '--state-dir', makeState(busy)])).toMatchObject({
      activities: [
        { event_id: eventId(1), elapsed_ms: 2000, depth: 0, path: [], parent_event_id: null, stage: 'prototype' },
        { event_id: eventId(2), elapsed_ms: 1500, depth: 1, path: ['/run-1'], label: 'make it', session_id: 'local' },
      ],
    });
  });

  it('follows until the person stops it, and draws over itself on a terminal', async () => {
    const stateDir = makeState(busy);
    let turns = 0;
    const pause = async (): Promise<boolean> => {
      if (turns === 0) appendLines(stateDir, linesOf([end(2)]));
      return ++turns < 2;
    };
    const { code, out } = await cli(['pipeline', 'active', '--follow', '--state-dir', stateDir], {
      isTty: true,
      pause,
    });
    expect(code).toBe(0);
    expect(out.match(/Running now \(\d\)/g)).toEqual(['Running now (2)', 'Running now (1)']);
    expect(out).toContain('\x1b[3A\x1b[J');
  });
});

describe('pipeline events, errors, stats, sessions, show', () => {
  it.each([
    [[], [eventId(1), eventId(2), eventId(10)]],
    [['--type', 'agent_spawn_start'], [eventId(2)]],
    [['--level', 'error'], [eventId(10)]],
    [
      ['--limit', '2'],
      [eventId(2), eventId(10)],
    ],
    [
      ['--recent', '0.03'],
      [eventId(2), eventId(10)],
    ],
  ])('filters events by %j', async (filter, ids) => {
    const argv = ['pipeline', 'events', ...filter, '--state-dir', makeState(busy)];
    const { events } = (await cliJson(argv)) as { events: { event_id: string }[] };
    expect(events.map(event => event.event_id)).toEqual(ids);
  });

  it('lists errors and warnings apart', async () => {
    const stateDir = makeState([...busy, note(11, { parent: spanId(1), type: 'Slow' })]);
    expect(await cliJson(['pipeline', 'errors', '--state-dir', stateDir])).toMatchObject({
      errors: [{ event_id: eventId(10), error: { type: 'Broken', message: 'no' } }],
      warnings: [{ event_id: eventId(11), warning: { type: 'Slow' } }],
    });
    const { out } = await cli(['pipeline', 'errors', '--state-dir', stateDir]);
    expect(out).toContain('✖ Broken: no');
    expect(out).toContain('in /run-1 › builder');
  });

  it('lists sessions with title, folder and branch', async () => {
    const place = { cwd: '/home/dev/shop', branch: 'main', title: 'Fix the till', transcript: '/home/dev/t.jsonl' };
    const client = { v: 1, at: T0, source: 'hook', session: 's-1' } as const;
    const stateDir = makeState([{ ...client, kind: 'session_start', reason: 'startup', ...place }]);
    const { transcript, ...shown } = place;
    expect(await cliJson(['pipeline', 'sessions', '--state-dir', stateDir])).toMatchObject({
      sessions: [{ session_id: 's-1', ...shown, transcript_path: transcript }],
    });
  });

  it('shows one activity and where its content lies', async () => {
    const stateDir = makeState(recordedFacts());
    const argv = ['pipeline', 'events', '--type', 'agent_spawn_end', '--limit', '1', '--state-dir', stateDir];
    const { events } = (await cliJson(argv)) as { events: { event_id: string; related_start_event_id: string }[] };
    const session = '/home/dev/.claude/projects/-home-dev-shop/fe0a3f5c-4c52-4589-b1df-2d0604705b1b';
    const shown = await cliJson(['pipeline', 'show', events[0]?.event_id ?? '', '--state-dir', stateDir]);
    expect(shown).toMatchObject({
      event_id: events[0]?.related_start_event_id,
      level: 'agent',
      ancestors: [{ name: '/fanout' }],
      content: {
        transcript_path: `${session}.jsonl`,
        agent_transcript_path: `${session}/subagents/agent-a54101326a19ccbd8.jsonl`,
      },
    });
  });

  it('gives statistics and a summary of the same totals', async () => {
    const stateDir = makeState(busy);
    const stats = (await cliJson(['pipeline', 'stats', '--state-dir', stateDir])) as { statistics: object };
    expect(stats.statistics).toMatchObject({ total_events: 3, total_commands: 1, total_errors: 1 });
    expect(await cliJson(['pipeline', 'summary', '--state-dir', stateDir])).toMatchObject({
      statistics: stats.statistics,
      activities: [
        { name: '/run-1', running: 1 },
        { name: 'builder', errors: 1 },
      ],
      problems: [{ level: 'error', type: 'Broken', count: 1 }],
    });
  });
});

describe('usage in show and summary', () => {
  const facts = [
    start(1),
    request(20, { parent: spanId(1), cost_nanousd: 12_700_000 }),
    start(2, { level: 'agent', name: 'builder', parent: spanId(1) }),
    request(21, { parent: spanId(2), cost_nanousd: 20_000_000 }),
    start(3, { level: 'agent', name: 'builder', parent: spanId(2) }),
    request(22, { parent: spanId(3) }),
    end(3),
    end(2),
    end(1),
  ];

  it('is shown of one activity with all below it, and of itself', async () => {
    const { out } = await cli(['pipeline', 'show', eventId(1), '--state-dir', makeState(facts)]);
    const lines = out.split('\n');
    for (const line of [
      'Requests    3',
      'Input       3 tokens',
      'Cache read  3,000 tokens',
      'Cache write  30 tokens',
      'Output      300 tokens',
      'Cost        $0.0327 (list price)',
      'Unpriced    1,111 tokens',
      'Of its own  1 request, 1,011 tokens in, 100 out, $0.0127',
    ]) {
      expect(lines.map(shown => shown.replace(/ {2,}/, '  '))).toContain(line.replace(/ {2,}/, '  '));
    }
    expect((await cli(['pipeline', 'show', eventId(3), '--state-dir', makeState(facts)])).out).not.toMatch(/Cost|own/);
  });

  it('is summed up once, also where an activity stands inside another one of its name', async () => {
    const stateDir = makeState(facts);
    expect(await cliJson(['pipeline', 'summary', '--state-dir', stateDir])).toMatchObject({
      usage: { requests: 3, input_tokens: 3, output_tokens: 300, cost: 0.0327, unpriced_tokens: 1111 },
      activities: [
        { name: '/run-1', usage: { requests: 3, cost: 0.0327 } },
        { name: 'builder', count: 2, usage: { requests: 2, cost: 0.02 } },
      ],
    });
    const { out } = await cli(['pipeline', 'summary', '--state-dir', stateDir]);
    expect(out).toContain('  Tokens    3,033 in, 300 out\n');
    expect(out).toContain('  Cost      $0.0327 (list price, without 1,111 tokens that have none)\n');
    expect(out).toMatch(/ {2}agent {6}builder +2 +0 +1\.0s +1\.0s +\$0\.0200\n/);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('of what has ended counts while its parent runs', async () => {
    const running = facts.filter(fact => !(fact.kind === 'end' && fact.span === spanId(1)));
    expect(await cliJson(['pipeline', 'summary', '--state-dir', makeState(running)])).toMatchObject({
      usage: { requests: 2, cost: 0.02, unpriced_tokens: 1111 },
    });
  });

  it('is nowhere if nothing was used', async () => {
    const stateDir = makeState([start(1), end(1)]);
    expect(await cliJson(['pipeline', 'summary', '--state-dir', stateDir])).not.toHaveProperty('usage');
    for (const argv of [['summary'], ['show', eventId(1)]]) {
      expect((await cli(['pipeline', ...argv, '--state-dir', stateDir])).out).not.toMatch(/Cost|cost|Tokens|Input/);
    }
  });
});

describe('context', () => {
  it('is set, shown and cleared', async () => {
    const stateDir = `${makeFolder()}/state`;
    const set = ['context', 'set', '--state-dir', stateDir];
    expect(await cliJson([...set, '--stage', 'prototype', '--system-name', 'Shop', '--checkpoint', '5'])).toMatchObject(
      {
        current_context: { stage: 'prototype', system_name: 'Shop', checkpoint: 5 },
      },
    );
    expect(await cliJson([...set, '--checkpoint', 'last', '--stage', ''])).toMatchObject({
      current_context: { stage: null, system_name: 'Shop', checkpoint: 'last' },
    });
    const { out } = await cli(['context', 'show', '--state-dir', stateDir]);
    expect(out).toBe('Stage       (not set)\nSystem      Shop\nCheckpoint  last\n');
    expect(readFileSync(`${stateDir}/.gitignore`, 'utf8')).toBe('*\n');
  });
});
