// What a whole process takes besides time.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { bareEnv, millisSince } from './run-process.mjs';

/** Milliseconds of a command, and its CPU seconds with all its threads and children, as the shell counts them. */
export function timeAndCpu(command, { env } = {}) {
  const args = ['-c', '"$@" >/dev/null || exit; times', 'sh', ...command];
  const began = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync('sh', args, { env: bareEnv(env), encoding: 'utf8' });
  const millis = millisSince(began);
  if (status !== 0) throw new Error(`${command.join(' ')}: expected exit code 0, got ${status}: ${stderr}`);
  const children = [
    ...stdout
      .trim()
      .split('\n')
      .at(-1)
      .matchAll(/(\d+)m([\d.]+)s/g),
  ];
  const seconds = children.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
  return { millis, seconds };
}

/** The most memory that a process had, in MiB, as the kernel says until it ends; null where it does not say. */
export async function peakMib([command, ...args], { env } = {}) {
  const child = spawn(command, args, { env: bareEnv(env), stdio: 'ignore' });
  let peak = null;
  const look = setInterval(() => {
    try {
      const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))?.[1];
      if (kib) peak = Number(kib) / 1024;
    } catch {
      // It has ended, or this system has no such files.
    }
  }, 2);
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve));
  clearInterval(look);
  if (code !== 0) throw new Error(`${args.join(' ')}: expected exit code 0, got ${code}`);
  return peak;
}
