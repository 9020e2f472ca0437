// Spans in process: start and end with eight attributes, state file on, fold and refresh included.
import { closeSync, openSync, writeSync } from 'node:fs';
import { BatchSpanProcessor, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { endFact, startFact } from '../../dist/src/model/span-to-facts.js';
import { LiveSpanProcessor } from '../../dist/src/processor/live-span-processor.js';
import { interleave } from '../interleave.mjs';
import { ratioRow } from '../rows.mjs';
import { attributesOf } from '../span-attributes.mjs';
import { withFolder } from '../with-folder.mjs';

const YIELD_EVERY = 3000;
const pause = () => new Promise(resolve => setImmediate(resolve));

/** Microseconds of a span, with all that is still to be written at the end. */
async function microsOfSpans(processor, count) {
  const provider = new NodeTracerProvider({ spanProcessors: [processor] });
  const tracer = provider.getTracer('bench');
  const began = performance.now();
  for (let i = 0; i < count; i++) {
    tracer.startSpan('skill index-files', { attributes: attributesOf(i) }).end();
    if (i % YIELD_EVERY === 0) await pause();
  }
  await provider.forceFlush();
  const micros = ((performance.now() - began) * 1000) / count;
  await provider.shutdown();
  return micros;
}

const live = count =>
  withFolder(folder => microsOfSpans(new LiveSpanProcessor({ stateDir: `${folder}/state` }), count));

const NO_OP = { onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} };

/** One line a span, one write for what the processor gives at once: the least that a file exporter does. */
function fileExporter(path) {
  const fd = openSync(path, 'a');
  let lines = 0;
  return {
    export(spans, done) {
      const text = spans.map(span => {
        const { traceId, spanId } = span.spanContext();
        const { name, kind, startTime, endTime, attributes, status, events } = span;
        return `${JSON.stringify({ traceId, spanId, name, kind, startTime, endTime, attributes, status, events })}\n`;
      });
      writeSync(fd, text.join(''));
      lines += spans.length;
      done({ code: 0 });
    },
    forceFlush: async () => {},
    shutdown: async () => closeSync(fd),
    lines: () => lines,
  };
}

const stockToFile = (count, createProcessor) =>
  withFolder(async folder => {
    const exporter = fileExporter(`${folder}/spans.jsonl`);
    const micros = await microsOfSpans(createProcessor(exporter), count);
    if (exporter.lines() !== count) throw new Error(`stock: expected ${count} spans written, got ${exporter.lines()}`);
    return micros;
  });

/** The same two lines as ours, stringified and written, and nothing else. */
const rawLines = count =>
  withFolder(async folder => {
    const span = new NodeTracerProvider().getTracer('bench').startSpan('skill index-files', {
      attributes: attributesOf(0),
    });
    span.end();
    const start = startFact(span, 'skill');
    const end = endFact(span, 'skill', start.attributes);
    const fd = openSync(`${folder}/lines.jsonl`, 'a');
    const began = performance.now();
    for (let i = 0; i < count; i++) {
      writeSync(fd, `${JSON.stringify(start)}\n`);
      writeSync(fd, `${JSON.stringify(end)}\n`);
      if (i % YIELD_EVERY === 0) await pause();
    }
    const micros = ((performance.now() - began) * 1000) / count;
    closeSync(fd);
    return micros;
  });

const PLAN =
  'Ours writes two lines a span, the moment that it starts and the moment that it ends, so that what runs can be seen and survives a kill. To write the lines of one turn of the event loop with one write would save system calls, and lose what a kill falls into.';

async function run({ isQuick }) {
  const count = isQuick ? 30_000 : 120_000;
  // The queue holds all that a turn of the loop makes, so that nothing is dropped.
  const batch = exporter => new BatchSpanProcessor(exporter, { maxQueueSize: 2 * count, maxExportBatchSize: 512 });
  const took = await interleave(
    {
      live: () => live(count),
      raw: () => rawLines(count),
      bare: () => microsOfSpans(NO_OP, count),
      batch: () => stockToFile(count, batch),
      simple: () => stockToFile(count, exporter => new SimpleSpanProcessor(exporter)),
    },
    isQuick ? 3 : 9,
  );
  const against = (name, row) => ratioRow({ what: 'span', unit: 'us', ours: took.live, theirs: took[name], ...row });
  const rows = [
    {
      what: 'spans a second, state file on',
      samples: took.live.map(micros => 1e6 / micros),
      unit: '/s',
      aim: { atLeast: 70_000 },
      plan: PLAN,
    },
    against('raw', { against: 'its two lines, written raw', kind: 'floor', aim: { atMost: 3.5 }, plan: PLAN }),
    against('bare', {
      against: 'SDK with a processor that does nothing',
      kind: 'floor',
      aim: { atMost: 3 },
      plan: PLAN,
    }),
    against('simple', { against: 'SimpleSpanProcessor to a file', kind: 'peer', aim: { atMost: 1.5 }, plan: PLAN }),
    against('batch', { against: 'BatchSpanProcessor to a file', kind: 'peer', aim: { atMost: 1.3 }, plan: PLAN }),
  ];
  return { rows };
}

export const benchCase = {
  title: 'Spans in process',
  about:
    'Start and end of a span with eight attributes, one after the other, yielding now and then; the flush at the end counts. The stock processors write each span once, when it has ended.',
  run,
};
