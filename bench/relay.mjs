// Spans to a receiver that counts: the journal by way of the relay, against the stock processor and exporter.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { endFact, startFact } from '../dist/src/model/span-to-facts.js';
import { OpenRelay } from '../dist/src/open-relay.js';
import { header, median, report, withFolder } from './measure.mjs';
import { attributesOf } from './spans.mjs';

const SINK = new URL('counting-sink.mjs', import.meta.url).pathname;
const BATCH_SPANS = 512;
const YIELD_EVERY = 3000;
const pause = () => new Promise(resolve => setImmediate(resolve));

async function startSink() {
  const child = fork(SINK, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ port }] = await once(child, 'message');
  return {
    url: `http://127.0.0.1:${port}`,
    async take() {
      child.send('count');
      const [{ spans }] = await once(child, 'message');
      return spans;
    },
    close: () => child.disconnect(),
  };
}

/** The journal that a program with these spans leaves. */
function writeJournal(stateDir, count) {
  const provider = new NodeTracerProvider();
  const tracer = provider.getTracer('bench');
  const lines = [];
  for (let i = 0; i < count; i++) {
    const span = tracer.startSpan('skill index-files', { attributes: attributesOf(i) });
    span.end();
    const start = startFact(span, 'skill', false);
    lines.push(JSON.stringify(start), JSON.stringify(endFact(span, 'skill', start.attributes)));
  }
  mkdirSync(`${stateDir}/journal`, { recursive: true });
  writeFileSync(`${stateDir}/journal/events-00000001.jsonl`, `${lines.join('\n')}\n`);
}

async function relayed(sink, count) {
  return withFolder(async folder => {
    writeJournal(`${folder}/state`, count);
    const began = performance.now();
    const endpoint = { url: `${sink.url}/v1/traces`, headers: undefined };
    const relay = new OpenRelay({ stateDir: `${folder}/state`, endpoint, leaves: null });
    const hold = await relay.drain();
    const seconds = (performance.now() - began) / 1000;
    relay.close();
    if (hold) throw new Error(`relay: expected everything to be sent, got ${hold.reason}`);
    return { seconds, arrived: await sink.take() };
  });
}

/** `queue`: how many spans the processor holds; `yields`: the program lets it work now and then. */
async function stock(sink, count, { queue, yields }) {
  const exporter = new OTLPTraceExporter({ url: `${sink.url}/v1/traces` });
  const processor = new BatchSpanProcessor(exporter, { maxQueueSize: queue, maxExportBatchSize: BATCH_SPANS });
  const provider = new NodeTracerProvider({ spanProcessors: [processor] });
  const tracer = provider.getTracer('bench');
  const began = performance.now();
  for (let i = 0; i < count; i++) {
    tracer.startSpan('skill index-files', { attributes: attributesOf(i) }).end();
    if (yields && i % BATCH_SPANS === 0) await pause();
    // A queue that is full drops; one that the program waits for does not.
    if (yields && i % YIELD_EVERY === 0) await provider.forceFlush();
  }
  await provider.forceFlush();
  await exporter.forceFlush();
  const seconds = (performance.now() - began) / 1000;
  const arrived = await sink.take();
  await provider.shutdown();
  return { seconds, arrived };
}

export async function benchRelay({ roundCount, count }) {
  const sink = await startSink();
  const rows = { relay: [], patient: [], burst: [] };
  for (let round = 0; round <= roundCount; round++) {
    const relay = await relayed(sink, count);
    const patient = await stock(sink, count, { queue: 16_384, yields: true });
    const burst = await stock(sink, count, { queue: 2048, yields: false });
    if (round === 0) continue;
    rows.relay.push(relay);
    rows.patient.push(patient);
    rows.burst.push(burst);
  }
  sink.close();
  const rate = ({ seconds, arrived }) => arrived / seconds;
  const share = name => `${Math.round(median(rows[name].map(({ arrived }) => arrived)))} of ${count}`;
  const against = name => median(rows.relay.map((row, at) => rate(row) / rate(rows[name][at])));
  header(`journal to an OTLP receiver, ${roundCount} rounds of ${count} spans`);
  report('spans a second by the relay', `${Math.round(median(rows.relay.map(rate)))} /s`, '');
  report('arrived by the relay', share('relay'), 'all');
  report('arrived by the stock processor, in a burst', share('burst'), '');
  report('relay / stock in a burst, of what arrived', `${against('burst').toFixed(2)} x`, '>= 0.9');
  report('arrived by the stock processor, if the program waits for it', share('patient'), '');
  report('relay / stock if the program waits for it', `${against('patient').toFixed(2)} x`, '>= 0.9');
}
