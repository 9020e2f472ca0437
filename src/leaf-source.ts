/** What activities of Claude Code did themselves: requests by the ledger, their times and the tools by the transcripts. */
import { claudeTranscripts, type FoundSession } from './claude-code/changed-sessions.ts';
import { type RequestTimes, readSessionCalls, type SessionCalls } from './claude-code/session-calls.ts';
import { toolLeaves } from './claude-code/tool-leaf.ts';
import { fileSize } from './journal/read-blocks.ts';
import { ledgerRules } from './ledger-rules.ts';
import { chatLeaf } from './model/chat-leaf.ts';
import { spanIdOf } from './model/ids.ts';
import type { Leaf, LeafParent, LeafSource, ToldExtent } from './model/leaf.ts';
import { type LedgerCursor, ledgerPath, listLedger } from './store/ledger.ts';
import { LedgerFiles } from './store/ledger-files.ts';
import { LedgerFold } from './store/ledger-fold.ts';
import { readPricing } from './store/read-pricing.ts';
import { emptyIndex } from './store/usage-index.ts';
import type { BilledRequest } from './usage/billed-request.ts';
import type { LedgerRules } from './usage/cube-point.ts';

/** Sessions whose calls are kept: what belongs together is sent together. */
const MAX_KEPT_SESSIONS = 4;
/** Transcripts are looked for again after this time. */
const LOOK_MILLIS = 1000;

export interface LeafSourceOptions {
  stateDir: string;
  /** Folders of the client, each with `projects` in it. */
  claudeDirs: readonly string[];
  /** `usage_pricing.json` of the package. */
  pricingPath: string;
}

export class ClaudeCodeLeaves implements LeafSource {
  readonly #options: LeafSourceOptions;
  readonly #kept = new Map<string, { found: FoundSession; version: string; calls: SessionCalls }>();
  #found = new Map<string, FoundSession[]>();
  #foundAt = Number.NEGATIVE_INFINITY;
  #ledger: { version: string; files: LedgerFiles; fold: LedgerFold } | null = null;
  #told: ToldExtent = { until: Number.NEGATIVE_INFINITY, through: new Map() };

  constructor(options: LeafSourceOptions) {
    this.#options = options;
  }

  /** Transcripts were read. */
  set told(extent: ToldExtent) {
    this.#told = extent;
  }

  isTold(endAt: number, { segment, offset }: { segment: number; offset: number }): boolean {
    return endAt <= this.#told.until && offset <= (this.#told.through.get(segment) ?? 0);
  }

  leavesOf(parents: readonly LeafParent[]): Map<string, Leaf[]> {
    const requests = this.#requestsIn(new Set(parents.map(({ span }) => span)));
    const rules = this.#rules();
    return new Map(
      parents.map(parent => {
        const chats = (requests.get(parent.span) ?? []).map(request => this.#chatOf(request, parent, rules));
        const tools = this.#callsIn(parent.session).flatMap(({ toolsOf }) =>
          toolLeaves(toolsOf.get(parent.span) ?? [], parent),
        );
        return [parent.span, [...chats, ...tools].sort((a, b) => a.startAt - b.startAt || a.endAt - b.endAt)];
      }),
    );
  }

  #chatOf(request: BilledRequest, parent: LeafParent, rules: LedgerRules): Leaf {
    const times = this.#timesOf(request, parent);
    const { id, at, model, tokens, isFinal, isFast, geo, webSearches } = request;
    return chatLeaf({
      span: spanIdOf('chat', id),
      parent: parent.span,
      session: parent.session,
      startAt: times?.startAt ?? at,
      endAt: times?.endAt ?? at,
      model,
      provider: 'anthropic',
      tokens,
      cost: rules.costOf(request),
      isFinal,
      isFast,
      geo,
      webSearches,
      response: times?.response,
      finish: times?.finish,
    });
  }

  /** Of a request that another one made on the way: those of that one. */
  #timesOf({ id, owner }: BilledRequest, parent: LeafParent): RequestTimes | undefined {
    const whole = id.replace(/#\d+$/, '');
    for (const session of new Set([owner.session ?? parent.session, parent.session])) {
      for (const { requests } of this.#callsIn(session)) {
        const times = requests.get(id) ?? requests.get(whole);
        if (times) return times;
      }
    }
    return undefined;
  }

  #callsIn(session: string): SessionCalls[] {
    if (performance.now() - this.#foundAt > LOOK_MILLIS) this.#look();
    return (this.#found.get(session) ?? []).map(found => this.#read(found));
  }

  #look(): void {
    this.#foundAt = performance.now();
    this.#found = new Map();
    for (const found of claudeTranscripts(this.#options.claudeDirs)) {
      this.#found.set(found.session, [...(this.#found.get(found.session) ?? []), found]);
    }
  }

  #read(found: FoundSession): SessionCalls {
    const { key, session, folder, files } = found;
    const known = this.#kept.get(key);
    if (known?.found === found) return known.calls;
    const version = files.map(({ path, size, mtimeMs }) => `${path} ${size} ${mtimeMs}`).join('\n');
    this.#kept.delete(key);
    const calls =
      known?.version === version
        ? known.calls
        : readSessionCalls({
            key,
            session,
            folder,
            files: files.map(file => ({ ...file, offset: 0, tail: '', damaged: 0 })),
            state: null,
            // Whoever writes to them now has told what matters of what is over.
            now: Number.POSITIVE_INFINITY,
          });
    this.#kept.set(key, { found, version, calls });
    for (const oldest of this.#kept.keys()) if (this.#kept.size > MAX_KEPT_SESSIONS) this.#kept.delete(oldest);
    return calls;
  }

  #rules(): LedgerRules {
    const { stateDir, pricingPath } = this.#options;
    return ledgerRules(readPricing(stateDir, pricingPath).table, []);
  }

  #requestsIn(spans: ReadonlySet<string>): Map<string, BilledRequest[]> {
    const { stateDir } = this.#options;
    const segments = listLedger(stateDir);
    const version = segments.map(segment => `${segment} ${fileSize(ledgerPath(stateDir, segment))}`).join('\n');
    if (this.#ledger?.version !== version) {
      this.#ledger?.files.close();
      const files = new LedgerFiles(stateDir);
      // All of it counts as read: nothing is summed here.
      const through: LedgerCursor = new Map(segments.map(segment => [segment, Number.POSITIVE_INFINITY]));
      const fold = new LedgerFold({ files, cube: emptyIndex('').cube, through, rules: this.#rules() });
      this.#ledger = { version, files, fold };
    }
    return this.#ledger.fold.requestsIn(spans);
  }

  close(): void {
    this.#ledger?.files.close();
    this.#ledger = null;
  }
}
