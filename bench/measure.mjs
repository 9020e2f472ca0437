// Shared by the benchmarks: medians, interleaved rounds, a table. Only ratios taken in one run mean anything.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const median = values => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

export function withFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'spanbook-bench-'));
  const done = () => rmSync(folder, { recursive: true, force: true });
  try {
    const result = use(folder);
    if (typeof result?.then === 'function') return result.finally(done);
    done();
    return result;
  } catch (error) {
    done();
    throw error;
  }
}

/** Milliseconds of one whole process. The environment is empty, so that no certificate bundle triples its start. */
export function processMillis(args, { env = {}, input } = {}) {
  const began = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, args, { env: { PATH: process.env.PATH, ...env }, input });
  if (status !== 0) throw new Error(`${args.join(' ')}: expected exit code 0, got ${status}`);
  return Number(process.hrtime.bigint() - began) / 1e6;
}

/** Runs every candidate once a round, in shuffled order; gives the median and the median ratio to the first. */
export function rounds(candidates, count) {
  const times = candidates.map(() => []);
  for (let round = 0; round <= count; round++) {
    const order = candidates.map((_, index) => index).sort(() => Math.random() - 0.5);
    for (const index of order) {
      const took = candidates[index].run();
      // The first round warms the page cache.
      if (round > 0) times[index].push(took);
    }
  }
  return candidates.map(({ name }, index) => ({
    name,
    median: median(times[index]),
    ratio: median(times[index].map((took, round) => took / times[0][round])),
  }));
}

const rows = [];

export function report(what, value, aim) {
  rows.push([what, value, aim]);
  console.log(`${what.padEnd(66)} ${value.padStart(14)}   ${aim}`);
}

export const header = title => console.log(`\n${title.padEnd(66)} ${'measured'.padStart(14)}   aim`);
