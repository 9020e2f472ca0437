/** Processes by number and start, so that what a dead one left open can be ended. Linux only: elsewhere nothing is known. */
import { readFileSync, readlinkSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import type { ProcessIdentity } from '../model/fact.ts';

/** The file system that tells of processes; tests have their own. */
const PROC = '/proc';
const SHELLS = [
  'sh',
  'bash',
  'dash',
  'zsh',
  'ash',
  'ksh',
  'fish',
  'env',
  'timeout',
  'nice',
  'ionice',
  'setsid',
  'sudo',
];
/** It has ended, and nobody has asked how. */
const ZOMBIE = 'Z';
/** Shells and wrappers that may stand between a client and its hook. */
const MAX_SHELLS = 3;

/** The process with this number; undefined if it is gone, or nobody can tell. */
export function processIdentity(pid: number, proc = PROC): ProcessIdentity | undefined {
  try {
    const { started } = readStat(proc, pid);
    return {
      pid,
      started,
      boot: readFileSync(`${proc}/sys/kernel/random/boot_id`, 'utf8').trim(),
      host: readFileSync(`${proc}/sys/kernel/hostname`, 'utf8').trim(),
      namespace: readlinkSync(`${proc}/self/ns/pid`),
    };
  } catch {
    return undefined;
  }
}

let own: ProcessIdentity | null | undefined;

/** This process. */
export function ownIdentity(): ProcessIdentity | undefined {
  if (own === undefined) own = processIdentity(process.pid) ?? null;
  return own ?? undefined;
}

/** The client that runs this hook: it says so itself, or it is the parent, with no shell between the two. */
export function clientIdentity(env: Record<string, string | undefined>, parent: number): ProcessIdentity | undefined {
  if (/^\d{1,9}$/.test(env.CLAUDE_PID ?? '')) return processIdentity(Number(env.CLAUDE_PID));
  try {
    let pid = parent;
    for (let shells = 0; shells < MAX_SHELLS; shells++) {
      const stat = readStat(PROC, pid);
      if (!SHELLS.includes(stat.command)) break;
      pid = stat.parent;
    }
    return processIdentity(pid);
  } catch {
    return undefined;
  }
}

/** True only if the process is known to be gone: asked on its own host, and not from another container. */
export function isGone(identity: ProcessIdentity, proc = PROC): boolean {
  try {
    if (readFileSync(`${proc}/sys/kernel/hostname`, 'utf8').trim() !== identity.host) return false;
    if (readFileSync(`${proc}/sys/kernel/random/boot_id`, 'utf8').trim() !== identity.boot) return true;
    if (readlinkSync(`${proc}/self/ns/pid`) !== identity.namespace) return false;
  } catch {
    return false;
  }
  try {
    const { state, started } = readStat(proc, identity.pid);
    return state === ZOMBIE || started !== identity.started;
  } catch (error) {
    return isMissing(error) && (proc !== PROC || !answers(identity.pid));
  }
}

const isMissing = (error: unknown): boolean => ['ENOENT', 'ESRCH'].includes(systemErrorCode(error) ?? '');

/** Where processes of others are hidden, a signal still tells that they are there. */
function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) !== 'ESRCH';
  }
}

/** Of `/proc/PID/stat`: the name stands in brackets and may hold anything, brackets and spaces too. */
function readStat(proc: string, pid: number): { command: string; state: string; parent: number; started: number } {
  const text = readFileSync(`${proc}/${pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const parent = Number(fields[1]);
  const started = Number(fields[19]);
  if (!Number.isSafeInteger(started)) throw new Error(`${proc}/${pid}/stat: expected a start time, got ${text}`);
  const command = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
  return { command, state: fields[0] ?? '', parent, started };
}
