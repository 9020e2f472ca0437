// `npm run bench`: prints what was measured beside what was aimed at, and writes `docs/benchmarks.md`. A missed aim fails nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { CASES } from './cases.mjs';
import { describeMachine, loadNow } from './machine.mjs';
import { readOptions } from './options.mjs';
import { makePage } from './page.mjs';
import { processMillis } from './run-process.mjs';
import { shown } from './shown.mjs';
import { median, quartiles } from './statistics.mjs';
import { asText, sectionsOf } from './table.mjs';
import { withFolder } from './with-folder.mjs';

const PAGE = new URL('../docs/benchmarks.md', import.meta.url);
const CALIBRATIONS = 31;

/** An empty script, before and after all: if the two differ, the machine did. */
const calibrate = () =>
  withFolder(folder => {
    const empty = `${folder}/empty.cjs`;
    writeFileSync(empty, '');
    processMillis([empty]);
    const took = Array.from({ length: CALIBRATIONS }, () => processMillis([empty]));
    return `${shown(median(took))} ms (${quartiles(took).map(shown).join('..')})`;
  });

const versionOf = name =>
  JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;

/** A case that fails is said to have failed; the others are measured all the same. */
async function runCase({ title, run }, isQuick) {
  try {
    return await run({ isQuick });
  } catch (error) {
    process.exitCode = 1;
    return { rows: [{ what: title, skipped: `FAILED: ${error.message}` }] };
  }
}

async function runCases(names, isQuick) {
  const results = [];
  const peers = { 'OpenTelemetry SDK': versionOf('@opentelemetry/sdk-trace-node') };
  for (const name of names) {
    const { benchCase } = await CASES[name]();
    const { title, about } = benchCase;
    const began = performance.now();
    const { rows, peers: used } = await runCase(benchCase, isQuick);
    results.push({ title, about, rows });
    Object.assign(peers, used);
    console.error(`${name.padEnd(14)} ${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s`);
  }
  return { results, peers };
}

async function main() {
  const names = Object.keys(CASES);
  const { isQuick, only } = readOptions(process.argv.slice(2), names);
  const machine = describeMachine();
  const began = new Date();
  const [loadBefore, before] = [loadNow(), await calibrate()];
  const { results, peers } = await runCases(
    names.filter(name => !only || only.includes(name)),
    isQuick,
  );
  const after = await calibrate();
  const facts = {
    ...(isQuick && { QUICK: 'few rounds and small sizes: not to be quoted' }),
    ...machine,
    Peers: Object.entries(peers)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    Began: `${began.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    Took: `${Math.round((Date.now() - began) / 60_000)} min`,
    'Load average before and after': `${loadBefore} and ${loadNow()}`,
    'Empty Node script before': before,
    'Empty Node script after': after,
  };
  const sections = sectionsOf(results);
  for (const [name, value] of Object.entries(facts)) console.log(`${name.padEnd(30)} ${value}`);
  console.log(asText(sections));
  const isWhole = !isQuick && !only && process.exitCode !== 1;
  if (isWhole) writeFileSync(PAGE, makePage({ facts, sections }));
  else console.log(`\n${isQuick ? 'Quick: not to be quoted. ' : ''}docs/benchmarks.md is as it was.`);
}

// Folders go away when this process ends by itself.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

try {
  await main();
} catch (error) {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
}
