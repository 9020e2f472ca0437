/** Writes ended spans to the state folder: `pipeline_progress.json` in its documented schema, by way of the journal. */
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Fact } from '../src/model/fact.ts';
import { isRequest, levelOf } from '../src/model/operation.ts';
import { endFact, noteFacts, requestFact, startFact } from '../src/model/span-to-facts.ts';
import { type LiveDocument, type LiveDocumentOptions, openLiveDocument } from '../src/store/live-document.ts';
import { findStateDir } from '../src/store/state-dir.ts';

export interface StateFileSpanExporterOptions extends LiveDocumentOptions {
  /** State folder; by default found as everywhere: `SPANBOOK_STATE_DIR`, else `state/` of the project. */
  stateDir?: string;
  /** As for a `LiveSpanProcessor`: spans go from the state folder to an OTLP endpoint. Default: false. */
  relayed?: boolean;
}

type ExportCallback = Parameters<SpanExporter['export']>[1];

const SUCCESS = 0;
const FAILED = 1;

/**
 * A span exporter like any other: behind a `BatchSpanProcessor` or a `SimpleSpanProcessor`, beside others. Only
 * activities and billed requests become facts; a span that was told before, by a `LiveSpanProcessor` or an earlier
 * export, counts once.
 */
export class StateFileSpanExporter implements SpanExporter {
  readonly #document: LiveDocument;
  readonly #isDirect: boolean;
  #shutDown = false;

  constructor(options: StateFileSpanExporterOptions = {}) {
    const { path } = findStateDir({ given: options.stateDir, env: process.env, cwd: process.cwd() });
    this.#document = openLiveDocument(path, options);
    this.#isDirect = options.relayed !== true;
  }

  export(spans: ReadableSpan[], done: ExportCallback): void {
    if (this.#shutDown)
      return done({
        code: FAILED,
        error: new Error('StateFileSpanExporter: expected spans before shutdown, got some after it'),
      });
    const dropped = this.#document.dropped;
    for (const fact of factsOf(spans, this.#isDirect)) this.#document.append(fact);
    const lost = this.#document.dropped - dropped;
    const message = `StateFileSpanExporter: expected to write ${spans.length} spans, got ${lost} facts refused by the disk`;
    // A batch processor's flush waits for this answer and not for ours, so the answer waits for the document.
    this.#document.whenWritten(() =>
      done(lost === 0 ? { code: SUCCESS } : { code: FAILED, error: new Error(message) }),
    );
  }

  async forceFlush(): Promise<void> {
    this.#document.flush();
  }

  async shutdown(): Promise<void> {
    this.#shutDown = true;
    this.#document.flush();
  }
}

/** The facts of a batch in the order in which things happened: parents end after their children, but start before. */
function factsOf(spans: readonly ReadableSpan[], isDirect: boolean): Fact[] {
  const starts: Fact[] = [];
  const rest: Fact[] = [];
  for (const span of spans) {
    const level = levelOf(span.attributes);
    if (level !== null) {
      const start = startFact(span, level, isDirect);
      starts.unshift(start);
      rest.push(...noteFacts(span), endFact(span, level, start.attributes));
    } else if (isRequest(span.attributes)) rest.push(requestFact(span, isDirect));
  }
  return [...starts, ...rest].sort((a, b) => a.at - b.at);
}
