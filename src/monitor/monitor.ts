/**
 * The monitor at work: keeps the document fresh, looks for new usage, and says every second that it does. All that it
 * knows can be read again from files, so it may be killed at any moment.
 */
import { statSync } from 'node:fs';
import { journalDir } from '../journal/segments.ts';
import { checkSettings } from '../store/check-settings.ts';
import { versionOf } from '../store/document-keeper.ts';
import { readPollSeconds, readWriterSettings, settingsPath } from '../store/read-settings.ts';
import type { Question } from './answer-socket.ts';
import { DocumentLoop } from './document-loop.ts';
import { Episode } from './episode.ts';
import { FolderWatch } from './folder-watch.ts';
import { beat, stopBeating } from './heartbeat-file.ts';
import { PollLoop } from './poll-loop.ts';
import type { Presence } from './presence.ts';
import type { MonitorOptions } from './run-monitor.ts';
import { TranscriptWatch } from './transcript-watch.ts';

const BEAT_MILLIS = 1000;
const LOOK_AT_PROJECTS_MILLIS = 60_000;
/** The document comes first. */
const FIRST_POLL_MILLIS = 200;
/** A folder that somebody makes anew in the meantime is the same folder. */
const MAX_BEATS_WITHOUT_FOLDER = 3;
const ANSWER_MILLIS = 10;
/** What has not ended by then is given up. */
const SHUTDOWN_MILLIS = 800;
/** Heartbeats are renewed every second. */
const MAX_HINT_AGE_MILLIS = 3000;
/** Some systems do not tell the name. */
const SEGMENT = /^(events-\d+\.jsonl)?$/;

export class Monitor {
  readonly #options: MonitorOptions;
  readonly #stateDir: string;
  readonly #document: DocumentLoop;
  readonly #usage: PollLoop;
  readonly #episodes: Record<'folder' | 'document' | 'usage', Episode>;
  readonly #journalWatch: FolderWatch;
  readonly #transcriptWatch: TranscriptWatch;
  #presence: Presence | null = null;
  #settings: string | null;
  #pollSeconds: number;
  #hintedAt = Number.NEGATIVE_INFINITY;
  #lookedAtProjects = Number.NEGATIVE_INFINITY;
  #beatsWithoutFolder = 0;
  #cancelBeat: (() => void) | null = null;
  #resolve: (reason: string) => void = () => {};
  #isEnding = false;

  constructor(options: MonitorOptions) {
    const { place, clock, log, poll, claudeDirs, lookMillis } = options;
    this.#options = options;
    this.#stateDir = place.stateDir;
    const episode = (what: string): Episode => new Episode(what, log, clock.monotonic);
    this.#episodes = {
      folder: episode('the state folder cannot be written'),
      document: episode('the document cannot be kept'),
      usage: episode('usage cannot be read'),
    };
    this.#settings = versionOf(settingsPath(this.#stateDir));
    this.#pollSeconds = readPollSeconds(this.#stateDir);
    this.#usage = new PollLoop({
      clock,
      poll,
      intervalMillis: this.#pollSeconds * 1000,
      episode: this.#episodes.usage,
    });
    this.#document = new DocumentLoop({
      stateDir: this.#stateDir,
      clock,
      maxBytes: readWriterSettings(this.#stateDir).maxBytes,
      episode: this.#episodes.document,
      hasHints: () => clock.monotonic() - this.#hintedAt < MAX_HINT_AGE_MILLIS,
      // Whoever tells of what a client does will soon have usage in its transcript.
      onFacts: () => this.#usage.hint(),
      lookMillis,
    });
    this.#journalWatch = new FolderWatch(name => {
      // The heartbeat lies there too, so hints come every second if they come at all.
      this.#hintedAt = clock.monotonic();
      if (SEGMENT.test(name)) this.#document.hint();
    });
    this.#transcriptWatch = new TranscriptWatch(claudeDirs, () => this.#usage.hint());
  }

  /** Works until `end` is called, or the folder is gone. Resolves with the reason, when everything has stopped. */
  run(presence: Presence): Promise<string> {
    this.#presence = presence;
    const ended = new Promise<string>(resolve => {
      this.#resolve = resolve;
    });
    this.#beat();
    this.#document.start();
    this.#usage.start(FIRST_POLL_MILLIS);
    for (const service of this.#options.services) {
      void Promise.resolve()
        .then(() => service.start())
        .catch((error: unknown) => this.#options.log.warn(`${service.name} cannot be started: ${messageOf(error)}`));
    }
    return ended;
  }

  /** The answer to somebody who asked over the socket. */
  async answer(question: Question): Promise<object> {
    if (question === 'poll') return this.#usage.pollNow();
    // The answer goes first: the end closes the socket.
    if (question === 'stop') this.#options.clock.after(ANSWER_MILLIS, () => this.end('asked over the socket'));
    const { document, usage, folder } = this.#episodes;
    return {
      pid: process.pid,
      version: this.#options.version,
      since: this.#presence?.startedAt ?? null,
      last_poll_at: this.#usage.lastAt === null ? null : new Date(this.#usage.lastAt).toISOString(),
      poll_interval_seconds: this.#pollSeconds,
      is_polling: this.#usage.isRunning,
      problems: [folder, document, usage].flatMap(({ problem }) => problem ?? []),
    };
  }

  /** Stops everything, within a second: what takes longer is given up. */
  end(reason: string): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const { clock, services } = this.#options;
    this.#cancelBeat?.();
    this.#journalWatch.close();
    this.#transcriptWatch.close();
    // Hooks take over first: what they leave to us until then is in the last document.
    stopBeating(this.#stateDir);
    this.#document.stop();
    const stopping = [this.#usage.stop(), ...services.map(async service => service.stop())];
    let isDone = false;
    const done = (): void => {
      if (isDone) return;
      isDone = true;
      cancel();
      this.#presence?.leave();
      this.#resolve(reason);
    };
    const cancel = clock.after(SHUTDOWN_MILLIS, done);
    void Promise.allSettled(stopping).then(done);
  }

  #beat(): void {
    if (this.#isEnding) return;
    this.#cancelBeat = this.#options.clock.after(this.#options.beatMillis ?? BEAT_MILLIS, () => this.#beat());
    if (!this.#hasFolder()) return;
    const { folder, document } = this.#episodes;
    try {
      const other = this.#presence?.renew(this.#usage.lastAt) ?? null;
      if (other !== null) return this.end(`${other} is the monitor of this folder`);
      // A monitor that cannot keep the document must not hold hooks back.
      if (document.reason === null) beat(this.#stateDir, this.#options.clock.now());
      this.#readSettings();
      folder.ended();
    } catch (error) {
      folder.failed(error);
    }
    this.#journalWatch.set([journalDir(this.#stateDir)]);
    const now = this.#options.clock.monotonic();
    if (now - this.#lookedAtProjects < LOOK_AT_PROJECTS_MILLIS) return;
    this.#lookedAtProjects = now;
    this.#transcriptWatch.refresh();
  }

  /** A monitor whose folder is gone has nothing left to do, and must not make it anew. */
  #hasFolder(): boolean {
    if (isFolder(this.#stateDir)) {
      this.#beatsWithoutFolder = 0;
      return true;
    }
    if (++this.#beatsWithoutFolder >= MAX_BEATS_WITHOUT_FOLDER) this.end('the state folder is gone');
    return false;
  }

  /** Settings hold from the second after they were written. Wrong ones are told, and the default is taken. */
  #readSettings(): void {
    const version = versionOf(settingsPath(this.#stateDir));
    if (version === this.#settings) return;
    this.#settings = version;
    this.#pollSeconds = readPollSeconds(this.#stateDir);
    this.#usage.intervalMillis = this.#pollSeconds * 1000;
    this.#document.maxBytes = readWriterSettings(this.#stateDir).maxBytes;
    const { log } = this.#options;
    log.info(`settings read again: usage is looked for every ${this.#pollSeconds} s`);
    checkSettings(this.#stateDir).catch((error: unknown) => log.warn(`${messageOf(error)}; the default is used`));
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    // Not to be looked at now: a mount that hangs is no folder that was removed.
    return true;
  }
}
