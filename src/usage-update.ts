/**
 * Brings the usage of a state folder up to date: reads what is new in the transcripts and in the journal, adds it to
 * the ledger, and counts it. Made once for each reading; a monitor makes one after the other.
 */
import {
  claudeTranscripts,
  type FoundFile,
  type FoundSession,
  sessionsToScan,
} from './claude-code/changed-sessions.ts';
import type { ScannedSession, SessionToScan } from './claude-code/scan-session.ts';
import { makeFolder } from './journal/make-folder.ts';
import { type JournalStages, readJournalStages } from './journal-stages.ts';
import { hash128 } from './model/ids.ts';
import { hasUnreadJournal, readRequestFacts, requestOfFact } from './program-requests.ts';
import { appendLedger, isLedgerChanged, isLedgerShrunk, usageDir } from './store/ledger.ts';
import { LedgerFold } from './store/ledger-fold.ts';
import { readDocumentHead, readState, type Say } from './store/read-document.ts';
import type { PricingRead } from './store/read-pricing.ts';
import { readWriterSettings } from './store/read-settings.ts';
import { isDocumentBehind } from './store/refresh-document.ts';
import { makeStateDir } from './store/state-dir.ts';
import {
  emptyIndex,
  readIndexedSessions,
  readUsageIndex,
  type UsageIndex,
  writeUsageIndex,
} from './store/usage-index.ts';
import { fromLedgerLine, toLedgerLine } from './usage/ledger-line.ts';
import { costOf } from './usage/price-request.ts';
import { stagesByRules } from './usage/stage-by-rules.ts';

/** What a line of the ledger means; another number counts all of them anew. */
const MEANING = 1;
const SPAN = /"span":"([0-9a-f]{16})"/;
const MAX_UNKEPT_BYTES = 1 << 20;
const DAY_MILLIS = 86_400_000;

export interface UsageUpdateOptions {
  stateDir: string;
  /** Folders of the client, each with `projects` in it. */
  claudeDirs: readonly string[];
  pricing: PricingRead;
  /** Milliseconds since 1970. */
  now: number;
  say: Say;
}

export interface UsageNews {
  /** Tellings that changed what counts. */
  requests: number;
  bytes_read: number;
  sessions_read: number;
  /** Spans of activities that made requests of these. */
  spans: ReadonlySet<string>;
}

export class UsageUpdate {
  readonly #options: UsageUpdateOptions;
  readonly #stageOf: ReturnType<typeof stagesByRules>;
  readonly index: UsageIndex;
  readonly #found: readonly FoundSession[];
  readonly #changed: readonly { found: FoundSession; changed: readonly FoundFile[] }[];
  readonly #isAnew: boolean;
  readonly #spans = new Set<string>();
  readonly #news = { requests: 0, bytes_read: 0, sessions_read: 0 };
  #unreadable = 0;
  #isDirty = false;
  #fold: LedgerFold | null = null;
  #stages: JournalStages | null = null;

  constructor(options: UsageUpdateOptions) {
    this.#options = options;
    const { stages } = readWriterSettings(options.stateDir);
    this.#stageOf = stagesByRules(stages);
    const fingerprint = hash128(`${MEANING}\n${options.pricing.fingerprint}\n${JSON.stringify(stages)}`);
    const known = readUsageIndex(options.stateDir);
    this.index = known ?? emptyIndex(fingerprint);
    this.#isAnew = this.index.fingerprint !== fingerprint || isLedgerShrunk(options.stateDir, this.index.through);
    if (this.#isAnew) {
      const empty = emptyIndex(fingerprint);
      Object.assign(this.index, { cube: empty.cube, through: empty.through, fingerprint });
    }
    this.#found = claudeTranscripts(options.claudeDirs);
    this.#changed = this.#found.flatMap(found => {
      const changed = found.files.filter(file => isChanged(file, this.index));
      return changed.length > 0 ? [{ found, changed }] : [];
    });
  }

  /** False if everything is as it was: then the index answers as it is. */
  get hasNews(): boolean {
    const { stateDir } = this.#options;
    return (
      this.#isAnew ||
      this.#changed.length > 0 ||
      isLedgerChanged(stateDir, this.index.through) ||
      hasUnreadJournal(stateDir, this.index.journal)
    );
  }

  /** The sessions that are to be scanned, in the order in which they began; each result goes to `take`. */
  begin(): SessionToScan[] {
    const { stateDir, now } = this.#options;
    makeStateDir(stateDir);
    // It shows that the folder is one of ours, before anything else lies in it.
    makeFolder(`${stateDir}/journal`);
    makeFolder(usageDir(stateDir));
    this.#fold = new LedgerFold({
      stateDir,
      cube: this.index.cube,
      through: this.index.through,
      rules: { costOf: request => costOf(this.#options.pricing.table, request), stageOf: this.#stageOf },
    });
    this.#fold.catchUp();
    this.index.sessions = readIndexedSessions(stateDir);
    return sessionsToScan(this.#changed, this.index, now);
  }

  /** How much there is to read, in bytes. */
  get unreadBytes(): number {
    const offsetOf = ({ path }: FoundFile): number => this.index.files.get(path)?.offset ?? 0;
    const sizes = this.#changed.flatMap(({ changed }) => changed.map(file => Math.max(0, file.size - offsetOf(file))));
    return sizes.reduce((sum, size) => sum + size, 0);
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
    this.#isDirty = true;
  }

  #append(lines: string): void {
    const fold = this.#begun();
    const news: string[] = [];
    for (const line of lines.split('\n')) {
      if (line === '' || !fold.isNews(line)) continue;
      const resolved = this.#resolved(line);
      const span = SPAN.exec(resolved)?.[1];
      if (span !== undefined) this.#spans.add(span);
      news.push(`${resolved}\n`);
    }
    if (news.length === 0) return;
    this.#news.requests += news.length;
    appendLedger(this.#options.stateDir, news.join(''));
    fold.catchUp();
    this.#isDirty = true;
  }

  /** With what the journal knows of stages and commands. */
  #resolved(line: string): string {
    this.#stages ??= this.#readStages();
    if (!this.#stages.concerns(line)) return line;
    const entry = fromLedgerLine(line);
    return entry ? toLedgerLine(this.#stages.resolve(entry.request), entry.prompt) : line;
  }

  #readStages(): JournalStages {
    const { stateDir, say } = this.#options;
    if (isDocumentBehind(stateDir)) readDocumentHead(stateDir, say);
    const { updatedAt } = this.index;
    return readJournalStages({
      stateDir,
      since: updatedAt === null ? 0 : updatedAt - DAY_MILLIS,
      hasRule: request => this.#stageOf(request).stage !== null,
    });
  }

  #begun(): LedgerFold {
    if (!this.#fold) throw new Error('usage update: expected to have begun');
    return this.#fold;
  }

  /** Takes what programs reported, and keeps the index, if there is anything to keep. */
  finish(): UsageNews {
    const { stateDir, now, say } = this.#options;
    const { index } = this;
    const before = sum(index.journal);
    const facts = readRequestFacts(stateDir, index.journal);
    if (facts.length > 0) {
      const state = readState(stateDir, say);
      this.#append(facts.map(fact => `${toLedgerLine(requestOfFact(fact, state))}\n`).join(''));
    }
    const fold = this.#begun();
    fold.catchUp();
    this.#dropVanished();
    index.unreadable = this.#unreadable;
    // A journal that says nothing of requests is read again rather than the index written for it each time.
    if (this.#isDirty || fold.isChanged || facts.length > 0 || sum(index.journal) - before > MAX_UNKEPT_BYTES) {
      index.startedAt ??= now;
      index.updatedAt = now;
      writeUsageIndex(stateDir, index);
    }
    return { ...this.#news, spans: this.#spans };
  }

  /** The client removes transcripts after a month. What they told stays in the ledger. */
  #dropVanished(): void {
    const there = new Set(this.#found.flatMap(({ files }) => files.map(({ path }) => path)));
    const sessions = new Set(this.#found.map(({ key }) => key));
    const isOurs = (path: string): boolean =>
      this.#options.claudeDirs.some(folder => path.startsWith(`${folder}/projects/`));
    for (const path of this.index.files.keys()) if (!there.has(path) && isOurs(path)) this.index.files.delete(path);
    for (const key of this.index.sessions.keys())
      if (!sessions.has(key) && isOurs(key)) this.index.sessions.delete(key);
  }
}

const sum = (through: ReadonlyMap<number, number>): number => [...through.values()].reduce((all, at) => all + at, 0);

function isChanged({ path, size, mtimeMs, ino }: FoundFile, { files }: UsageIndex): boolean {
  const known = files.get(path);
  return known === undefined || known.size !== size || known.mtimeMs !== mtimeMs || known.ino !== ino;
}
