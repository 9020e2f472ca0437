/**
 * Brings the usage of a state folder up to date: reads what is new in the transcripts and in the journal, adds it to
 * the ledger, and counts it. Made for a look that found news.
 */
import { sessionsToScan } from './claude-code/changed-sessions.ts';
import { placedByAgent } from './claude-code/placed-by-agent.ts';
import { placedLines } from './claude-code/placed-by-prompt.ts';
import { type ScannedSession, type SessionToScan, scanSession } from './claude-code/scan-session.ts';
import { type ScanOptions, scanSessions } from './claude-code/scan-sessions.ts';
import { makeFolder } from './journal/make-folder.ts';
import { listSegments } from './journal/segments.ts';
import { type JournalStages, readJournalStages } from './journal-stages.ts';
import { ledgerRules } from './ledger-rules.ts';
import { requestIn, requestOfFact } from './program-requests.ts';
import { appendLedger, endLine, usageDir } from './store/ledger.ts';
import { type AppendedLine, LedgerFold } from './store/ledger-fold.ts';
import { makeStateDir } from './store/make-state-dir.ts';
import { readDocumentHead, readState } from './store/read-document.ts';
import { isDocumentBehind } from './store/refresh-document.ts';
import { type UsageIndex, writeUsageIndex } from './store/usage-index.ts';
import { type ChangedSession, forgetVanished, unreadBytes } from './transcript-news.ts';
import type { LedgerRules } from './usage/cube-point.ts';
import { fromLedgerLine, idOfLine, spanOfLine, toLedgerLine } from './usage/ledger-line.ts';
import { linesIn } from './usage/ledger-text.ts';
import { type RequestRows, requestAt } from './usage/request-table.ts';
import type { ScannedRequests } from './usage/scanned-requests.ts';
import { appendUsageFacts } from './usage-facts.ts';
import type { UsageLook } from './usage-look.ts';

/** Until when the command of a request is looked for, and how long its transcript is waited for. */
const PLACED_MILLIS = 7 * 86_400_000;
const WAIT_MILLIS = 60_000;
const DAY_MILLIS = 86_400_000;

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
  readonly #look: UsageLook;
  readonly #rules: LedgerRules;
  readonly index: UsageIndex;
  #changed: readonly ChangedSession[];
  readonly #spans = new Set<string>();
  readonly #news = { requests: 0, bytes_read: 0, sessions_read: 0 };
  #unreadable = 0;
  #fold: LedgerFold | null = null;
  #stages: JournalStages | null = null;

  constructor(look: UsageLook) {
    this.#look = look;
    this.index = look.index;
    this.#changed = look.changed;
    this.#rules = ledgerRules(look.options.pricing.table, look.stages);
  }

  /** The sessions that are to be scanned, in the order in which they began; each result goes to `take`. */
  begin(): SessionToScan[] {
    const { stateDir, now } = this.#look.options;
    makeStateDir(stateDir);
    // It shows that the folder is one of ours, before anything else lies in it.
    makeFolder(`${stateDir}/journal`);
    makeFolder(usageDir(stateDir));
    const { cube, through } = this.index;
    this.#fold = new LedgerFold({ files: this.#look.ledger, cube, through, rules: this.#rules });
    this.#fold.catchUp();
    const sessions = this.#look.kept ? this.#look.kept.sessions() : new Map<string, string>();
    if (sessions) this.index.sessions = sessions;
    else {
      this.index.files.clear();
      this.#changed = this.#look.transcripts.found.map(found => ({ found, changed: found.files }));
    }
    return sessionsToScan(this.#changed, this.index, now);
  }

  /** How much there is to read, in bytes. */
  get unreadBytes(): number {
    return unreadBytes(this.#changed, this.index);
  }

  /** Scans sessions in this thread. */
  scan(sessions: readonly SessionToScan[]): void {
    for (const session of sessions) this.take(scanSession(session));
  }

  /** Scans many sessions. */
  scanInThreads(sessions: readonly SessionToScan[], options: ScanOptions): Promise<void> {
    return scanSessions(sessions, options, scanned => this.take(scanned));
  }

  /** Takes what the scan of a session gave into the ledger, and counts it. */
  take(scanned: ScannedSession): void {
    const { index } = this;
    const found = this.#changed.find(({ found: { key } }) => key === scanned.key);
    this.#appendScanned(scanned);
    index.sessions.set(scanned.key, JSON.stringify(scanned.state));
    for (const { path, offset, tail, damaged, isDeferred } of scanned.files) {
      const file = found?.changed.find(one => one.path === path);
      if (!file || isDeferred) continue;
      const { size, mtimeMs, ino } = file;
      index.files.set(path, { offset, tail, size, mtimeMs, ino, damaged });
    }
    this.#unreadable += scanned.unreadable.length;
    for (const path of scanned.unreadable)
      this.#look.options.say(`${path}: expected a transcript to read, got none; passed by`);
    this.#news.bytes_read += scanned.bytes;
    this.#news.sessions_read++;
  }

  #appendScanned(scanned: ScannedSession): void {
    const { lines, requests } = scanned;
    if (lines.ends.length === 0) return;
    if (!this.#isAllNew(scanned)) return this.#append(linesIn(lines), requests);
    for (const { span } of requests.places) if (span !== null) this.#spans.add(span);
    this.#news.requests += lines.ends.length;
    this.#begun().catchUpWithTable(scanned, appendLedger(this.#look.options.stateDir, lines.bytes));
  }

  /** True if none of them was told before, and nothing else is known of what they belong to. */
  #isAllNew({ hashes, requests }: ScannedRequests): boolean {
    return requests.places.every(({ owner }) => !this.#known.concerns(owner)) && this.#begun().isAllNew(hashes);
  }

  /** Lines without their line ends. `requests`: what they say, if that is known. */
  #append(lines: readonly string[], requests?: RequestRows): void {
    const fold = this.#begun();
    const news: AppendedLine[] = [];
    for (const [index, line] of lines.entries()) {
      const id = requests && idOfLine(line);
      const known = requests && typeof id === 'string' ? requestAt(requests, index, id) : null;
      if (known && !this.#known.concerns(known.owner)) {
        if (fold.isNewsOf(known)) news.push({ line, request: known });
      } else if (fold.isNews(line)) news.push({ line: this.#resolved(line), request: null });
    }
    if (news.length === 0) return;
    let last = '';
    for (const { line, request } of news) {
      const span = request ? (request.span ?? '') : spanOfLine(line);
      if (span !== '' && span !== last) this.#spans.add(span);
      last = span;
    }
    this.#news.requests += news.length;
    const text = news.map(({ line }) => `${line}\n`).join('');
    fold.catchUpWith(news, appendLedger(this.#look.options.stateDir, text));
  }

  /** With what the journal knows of stages and commands. */
  #resolved(line: string): string {
    const entry = fromLedgerLine(line);
    if (!entry || !this.#known.concerns(entry.request.owner)) return line;
    const request = placedByAgent(entry.request, this.index.sessions);
    return toLedgerLine(this.#known.resolve(request), entry);
  }

  get #known(): JournalStages {
    this.#stages ??= this.#readStages();
    return this.#stages;
  }

  #readStages(): JournalStages {
    const { stateDir, say } = this.#look.options;
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
    const { stateDir, now, say } = this.#look.options;
    const { index } = this;
    const requests = this.#look.journal.requests.flatMap(requestIn);
    if (requests.length > 0) {
      const state = readState(stateDir, say);
      this.#append(requests.map(fact => toLedgerLine(requestOfFact(fact, state))));
    }
    const fold = this.#begun();
    fold.catchUp();
    for (const segment of this.#look.ledger.unread(index.through)) endLine(stateDir, segment);
    fold.catchUp();
    this.#append(placedLines(fold.unplaced(now - PLACED_MILLIS), index.sessions, now - WAIT_MILLIS));
    this.#tell();
    const { transcripts, options } = this.#look;
    forgetVanished(index, transcripts.found, options.claudeDirs);
    for (const [claudeDir, folders] of transcripts.known(index.files)) index.folders.set(claudeDir, folders);
    index.unreadable = this.#unreadable;
    index.startedAt ??= now;
    index.updatedAt = now;
    writeUsageIndex(stateDir, index);
    return { ...this.#news, spans: this.#spans, next_at: index.tellAt };
  }

  #tell(): void {
    const { stateDir, now, say, tellsAll } = this.#look.options;
    const { index } = this;
    index.tellAt = null;
    if (listSegments(stateDir).length === 0) return;
    const { nextAt, settledAt } = appendUsageFacts({
      stateDir,
      state: readState(stateDir, say),
      spans: this.#spans,
      settledAt: tellsAll ? 0 : index.settledAt,
      tellsUntold: this.#look.journal.hasEnds,
      now,
      requestsIn: spans => this.#begun().requestsIn(spans),
      sumsIn: spans => this.#begun().sumsIn(spans),
      costOf: request => this.#rules.costOf(request),
    });
    index.tellAt = nextAt;
    index.settledAt = settledAt;
  }
}
