/**
 * What there is to read, without reading it: the index as it was kept, and all that is not in it yet. Most questions
 * come when nothing is new, and need no more than this; what takes news in is a part of its own (`usage-update.ts`).
 */
import type { StageRules } from './model/stage-rules.ts';
import { type JournalNews, readJournalNews } from './program-news.ts';
import { isLedgerCut } from './store/ledger.ts';
import { LedgerFiles } from './store/ledger-files.ts';
import type { Say } from './store/read-document.ts';
import type { PricingRead } from './store/read-pricing.ts';
import { readWriterSettings } from './store/read-settings.ts';
import { emptyIndex, type IndexHead, KeptIndex, type UsageIndex } from './store/usage-index.ts';
import { type ChangedSession, changedSessions, TranscriptLook } from './transcript-news.ts';
import type { UsageCube } from './usage/usage-cube.ts';

/** What a line of the ledger means; another number counts all of them anew. */
const MEANING = 1;
const MAX_UNKEPT_BYTES = 1 << 20;

export interface UsageLookOptions {
  stateDir: string;
  /** Folders of the client, each with `projects` in it. */
  claudeDirs: readonly string[];
  pricing: PricingRead;
  /** Milliseconds since 1970. */
  now: number;
  say: Say;
  /** Tell the journal of all activities, whenever they ended: some may have been imported. */
  tellsAll?: boolean;
  /** If nothing is new, the head of the index is all that is asked for. */
  needsSumOnly?: boolean;
}

/** Looks at a state folder and its transcripts. To be closed whatever comes of it. */
export function lookForUsage(options: UsageLookOptions): UsageLook {
  const look = new UsageLook(options, KeptIndex.open(options.stateDir));
  try {
    if ((look.isUnchanged && (options.needsSumOnly || look.loadCube())) || look.load()) return look;
  } catch (error) {
    look.close();
    throw error;
  }
  // The index is damaged further in.
  look.close();
  return new UsageLook(options, null);
}

export class UsageLook {
  readonly options: UsageLookOptions;
  readonly stages: StageRules;
  readonly head: IndexHead;
  readonly transcripts: TranscriptLook;
  readonly ledger: LedgerFiles;
  readonly journal: JournalNews;
  /** How far the journal was read for it. */
  readonly readThrough: ReadonlyMap<number, number>;
  readonly kept: KeptIndex | null;
  readonly #fingerprint: string;
  readonly #isAnew: boolean;
  /** Otherwise what says nothing of requests would be read again and again. */
  readonly #isFarRead: boolean;
  #index: UsageIndex | null = null;
  #cube: UsageCube | null = null;
  #changed: readonly ChangedSession[] | null = null;
  #told: boolean | null = null;

  /** `kept` is closed if this throws. */
  constructor(options: UsageLookOptions, kept: KeptIndex | null) {
    this.options = options;
    const { stateDir, pricing, claudeDirs, now } = options;
    try {
      this.stages = readWriterSettings(stateDir).stages;
      this.#fingerprint = `${MEANING}\n${pricing.fingerprint}\n${JSON.stringify(this.stages)}`;
      // What is lost is told once more by transcripts and journal, as far as they are there.
      const folders = kept && !isLedgerCut(stateDir, kept.head.through) ? kept.foldersToCompare() : null;
      if (!folders) kept?.close();
      this.kept = folders && kept;
      if (!this.kept) this.#index = emptyIndex(this.#fingerprint);
      this.head = this.kept?.head ?? this.index;
      const { journal, heads, through } = this.head;
      const readBytes = sum(journal);
      this.journal = readJournalNews(stateDir, journal);
      this.readThrough = new Map(journal);
      this.#isFarRead = sum(journal) - readBytes > MAX_UNKEPT_BYTES;
      this.transcripts = new TranscriptLook(claudeDirs, folders, now);
      // Last: what is open is to be closed.
      this.ledger = new LedgerFiles(stateDir, heads);
      this.#isAnew = this.head.fingerprint !== this.#fingerprint || !this.ledger.holds(through);
    } catch (error) {
      kept?.close();
      throw error;
    }
  }

  /** True if all is as it was, for sure: then the head tells the sum of everything. */
  get isUnchanged(): boolean {
    return !this.#isTold && this.transcripts.isAsKnown;
  }

  /** False if everything is as it was: then the index answers as it is. */
  get hasNews(): boolean {
    return this.#isTold || this.changed.length > 0;
  }

  /** News of any kind but transcripts, as they were when it was asked first. */
  get #isTold(): boolean {
    this.#told ??= this.#findTold();
    return this.#told;
  }

  #findTold(): boolean {
    const { tellAt, through } = this.head;
    return (
      this.#isAnew ||
      this.#isFarRead ||
      this.journal.requests.length > 0 ||
      this.journal.hasEnds ||
      this.ledger.unread(through).length > 0 ||
      // There may be more to tell of what is over, without any new usage.
      (tellAt !== null && tellAt <= this.options.now)
    );
  }

  /** Reads the rows of the index, which answer if nothing is new; false if they are damaged. */
  loadCube(): boolean {
    this.#cube = this.kept?.cube() ?? null;
    return this.#cube !== null;
  }

  /** Reads all of the index, which what is new is added to; false if it is damaged. */
  load(): boolean {
    this.#index ??= this.kept?.index() ?? null;
    if (this.#index && this.#isAnew) {
      const { cube, through, fingerprint } = emptyIndex(this.#fingerprint);
      Object.assign(this.#index, { cube, through, fingerprint, whole: null });
    }
    return this.#index !== null;
  }

  /** Once it is loaded. */
  get index(): UsageIndex {
    if (!this.#index) throw new Error('usage: expected the index to be loaded');
    return this.#index;
  }

  /** Null if nothing but the sum was asked for. */
  get cube(): UsageCube | null {
    return this.#index?.cube ?? this.#cube;
  }

  get changed(): readonly ChangedSession[] {
    this.#changed ??= this.transcripts.isAsKnown ? [] : changedSessions(this.transcripts.found, this.index);
    return this.#changed;
  }

  close(): void {
    this.kept?.close();
    this.ledger.close();
  }
}

const sum = (through: ReadonlyMap<number, number>): number => [...through.values()].reduce((all, at) => all + at, 0);
