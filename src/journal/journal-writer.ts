/** Appends facts from a long-lived process: the descriptor is kept, every write begins with a line end. */
import { closeSync, fstatSync } from 'node:fs';
import type { Fact } from '../model/fact.ts';
import { type AppendOptions, syncAppended, writeWhole } from './append-fact.ts';
import { createSegment, listSegments, openSegment, segmentLimit, segmentPath } from './segments.ts';

/** Facts that are kept in memory while the disk refuses them; more are dropped and counted. */
const MAX_UNWRITTEN = 10_000;

/** A writer looks for a newer segment after writing this share of one. */
const LOOK_SHARE = 1 / 64;

export interface AppendedFacts {
  segment: number;
  facts: Fact[];
  bytes: number;
}

export class JournalWriter {
  readonly #stateDir: string;
  readonly #options: AppendOptions;
  #fd: number | null = null;
  #segment = 0;
  #appended: Fact[] = [];
  #appendedBytes = 0;
  #sinceLookBytes = 0;
  #unwritten: Fact[] = [];
  #dropped = 0;

  constructor(stateDir: string, options: AppendOptions) {
    this.#stateDir = stateDir;
    this.#options = options;
  }

  /** Facts that were given up because the disk refused them for too long. */
  get dropped(): number {
    return this.#dropped;
  }

  get isOpen(): boolean {
    return this.#fd !== null;
  }

  get unwritten(): number {
    return this.#unwritten.length;
  }

  /**
   * Appends a fact. If the disk refuses, the fact is kept and tried again before the next one, in order.
   *
   * @throws the system error of the first refusal, and of each later attempt.
   */
  append(fact: Fact): void {
    if (this.#unwritten.length === 0) return this.#write(fact);
    if (this.#unwritten.length < MAX_UNWRITTEN) this.#unwritten.push(fact);
    else this.#dropped++;
    this.retry();
  }

  /** Writes what was refused before. */
  retry(): void {
    const facts = this.#unwritten;
    this.#unwritten = [];
    for (const [index, fact] of facts.entries()) {
      try {
        this.#write(fact);
      } catch (error) {
        this.#unwritten = facts.slice(index);
        throw error;
      }
    }
  }

  #write(fact: Fact): void {
    // A line end first: whoever wrote before us may have died in the middle. Readers pass blank lines by.
    const line = `\n${JSON.stringify(fact)}\n`;
    try {
      this.#fd ??= this.#open();
      const before = this.#options.fsync ? fstatSync(this.#fd).size : 0;
      const written = writeWhole(this.#fd, line);
      if (this.#options.fsync) syncAppended(this.#fd, segmentPath(this.#stateDir, this.#segment), before);
      this.#appended.push(fact);
      this.#appendedBytes += written;
      this.#sinceLookBytes += written;
      if (this.#sinceLookBytes >= segmentLimit(this.#options.maxBytes) * LOOK_SHARE) this.rollOver();
    } catch (error) {
      if (this.#unwritten.length === 0) this.#unwritten.push(fact);
      throw error;
    }
  }

  #open(): number {
    this.#segment = listSegments(this.#stateDir).at(-1) ?? 1;
    return openSegment(this.#stateDir, this.#segment);
  }

  /** Hands over what was appended since the last call, for a fold that need not read it back. */
  takeAppended(): AppendedFacts {
    const taken = { segment: this.#segment, facts: this.#appended, bytes: this.#appendedBytes };
    this.#appended = [];
    this.#appendedBytes = 0;
    return taken;
  }

  /**
   * Begins a new segment if this one is full, and moves on to the newest. Happens by itself now and then; call it where
   * a folder may have gone.
   */
  rollOver(): void {
    this.#sinceLookBytes = 0;
    if (this.#fd === null) return;
    if (fstatSync(this.#fd).nlink === 0) return this.#startAgain();
    if (fstatSync(this.#fd).size >= segmentLimit(this.#options.maxBytes)) {
      createSegment(this.#stateDir, this.#segment + 1);
    }
    const segments = listSegments(this.#stateDir);
    if (segments.at(-1) !== this.#segment) this.close();
  }

  /** Somebody removed the folder: what went to this descriptor is seen by nobody, so it is written once more. */
  #startAgain(): void {
    const unseen = this.#appended;
    this.takeAppended();
    this.close();
    for (const fact of unseen) this.append(fact);
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }
}
