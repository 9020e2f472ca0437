/** A real Jaeger with the project's own configuration, on free ports of loopback and with its traces in a folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { inject } from 'vitest';
import { ROOT } from '../helpers/run-program.ts';
import { type JaegerClient, queryJaeger } from './query-jaeger.ts';

export interface RunningJaeger {
  /** What `OTEL_EXPORTER_OTLP_ENDPOINT` takes: `http://127.0.0.1:24318`. */
  otlpUrl: string;
  /** Where the query API and the user interface are. */
  queryUrl: string;
  query: JaegerClient;
  pid: number;
  /** Ends it and waits until it is gone. SIGKILL is what a crash looks like. Twice is once. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Stops it if it runs, and starts it on the same ports and the same traces. */
  restart(): Promise<void>;
}

type Port = 'OTLP_HTTP' | 'OTLP_GRPC' | 'QUERY' | 'QUERY_GRPC' | 'HEALTH';
type Ports = Record<Port, number>;

const START_MILLIS = 30_000;
const STOP_MILLIS = 30_000;
const TRIES = 5;

const running = new Set<ChildProcess>();
// A worker that ends early leaves none behind.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a Jaeger whose traces lie in `folder`, and waits until it answers. Stop it when you are done:
 * `onTestFinished(() => jaeger.stop())`, or as what `beforeAll` returns.
 */
export async function startJaeger(folder: string): Promise<RunningJaeger> {
  const { path, from } = inject('jaeger');
  if (path === null) throw new Error(`Jaeger: expected an executable, got none: ${from}`);
  mkdirSync(folder, { recursive: true });
  const { ports, child: first } = await startOnFreePorts(path, folder);
  let child = first;
  const queryUrl = `http://127.0.0.1:${ports.QUERY}`;
  const jaeger: RunningJaeger = {
    otlpUrl: `http://127.0.0.1:${ports.OTLP_HTTP}`,
    queryUrl,
    query: queryJaeger(queryUrl),
    pid: child.pid ?? 0,
    stop: (signal = 'SIGTERM') => end(child, signal),
    async restart() {
      await end(child, 'SIGTERM');
      child = await start(path, folder, ports);
      jaeger.pid = child.pid ?? 0;
    },
  };
  return jaeger;
}

/** Between the looking for a port and its use another process may take it: then with others. */
async function startOnFreePorts(path: string, folder: string): Promise<{ ports: Ports; child: ChildProcess }> {
  for (let tried = 1; ; tried++) {
    const ports: Ports = {
      OTLP_HTTP: await freePort(),
      OTLP_GRPC: await freePort(),
      QUERY: await freePort(),
      QUERY_GRPC: await freePort(),
      HEALTH: await freePort(),
    };
    try {
      return { ports, child: await start(path, folder, ports) };
    } catch (error) {
      if (tried === TRIES || !String(error).includes('address already in use')) throw error;
    }
  }
}

/**
 * Below the range out of which systems take ports for connections: else, while a Jaeger is stopped, a connection of the
 * test itself could sit on its port.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const free = await new Promise<boolean>(resolve => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

async function start(path: string, folder: string, ports: Ports): Promise<ChildProcess> {
  const logPath = `${folder}/jaeger.log`;
  const logged = existsSync(logPath) ? readFileSync(logPath).length : 0;
  const log = openSync(logPath, 'a');
  const child = spawn(path, [`--config=${ROOT}config/jaeger/jaeger.yaml`], {
    cwd: folder,
    // Nothing of the tests' own environment reaches it: a variable may change where it listens.
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      JAEGER_DATA: `${folder}/badger`,
      JAEGER_UI_CONFIG: `${ROOT}config/jaeger/ui.json`,
      ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [`JAEGER_${name}_PORT`, String(port)])),
    },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  running.add(child);
  child.once('exit', () => running.delete(child));
  try {
    await once(child, 'spawn');
    await untilReady(child, ports);
    return child;
  } catch (error) {
    await end(child, 'SIGKILL');
    const said = readFileSync(logPath).subarray(logged).toString('utf8').trim().split('\n').slice(-5).join('\n');
    throw new Error(`Jaeger: expected it to start, got ${String(error)}\n${said}`, { cause: error });
  }
}

async function untilReady(child: ChildProcess, ports: Ports): Promise<void> {
  const deadline = performance.now() + START_MILLIS;
  const urls = [`http://127.0.0.1:${ports.HEALTH}/status`, `http://127.0.0.1:${ports.QUERY}/api/v3/services`];
  while (!(await Promise.all(urls.map(answers))).every(Boolean)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`exit code ${child.exitCode}`);
    if (performance.now() > deadline) throw new Error(`no answer within ${START_MILLIS} ms`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    async response => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );

/** By its own process id, and with force if it does not go. */
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MILLIS);
  await gone;
  clearTimeout(force);
}
