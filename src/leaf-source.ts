/** What activities of Claude Code did themselves: requests by the ledger, their times and the tools by the transcripts. */
import { claudeTranscripts, type FoundSession } from './claude-code/changed-sessions.ts';
import { type RequestTimes, type SessionCalls, SessionReader } from './claude-code/session-calls.ts';
import { toolLeaves } from './claude-code/tool-leaf.ts';
import { ledgerRules } from './ledger-rules.ts';
import { chatLeaf } from './model/chat-leaf.ts';
import { spanIdOf } from './model/ids.ts';
import type { Leaf, LeafParent, LeafSource, ToldExtent } from './model/leaf.ts';
import { readPricing } from './store/read-pricing.ts';
import { RequestsBySpan } from './store/requests-by-span.ts';
import type { BilledRequest } from './usage/billed-request.ts';
import type { LedgerRules } from './usage/cube-point.ts';

/** Sessions whose calls are kept: those that go on, and of an import those whose activities come one after the other. */
const MAX_KEPT_SESSIONS = 16;
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
  readonly #kept = new Map<string, { found: FoundSession; reader: SessionReader; calls: SessionCalls }>();
  readonly #requests: RequestsBySpan;
  #found = new Map<string, FoundSession[]>();
  #foundAt = Number.NEGATIVE_INFINITY;
  #told: ToldExtent = { until: Number.NEGATIVE_INFINITY, through: new Map() };

  constructor(options: LeafSourceOptions) {
    this.#options = options;
    this.#requests = new RequestsBySpan(options.stateDir);
  }

  /** Transcripts were read. */
  set told(extent: ToldExtent) {
    this.#told = extent;
    // What was just told of stands in transcripts as they are now.
    this.#foundAt = Number.NEGATIVE_INFINITY;
  }

  isTold(endAt: number, { segment, offset }: { segment: number; offset: number }): boolean {
    return endAt <= this.#told.until && offset <= (this.#told.through.get(segment) ?? 0);
  }

  leavesOf(parents: readonly LeafParent[]): Map<string, Leaf[]> {
    this.#requests.refresh();
    const rules = this.#rules();
    return new Map(
      parents.map(parent => {
        const chats = this.#requests.of(parent.span).map(request => this.#chatOf(request, parent, rules));
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
    const { key } = found;
    const known = this.#kept.get(key);
    if (known?.found === found) return known.calls;
    const reader = known?.reader ?? new SessionReader();
    const calls = reader.read(found);
    this.#kept.delete(key);
    this.#kept.set(key, { found, reader, calls });
    for (const oldest of this.#kept.keys()) if (this.#kept.size > MAX_KEPT_SESSIONS) this.#kept.delete(oldest);
    return calls;
  }

  #rules(): LedgerRules {
    const { stateDir, pricingPath } = this.#options;
    return ledgerRules(readPricing(stateDir, pricingPath).table, []);
  }

  close(): void {
    this.#requests.close();
  }
}
