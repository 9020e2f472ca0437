/** Processes told apart: by number, start, machine start, host and container. */
import { once } from 'node:events';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ProcessIdentity } from '../../src/model/fact.ts';
import { clientIdentity, isGone, processIdentity } from '../../src/store/process-identity.ts';
import { startFixture } from '../helpers/run-program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const onLinux = it.skipIf(process.platform !== 'linux');

/** A folder like `/proc`, with one process. */
function fakeProc(
  own: { boot?: string; host?: string; namespace?: string; command?: string; state?: string } = {},
): string {
  const proc = tempDir();
  const { boot = 'boot-1', host = 'host-1', namespace = 'pid:[1]', command = 'claude', state = '3' } = own;
  mkdirSync(`${proc}/sys/kernel/random`, { recursive: true });
  mkdirSync(`${proc}/self/ns`, { recursive: true });
  mkdirSync(`${proc}/42`);
  writeFileSync(`${proc}/sys/kernel/random/boot_id`, `${boot}\n`);
  writeFileSync(`${proc}/sys/kernel/hostname`, `${host}\n`);
  symlinkSync(namespace, `${proc}/self/ns/pid`);
  const fields = Array.from({ length: 50 }, (_, index) => (index === 0 ? state : String(index + 3)));
  writeFileSync(`${proc}/42/stat`, `42 (${command}) ${fields.join(' ')}\n`);
  return proc;
}

const identity: ProcessIdentity = { pid: 42, started: 22, boot: 'boot-1', host: 'host-1', namespace: 'pid:[1]' };

describe('a process', () => {
  it('is told by its start too, whatever its name looks like', () => {
    expect(processIdentity(42, fakeProc())).toEqual(identity);
    expect(processIdentity(42, fakeProc({ command: 'a) b (c 1 2 3' }))).toEqual(identity);
    expect(processIdentity(43, fakeProc())).toBeUndefined();
  });

  it('is gone if it is not there, began at another time, or the machine started anew', () => {
    expect(isGone(identity, fakeProc())).toBe(false);
    expect(isGone({ ...identity, started: 23 }, fakeProc())).toBe(true);
    expect(isGone(identity, fakeProc({ boot: 'boot-2' }))).toBe(true);
    expect(isGone(identity, fakeProc({ state: 'S' }))).toBe(false);
    // Ended, and nobody has asked how.
    expect(isGone(identity, fakeProc({ state: 'Z' }))).toBe(true);
    const proc = fakeProc();
    rmSync(`${proc}/42`, { recursive: true });
    expect(isGone(identity, proc)).toBe(true);
  });

  it('of another host or container is not judged', () => {
    for (const own of [{ host: 'host-2', boot: 'boot-2' }, { namespace: 'pid:[2]' }]) {
      const proc = fakeProc(own);
      rmSync(`${proc}/42`, { recursive: true });
      expect(isGone(identity, proc)).toBe(false);
    }
    expect(isGone(identity, '/nonexistent')).toBe(false);
  });

  onLinux('that was killed is gone', async () => {
    const child = startFixture('idle', []);
    await once(child.stdout ?? child, 'data');
    const known = processIdentity(child.pid ?? 0);
    expect(known && isGone(known)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(known && isGone(known)).toBe(true);
  });

  onLinux('is the one that the client names', () => {
    expect(clientIdentity({ CLAUDE_PID: String(process.pid) }, 1)?.pid).toBe(process.pid);
    expect(clientIdentity({ CLAUDE_PID: 'x' }, process.pid)?.pid).toBe(process.pid);
  });
});
