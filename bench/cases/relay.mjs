// Spans to a receiver that counts: the journal by way of the relay, against the stock processor and exporter.
import { mkdirSync, writeFileSync } from 'node:fs';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { endFact, startFact } from '../../dist/src/model/span-to-facts.js';
import { OpenRelay } from '../../dist/src/open-relay.js';
import { interleave } from '../interleave.mjs';
import { growthRow } from '../rows.mjs';
import { attributesOf } from '../span-attributes.mjs';
import { startSink } from '../start-sink.mjs';
import { median, ratios } from '../statistics.mjs';
import { withFolder } from '../with-folder.mjs';

const BATCH_SPANS = 512;
const YIELD_EVERY = 3000;
const pause = () => new Promise(resolve => setImmediate(resolve));

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

const relayed = (sink, count) =>
  withFolder(async folder => {
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

const PLAN =
  'The relay reads two lines of JSON for each span before it can send it, and waits for a proved answer before the next batch; the stock exporter sends objects that it has, several batches at once. Next: a fold that need not parse both lines whole.';

function rowsOf(took, count) {
  const rate = ({ seconds, arrived }) => arrived / seconds;
  const ours = took[count].map(rate);
  const isAll = took[count].every(({ arrived }) => arrived === count);
  const arrivedOf = name => `${Math.round(median(took[name].map(({ arrived }) => arrived)))} of ${count}`;
  const against = (name, row) => ({
    what: 'spans a second that arrive, relay',
    kind: 'peer',
    isMoreBetter: true,
    samples: ratios(ours, took[name].map(rate)),
    unit: 'x',
    aim: { atLeast: 0.9 },
    figures: `${Math.round(median(ours))} /s / ${Math.round(median(took[name].map(rate)))} /s`,
    ...row,
  });
  return [
    {
      what: `spans that arrive of ${count}, relay`,
      against: 'stock processor, program that never waits',
      check: { says: isAll ? 'all' : arrivedOf(count), isMet: isAll },
      figures: `${arrivedOf(count)} / ${arrivedOf('burst')}`,
    },
    against('burst', { against: 'stock processor, program that never waits', plan: PLAN }),
    against('patient', { against: 'stock processor, program that waits for it', plan: PLAN }),
  ];
}

async function run({ isQuick }) {
  const sizes = isQuick ? [500, 1000, 2000, 5000] : [2000, 5000, 10_000, 30_000];
  const count = sizes.at(-1);
  const sink = await startSink();
  try {
    const candidates = Object.fromEntries(sizes.map(size => [size, () => relayed(sink, size)]));
    candidates.patient = () => stock(sink, count, { queue: 16_384, yields: true });
    candidates.burst = () => stock(sink, count, { queue: 2048, yields: false });
    const took = await interleave(candidates, isQuick ? 3 : 9);
    const growth = growthRow({
      what: 'relay, by number of spans',
      sizes,
      labels: sizes.map(String),
      costs: sizes.map(size => took[size].map(({ seconds }) => seconds * 1000)),
      by: 'slope',
      aim: { atMost: 1.1 },
    });
    return { rows: [...rowsOf(took, count), growth] };
  } finally {
    sink.close();
  }
}

export const benchCase = {
  title: 'Relay to an OTLP receiver',
  about:
    'From a journal on the disk, until the receiver has answered for the last span. The stock side makes its spans meanwhile, and sends them from memory. The receiver is a process of its own on this machine, counts, and keeps nothing. Rates, so more is better.',
  run,
};
