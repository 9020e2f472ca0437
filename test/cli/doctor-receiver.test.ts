/** What `spanbook doctor` says of the receiver of telemetry: it has to be asked for, to be told to the client, and to run. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startOtlpReceiver } from '../../src/monitor/otlp-receiver.ts';
import { type ClaudeProject, makeProject, write } from '../helpers/claude-project.ts';

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const portOf = ({ project }: ClaudeProject): number => read(`${project}/state/spanbook.json`).receiver.port;

async function finding({ run }: ClaudeProject): Promise<{ status: string; detail: string; fix: string | null }> {
  const { checks } = JSON.parse((await run('doctor', '--json')).out);
  const { status, detail, fix } = checks.find(({ name }: { name: string }) => name === 'receiver');
  return { status, detail, fix };
}

async function makeTold(...flags: string[]): Promise<ClaudeProject> {
  const made = makeProject();
  await made.run('init', '--otlp', ...flags);
  return made;
}

async function receiverFor(made: ClaudeProject): Promise<void> {
  const receiver = await startOtlpReceiver({ port: portOf(made), onRequests: () => {}, log: () => {} });
  onTestFinished(() => receiver.close());
}

async function serve(port: number, listener: RequestListener): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
}

describe('the receiver', () => {
  it('is nothing to look at where nobody asked for it', async () => {
    const made = makeProject();
    await made.run('init');
    expect(await finding(made)).toEqual({
      status: 'skipped',
      detail: 'the client is not told to send its telemetry here',
      fix: null,
    });
  });

  it('is well if the client sends where the monitor listens', async () => {
    const made = await makeTold();
    await receiverFor(made);
    expect(await finding(made)).toEqual({
      status: 'ok',
      detail: `port ${portOf(made)} takes the telemetry of the client`,
      fix: null,
    });
  });

  it('has to run', async () => {
    const made = await makeTold();
    expect(await finding(made)).toEqual({
      status: 'warning',
      detail: `nobody listens on port ${portOf(made)}; usage comes from transcripts alone`,
      fix: 'npx spanbook monitor start',
    });
  });

  it.each<[string, RequestListener]>([
    ['answers', (_request, response) => void response.writeHead(200, { server: 'other' }).end('{}')],
    ['refuses', (_request, response) => void response.writeHead(404, { server: 'spanbook' }).end()],
  ])('is not another program that %s', async (_what, listener) => {
    const made = await makeTold();
    await serve(portOf(made), listener);
    expect(await finding(made)).toEqual({
      status: 'failed',
      detail: `another program has port ${portOf(made)}`,
      fix: `Set receiver.port in ${made.project}/state/spanbook.json to a free one, then init --otlp`,
    });
  });

  it('has the port that the client is told', async () => {
    const made = await makeTold();
    const port = portOf(made);
    writeFileSync(`${made.project}/state/spanbook.json`, '{"receiver":{"port":5999}}');
    expect(await finding(made)).toEqual({
      status: 'failed',
      detail: `the client sends to port ${port}, but receiver.port is 5999`,
      fix: 'npx spanbook init --otlp',
    });
    writeFileSync(`${made.project}/state/spanbook.json`, '{}');
    expect(await finding(made)).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('names no receiver.port'),
    });
  });

  it('is told to the client', async () => {
    const made = await makeTold('--local');
    const { env } = read(made.userSettings);
    writeFileSync(made.userSettings, JSON.stringify({ env: { ...env, OTEL_LOGS_EXPORTER: undefined } }));
    // Half of them are somebody else's, for all that can be told.
    const half = { status: 'warning', fix: 'npx spanbook init --local --otlp' };
    expect(await finding(made)).toMatchObject(half);
    writeFileSync(made.userSettings, '{}');
    expect(await finding(made)).toEqual({
      ...half,
      detail: `no variables in ${made.userSettings} make the client send anything`,
    });
  });

  it('may get what a Collector passes on', async () => {
    const made = makeProject();
    write(`${made.project}/state/spanbook.json`, '{"receiver":{"port":5123}}');
    await made.run('init');
    write(made.userSettings, '{"env":{"OTEL_LOGS_EXPORTER":"otlp"}}');
    expect(await finding(made)).toMatchObject({ status: 'warning', fix: 'npx spanbook monitor start' });
    await receiverFor(made);
    expect(await finding(made)).toEqual({
      status: 'ok',
      detail: `port 5123 takes what is passed on (OTEL_LOGS_EXPORTER is "otlp" in ${made.userSettings})`,
      fix: null,
    });
  });

  it('may lose to what is set elsewhere', async () => {
    const made = await makeTold();
    write(made.localSettings, '{"env":{"OTEL_LOGS_EXPORTER":"none"}}');
    expect(await finding(made)).toMatchObject({
      status: 'warning',
      detail: `the client may send elsewhere: OTEL_LOGS_EXPORTER is "none" in ${made.localSettings}`,
    });
  });

  it('may be that of another folder', async () => {
    const one = await makeTold();
    const other = makeProject();
    Object.assign(other.env, one.env);
    await other.run('init');
    expect(await finding(other)).toEqual({
      status: 'skipped',
      detail: `the monitor of ${one.project}/state takes the telemetry of the client`,
      fix: null,
    });
  });

  it('of all projects is asked for again as it was', async () => {
    const made = makeProject();
    await made.run('init', '--user', '--otlp');
    writeFileSync(`${made.home}/.local/state/spanbook/spanbook.json`, '{}');
    expect(await finding(made)).toMatchObject({ status: 'failed', fix: 'npx spanbook init --user --otlp' });
  });
});
