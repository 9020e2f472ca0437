// Shared by the cases: interleaved rounds, whole processes, folders that go away. Only ratios taken in one run mean anything.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const MB = 1 << 20;
export const SPANBOOK = new URL('../dist/bin/spanbook.cjs', import.meta.url).pathname;
export const HOOK = new URL('../dist/hooks/claude-code.cjs', import.meta.url).pathname;
/** Where other tools and made transcripts lie until the next run. */
export const CACHE = new URL('../node_modules/.cache/spanbook-bench', import.meta.url).pathname;

export async function withFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'spanbook-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nothing but the path, so that no certificate bundle triples the start of Node.js. */
export const bareEnv = env => ({ PATH: process.env.PATH, ...env });

export const millisSince = began => Number(process.hrtime.bigint() - began) / 1e6;

/** Milliseconds of one whole process. */
export function commandMillis([command, ...args], { env, input, cwd } = {}) {
  const began = process.hrtime.bigint();
  const options = { env: bareEnv(env), input, cwd, stdio: ['pipe', 'ignore', 'pipe'] };
  const { status, stderr, error } = spawnSync(command, args, options);
  const millis = millisSince(began);
  if (status !== 0) throw new Error(`${args.join(' ')}: expected exit code 0, got ${status}: ${error ?? stderr}`);
  return millis;
}

/** The same of a script for this Node.js. */
export const processMillis = (args, options) => commandMillis([process.execPath, ...args], options);

/** What a command prints, parsed. */
export function jsonOf([command, ...args], { env } = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { env: bareEnv(env), encoding: 'utf8', maxBuffer: 1e9 });
  if (status !== 0) throw new Error(`${args.join(' ')}: expected exit code 0, got ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

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

function shuffled(values) {
  const left = [...values];
  return values.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0]);
}

/**
 * Runs every candidate once a round, in shuffled order. A round before the first warms up and does not count.
 *
 * @returns what each gave, round by round, by its name
 */
export async function interleave(candidates, count) {
  const names = Object.keys(candidates);
  const taken = Object.fromEntries(names.map(name => [name, []]));
  for (let round = 0; round <= count; round++) {
    for (const name of shuffled(names)) {
      const value = await candidates[name]();
      if (round > 0) taken[name].push(value);
    }
  }
  return taken;
}
