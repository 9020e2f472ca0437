// What a whole process takes besides time.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { bareEnv } from './run-process.mjs';

/** CPU seconds of a command with all its threads and children, as the shell counts them. */
export function cpuSeconds(command, { env } = {}) {
  const args = ['-c', '"$@" >/dev/null; times', 'sh', ...command];
  const { stdout } = spawnSync('sh', args, { env: bareEnv(env), encoding: 'utf8' });
  const children = [
    ...stdout
      .trim()
      .split('\n')
      .at(-1)
      .matchAll(/(\d+)m([\d.]+)s/g),
  ];
  return children.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
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
