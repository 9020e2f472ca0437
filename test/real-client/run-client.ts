/** Runs the client in a project against the stand-in for the API, with nothing of this process's environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { type Outcome, outcomeOf } from '../helpers/run-program.ts';
import type { Project } from './project.ts';

export interface ClientCall {
  /** The executable. */
  client: string;
  project: Project;
  apiUrl: string;
  args: readonly string[];
  env?: Record<string, string>;
}

export interface RunningClient {
  child: ChildProcess;
  done: Promise<Outcome>;
}

/** `--dangerously-skip-permissions` is refused to root, and the tests may run as root. */
const ALLOWED = ['--allowedTools', 'Bash,Agent,Task,Skill,SendMessage'];

export function startClient({ client, project, apiUrl, args, env }: ClientCall): RunningClient {
  const child = spawn(client, [...args, ...ALLOWED], {
    cwd: project.folder,
    env: {
      PATH: process.env.PATH,
      HOME: project.home,
      ANTHROPIC_API_KEY: 'sk-ant-test',
      ANTHROPIC_BASE_URL: apiUrl,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // One that is gone reads no more.
  child.stdin.on('error', () => {});
  return { child, done: outcomeOf(child) };
}
