// Usage from transcripts: the first reading against ccusage on the same files, then reports with nothing new.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { compareTotals } from '../compare-totals.mjs';
import { interleave } from '../interleave.mjs';
import { findCcusage } from '../peers/ccusage.mjs';
import { SPANBOOK } from '../places.mjs';
import { COLD_PLAN, START_PLAN } from '../plans.mjs';
import { pollCpuMillis } from '../poll-cpu.mjs';
import { cpuSeconds, peakMib } from '../process-cost.mjs';
import { ratioRow } from '../rows.mjs';
import { commandMillis, jsonOf, processMillis } from '../run-process.mjs';
import { transcriptTree } from '../transcript-tree.mjs';
import { withFolder } from '../with-folder.mjs';

const MEMORY_PLAN =
  'The engine lets its heap grow before it collects. Next: the flag that makes it collect early, set at run time for the reader, and one isolate instead of one for each worker.';
const usage = (verb, { tree, state }) => [SPANBOOK, 'usage', ...verb, '--claude-dir', tree, '--state-dir', state];

function coldRows(took, { size, ccusage }) {
  const row = { what: `cold report of ${size}`, kind: 'peer', ours: took.cold };
  const rows = [ratioRow({ ...row, against: 'plain scan in one thread', kind: 'floor', theirs: took.scan })];
  if (!ccusage) return [...rows, { what: row.what, against: 'ccusage', skipped: 'ccusage could not be installed' }];
  const aimed = { aim: { atMost: 1 }, plan: COLD_PLAN };
  rows.push(ratioRow({ ...row, ...aimed, against: 'ccusage', theirs: took.ccusage }));
  if (took.binary) rows.push(ratioRow({ ...row, ...aimed, against: 'ccusage, its binary alone', theirs: took.binary }));
  return rows;
}

function warmRows(took, size) {
  const row = { kind: 'floor', against: 'empty Node script', theirs: took.empty, aim: { atMost: 2 }, plan: START_PLAN };
  const rows = [
    ratioRow({ ...row, what: `warm totals of ${size}`, ours: took.totals }),
    ratioRow({ ...row, what: `warm report of 30 days of ${size}`, ours: took.daily }),
  ];
  if (!took.ccusage) return rows;
  const what = `warm totals of ${size}`;
  const peer = { kind: 'peer', against: 'ccusage, which reads all', theirs: took.ccusage, aim: { atMost: 0.1 } };
  return [...rows, ratioRow({ what, ours: took.totals, ...peer, plan: START_PLAN })];
}

async function resourceRows({ fresh, tree, ccusage, size, rounds }) {
  const theirs = ccusage && (ccusage.binary ?? ccusage.command);
  const env = ccusage?.env(tree);
  const ours = () => [process.execPath, ...fresh()];
  const took = await interleave(
    {
      peak: () => peakMib(ours()),
      cpu: () => cpuSeconds(ours()),
      ...(theirs && { theirPeak: () => peakMib(theirs, { env }), theirCpu: () => cpuSeconds(theirs, { env }) }),
    },
    rounds,
  );
  const what = `CPU time of a cold report of ${size}`;
  const memory = { what: `memory of a cold report of ${size}`, unit: 'MiB', samples: took.peak, aim: { atMost: 150 } };
  if (took.peak.includes(null)) return [{ what: memory.what, skipped: 'this system does not say' }];
  if (!theirs) return [{ ...memory, plan: MEMORY_PLAN }];
  return [
    { ...memory, plan: MEMORY_PLAN },
    ratioRow({
      what: memory.what,
      against: 'ccusage',
      kind: 'peer',
      ours: took.peak,
      theirs: took.theirPeak,
      unit: 'MiB',
      plan: MEMORY_PLAN,
    }),
    ratioRow({
      what,
      against: 'ccusage',
      kind: 'peer',
      ours: took.cpu,
      theirs: took.theirCpu,
      unit: 's',
      plan: COLD_PLAN,
    }),
  ];
}

async function rowsOfTree({ mb, files, rounds }) {
  const size = mb >= 1000 ? `${(mb / 1024).toFixed(1)} GB` : `${mb} MB`;
  const made = transcriptTree({ mb, files });
  if (!made) return [{ what: `usage of ${size}`, skipped: 'no room on the disk' }];
  const tree = made.folder;
  const ccusage = findCcusage();
  return withFolder(async folder => {
    const freshState = () => mkdtempSync(`${folder}/state-`);
    const state = freshState();
    const told = jsonOf([process.execPath, ...usage(['totals'], { tree, state }), '--json']).totals;
    const totals = compareTotals({ told, truth: made.truth, theirs: ccusage?.totals(tree), size });
    const env = ccusage?.env(tree);
    const theirs = ccusage && { ccusage: () => commandMillis(ccusage.command, { env }) };
    const cold = () => {
      const fresh = freshState();
      const took = processMillis(usage(['totals'], { tree, state: fresh }));
      rmSync(fresh, { recursive: true });
      return took;
    };
    const first = await interleave(
      {
        scan: () => processMillis([BASELINE, tree]),
        cold,
        ...theirs,
        ...(ccusage?.binary && { binary: () => commandMillis(ccusage.binary, { env }) }),
      },
      rounds,
    );
    const empty = `${folder}/empty.cjs`;
    writeFileSync(empty, '');
    const warm = await interleave(
      {
        empty: () => processMillis([empty]),
        totals: () => processMillis(usage(['totals'], { tree, state })),
        daily: () => processMillis(usage(['daily', '--days', '30'], { tree, state })),
        ...theirs,
      },
      rounds,
    );
    const fresh = () => usage(['totals'], { tree, state: freshState() });
    const resources = await resourceRows({ fresh, tree, ccusage, size, rounds });
    const look = {
      what: `CPU of a look of the monitor with nothing new, ${size}`,
      unit: 'ms',
      samples: await pollCpuMillis(tree, { state, rounds }),
      aim: { atMost: 30 },
    };
    return [...totals, ...coldRows(first, { size, ccusage }), ...resources, ...warmRows(warm, size), look];
  });
}

const BASELINE = new URL('../scan-baseline.mjs', import.meta.url).pathname;

async function run({ isQuick }) {
  const trees = isQuick
    ? [{ mb: 30, files: 24, rounds: 3 }]
    : [
        { mb: 235, files: 120, rounds: 9 },
        { mb: 1741, files: 1300, rounds: 7 },
      ];
  const rows = [];
  for (const tree of trees) rows.push(...(await rowsOfTree(tree)));
  const ccusage = findCcusage();
  return { rows, peers: ccusage ? { ccusage: ccusage.version } : {} };
}

export const usageCase = {
  name: 'usage',
  title: 'Usage of transcripts',
  about:
    'Whole processes on made transcripts. Before anything is timed the totals are compared with what was written into them. Cold: no ledger yet; warm: nothing new since. ccusage has no ledger and reads everything each time; it computes costs too, and looks for transcripts of other agents.',
  run,
};
