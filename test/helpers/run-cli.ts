/** Real state folders for tests, and the command line run on them in this process. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { onTestFinished } from 'vitest';
import type { CliContext } from '../../src/cli/cli-context.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import type { EndFact, Fact, NoteFact, RequestFact, StartFact } from '../../src/model/fact.ts';
import { ROOT } from './run-program.ts';

/** When the recorded session was over. */
export const RECORDED_END = Date.parse('2026-11-22T06:47:28.000Z');

export const T0 = Date.parse('2026-03-01T12:00:00.000Z');

/** An empty folder that is removed after the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(`${tmpdir()}/spanbook-test-`);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A state folder with these facts in its journal, or with these lines. */
export function makeState(facts: readonly Fact[] | string = []): string {
  const stateDir = makeFolder();
  mkdirSync(`${stateDir}/journal`);
  appendLines(stateDir, typeof facts === 'string' ? facts : linesOf(facts));
  return stateDir;
}

export const linesOf = (facts: readonly Fact[]): string => facts.map(fact => `${JSON.stringify(fact)}\n`).join('');

export function appendLines(stateDir: string, lines: string, segment = 1): void {
  appendFileSync(`${stateDir}/journal/events-${String(segment).padStart(8, '0')}.jsonl`, lines);
}

export function writeSettings(stateDir: string, settings: unknown): void {
  writeFileSync(`${stateDir}/spanbook.json`, typeof settings === 'string' ? settings : JSON.stringify(settings));
}

export const spanId = (number: number): string => number.toString(16).padStart(16, '0');
export const eventId = (number: number): string => `evt-${spanId(number)}`;

/** A start; `span` and `parent` are small numbers. */
export function start(span: number, overrides: Partial<StartFact> = {}): StartFact {
  const trace = spanId(span).repeat(2);
  const base = { v: 1, at: T0, source: 'hook', kind: 'start', level: 'command', name: `/run-${span}` } as const;
  return { ...base, span: spanId(span), trace, parent: null, ...overrides };
}

export function end(span: number, overrides: Partial<EndFact> = {}): EndFact {
  const base = { v: 1, at: T0 + 1000, source: 'hook', kind: 'end', status: 'completed' } as const;
  return { ...base, span: spanId(span), ...overrides };
}

export function note(id: number, overrides: Partial<NoteFact> = {}): NoteFact {
  const base = { v: 1, at: T0 + 500, source: 'hook', kind: 'note', level: 'warning', message: 'careful' } as const;
  return { ...base, id: spanId(id), ...overrides };
}

/** A request of 1,111 tokens without a price; `parent` as in a start. */
export function request(id: number, overrides: Partial<RequestFact> = {}): RequestFact {
  const tokens = { input: 1, cache_read: 1000, cache_write_5m: 0, cache_write_1h: 10, output: 100 };
  const base = { v: 1, at: T0 + 500, source: 'span', kind: 'request', model: 'm', parent: null } as const;
  return { ...base, id: spanId(id), tokens, ...overrides };
}

export interface CliResult {
  code: number;
  out: string;
  err: string;
}

/** Runs the command line in this process: UTF-8, no terminal, 80 columns, two seconds after `T0`. */
export async function cli(argv: readonly string[], overrides: Partial<CliContext> = {}): Promise<CliResult> {
  let out = '';
  let err = '';
  const code = await runCli(argv, {
    stdout: { write: text => (out += text) },
    stderr: { write: text => (err += text) },
    env: {},
    cwd: '/nowhere',
    hooksDir: `${ROOT}dist/hooks`,
    configDir: `${ROOT}config`,
    scanWorker: `${ROOT}dist/bin/scan-worker.cjs`,
    pageDir: `${ROOT}dist/dashboard`,
    executable: `${ROOT}dist/bin/spanbook.cjs`,
    readInput: () => ({ error: 'nothing', text: Buffer.alloc(0) }),
    now: () => T0 + 2000,
    isTty: false,
    pause: async () => false,
    ...overrides,
  });
  return { code, out, err };
}

/** The JSON answer of a command that must succeed and must say nothing else. */
export async function cliJson(argv: readonly string[], overrides: Partial<CliContext> = {}): Promise<unknown> {
  const { code, out, err } = await cli([...argv, '--json'], overrides);
  if (code !== 0 || err !== '') throw new Error(`exit code ${code}: ${err}`);
  return JSON.parse(out);
}
