/**
 * Brings the usage of a state folder up to date: reads what is new in the transcripts and in the journal, adds it to
 * the ledger, and counts it. Made once for each reading; a monitor makes one after the other.
 */
import { claudeTranscripts, type FoundSession, sessionsToScan } from './claude-code/changed-sessions.ts';
import { placedByAgent } from './claude-code/placed-by-agent.ts';
import { placedLines } from './claude-code/placed-by-prompt.ts';
import type { ScannedSession, SessionToScan } from './claude-code/scan-session.ts';
import { makeFolder } from './journal/make-folder.ts';
import { listSegments } from './journal/segments.ts';
import { type JournalStages, readJournalStages } from './journal-stages.ts';
import { ledgerRules } from './ledger-rules.ts';
import { hash128 } from './model/ids.ts';
import { type JournalNews, readJournalNews, requestOfFact } from './program-requests.ts';
import { appendLedger, endLine, isLedgerCut, usageDir } from './store/ledger.ts';
import { LedgerFiles } from './store/ledger-files.ts';
import { LedgerFold, spanOfLine } from './store/ledger-fold.ts';
import { readDocumentHead, readState, type Say } from './store/read-document.ts';
import type { PricingRead } from './store/read-pricing.ts';
import { readWriterSettings } from './store/read-settings.ts';
import { isDocumentBehind } from './store/refresh-document.ts';
import { makeStateDir } from './store/state-dir.ts';
import { emptyIndex, readUsageIndex, type UsageIndex, unpackSessions, writeUsageIndex } from './store/usage-index.ts';
import { type ChangedSession, changedSessions, forgetVanished, unreadBytes } from './transcript-news.ts';
import type { LedgerRules } from './usage/cube-point.ts';
import { fromLedgerLine, toLedgerLine } from './usage/ledger-line.ts';
import { appendUsageFacts } from './usage-facts.ts';

/** What a line of the ledger means; another number counts all of them anew. */
const MEANING = 1;
const MAX_UNKEPT_BYTES = 1 << 20;
/** Until when the command of a request is looked for, and how long its transcript is waited for. */
const PLACED_MILLIS = 7 * 86_400_000;
const WAIT_MILLIS = 60_000;
const DAY_MILLIS = 86_400_000;

export interface UsageUpdateOptions {
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

export interface UsageNews {
  /** Tellings that changed what counts. */
  requests: number;
  bytes_read: number;
  sessions_read: number;
  /** Spans of activities that made requests of these. */
  spans: ReadonlySet<string>;
  /** When there is more to do without any new usage, in milliseconds since 1970; null if there is not. */
  next_at: number | null;
}

export class UsageUpdate {
  readonly #options: UsageUpdateOptions;
  readonly #rules: LedgerRules;
  readonly index: UsageIndex;
  readonly #ledger: LedgerFiles;
  readonly #found: readonly FoundSession[];
  #changed: readonly ChangedSession[];
  readonly #isAnew: boolean;
  readonly #journal: JournalNews;
  /** How much of the journal was read before. */
  readonly #readBytes: number;
  readonly #spans = new Set<string>();
  readonly #news = { requests: 0, bytes_read: 0, sessions_read: 0 };
  #unreadable = 0;
  #fold: LedgerFold | null = null;
  #stages: JournalStages | null = null;

  constructor(options: UsageUpdateOptions) {
    this.#options = options;
    const { stages } = readWriterSettings(options.stateDir);
    this.#rules = ledgerRules(options.pricing.table, stages);
    const fingerprint = hash128(`${MEANING}\n${options.pricing.fingerprint}\n${JSON.stringify(stages)}`);
    const known = readUsageIndex(options.stateDir);
    // What is lost is told once more by transcripts and journal, as far as they are there.
    this.index = known && !isLedgerCut(options.stateDir, known.through) ? known : emptyIndex(fingerprint);
    this.#readBytes = sum(this.index.journal);
    this.#journal = readJournalNews(options.stateDir, this.index.journal);
    this.#found = claudeTranscripts(options.claudeDirs);
    this.#changed = changedSessions(this.#found, this.index);
    // Last: what is open is to be closed.
    this.#ledger = new LedgerFiles(options.stateDir, this.index.heads);
    this.#isAnew = this.index.fingerprint !== fingerprint || !this.#ledger.holds(this.index.through);
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
      this.#changed.length > 0 ||
      this.#journal.requests.length > 0 ||
      this.#journal.hasEnds ||
      this.#ledger.unread(index.through).length > 0 ||
      // There may be more to tell of what is over, without any new usage.
      (index.tellAt !== null && index.tellAt <= this.#options.now) ||
      // Otherwise what says nothing of requests would be read again and again.
      sum(index.journal) - this.#readBytes > MAX_UNKEPT_BYTES
    );
  }

  /** The sessions that are to be scanned, in the order in which they began; each result goes to `take`. */
  begin(): SessionToScan[] {
    const { stateDir, now } = this.#options;
    makeStateDir(stateDir);
    // It shows that the folder is one of ours, before anything else lies in it.
    makeFolder(`${stateDir}/journal`);
    makeFolder(usageDir(stateDir));
    const { cube, through } = this.index;
    this.#fold = new LedgerFold({ files: this.#ledger, cube, through, rules: this.#rules });
    this.#fold.catchUp();
    if (!unpackSessions(this.index)) {
      this.index.files.clear();
      this.#changed = this.#found.map(found => ({ found, changed: found.files }));
    }
    return sessionsToScan(this.#changed, this.index, now);
  }

  /** How much there is to read, in bytes. */
  get unreadBytes(): number {
    return unreadBytes(this.#changed, this.index);
  }

  /** Takes what the scan of a session gave into the ledger, and counts it. */
  take(scanned: ScannedSession): void {
    const { index } = this;
    const found = this.#changed.find(({ found: { key } }) => key === scanned.key);
    this.#append(scanned.lines);
    index.sessions.set(scanned.key, JSON.stringify(scanned.state));
    for (const { path, offset, tail, damaged, isDeferred } of scanned.files) {
      const file = found?.changed.find(one => one.path === path);
      if (!file || isDeferred) continue;
      const { size, mtimeMs, ino } = file;
      index.files.set(path, { offset, tail, size, mtimeMs, ino, damaged });
    }
    this.#unreadable += scanned.unreadable.length;
    for (const path of scanned.unreadable)
      this.#options.say(`${path}: expected a transcript to read, got none; passed by`);
    this.#news.bytes_read += scanned.bytes;
    this.#news.sessions_read++;
  }

  #append(lines: string): void {
    const fold = this.#begun();
    const news: string[] = [];
    let last = '';
    for (const line of lines.split('\n')) {
      if (line === '' || !fold.isNews(line)) continue;
      const resolved = this.#resolved(line);
      const span = spanOfLine(resolved);
      if (span !== '' && span !== last) this.#spans.add(span);
      last = span;
      news.push(`${resolved}\n`);
    }
    if (news.length === 0) return;
    this.#news.requests += news.length;
    appendLedger(this.#options.stateDir, news.join(''));
    fold.catchUp();
  }

  /** With what the journal knows of stages and commands. */
  #resolved(line: string): string {
    this.#stages ??= this.#readStages();
    if (!this.#stages.concerns(line)) return line;
    const entry = fromLedgerLine(line);
    if (!entry) return line;
    const request = placedByAgent(entry.request, this.index.sessions);
    return toLedgerLine(this.#stages.resolve(request), entry);
  }

  #readStages(): JournalStages {
    const { stateDir, say } = this.#options;
    if (isDocumentBehind(stateDir)) readDocumentHead(stateDir, say);
    const { updatedAt } = this.index;
    return readJournalStages({
      stateDir,
      since: updatedAt === null ? 0 : updatedAt - DAY_MILLIS,
      hasRule: request => this.#rules.stageOf(request).stage !== null,
    });
  }

  #begun(): LedgerFold {
    if (!this.#fold) throw new Error('usage update: expected to have begun');
    return this.#fold;
  }

  /** Takes what programs reported, tells the journal what activities used, and keeps the index. */
  finish(): UsageNews {
    const { stateDir, now, say } = this.#options;
    const { index } = this;
    const { requests } = this.#journal;
    if (requests.length > 0) {
      const state = readState(stateDir, say);
      this.#append(requests.map(fact => `${toLedgerLine(requestOfFact(fact, state))}\n`).join(''));
    }
    const fold = this.#begun();
    fold.catchUp();
    for (const segment of this.#ledger.unread(index.through)) endLine(stateDir, segment);
    fold.catchUp();
    this.#append(placedLines(fold.unplaced(now - PLACED_MILLIS), index.sessions, now - WAIT_MILLIS));
    this.#tell();
    forgetVanished(index, this.#found, this.#options.claudeDirs);
    index.unreadable = this.#unreadable;
    index.startedAt ??= now;
    index.updatedAt = now;
    writeUsageIndex(stateDir, index);
    return { ...this.#news, spans: this.#spans, next_at: index.tellAt };
  }

  /** To be called whatever came of it. */
  close(): void {
    this.#ledger.close();
  }

  #tell(): void {
    const { stateDir, now, say, tellsAll } = this.#options;
    const { index } = this;
    index.tellAt = null;
    if (listSegments(stateDir).length === 0) return;
    const { added, nextAt, settledAt } = appendUsageFacts({
      stateDir,
      state: readState(stateDir, say),
      spans: this.#spans,
      settledAt: tellsAll ? 0 : index.settledAt,
      tellsUntold: this.#journal.hasEnds,
      now,
      requestsIn: spans => this.#begun().requestsIn(spans),
      sumsIn: spans => this.#begun().sumsIn(spans),
      costOf: request => this.#rules.costOf(request),
    });
    index.tellAt = nextAt;
    index.settledAt = settledAt;
    // These facts are no news to the next reading.
    if (added > 0) readJournalNews(stateDir, index.journal);
  }
}

const sum = (through: ReadonlyMap<number, number>): number => [...through.values()].reduce((all, at) => all + at, 0);
