/** Where the monitor of a state folder is found: its files, and the socket that only one process can hold. */
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { hash128 } from '../model/ids.ts';

/** What the address of a Unix socket can hold on every system. */
const MAX_SOCKET_PATH_BYTES = 100;

export interface MonitorPlace {
  /** Absolute and without links: one folder has one monitor, whatever it is called. */
  stateDir: string;
  /** `monitor.json`: who runs. Information; the socket decides. */
  file: string;
  log: string;
  /** As `node:net` takes it. */
  socket: string;
  /** A file lies at the address, which a killed process leaves behind. */
  isSocketFile: boolean;
}

/**
 * Linux has sockets without a file, which go with their process; Windows has pipes. The name holds the user, because
 * each has monitors of their own, and a hash of the folder.
 */
export function monitorPlace(stateDir: string, platform: NodeJS.Platform = process.platform): MonitorPlace {
  const real = realPath(stateDir);
  const name = `spanbook-${process.getuid?.() ?? 0}-${hash128(real)}`;
  const place = { stateDir: real, file: `${real}/monitor.json`, log: `${real}/monitor.log` };
  if (platform === 'linux') return { ...place, socket: `\0${name}`, isSocketFile: false };
  if (platform === 'win32') return { ...place, socket: `\\\\.\\pipe\\${name}`, isSocketFile: false };
  const inFolder = `${real}/monitor.sock`;
  const isShort = Buffer.byteLength(inFolder) <= MAX_SOCKET_PATH_BYTES;
  return { ...place, socket: isShort ? inFolder : `${tmpdir()}/${name}.sock`, isSocketFile: true };
}

/** The address for people and files; a socket without a file begins with `@`, as `ss` shows it. */
export const shownSocket = ({ socket }: Pick<MonitorPlace, 'socket'>): string => socket.replace(/^\0/, '@');

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
