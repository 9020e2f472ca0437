// Whole processes, in a bare environment: how long they take, and what they print.
import { spawnSync } from 'node:child_process';

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
