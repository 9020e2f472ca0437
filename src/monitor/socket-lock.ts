/** The lock that decides who is the monitor: a socket that one process at a time can listen on. */
import { chmodSync, statSync, unlinkSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { systemErrorCode } from '../errors.ts';
import type { MonitorPlace } from './monitor-place.ts';

type LockPlace = Pick<MonitorPlace, 'socket' | 'isSocketFile'>;

/** Somebody may take over a dead socket in the same moment. */
const MAX_ATTEMPTS = 5;
const CONNECT_MILLIS = 500;
/** More at once than anybody needs. */
const MAX_CONNECTIONS = 64;

export interface SocketLock {
  /** False once somebody else listens at the address, which only a socket file allows. */
  isHeld(): boolean;
  /** Frees the address and ends what is connected. */
  release(): void;
  /** Holding it is no reason for the process to go on. */
  unref(): void;
}

/**
 * Takes the lock; null if somebody has it. The kernel frees it when the process ends, however that happens.
 *
 * @throws a system error if nobody could have it, as where the folder is read-only.
 */
export async function takeLock(place: LockPlace, serve: (socket: Socket) => void): Promise<SocketLock | null> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const server = await listen(place.socket, serve);
    if (server) return lockOf(server.server, server.sockets, place);
    if (!place.isSocketFile) return null;
    const left = inodeOf(place.socket);
    if (left === null) continue;
    if (await isAnswered(place.socket)) return null;
    // A killed process left it. If somebody was quicker to replace it, it is theirs now.
    if (inodeOf(place.socket) === left) unlinkSync(place.socket);
  }
  return null;
}

function lockOf(server: Server, sockets: ReadonlySet<Socket>, { socket, isSocketFile }: LockPlace): SocketLock {
  if (isSocketFile) chmodSync(socket, 0o600);
  const own = isSocketFile ? inodeOf(socket) : null;
  const isHeld = (): boolean => !isSocketFile || inodeOf(socket) === own;
  // Too many open files, and the like: who asked asks again.
  server.on('error', () => {});
  return {
    isHeld,
    release() {
      // Closing removes the file, which must not be that of somebody else.
      if (isHeld()) server.close();
      for (const open of sockets) open.destroy();
      server.unref();
    },
    unref: () => void server.unref(),
  };
}

/** Null if the address is taken. */
function listen(
  address: string,
  serve: (socket: Socket) => void,
): Promise<{ server: Server; sockets: ReadonlySet<Socket> } | null> {
  return new Promise((resolve, reject) => {
    const sockets = new Set<Socket>();
    const server = createServer(socket => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      serve(socket);
    });
    server.maxConnections = MAX_CONNECTIONS;
    server.once('error', error => (systemErrorCode(error) === 'EADDRINUSE' ? resolve(null) : reject(error)));
    server.listen(address, () => resolve({ server, sockets }));
  });
}

function isAnswered(address: string): Promise<boolean> {
  return new Promise(resolve => {
    const connection = createConnection(address);
    const done = (answered: boolean): void => {
      clearTimeout(timer);
      connection.destroy();
      resolve(answered);
    };
    // Somebody who is too busy to answer is somebody.
    const timer = setTimeout(() => done(true), CONNECT_MILLIS);
    connection.once('connect', () => done(true));
    connection.once('error', error => done(!['ECONNREFUSED', 'ENOENT'].includes(systemErrorCode(error) ?? '')));
  });
}

function inodeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}
