/** One relay for an endpoint of a state folder: the lock is a socket, as that of the monitor, and goes with its process. */
import { tmpdir } from 'node:os';
import { hash128 } from './model/ids.ts';
import { monitorPlace } from './monitor/monitor-place.ts';
import { type SocketLock, takeLock } from './monitor/socket-lock.ts';

/** Null if somebody has it. Does not keep the process alive. */
export async function takeRelayLock(stateDir: string, url: string): Promise<SocketLock | null> {
  const { stateDir: real, isSocketFile } = monitorPlace(stateDir);
  const name = `spanbook-relay-${process.getuid?.() ?? 0}-${hash128(`${real}\n${url}`)}`;
  const socket = isSocketFile ? `${tmpdir()}/${name}.sock` : `\0${name}`;
  const address = process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : socket;
  const lock = await takeLock({ socket: address, isSocketFile }, connection => connection.destroy());
  lock?.unref();
  return lock;
}
