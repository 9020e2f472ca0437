/** The calls that a process makes to the kernel for files of a folder, and the same process with one of them going wrong. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { type Outcome, outcomeOf } from '../helpers/run-program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

export interface Program {
  args: readonly string[];
  env?: Record<string, string>;
  input?: string;
}

export interface SystemCall {
  name: string;
  /** Number of this call among those of its name in the process, from 1. */
  at: number;
}

const NAMES =
  'openat,read,write,pread64,pwrite64,close,fstat,newfstatat,statx,rename,link,unlink,mkdir,rmdir,fsync,ftruncate,getdents64,chmod,fchmod,utimensat';

/** Why no process can be traced here; undefined if it can. */
export function tracingRefused(): string | undefined {
  const { status, stderr, error } = spawnSync('strace', ['-o', '/dev/null', 'true'], { encoding: 'utf8' });
  if (error) return 'needs strace';
  return status === 0 ? undefined : `needs to trace processes: ${stderr.trim().split('\n')[0]}`;
}

function run(options: readonly string[], { args, env = {}, input = '' }: Program): Promise<Outcome> {
  // The main thread alone: all that it does with files, it does itself.
  const child = spawn('strace', [...options, process.execPath, ...args], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env },
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return outcomeOf(child);
}

/** The calls that name the folder, or a file below it that is open, in their order. */
export async function callsFor(folder: string, program: Program): Promise<SystemCall[]> {
  const log = `${tempDir()}/calls`;
  const { code, stderr } = await run(['-y', '-s', '0', '-o', log, '-e', `trace=${NAMES}`], program);
  if (code !== 0) throw new Error(`expected exit code 0, got ${code}: ${stderr}`);
  const counts = new Map<string, number>();
  const calls: SystemCall[] = [];
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const name = /^(\w+)\(/.exec(line)?.[1];
    if (name === undefined) continue;
    const at = (counts.get(name) ?? 0) + 1;
    counts.set(name, at);
    if (line.includes(folder)) calls.push({ name, at });
  }
  rmSync(log);
  return calls;
}

/** The process with that call going wrong: `signal=KILL`, `error=EIO`. */
export const runWith = (fault: string, { name, at }: SystemCall, program: Program): Promise<Outcome> =>
  run(['-o', '/dev/null', '-e', `trace=${name}`, '-e', `inject=${name}:${fault}:when=${at}`], program);
