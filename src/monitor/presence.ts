/** Being the monitor of a folder: the lock, and `monitor.json` that tells who has it. */
import { randomBytes } from 'node:crypto';
import { systemErrorCode } from '../errors.ts';
import { versionOf } from '../store/document-keeper.ts';
import { heartbeatAt, isKept } from '../store/heartbeat.ts';
import { answerSocket, type SocketAnswers } from './answer-socket.ts';
import type { Clock } from './clock.ts';
import { type MonitorFile, readMonitorFile, removeMonitorFile, writeMonitorFile } from './monitor-file.ts';
import { type MonitorPlace, shownSocket } from './monitor-place.ts';
import { identityOf, processState } from './process-check.ts';
import { type SocketLock, takeLock } from './socket-lock.ts';

/** How long the heartbeat of somebody who cannot be asked is watched. It is renewed every second. */
const WATCH_MILLIS = 2500;
const LOOK_MILLIS = 100;
/** The last poll is written no more often than this; the socket tells it exactly. */
const REWRITE_MILLIS = 10_000;

export interface PresenceOptions {
  place: MonitorPlace;
  version: string;
  clock: Clock;
  answer: SocketAnswers['answer'];
}

export type Taken = { status: 'taken'; presence: Presence } | { status: 'here' } | { status: 'elsewhere'; who: string };

export class Presence {
  readonly #options: PresenceOptions;
  readonly #lock: SocketLock;
  #file: MonitorFile;
  #written: string | null = null;
  #writtenAt = 0;

  private constructor(options: PresenceOptions, lock: SocketLock, file: MonitorFile) {
    this.#options = options;
    this.#lock = lock;
    this.#file = file;
  }

  /**
   * Becomes the monitor, unless there is one: `here` on this machine, or `elsewhere`, where its socket cannot be seen
   * (another container, host or user at the same folder).
   *
   * @throws a system error if the folder cannot be written, for another reason than a full disk.
   */
  static async take(options: PresenceOptions): Promise<Taken> {
    const { place, version, clock, answer } = options;
    const nonce = randomBytes(32).toString('hex');
    const lock = await takeLock(place, socket => answerSocket(socket, { nonce, answer }));
    if (!lock) return { status: 'here' };
    try {
      const who = await othersMonitor(place, clock);
      if (who !== null) {
        lock.release();
        return { status: 'elsewhere', who };
      }
      const presence = new Presence(options, lock, {
        version,
        pid: process.pid,
        process: identityOf(process.pid),
        nonce,
        started_at: new Date(clock.now()).toISOString(),
        last_poll_at: null,
        socket: shownSocket(place),
      });
      presence.#write();
      return { status: 'taken', presence };
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  get startedAt(): string {
    return this.#file.started_at;
  }

  /**
   * Mends `monitor.json` and notes the last poll in it. To be called every second.
   *
   * @returns who else is the monitor of this folder, and has the better right; null in all good times.
   * @throws a system error if the file cannot be written.
   */
  renew(lastPollAt: number | null): string | null {
    const { place, clock } = this.#options;
    if (!this.#lock.isHeld()) return 'another process took the socket';
    const last_poll_at = lastPollAt === null ? null : new Date(lastPollAt).toISOString();
    const isNew = last_poll_at !== this.#file.last_poll_at && clock.monotonic() - this.#writtenAt > REWRITE_MILLIS;
    const isChanged = this.#written === null || versionOf(place.file) !== this.#written;
    if (isChanged) {
      const other = readMonitorFile(place.file);
      if (other && other !== 'garbage' && other.nonce !== this.#file.nonce && !this.#goesBefore(other)) {
        return describe(other);
      }
    }
    if (isNew) this.#file = { ...this.#file, last_poll_at };
    if (isNew || isChanged) this.#write();
    return null;
  }

  /** Of two that cannot see each other's sockets, the one that began first stays. */
  #goesBefore(other: MonitorFile): boolean {
    if (processState(other.process) === 'gone') return true;
    const [own, others] = [Date.parse(this.#file.started_at), Date.parse(other.started_at)];
    return own === others ? this.#file.nonce < other.nonce : own < others;
  }

  #write(): void {
    const { place, clock } = this.#options;
    this.#writtenAt = clock.monotonic();
    try {
      writeMonitorFile(place.file, this.#file);
      this.#written = versionOf(place.file);
    } catch (error) {
      // A full disk passes: then it is written at a later call.
      if (!['ENOSPC', 'EDQUOT'].includes(systemErrorCode(error) ?? '')) throw error;
    }
  }

  /** Gives the folder up. */
  leave(): void {
    removeMonitorFile(this.#options.place.file, this.#file.nonce);
    this.#lock.release();
  }
}

/** Who else keeps this folder though the lock is free; null if nobody does. */
async function othersMonitor({ file, stateDir }: MonitorPlace, clock: Clock): Promise<string | null> {
  const other = readMonitorFile(file);
  if (other === null || other === 'garbage') return null;
  const state = processState(other.process);
  if (state === 'gone' || !isKept(stateDir, clock.now())) return null;
  if (state === 'alive') return describe(other);
  const before = heartbeatAt(stateDir);
  for (let waited = 0; waited < WATCH_MILLIS; waited += LOOK_MILLIS) {
    await new Promise<void>(resolve => void clock.after(LOOK_MILLIS, resolve));
    if (heartbeatAt(stateDir) !== before) return describe(other);
  }
  return null;
}

const describe = ({ pid, process: identity }: MonitorFile): string =>
  `process ${pid}${identity?.host ? ` on ${identity.host}` : ''}`;
