/** The server as its page and programs see it: a real process, on real recordings. */
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { COMMANDS } from '../../src/cli/run-cli.ts';
import type { FacetsAnswer, NowAnswer, RunAnswer, RunsAnswer } from '../../src/dashboard/answers.ts';
import { answerSchemas, openApi } from '../../src/dashboard/schemas/openapi.ts';
import { rawRequest } from '../helpers/raw-http.ts';
import { recordedFacts } from '../helpers/recorded-session.ts';
import { appendLines, cli, end, linesOf, makeState, note, request, spanId, start, T0 } from '../helpers/run-cli.ts';
import { type RunningDashboard, runDashboard } from '../helpers/run-dashboard.ts';
import { ROOT } from '../helpers/run-program.ts';

const RECORDED = ['--claude-dir', `${ROOT}examples/recorded-session`];

/** The recorded session, with what it used. */
const recorded = (): Promise<RunningDashboard> => runDashboard(makeState(recordedFacts()), RECORDED);

/** Asks until it is so. */
async function eventually<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (isSo(answer) || performance.now() > deadline) return answer;
    await new Promise(resolve => setImmediate(resolve));
  }
}

describe('spanbook dashboard', () => {
  it('prints its address first, and listens on loopback alone', async () => {
    const { address, port, process } = await recorded();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[0-9a-f]{48}$/);
    const listening = readFileSync(`/proc/${process.pid}/net/tcp`, 'utf8').split('\n');
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    const ours = listening.filter(line => line.includes(`:${hex} `) && / 0A /.test(line));
    expect(ours.map(line => line.trim().split(/\s+/)[1])).toEqual([`0100007F:${hex}`]);
  });

  it('gives the page without a token, and nothing else', async () => {
    const { port, get } = await recorded();
    const page = await fetch(`http://127.0.0.1:${port}/runs/evt-1?x`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toMatch(/^<!doctype html>/i);
    for (const path of ['/api/now', '/api/runs', '/api/stream', '/api/openapi.json', '/api/usage/totals']) {
      expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(401);
      const answer = await get(path);
      expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([path, 200, 'no-store']);
      await answer.body?.cancel();
    }
    for (const path of ['/assets/none.js', '/assets/../../package.json', '/assets/%2e%2e/x', '/api/none']) {
      expect((await rawRequest(port, requestText(path, port))).status).not.toBe(200);
    }
  });

  it('keeps the token of its folder, for its owner alone', async () => {
    const stateDir = makeState([start(1)]);
    const { token, process } = await runDashboard(stateDir);
    expect(statSync(`${stateDir}/dashboard.json`).mode & 0o777).toBe(0o600);
    process.kill('SIGTERM');
    expect(await once(process, 'exit')).toEqual([0, null]);
    expect((await runDashboard(stateDir)).token).toBe(token);
  });

  it('says which port is taken', async () => {
    const { port } = await recorded();
    const { process, said } = await runDashboard(makeState([]), ['--port', String(port)]);
    if (process.exitCode === null) await once(process, 'exit');
    expect([process.exitCode, said()]).toEqual([
      2,
      expect.stringContaining(`got ${port}: one that another program has`),
    ]);
  });

  it('answers every path of its description by the shape that it gives', async () => {
    const { ask, get } = await recorded();
    const { runs } = await eventually(
      () => ask<RunsAnswer>('/api/runs'),
      answer => answer.is_whole && answer.total === 3,
    );
    expect(runs.map(({ name, status }) => [name, status])).toEqual([
      ['prompt', 'completed'],
      ['/fanout', 'completed'],
      ['/simple', 'completed'],
    ]);
    await eventually(
      () => ask<NowAnswer>('/api/now'),
      ({ today }) => today !== null,
    );
    const id = runs[0]?.event_id ?? '';
    const needed: Record<string, string> = {
      '/api/runs/{event_id}': `/api/runs/${id}`,
      '/api/pipeline/show': `/api/pipeline/show?id=${id}`,
      '/api/pipeline/compare': '/api/pipeline/compare?at=2026-11-22',
      '/api/usage/daily': '/api/usage/daily?days=9&by=model',
    };
    const wrong: string[] = [];
    for (const [path, schema] of Object.entries(answerSchemas())) {
      const answer = await get(needed[path] ?? path);
      const { schema_version, ...body } = (await answer.json()) as Record<string, unknown>;
      expect([path, answer.status, schema_version]).toEqual([path, 200, '1.0.0']);
      const parsed = schema.safeParse(body);
      if (!parsed.success) wrong.push(`${path}: ${z.prettifyError(parsed.error)}`);
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  it('answers what the commands answer', async () => {
    const stateDir = makeState(recordedFacts());
    const { ask } = await runDashboard(stateDir, RECORDED);
    await eventually(
      () => ask<NowAnswer>('/api/now'),
      ({ today }) => today !== null,
    );
    for (const words of [
      ['pipeline', 'status'],
      ['pipeline', 'hierarchy', '--last', '2'],
      ['pipeline', 'events', '--type', 'warning'],
      ['pipeline', 'errors'],
      ['pipeline', 'sessions'],
      ['usage', 'totals'],
      ['usage', 'breakdown', '--by', 'agent,model'],
      ['attribution', 'report'],
    ]) {
      const [group, verb, ...options] = words;
      const query = new URLSearchParams();
      for (let at = 0; at < options.length; at += 2) query.set((options[at] ?? '').slice(2), options[at + 1] ?? '');
      const told = await cli([...words, '--json', '--state-dir', stateDir, ...(group === 'pipeline' ? [] : RECORDED)]);
      expect(await ask(`/api/${group}/${verb}?${query}`)).toEqual(JSON.parse(told.out));
    }
  }, 60_000);

  it.each([
    ['/api/runs?limit=many', 400, 'limit: expected a number, 0 to 1000, got "many"'],
    ['/api/runs?colour=red', 400, 'colour: expected one of search'],
    ['/api/runs?status=open', 400, 'status: expected one of running'],
    ['/api/usage/daily?days=0', 400, 'days: Expected a whole number'],
    ['/api/usage/totals?claude_dir=/etc', 400, 'claude_dir: expected one of since'],
    ['/api/usage/totals?tz=Nowhere', 400, '--tz: expected a time zone'],
    ['/api/pipeline/show', 400, 'id: expected event id'],
    ['/api/pipeline/show?id=evt-none', 404, 'evt-none'],
    ['/api/runs/evt-0000000000000000', 404, 'event id: expected that of an activity'],
    ['/api/pipeline', 404, 'path: expected'],
  ])('says what is wrong with %s', async (path, status, words) => {
    const { get } = await runDashboard(makeState([start(1)]));
    const answer = await get(path);
    const body = (await answer.json()) as { error: { message: string } };
    expect([answer.status, body.error.message]).toEqual([status, expect.stringContaining(words)]);
  });

  it('tells of a change as it comes, and then has it', async () => {
    const stateDir = makeState([start(1, { name: '/build' })]);
    const { get, ask } = await runDashboard(stateDir);
    const stream = await get('/api/stream');
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let told = '';
    const read = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(told)) {
        const part = await reader?.read();
        if (!part || part.done) return;
        told += part.value;
      }
    };
    await read(/"running":1/);
    appendLines(stateDir, linesOf([end(1), start(2, { name: '/test' }), note(3, { parent: spanId(2) })]));
    told = '';
    const since = performance.now();
    await read(/event: change/);
    expect(performance.now() - since).toBeLessThan(5000);
    const now = await eventually(
      () => ask<NowAnswer>('/api/now'),
      ({ problems }) => problems.length > 0,
    );
    expect(now.running.map(({ name }) => name)).toEqual(['/test']);
    expect(now.recent.map(({ name }) => name)).toEqual(['/build']);
    expect(now.problems).toMatchObject([{ activity: '/test', message: 'careful', run_id: `evt-${spanId(2)}` }]);
    await reader?.cancel();
  });

  it('shows requests and tools of a run, and what an open one has used so far', async () => {
    const { ask } = await recorded();
    const { runs } = await eventually(
      () => ask<RunsAnswer>('/api/runs?order=cost'),
      answer => answer.runs.some(({ usage }) => usage !== null),
    );
    expect(runs[0]?.name).toBe('/fanout');
    const run = await eventually(
      () => ask<RunAnswer>(`/api/runs/${runs[0]?.event_id}`),
      answer => answer.has_leaves,
    );
    const kinds = new Set(run.items.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['agent', 'chat', 'command', 'tool']);
    expect(run.run.usage?.cost).toBe(0.044712);
    const chats = run.items.filter(({ kind }) => kind === 'chat');
    const nano = chats.reduce((sum, { usage }) => sum + Math.round((usage?.cost ?? 0) * 1e9), 0);
    expect(nano).toBe(44_712_000);
    const path = run.critical_path.path.reduce((sum, { own_ms }) => sum + own_ms, 0);
    expect(path).toBeCloseTo(run.run.duration_ms, 6);
  });

  it('counts what a program reports while it runs', async () => {
    const stateDir = makeState([
      start(1, { at: Date.now() - 1000, source: 'span' }),
      request(9, { at: Date.now() - 500, parent: spanId(1), cost_nanousd: 2_500_000 }),
    ]);
    const { ask } = await runDashboard(stateDir);
    const now = await eventually(
      () => ask<NowAnswer>('/api/now'),
      ({ burn }) => burn.five.requests > 0,
    );
    expect(now.running[0]?.usage).toMatchObject({ requests: 1, cache_read_tokens: 1000, output_tokens: 100 });
    expect(now.burn.five).toMatchObject({ requests: 1, tokens_per_minute: 1111 / 5 });
  });

  it('finds runs by what stands in them', async () => {
    const { ask } = await recorded();
    await eventually(
      () => ask<RunsAnswer>('/api/runs'),
      ({ runs }) => runs.length === 3 && runs.every(({ usage }) => usage !== null),
    );
    const names = async (query: string): Promise<string[]> =>
      (await ask<RunsAnswer>(`/api/runs?${query}`)).runs.map(({ name }) => name);
    expect(await names('agent=tester')).toEqual(['/fanout']);
    expect(await names('command=simple')).toEqual(['/simple']);
    expect(await names('skill=prototype-builder')).toEqual(['/simple']);
    expect(await names('search=FANOUT%20builder')).toEqual(['/fanout']);
    expect(await names('problems=true&order=name&ascending=true')).toEqual(['/simple', '/fanout']);
    expect(await names('min_cost=0.03&max_cost=0.04')).toEqual(['/simple']);
    expect(await names('model=sonnet')).toHaveLength(3);
    expect(await names('model=opus')).toEqual([]);
    expect(await names('until=2026-11-01')).toEqual([]);
    expect(await names('offset=1&limit=1')).toEqual(['/fanout']);
    const facets = await ask<FacetsAnswer>('/api/facets');
    expect(facets.commands.map(({ name, runs }) => [name, runs])).toContainEqual(['/simple', 1]);
    expect(facets.models.length).toBeGreaterThan(0);
  });

  it('makes no state folder by being looked at', async () => {
    const stateDir = `${makeState([])}/none`;
    const { ask } = await runDashboard(stateDir);
    expect(await ask<NowAnswer>('/api/now')).toMatchObject({
      running: [],
      recent: [],
      status: { pipeline_status: 'idle' },
    });
    expect(existsSync(`${stateDir}/journal`)).toBe(false);
  });

  it('goes on when the folder is replaced, and when settings are damaged', async () => {
    const stateDir = makeState([start(1, { at: T0, name: '/one' }), end(1)]);
    const { ask, get } = await runDashboard(stateDir);
    appendFileSync(`${stateDir}/spanbook.json`, '{ this is no JSON');
    expect((await get('/api/now')).status).toBe(200);
    expect((await ask<RunsAnswer>('/api/runs')).total).toBe(1);
  });
});

it('config/schemas/openapi.json is current', () => {
  const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { version: string };
  const text = `${JSON.stringify(openApi(COMMANDS, version), null, 2)}\n`;
  expect(readFileSync(`${ROOT}config/schemas/openapi.json`, 'utf8')).toBe(text);
});

const requestText = (path: string, port: number): string =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`;
