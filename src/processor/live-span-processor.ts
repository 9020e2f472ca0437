/** Tells the journal when an activity starts, not only when it ended: exporters see ended spans, people want running ones. */
import { createRequire } from 'node:module';
import { type Context, diag, trace } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { ATTR_COST, ATTR_PARENT_SPAN } from '../attributes.ts';
import type { JsonObject, RequestFact } from '../model/fact.ts';
import { isRequest, levelOf } from '../model/operation.ts';
import { usageOfRequest } from '../model/request-usage.ts';
import { endFact, noteFacts, requestFact, startFact } from '../model/span-to-facts.ts';
import { nearestIn } from '../span/nearest.ts';
import { type LiveDocument, type LiveDocumentOptions, openLiveDocument } from '../store/live-document.ts';
import { ownIdentity } from '../store/process-identity.ts';
import { RequestPricer } from '../store/request-pricer.ts';
import { findStateDir } from '../store/state-dir.ts';
import { ownAttributes } from './service-resource.ts';
import { addRequest, beginUsage, endUsage, type OpenUsage } from './usage-sums.ts';

export interface LiveSpanProcessorOptions extends LiveDocumentOptions {
  /** State folder; by default found as everywhere: `SPANBOOK_STATE_DIR`, else `state/` of the project. */
  stateDir?: string;
  /**
   * Spans go from the state folder to an OTLP endpoint: by a monitor, by `spanbook ship`. Default: false, because a provider
   * of your own has an exporter of its own, and what is sent twice is shown twice.
   */
  relayed?: boolean;
}

interface RunningSpan {
  /** Nearest activity for what starts inside: the span itself if it is one. */
  nearest: string | null;
  /** What that one used; null if it runs elsewhere. */
  usage: OpenUsage | null;
  /** Attributes that the start fact told; undefined if there was no start fact. */
  told: JsonObject | undefined;
  started: boolean;
}

/**
 * Keeps activities of the spans that pass through a provider, from their start on, and puts on them what they used.
 * Plugs into any `NodeTracerProvider`.
 */
export class LiveSpanProcessor implements SpanProcessor {
  readonly #document: LiveDocument;
  readonly #pricer: RequestPricer;
  readonly #isDirect: boolean;
  readonly #running = new Map<string, RunningSpan>();

  constructor(options: LiveSpanProcessorOptions = {}) {
    const { path } = findStateDir({ given: options.stateDir, env: process.env, cwd: process.cwd() });
    this.#document = openLiveDocument(path, options);
    this.#isDirect = options.relayed !== true;
    this.#pricer = new RequestPricer({
      stateDir: path,
      packagedPath: () => createRequire(import.meta.url).resolve('#config/usage_pricing.json'),
      onError: message => diag.warn(message),
    });
  }

  onStart(span: Span, parentContext: Context): void {
    const { spanId } = span.spanContext();
    const parent = span.parentSpanContext;
    const around = parent && this.#running.get(parent.spanId);
    const nearest = around ? around.nearest : nearestOf(parent?.spanId, parentContext);
    const usage = around?.usage ?? null;
    const level = levelOf(span.attributes);
    const kept = level !== null || isRequest(span.attributes);
    if (kept) markParent(span, nearest);
    if (level === null) {
      this.#running.set(spanId, { nearest, usage, told: undefined, started: false });
      return;
    }
    const fact = startFact(span, level, this.#isDirect);
    if (!around) {
      // Who dies leaves the outermost activity open, and with it all that is inside.
      fact.process = ownIdentity();
      if (!this.#isDirect) fact.resource = ownAttributes(span.resource);
    }
    this.#running.set(spanId, { nearest: spanId, usage: beginUsage(usage), told: fact.attributes, started: true });
    this.#document.append(fact);
  }

  /** The last moment at which a span takes attributes, those of its usage: what is inside has mostly ended by now. */
  onEnding(span: Span): void {
    const running = this.#running.get(span.spanContext().spanId);
    const level = levelOf(span.attributes);
    if (level === null && !isRequest(span.attributes)) return;
    // An instrumentation may say only now what its span is.
    if (running && !running.started) markParent(span, running.nearest);
    if (level === null) {
      const fact = this.#priced(span);
      if (fact.cost_nanousd !== undefined) span.setAttribute(ATTR_COST, fact.cost_nanousd);
      addRequest(running?.usage ?? null, usageOfRequest(fact));
    } else if (running?.started && running.usage) {
      const attributes = endUsage(running.usage, level);
      if (attributes) span.setAttributes(attributes);
    }
  }

  onEnd(span: ReadableSpan): void {
    const { spanId } = span.spanContext();
    const running = this.#running.get(spanId);
    this.#running.delete(spanId);
    const level = levelOf(span.attributes);
    if (level === null) {
      if (isRequest(span.attributes)) this.#document.append(this.#priced(span));
      return;
    }
    if (!running?.started) this.#document.append(startFact(span, level, this.#isDirect));
    if (span.events.length > 0) for (const fact of noteFacts(span)) this.#document.append(fact);
    this.#document.append(endFact(span, level, running?.told));
  }

  /** The request with its price: the one that it has, or the one that is known here. */
  #priced(span: ReadableSpan): RequestFact {
    const fact = requestFact(span, this.#isDirect);
    return fact.cost_nanousd === undefined ? { ...fact, cost_nanousd: this.#pricer.costOf(fact) } : fact;
  }

  async forceFlush(): Promise<void> {
    this.#document.flush();
  }

  async shutdown(): Promise<void> {
    this.#document.flush();
  }
}

/** Names the nearest activity, where that is not the direct parent. */
function markParent(span: Span, nearest: string | null): void {
  if (nearest !== null && nearest !== span.parentSpanContext?.spanId) span.setAttribute(ATTR_PARENT_SPAN, nearest);
}

/** For a parent that does not run here. */
function nearestOf(parent: string | undefined, context: Context): string | null {
  if (parent === undefined) return null;
  return nearestIn(context) ?? (trace.getSpanContext(context)?.isRemote ? parent : null);
}
