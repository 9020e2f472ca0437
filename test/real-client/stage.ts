/** Where a scenario is played: a project, the stand-in for the API, and the client, with our hooks or without any. */
import { existsSync } from 'node:fs';
import { vi } from 'vitest';
import type { Outcome } from '../helpers/run-program.ts';
import { journalLines } from '../helpers/state-folder.ts';
import type { InstalledClient } from './each-client.ts';
import { type MessagesApi, type Scripts, startMessagesApi } from './messages-api.ts';
import { installHooks, makeProject, type Project } from './project.ts';
import { type RunningClient, startClient } from './run-client.ts';
import { TALK_ARGS, type Talk, talk } from './talk.ts';
import { transcriptLines } from './transcripts.ts';

/** What the client says of a run, and how it ends: nothing of it may depend on hooks. */
export interface Answer {
  code: number | null;
  signal: string | null;
  stderr: string;
  result?: unknown;
  is_error?: unknown;
  num_turns?: unknown;
  usage?: unknown;
}

export interface ClientResult {
  session_id?: string;
  total_cost_usd?: number;
}

export interface Stage {
  project: Project;
  api: MessagesApi;
  /** What the client printed at the end of each run, or after each prompt. */
  results: ClientResult[];
  start(args: readonly string[]): RunningClient;
  /** `claude -p ARGS`, until it ends. */
  run(...args: string[]): Promise<Answer>;
  /** A client with several prompts, one answer for each. */
  talk(conversation: (talk: Talk) => Promise<void>): Promise<Answer[]>;
  /** Resolves when that many facts of a kind are in the journal; at once where no hooks are. */
  recorded(kind: string, count: number): Promise<void>;
  /** Resolves when the client has written this to a transcript. */
  written(text: string): Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions {
  client: InstalledClient;
  scripts(stage: Stage): Scripts;
  hooks: 'ours' | 'none' | ((project: Project) => void);
  env?: Record<string, string>;
}

export async function openStage({ client, scripts, hooks, env }: StageOptions): Promise<Stage> {
  const project = makeProject();
  if (hooks === 'ours') installHooks(project);
  else if (hooks !== 'none') hooks(project);
  const running: RunningClient[] = [];
  let api: MessagesApi | undefined;
  const results: ClientResult[] = [];
  const stage: Stage = {
    project,
    results,
    get api() {
      if (!api) throw new Error('the stand-in for the API: expected it to run, but scripts are read before it starts');
      return api;
    },
    start(args) {
      const one = startClient({ client: client.path, project, apiUrl: stage.api.url, args, env });
      running.push(one);
      return one;
    },
    async run(...args) {
      const { child, done } = stage.start(['-p', ...args, '--output-format', 'json']);
      child.stdin?.end();
      const outcome = await done;
      results.push(...resultsIn(outcome.stdout));
      return answerOf(outcome);
    },
    async talk(conversation) {
      const { outcome, results: told } = await talk(stage.start(TALK_ARGS), conversation);
      results.push(...(told as ClientResult[]));
      return told.map(result => answerOf({ ...outcome, stdout: JSON.stringify(result) }));
    },
    recorded: (kind, count) =>
      hooks === 'none' ? Promise.resolve() : until(() => factCount(project.stateDir, kind) >= count),
    written: text => until(() => transcriptLines(project).some(line => line.includes(text))),
    async close() {
      for (const { child } of running) child.kill('SIGKILL');
      await Promise.all(running.map(({ done }) => done));
      await api?.close();
      project.remove();
    },
  };
  api = await startMessagesApi(scripts(stage));
  return stage;
}

export const until = (condition: () => boolean): Promise<void> =>
  vi.waitFor(
    () => {
      if (!condition()) throw new Error(`expected in 30 s: ${condition}`);
    },
    { timeout: 30_000, interval: 20 },
  );

const factCount = (stateDir: string, kind: string): number =>
  existsSync(`${stateDir}/journal`)
    ? journalLines(stateDir).filter(line => line.includes(`"kind":"${kind}"`)).length
    : 0;

const resultsIn = (stdout: string): ClientResult[] =>
  stdout.startsWith('{') ? [JSON.parse(stdout) as ClientResult] : [];

function answerOf({ code, signal, stdout, stderr }: Outcome): Answer {
  if (!stdout.startsWith('{')) return { code, signal, stderr, result: stdout };
  const { result, is_error, num_turns, usage } = JSON.parse(stdout) as Answer;
  return { code, signal, stderr, result, is_error, num_turns, usage };
}
