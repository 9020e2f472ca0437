/** Canaries in everything that comes in from outside: none is found in what is kept, shown, logged or sent. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createPortServer } from 'node:net';
import { describe, expect, onTestFinished } from 'vitest';
import { startHttpSink } from '../helpers/http-sink.ts';
import { logsOf, requestRecord } from '../helpers/otlp-logs.ts';
import { recordedCalls } from '../helpers/recorded-session.ts';
import { monitoredFolder, plainEnv, spanbook, until } from '../helpers/run-monitor.ts';
import { ROOT, runHook } from '../helpers/run-program.ts';
import { wholeText } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { Canaries, withCanaries } from './canaries.ts';
import { fault, times } from './fault.ts';

const RECORDED = `${ROOT}examples/recorded-session/projects/-home-dev-shop`;
const SESSION = 'fe0a3f5c-4c52-4589-b1df-2d0604705b1b';
/** So that an import has something to tell. */
const OTHER = SESSION.replace(/^fe/, 'aa');
/** What is documented to be kept, and what only says how the rest is to be read. */
const KEPT = (
  'session_id prompt_id hook_event_name tool_name tool_use_id agent_id agent_type agentId agentType command_name cwd ' +
  'transcript_path source status subagent_type skill type sessionId promptId uuid parentUuid timestamp requestId id role ' +
  'model stop_reason name attributionSkill attributionAgent toolUseId tool_use_id gitBranch version subtype service_tier speed inference_geo operation'
).split(' ');
/** Events that no recorded session has, with fields that clients send. */
const RARE: Record<string, unknown>[] = [
  { hook_event_name: 'StopFailure', error: 'rate_limit', error_details: '' },
  {
    hook_event_name: 'PermissionDenied',
    tool_name: 'Bash',
    tool_use_id: 't9',
    tool_input: { command: '' },
    reason: '',
  },
  { hook_event_name: 'Notification', message: '', title: '' },
  { hook_event_name: 'PreCompact', custom_instructions: '' },
  { hook_event_name: 'TotallyNew', anything: { deep: [''] } },
];

interface Round {
  stateDir: string;
  claudeDir: string;
  canaries: Canaries;
  env: Record<string, string | undefined>;
  /** All that was printed, and all bodies that arrived somewhere. */
  said: string[];
}

const payloads = (): Record<string, unknown>[] => [
  ...recordedCalls().map(({ payload }) => payload),
  ...RARE.map(event => ({ session_id: SESSION, prompt_id: 'p9', cwd: '/home/dev', ...event })),
];

/** Every event of the client, by real hooks. */
async function runHooks({ stateDir, canaries, env, said }: Round): Promise<void> {
  for (const payload of payloads()) {
    const event = String(payload.hook_event_name);
    const input = withCanaries(payload, canaries, KEPT, event) as Record<string, unknown>;
    // What clients call by a name of their own is kept.
    for (const key of ['error', 'reason']) if (/^\w+$/.test(String(payload[key] ?? ''))) input[key] = payload[key];
    input.session_title = canaries.secret(`${event}.session_title`);
    const { code, stdout, stderr } = await runHook('claude-code', {
      input,
      env: { ...env, SPANBOOK_STATE_DIR: stateDir },
    });
    expect(code).toBe(0);
    said.push(stdout, stderr);
  }
  const broken = `{"session_id": "${canaries.secret('a payload that is no JSON')}`;
  await runHook('claude-code', { input: broken, env: { ...env, SPANBOOK_STATE_DIR: stateDir } });
  const args = ['--message', canaries.secret('log-event'), '--level', 'error'];
  await runHook('log-event', { args, env: { ...env, SPANBOOK_STATE_DIR: stateDir } });
  const end = ['--command-name', '/x', '--error', canaries.secret('command-end')];
  await runHook('command-end', { args: end, env: { ...env, SPANBOOK_STATE_DIR: stateDir } });
}

/** The transcripts of the recorded session, with everything that was said in them replaced. */
function writeTranscripts({ claudeDir, canaries }: Round): void {
  for (const name of readdirSync(RECORDED, { recursive: true, encoding: 'utf8' })) {
    if (!/\.jsonl?$/.test(name)) continue;
    const path = `${claudeDir}/projects/-home-dev-shop/${name.replaceAll(SESSION, OTHER)}`;
    mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
    const lines = readFileSync(`${RECORDED}/${name}`, 'utf8').trimEnd().split('\n');
    const changed = lines.map(line => {
      const record = withCanaries(JSON.parse(line), canaries, KEPT, 'transcript') as Record<string, unknown>;
      return JSON.stringify(record).replaceAll(SESSION, OTHER);
    });
    writeFileSync(path, `${changed.join('\n')}\n`);
  }
}

async function freePort(): Promise<number> {
  const server = createPortServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** A receiver that repeats what it was sent in its answers, as some do; the last one is that it took the spans. */
async function startEcho({ said }: Round): Promise<{ port: number; state: { status: number; type: string } }> {
  const state = { status: 401, type: 'text/plain' };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', chunk => (body += chunk));
    request.on('end', () => {
      said.push(body);
      const { status, type } = state;
      const echo = `no access: ${request.url} ${JSON.stringify(request.headers)}`;
      response.writeHead(status, { 'content-type': type });
      if (status === 200)
        response.end(JSON.stringify({ partialSuccess: { rejectedSpans: type === 'x' ? 1 : 0, errorMessage: echo } }));
      else response.end(type === 'application/json' ? JSON.stringify({ code: 3, message: echo }) : echo);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, state };
}

async function oneRound(from: number, content: boolean): Promise<Canaries> {
  const canaries = new Canaries(from);
  const said: string[] = [];
  const claudeDir = tempDir();
  const env = {
    ...plainEnv(tempDir()),
    CLAUDE_CONFIG_DIR: claudeDir,
    ANTHROPIC_API_KEY: canaries.word('environment'),
    AWS_SECRET_ACCESS_KEY: canaries.word('environment'),
    GITHUB_TOKEN: canaries.word('environment'),
  };
  const round: Round = { stateDir: monitoredFolder(), claudeDir, canaries, env, said };
  const { stateDir } = round;
  const run = async (...args: string[]): Promise<void> => {
    const { code, stdout, stderr } = await spanbook(args, { ...env, SPANBOOK_STATE_DIR: stateDir });
    expect([args, [0, 1].includes(code ?? 9)], stderr).toEqual([args, true]);
    said.push(stdout, stderr);
  };
  await runHooks(round);
  writeTranscripts(round);
  const echo = await startEcho(round);
  const webhook = await startHttpSink((response, number) => {
    response.writeHead(500).end(JSON.stringify(webhook.requests[number - 1]));
  });
  const receiver = await freePort();
  const secretPath = canaries.word('path of the webhook').replaceAll(' ', '-');
  const userinfo = canaries.word('name and password in the endpoint').split(' ')[1];
  const query = canaries.word('key in the endpoint').split(' ')[1];
  const settings = {
    capture: { content },
    receiver: { port: receiver },
    otlp: {
      endpoint: `http://me:${userinfo}@127.0.0.1:${echo.port}/in?key=${query}`,
      headers: {
        'x-api-key': canaries.word('header of the endpoint'),
        'x-tenant': canaries.word('header of the endpoint'),
      },
    },
    alerts: {
      webhook: {
        url: `http://127.0.0.1:${webhook.port}/services/${secretPath}`,
        allow_private: true,
        headers: { 'x-token': canaries.word('header of the webhook') },
      },
    },
  };
  writeFileSync(`${stateDir}/spanbook.json`, JSON.stringify(settings), { mode: 0o600 });
  await run('import', '--spans');
  await run('exec', '--name', 'job', '--', process.execPath, '-e', '0', canaries.word('argument of a program'));
  await run('alerts', 'test');
  for (const [status, type] of [
    [401, 'text/plain'],
    [500, 'application/json'],
    [503, 'text/plain'],
    [400, 'application/json'],
    [200, 'x'],
    [200, 'application/json'],
  ] as const) {
    Object.assign(echo.state, { status, type });
    await run('ship');
  }
  Object.assign(echo.state, { status: 401, type: 'text/plain' });
  await run('monitor', 'start');
  const attributes = Object.fromEntries(
    ['prompt', 'tool_parameters', 'user.email', 'error'].map(key => [key, canaries.word(`telemetry, ${key}`)]),
  );
  const body = JSON.stringify(
    logsOf(requestRecord(attributes), requestRecord({ ...attributes, model: undefined }), {
      body: { stringValue: canaries.word('telemetry, body') },
    }),
  );
  const headers = { 'content-type': 'application/json', authorization: canaries.word('telemetry, header') };
  const posted = await fetch(
    `http://127.0.0.1:${receiver}/v1/logs?key=${canaries.word('telemetry, query').split(' ')[1]}`,
    { method: 'POST', headers, body },
  );
  said.push(await posted.text());
  await run('exec', '--name', 'again', '--', process.execPath, '-e', '0');
  await until(() => /wrong|401/.test(wholeText(`${stateDir}/relay`)), 20_000);
  await run(
    'ship',
    '--endpoint',
    `http://me:${canaries.word('flag').split(' ')[1]}@127.0.0.1:1/x?token=${canaries.word('flag').split(' ')[1]}`,
  );
  const questions = ['status', 'hierarchy', 'events', 'errors', 'sessions', 'summary'].map(question => [
    'pipeline',
    question,
  ]);
  questions.push(['usage', 'breakdown', '--by', 'agent,model'], ['usage', 'report'], ['monitor', 'status']);
  for (const question of questions) await Promise.all([run(...question), run(...question, '--json')]);
  await Promise.all([run('usage', 'breakdown', '--by', 'agent,model', '--csv'), run('doctor')]);
  await Promise.all(['html', 'md', 'json'].map(format => run('report', '--format', format)));
  await Promise.all([run('watch', '--once'), run('watch', '--once', '--json'), run('pipeline', 'bottlenecks')]);
  await run('monitor', 'stop');
  said.push(...webhook.requests.map(request => request.body));

  expect(said.join('\n')).toContain('resourceSpans');
  const settled = wholeText(stateDir).replace(JSON.stringify(settings), '');
  expect(settled).toContain('[redacted]');
  expect(canaries.in(settled)).toEqual([]);
  expect(canaries.in(said.join('\n'))).toEqual([]);
  for (const entry of readdirSync(stateDir, { withFileTypes: true, recursive: true })) {
    const path = `${entry.parentPath}/${entry.name}`;
    const mode = (statSync(path).mode & 0o777).toString(8);
    expect([path, mode]).toEqual([path, entry.isDirectory() ? '700' : '600']);
  }
  return canaries;
}

describe('secrets', () => {
  fault(
    'canaries in everything that comes in',
    'none in the state folder, in spans, in logs or in what is printed; files 0600, folders 0700',
    async ({ count }) => {
      // With and without `capture.content`, in turn.
      for (let tried = 0, round = 0; tried < times(1, 10_000); round++) {
        const { cores } = await oneRound(tried, round % 2 === 1);
        tried += cores.size;
        count('canaries', cores.size);
      }
      count('found', 0);
    },
  );
});
