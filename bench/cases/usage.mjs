// Usage from transcripts: the first reading against ccusage on the same files, then reports with nothing new.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { compareTotals } from '../compare-totals.mjs';
import { interleave } from '../interleave.mjs';
import { findCcusage } from '../peers/ccusage.mjs';
import { SPANBOOK } from '../places.mjs';
import { COLD_PLAN, MEMORY_PLAN } from '../plans.mjs';
import { pollCpuMillis } from '../poll-cpu.mjs';
import { peakMib, timeAndCpu } from '../process-cost.mjs';
import { ratioRow } from '../rows.mjs';
import { jsonOf, processMillis } from '../run-process.mjs';
import { transcriptTree } from '../transcript-tree.mjs';
import { withFolder } from '../with-folder.mjs';

const WARM_PLAN =
  'Besides the start of Node.js it is a question to the file system for each transcript and, with rows, walking them before the engine has compiled the loops. Next: the sum below a table from what stands in it.';
const LOOK_PLAN =
  'It asks for the size of every transcript at each look. Next: at each look only those that changed lately, and the others now and then.';
const usage = (verb, { tree, state }) => [SPANBOOK, 'usage', ...verb, '--claude-dir', tree, '--state-dir', state];

function coldRows(took, { size, ccusage }) {
  const row = { what: `cold report of ${size}`, kind: 'peer' };
  const millis = name => took[name].map(run => run.millis);
  const against = (name, more) => ratioRow({ ...row, ours: millis('cold'), theirs: millis(name), ...more });
  const rows = [against('scan', { against: 'plain scan in one thread', kind: 'floor' })];
  if (!ccusage) return [...rows, { ...row, against: 'ccusage', skipped: 'ccusage could not be installed' }];
  const aimed = { aim: { atMost: 1 }, plan: COLD_PLAN };
  rows.push(against('ccusage', { ...aimed, against: 'ccusage' }));
  if (took.binary) rows.push(against('binary', { ...aimed, against: 'ccusage, its binary alone' }));
  const seconds = name => took[name].map(run => run.seconds);
  const cpu = { what: `CPU time of a cold report of ${size}`, against: 'ccusage', unit: 's' };
  return [...rows, against('ccusage', { ...aimed, ...cpu, ours: seconds('cold'), theirs: seconds('ccusage') })];
}

function warmRows(took, size) {
  const row = { kind: 'floor', against: 'empty Node script', theirs: took.empty, aim: { atMost: 2 }, plan: WARM_PLAN };
  const what = `warm totals of ${size}`;
  const rows = [
    ratioRow({ ...row, what, ours: took.totals }),
    ratioRow({ ...row, what: `warm report of 30 days of ${size}`, ours: took.daily }),
  ];
  if (!took.ccusage) return rows;
  const theirs = took.ccusage.map(({ millis }) => millis);
  const peer = { kind: 'peer', against: 'ccusage, which reads all', theirs, aim: { atMost: 0.1 }, plan: WARM_PLAN };
  return [...rows, ratioRow({ what, ours: took.totals, ...peer })];
}

async function memoryRows(commands, { size, rounds }) {
  const what = `memory of a cold report of ${size}`;
  const took = await interleave(commands, rounds);
  if (took.ours.includes(null)) return [{ what, skipped: 'this system does not say' }];
  const row = { what, unit: 'MiB', plan: MEMORY_PLAN };
  const rows = [{ ...row, samples: took.ours, aim: { atMost: 150 } }];
  if (took.theirs) rows.push(ratioRow({ ...row, against: 'ccusage', kind: 'peer', ...took }));
  return rows;
}

async function timesOf({ tree, state, folder, ccusage, rounds }) {
  const empty = `${folder}/empty.cjs`;
  writeFileSync(empty, '');
  const env = ccusage?.env(tree);
  // Where compiled code is kept between calls.
  const home = { env: { HOME: folder } };
  return interleave(
    {
      scan: () => timeAndCpu([process.execPath, BASELINE, tree]),
      cold: () => {
        const fresh = mkdtempSync(`${folder}/state-`);
        const took = timeAndCpu([process.execPath, ...usage(['totals'], { tree, state: fresh })], home);
        rmSync(fresh, { recursive: true });
        return took;
      },
      empty: () => processMillis([empty]),
      totals: () => processMillis(usage(['totals'], { tree, state }), home),
      daily: () => processMillis(usage(['daily', '--days', '30'], { tree, state }), home),
      ...(ccusage && { ccusage: () => timeAndCpu(ccusage.command, { env }) }),
      ...(ccusage?.binary && { binary: () => timeAndCpu(ccusage.binary, { env }) }),
    },
    rounds,
  );
}

async function rowsOfTree({ mb, files, rounds }) {
  const size = mb >= 1000 ? `${(mb / 1024).toFixed(1)} GB` : `${mb} MB`;
  const made = transcriptTree({ mb, files });
  if (!made) return [{ what: `usage of ${size}`, skipped: 'no room on the disk' }];
  const tree = made.folder;
  const ccusage = findCcusage();
  return withFolder(async folder => {
    const state = `${folder}/state`;
    const told = jsonOf([process.execPath, ...usage(['totals'], { tree, state }), '--json']).totals;
    const totals = compareTotals({ told, truth: made.truth, theirs: ccusage?.totals(tree), size });
    const took = await timesOf({ tree, state, folder, ccusage, rounds });
    const fresh = () => usage(['totals'], { tree, state: mkdtempSync(`${folder}/state-`) });
    const env = ccusage?.env(tree);
    const theirs = ccusage && (ccusage.binary ?? ccusage.command);
    const commands = {
      ours: () => peakMib([process.execPath, ...fresh()], { env: { HOME: folder } }),
      ...(theirs && { theirs: () => peakMib(theirs, { env }) }),
    };
    const memory = await memoryRows(commands, { size, rounds });
    const look = {
      what: `CPU of a look of the monitor with nothing new, ${size}`,
      unit: 'ms',
      samples: await pollCpuMillis(tree, { state, rounds }),
      aim: { atMost: 30 },
      plan: LOOK_PLAN,
    };
    return [...totals, ...coldRows(took, { size, ccusage }), ...memory, ...warmRows(took, size), look];
  });
}

const BASELINE = new URL('../scan-baseline.mjs', import.meta.url).pathname;

async function run({ isQuick }) {
  const trees = isQuick
    ? [{ mb: 30, files: 24, rounds: 3 }]
    : [
        { mb: 500, files: 255, rounds: 9 },
        { mb: 1741, files: 1300, rounds: 7 },
      ];
  const rows = [];
  for (const tree of trees) rows.push(...(await rowsOfTree(tree)));
  const ccusage = findCcusage();
  return { rows, peers: ccusage ? { ccusage: ccusage.version } : {} };
}

export const benchCase = {
  title: 'Usage of transcripts',
  about:
    'Whole processes on made transcripts. Before anything is timed the totals are compared with what was written into them. Cold: no ledger yet; warm: nothing new since. ccusage has no ledger and reads everything each time; it computes costs too, and looks for transcripts of other agents.',
  run,
};
