/** Asks Jaeger for traces: by its stable API, or by the one that older releases have. */
import { SpanbookError } from '../src/errors.ts';

const TIMEOUT_MILLIS = 10_000;

/** What Jaeger has of a trace. */
export interface StoredTrace {
  /** Ids of the spans, each once. */
  spans: ReadonlySet<string>;
  /** What Jaeger says is odd about them. */
  warnings: readonly string[];
}

export class JaegerQuery {
  readonly #base: string;

  /** `base`: as `http://127.0.0.1:16686`. */
  constructor(base: string) {
    this.#base = base.replace(/\/+$/, '');
  }

  /**
   * The spans of a trace; none if Jaeger does not know it.
   *
   * @throws SpanbookError `NOT_FOUND` if no Jaeger answers there.
   */
  async trace(id: string): Promise<StoredTrace> {
    const stored = await this.#get(`/api/v3/traces/${id}`);
    if (stored !== null) return storedTrace(stored);
    // Releases before 2.21 say more there, and some before 2.0 have nothing else.
    const older = await this.#get(`/api/traces/${id}`);
    return older === null ? { spans: new Set(), warnings: [] } : olderTrace(older);
  }

  /** Null: not found. */
  async #get(path: string): Promise<unknown> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.#base + path, { signal: AbortSignal.timeout(TIMEOUT_MILLIS), redirect: 'error' });
      text = await response.text();
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw this.#noJaeger(cause instanceof Error ? cause.message : String(cause));
    }
    if (response.status === 404) return null;
    if (!response.ok) throw this.#noJaeger(`HTTP ${response.status}`);
    try {
      return JSON.parse(text);
    } catch {
      throw this.#noJaeger(`HTTP ${response.status} (${response.headers.get('content-type') ?? 'no content type'})`);
    }
  }

  #noJaeger(got: string): SpanbookError {
    return new SpanbookError(
      'NOT_FOUND',
      `${this.#base}: expected the query API of Jaeger, got ${got}; name it with --query`,
    );
  }
}

type Json = Record<string, unknown>;
const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(object) : []);

/** Jaeger carries them in an attribute; releases up to 2.13 name it otherwise. */
const WARNINGS = ['jaeger.internal.warnings', '@jaeger@warnings'];

/** As OTLP has it. */
function storedTrace(answer: unknown): StoredTrace {
  const spans = list(object(object(answer).result ?? answer).resourceSpans)
    .flatMap(resource => list(resource.scopeSpans))
    .flatMap(scope => list(scope.spans));
  const warnings = spans.flatMap(span =>
    list(span.attributes).flatMap(({ key, value }) => (WARNINGS.includes(String(key)) ? textsIn(value) : [])),
  );
  return { spans: new Set(spans.map(span => String(span.spanId))), warnings };
}

/** An attribute of one text, or of many. */
function textsIn(value: unknown): string[] {
  const { stringValue, arrayValue } = object(value);
  if (typeof stringValue === 'string') return [stringValue];
  return list(object(arrayValue).values).flatMap(textsIn);
}

function olderTrace(answer: unknown): StoredTrace {
  const spans = list(object(answer).data).flatMap(trace => list(trace.spans));
  const warnings = spans.flatMap(({ warnings }) => (Array.isArray(warnings) ? warnings.map(String) : []));
  return { spans: new Set(spans.map(span => String(span.spanID))), warnings };
}
