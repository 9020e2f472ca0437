/**
 * What there is to read, without reading it: the index as it was kept, and all that is not in it yet. Most questions
 * come when nothing is new, and need no more than this; what takes news in is a part of its own (`usage-update.ts`).
 */
import { claudeTranscripts, type FoundSession } from './claude-code/changed-sessions.ts';
import type { StageRules } from './model/stage-rules.ts';
import { type JournalNews, readJournalNews } from './program-news.ts';
import { isLedgerCut } from './store/ledger.ts';
import { LedgerFiles } from './store/ledger-files.ts';
import type { Say } from './store/read-document.ts';
import type { PricingRead } from './store/read-pricing.ts';
import { readWriterSettings } from './store/read-settings.ts';
import { emptyIndex, readUsageIndex, type UsageIndex } from './store/usage-index.ts';
import { type ChangedSession, changedSessions } from './transcript-news.ts';

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
}

export class UsageLook {
  readonly options: UsageLookOptions;
  readonly stages: StageRules;
  readonly index: UsageIndex;
  readonly ledger: LedgerFiles;
  readonly found: readonly FoundSession[];
  readonly changed: readonly ChangedSession[];
  readonly journal: JournalNews;
  /** How far the journal was read for it. */
  readonly readThrough: ReadonlyMap<number, number>;
  /** How much of the journal was read before. */
  readonly #readBytes: number;
  readonly #isAnew: boolean;

  constructor(options: UsageLookOptions) {
    this.options = options;
    const { stateDir, pricing, claudeDirs } = options;
    this.stages = readWriterSettings(stateDir).stages;
    const fingerprint = `${MEANING}\n${pricing.fingerprint}\n${JSON.stringify(this.stages)}`;
    const known = readUsageIndex(stateDir);
    // What is lost is told once more by transcripts and journal, as far as they are there.
    this.index = known && !isLedgerCut(stateDir, known.through) ? known : emptyIndex(fingerprint);
    this.#readBytes = sum(this.index.journal);
    this.journal = readJournalNews(stateDir, this.index.journal);
    this.readThrough = new Map(this.index.journal);
    this.found = claudeTranscripts(claudeDirs);
    this.changed = changedSessions(this.found, this.index);
    // Last: what is open is to be closed.
    this.ledger = new LedgerFiles(stateDir, this.index.heads);
    this.#isAnew = this.index.fingerprint !== fingerprint || !this.ledger.holds(this.index.through);
    if (this.#isAnew) {
      const empty = emptyIndex(fingerprint);
      Object.assign(this.index, { cube: empty.cube, through: empty.through, fingerprint });
    }
  }

  /** False if everything is as it was: then the index answers as it is. */
  get hasNews(): boolean {
    const { index } = this;
    return (
      this.#isAnew ||
      this.changed.length > 0 ||
      this.journal.requests.length > 0 ||
      this.journal.hasEnds ||
      this.ledger.unread(index.through).length > 0 ||
      // There may be more to tell of what is over, without any new usage.
      (index.tellAt !== null && index.tellAt <= this.options.now) ||
      // Otherwise what says nothing of requests would be read again and again.
      sum(index.journal) - this.#readBytes > MAX_UNKEPT_BYTES
    );
  }

  /** To be called whatever came of it. */
  close(): void {
    this.ledger.close();
  }
}

const sum = (through: ReadonlyMap<number, number>): number => [...through.values()].reduce((all, at) => all + at, 0);
