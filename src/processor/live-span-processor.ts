/** Tells the journal when an activity starts, not only when it ended: exporters see ended spans, people want running ones. */
import { type Context, trace } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { ATTR_PARENT_SPAN } from '../attributes.ts';
import type { JsonObject } from '../model/fact.ts';
import { isRequest, levelOf } from '../model/operation.ts';
import { endFact, noteFacts, requestFact, startFact } from '../model/span-to-facts.ts';
import { nearestIn } from '../span/nearest.ts';
import { type LiveDocument, type LiveDocumentOptions, openLiveDocument } from '../store/live-document.ts';
import { ownIdentity } from '../store/process-identity.ts';
import { findStateDir } from '../store/state-dir.ts';

export interface LiveSpanProcessorOptions extends LiveDocumentOptions {
  /** State folder; by default found as everywhere: `SPANBOOK_STATE_DIR`, else `state/` of the project. */
  stateDir?: string;
}

interface RunningSpan {
  /** Nearest activity for what starts inside: the span itself if it is one. */
  nearest: string | null;
  /** Attributes that the start fact told; undefined if there was no start fact. */
  told: JsonObject | undefined;
  started: boolean;
}

/** Keeps activities of the spans that pass through a provider, from their start on. Plugs into any `NodeTracerProvider`. */
export class LiveSpanProcessor implements SpanProcessor {
  readonly #document: LiveDocument;
  readonly #running = new Map<string, RunningSpan>();

  constructor(options: LiveSpanProcessorOptions = {}) {
    const { path } = findStateDir({ given: options.stateDir, env: process.env, cwd: process.cwd() });
    this.#document = openLiveDocument(path, options);
  }

  onStart(span: Span, parentContext: Context): void {
    const { spanId } = span.spanContext();
    const parent = span.parentSpanContext;
    const nearest = this.#nearest(parent?.spanId, parentContext);
    const level = levelOf(span.attributes);
    const kept = level !== null || isRequest(span.attributes);
    if (kept && nearest !== null && nearest !== parent?.spanId) span.setAttribute(ATTR_PARENT_SPAN, nearest);
    if (level === null) {
      this.#running.set(spanId, { nearest, told: undefined, started: false });
      return;
    }
    const fact = startFact(span, level);
    // Who dies leaves the outermost activity open, and with it all that is inside.
    if (parent === undefined || !this.#running.has(parent.spanId)) fact.process = ownIdentity();
    this.#running.set(spanId, { nearest: spanId, told: fact.attributes, started: true });
    this.#document.append(fact);
  }

  #nearest(parent: string | undefined, context: Context): string | null {
    if (parent === undefined) return null;
    const running = this.#running.get(parent);
    if (running) return running.nearest;
    return nearestIn(context) ?? (trace.getSpanContext(context)?.isRemote ? parent : null);
  }

  onEnd(span: ReadableSpan): void {
    const { spanId } = span.spanContext();
    const running = this.#running.get(spanId);
    this.#running.delete(spanId);
    const level = levelOf(span.attributes);
    if (level === null) {
      if (isRequest(span.attributes)) this.#document.append(requestFact(span));
      return;
    }
    // An instrumentation may say only afterwards what its span is.
    if (!running?.started) this.#document.append(startFact(span, level));
    if (span.events.length > 0) for (const fact of noteFacts(span)) this.#document.append(fact);
    this.#document.append(endFact(span, level, running?.told));
  }

  async forceFlush(): Promise<void> {
    this.#document.flush();
  }

  async shutdown(): Promise<void> {
    this.#document.flush();
  }
}
