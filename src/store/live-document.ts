/**
 * The journal and the document as a long-lived process keeps them: facts are written at once, the document follows on
 * a timer that never keeps the process alive, and at flush and exit.
 */
import { isAbsolute, resolve } from 'node:path';
import { JournalWriter } from '../journal/journal-writer.ts';
import type { Fact } from '../model/fact.ts';
import { type StageRules, stageOf } from '../model/stage-rules.ts';
import { archiveDir } from './archive.ts';
import { DocumentKeeper, versionOf } from './document-keeper.ts';
import { documentPath } from './document-path.ts';
import { makeStateDir } from './make-state-dir.ts';
import { readWriterSettings } from './read-settings.ts';
import { isDocumentBehind } from './refresh-document.ts';
import { removeStaleTemporaries } from './write-file.ts';

const REFRESH_MILLIS = 250;
/** The document may take one twentieth of the time. */
const REST_FACTOR = 20;
/** Facts that are folded together between two refreshes; it bounds what waits in memory. */
const FOLD_EVERY = 4096;
const FLUSH_ATTEMPTS = 20;

export interface LiveDocumentOptions {
  /** Time between refreshes in milliseconds, 250 by default; longer while the document is large. */
  refreshMillis?: number;
  /** Told once for each episode in which the state folder cannot be written; default: a warning of the process. */
  onError?: (message: string) => void;
}

export class LiveDocument {
  readonly stateDir: string;
  readonly #writer: JournalWriter;
  readonly #maxBytes: number;
  readonly #stages: StageRules;
  readonly #refreshMillis: number;
  readonly #onError: (message: string) => void;
  #keeper: DocumentKeeper | null = null;
  #timer: NodeJS.Timeout | null = null;
  #restUntil = 0;
  #waiters: (() => void)[] = [];
  #waiting = 0;
  #failing = false;

  constructor(stateDir: string, options: LiveDocumentOptions = {}) {
    this.stateDir = stateDir;
    this.#refreshMillis = options.refreshMillis ?? REFRESH_MILLIS;
    this.#onError = options.onError ?? (message => process.emitWarning(message));
    const settings = readWriterSettings(stateDir);
    this.#maxBytes = settings.maxBytes;
    this.#stages = settings.stages;
    this.#writer = new JournalWriter(stateDir, settings);
    this.#guard(() => {
      makeStateDir(stateDir);
      removeStaleTemporaries(stateDir, Date.now());
      removeStaleTemporaries(archiveDir(stateDir), Date.now());
    });
  }

  /** Facts that could not be written, and were given up. */
  get dropped(): number {
    return this.#writer.dropped;
  }

  /** Writes a fact to the journal; the document follows. Never throws: what the disk refuses is kept and tried again. */
  append(fact: Fact): void {
    this.#guard(() => {
      try {
        // First, or again after somebody removed the folder.
        if (!this.#writer.isOpen) makeStateDir(this.stateDir);
      } finally {
        // Whatever became of the folder: what cannot be written is kept by the writer.
        this.#writer.append(this.#completed(fact));
      }
    });
    if (++this.#waiting >= FOLD_EVERY) this.#guard(() => this.#fold());
    this.#schedule();
  }

  /** The fact with what its writer left to this place: a sound time, and the stage that the rules give. */
  #completed(fact: Fact): Fact {
    const at = Number.isFinite(fact.at) ? fact.at : Date.now();
    const needsStage =
      this.#stages.length > 0 && fact.kind === 'start' && fact.stage === undefined && fact.level !== 'checkpoint';
    if (needsStage) return { ...fact, at, stage: stageOf(this.#stages, fact.name) };
    return at === fact.at ? fact : { ...fact, at };
  }

  #schedule(): void {
    if (this.#timer !== null) return;
    const rest = this.#restUntil - performance.now();
    this.#timer = setTimeout(() => this.#refresh(), Math.max(this.#refreshMillis, rest));
    this.#timer.unref();
  }

  #refresh(): void {
    this.#timer = null;
    const done = this.#guard(() => this.#writeDocument());
    if (!done || this.#writer.unwritten > 0) this.#schedule();
  }

  /**
   * Calls `done` when the document holds what was appended before: at once, or after the rest that the last refresh
   * earned. Keeps the process alive until then.
   */
  whenWritten(done: () => void): void {
    this.#waiters.push(done);
    if (this.#waiters.length > 1) return;
    const rest = this.#restUntil - performance.now();
    setTimeout(() => this.flush(), Math.max(0, rest));
  }

  /** Brings the document up to date now. Exact for all that was appended before, unless others write without a pause. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#guard(() => {
      for (let attempt = 0; attempt < FLUSH_ATTEMPTS; attempt++) if (this.#writeDocument()) return;
    });
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const done of waiters) done();
  }

  /** One attempt; false if the journal went on meanwhile, or another writer was quicker with less. */
  #writeDocument(): boolean {
    const began = performance.now();
    if (this.#writer.unwritten > 0) this.#writer.retry();
    const version = versionOf(documentPath(this.stateDir));
    const keeper = this.#fold();
    const written = keeper.write(version);
    const now = performance.now();
    this.#restUntil = now + (now - began) * REST_FACTOR;
    return written ? !keeper.isBehind() : !isDocumentBehind(this.stateDir);
  }

  #fold(): DocumentKeeper {
    this.#waiting = 0;
    this.#writer.rollOver();
    const { segment, facts, bytes } = this.#writer.takeAppended();
    this.#keeper ??= new DocumentKeeper(this.stateDir, this.#maxBytes);
    // Nothing of our own is no proof that nothing came: others may have written, here or to another segment.
    if (!this.#keeper.foldOwn(segment, facts, bytes) || this.#keeper.isBehind()) this.#keeper.catchUp();
    return this.#keeper;
  }

  /** Runs something that touches the disk. Telemetry must not break its host, so failures are told and not thrown. */
  #guard<T>(act: () => T): T | undefined {
    try {
      const result = act();
      this.#failing = false;
      return result;
    } catch (error) {
      if (!this.#failing) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#onError(`spanbook: expected to write to ${this.stateDir}, got ${reason}`);
      }
      this.#failing = true;
      // What a failed fold left half done is built anew from the journal.
      this.#keeper = null;
      return undefined;
    }
  }
}

const open = new Map<string, LiveDocument>();

/** The live document of a state folder: one for each folder in this process (and thread). */
export function openLiveDocument(stateDir: string, options?: LiveDocumentOptions): LiveDocument {
  const path = isAbsolute(stateDir) ? stateDir : resolve(stateDir);
  let document = open.get(path);
  if (!document) {
    if (open.size === 0) process.once('exit', flushAll);
    document = new LiveDocument(path, options);
    open.set(path, document);
  }
  return document;
}

function flushAll(): void {
  for (const document of open.values()) document.flush();
}
