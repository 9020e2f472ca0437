/** Whether the process that a file names is still that process. A number alone may have gone to a stranger. */
import { execFileSync } from 'node:child_process';
import { hostname } from 'node:os';
import type { ProcessIdentity } from '../model/fact.ts';
import { isGone, processIdentity } from '../store/process-identity.ts';

/** `unknown`: of another host or container, or where nobody can tell. */
export type ProcessState = 'alive' | 'gone' | 'unknown';

/** How long `ps` may take. */
const PS_MILLIS = 2000;

/** The process with this number; undefined if it is gone, or nobody can tell. */
export function identityOf(pid: number, platform: NodeJS.Platform = process.platform): ProcessIdentity | undefined {
  if (platform === 'linux') return processIdentity(pid);
  if (platform === 'win32') return undefined;
  const started = startBy(pid);
  return started === undefined ? undefined : { pid, started, boot: '', host: hostname(), namespace: '' };
}

/** Asks again at each call, so that a signal goes to nobody else. */
export function processState(
  identity: ProcessIdentity | undefined,
  platform: NodeJS.Platform = process.platform,
): ProcessState {
  if (!identity || identity.pid <= 1 || identity.pid === process.pid) return identity ? 'gone' : 'unknown';
  if (platform === 'linux' && isGone(identity)) return 'gone';
  const there = identityOf(identity.pid, platform);
  if (there) return isSame(there, identity) ? 'alive' : notSame(there, identity);
  return platform === 'linux' || identity.host !== hostname() ? 'unknown' : 'gone';
}

const isSame = (one: ProcessIdentity, other: ProcessIdentity): boolean =>
  one.pid === other.pid &&
  one.started === other.started &&
  one.boot === other.boot &&
  one.host === other.host &&
  one.namespace === other.namespace;

/** On the same machine, another start is another process; elsewhere the number says nothing. */
const notSame = (there: ProcessIdentity, { host, namespace }: ProcessIdentity): ProcessState =>
  there.host === host && there.namespace === namespace ? 'gone' : 'unknown';

/** As `ps` has it, in seconds since 1970: no better than a second, so the socket is asked before any signal. */
function startBy(pid: number): number | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: PS_MILLIS,
    });
    const at = Date.parse(`${text.trim()} UTC`);
    return Number.isNaN(at) ? undefined : at / 1000;
  } catch {
    return undefined;
  }
}
