// Spans in process: start and end with eight attributes, state file on, fold and refresh included.
import { closeSync, openSync, writeSync } from 'node:fs';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { LiveSpanProcessor } from '../dist/src/index.js';
import { endFact, startFact } from '../dist/src/model/span-to-facts.js';
import { header, median, report, withFolder } from './measure.mjs';

/** Of the span with this number. */
export const attributesOf = i => ({
  'spanbook.level': 'skill',
  'spanbook.name': 'index-files',
  'session.id': '00000000-0000-4000-8000-000000000001',
  'app.region': 'eu-west-1',
  'app.batch': i,
  'app.ok': true,
  'app.file': 'src/main.ts',
  'app.size_bytes': 12_345,
});
const YIELD_EVERY = 3000;
const pause = () => new Promise(resolve => setImmediate(resolve));

async function liveSpans(count) {
  return withFolder(async folder => {
    const provider = new NodeTracerProvider({
      spanProcessors: [new LiveSpanProcessor({ stateDir: `${folder}/state` })],
    });
    const tracer = provider.getTracer('bench');
    const began = performance.now();
    for (let i = 0; i < count; i++) {
      tracer.startSpan('skill index-files', { attributes: attributesOf(i) }).end();
      if (i % YIELD_EVERY === 0) await pause();
    }
    await provider.forceFlush();
    return count / ((performance.now() - began) / 1000);
  });
}

/** The same two lines, stringified and written, and nothing else. */
async function rawLines(count) {
  return withFolder(async folder => {
    const provider = new NodeTracerProvider();
    const span = provider.getTracer('bench').startSpan('skill index-files', { attributes: attributesOf(0) });
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
    const rate = count / ((performance.now() - began) / 1000);
    closeSync(fd);
    return rate;
  });
}

export async function benchSpans({ roundCount, count }) {
  const live = [];
  const ratios = [];
  const raw = [];
  for (let round = 0; round <= roundCount; round++) {
    const lines = await rawLines(count);
    const spans = await liveSpans(count);
    if (round === 0) continue;
    live.push(spans);
    raw.push(lines);
    ratios.push(lines / spans);
  }
  header(`spans in process, ${roundCount} rounds of ${count}`);
  report('start + end with 8 attributes, state file on', `${Math.round(median(live))} /s`, '>= 70000');
  report(
    `time of a span / of its two lines written raw (${Math.round(median(raw))} /s)`,
    `${median(ratios).toFixed(2)} x`,
    '<= 3.5',
  );
}
