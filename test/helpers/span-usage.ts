/** Programs in a provider of their own, with what their spans say of usage. */
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { onTestFinished } from 'vitest';
import { usageTotals } from '../../src/query/usage/usage-totals.ts';
import { readUsage } from '../../src/read-usage-now.ts';
import { type Pipeline, startPipeline } from '../../src/setup.ts';
import { PACKAGED_PRICES } from './prices.ts';
import { makeFolder } from './run-cli.ts';
import { readState } from './state-document.ts';

export interface SpanProgram {
  pipeline: Pipeline;
  stateDir: string;
  spans(): ReadableSpan[];
  /** Attributes of the span with this name, as it ended. */
  attributesOf(name: string): Record<string, unknown>;
}

export function makeProgram(): SpanProgram {
  const stateDir = makeFolder();
  const exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor(exporter)];
  const pipeline = startPipeline({ stateDir, otlpEndpoint: false, spanProcessors });
  onTestFinished(() => pipeline.shutdown());
  const spans = () => exporter.getFinishedSpans();
  const attributesOf = (name: string) => ({ ...spans().find(span => span.name === name)?.attributes });
  return { pipeline, stateDir, spans, attributesOf };
}

/** Five kinds of tokens, requests, cost in nano-dollars (0 if none has a price), and tokens without a price. */
export interface Sum {
  input: number;
  cache_read: number;
  cache_write_5m: number;
  cache_write_1h: number;
  output: number;
  requests: number;
  cost: number;
  unpriced: number;
}

export const NOTHING: Sum = {
  input: 0,
  cache_read: 0,
  cache_write_5m: 0,
  cache_write_1h: 0,
  output: 0,
  requests: 0,
  cost: 0,
  unpriced: 0,
};

export const addSums = (sums: readonly Sum[]): Sum => {
  const all = { ...NOTHING };
  for (const sum of sums) for (const key of Object.keys(all) as (keyof Sum)[]) all[key] += sum[key];
  return all;
};

/** What the attributes of an activity say; nothing where they say nothing. */
export function sumOfAttributes(attributes: Readonly<Record<string, unknown>>, part: 'self' | 'total'): Sum {
  const of = (key: string): number => Number(attributes[`spanbook.usage.${part}.${key}`] ?? 0);
  return {
    input: of('input_tokens'),
    cache_read: of('cache_read_tokens'),
    cache_write_5m: of('cache_write_5m_tokens'),
    cache_write_1h: of('cache_write_1h_tokens'),
    output: of('output_tokens'),
    requests: of('requests'),
    cost: of('cost_nanousd'),
    unpriced: of('unpriced_tokens'),
  };
}

/** What a `chat` span says. */
export function sumOfChat({ attributes }: ReadableSpan): Sum {
  const of = (key: string): number => Number(attributes[key] ?? 0);
  const read = of('gen_ai.usage.cache_read.input_tokens');
  const written = of('gen_ai.usage.cache_creation.input_tokens');
  const all = of('gen_ai.usage.input_tokens');
  const cost = attributes['spanbook.cost.nanousd'];
  return {
    input: all - read - written,
    cache_read: read,
    cache_write_5m: of('spanbook.usage.cache_write_5m_tokens'),
    cache_write_1h: of('spanbook.usage.cache_write_1h_tokens'),
    output: of('gen_ai.usage.output_tokens'),
    requests: 1,
    cost: Number(cost ?? 0),
    unpriced: cost === undefined ? all + of('gen_ai.usage.output_tokens') : 0,
  };
}

/** What the ends of the document say, by span id. */
export function sumsOfDocument(stateDir: string): Map<string, { self: Sum; total: Sum }> {
  const sumOf = (row: Record<string, number>): Sum => ({
    input: row.input_tokens ?? 0,
    cache_read: row.cache_read_tokens ?? 0,
    cache_write_5m: row.cache_write_5m_tokens ?? 0,
    cache_write_1h: row.cache_write_1h_tokens ?? 0,
    output: row.output_tokens ?? 0,
    requests: row.requests ?? 0,
    cost: Math.round((row.cost ?? 0) * 1e9),
    unpriced: row.unpriced_tokens ?? 0,
  });
  return new Map(
    readState(stateDir).events.flatMap(({ usage, trace }) =>
      usage ? [[trace.span_id, { self: sumOf(usage.self), total: sumOf(usage.total) }]] : [],
    ),
  );
}

/** What the ledger counts. */
export function sumOfLedger(stateDir: string): Sum {
  const say = (): void => {};
  const { view } = readUsage({ stateDir, claudeDirs: [], now: Date.now(), pricingPath: PACKAGED_PRICES, say });
  const { totals } = usageTotals(view, {});
  return {
    input: totals.total_tokens_input,
    cache_read: totals.total_tokens_cache_read,
    cache_write_5m: totals.total_tokens_cache_write_5m,
    cache_write_1h: totals.total_tokens_cache_write_1h,
    output: totals.total_tokens_output,
    requests: totals.requests,
    cost: Math.round(totals.total_cost * 1e9),
    unpriced: totals.unpriced_tokens,
  };
}
