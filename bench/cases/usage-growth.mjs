// How a cold and a warm report grow with the transcripts, beside ccusage.
import { mkdtempSync, rmSync } from 'node:fs';
import { interleave } from '../interleave.mjs';
import { findCcusage } from '../peers/ccusage.mjs';
import { SPANBOOK } from '../places.mjs';
import { growthRow } from '../rows.mjs';
import { commandMillis, jsonOf, processMillis } from '../run-process.mjs';
import { transcriptTree } from '../transcript-tree.mjs';
import { withFolder } from '../with-folder.mjs';

const FULL = [
  { mb: 60, files: 31 },
  { mb: 120, files: 61 },
  { mb: 235, files: 120 },
  { mb: 500, files: 255 },
];
const QUICK = [
  { mb: 5, files: 6 },
  { mb: 10, files: 9 },
  { mb: 20, files: 16 },
  { mb: 30, files: 24 },
];

const PLAN = 'A warm report asks for the time of every folder, and for the size of every transcript.';

const totals = (tree, state) => [SPANBOOK, 'usage', 'totals', '--claude-dir', tree, '--state-dir', state];

const run = ({ isQuick }) =>
  withFolder(async folder => {
    const trees = (isQuick ? QUICK : FULL).map(size => ({ ...size, made: transcriptTree(size) }));
    if (trees.some(({ made }) => !made)) return { rows: [{ what: 'usage by size', skipped: 'no room on the disk' }] };
    const ccusage = findCcusage();
    const candidates = {};
    // Where compiled code is kept between calls.
    const home = { env: { HOME: folder } };
    for (const { mb, made } of trees) {
      const tree = made.folder;
      const state = mkdtempSync(`${folder}/state-`);
      jsonOf([process.execPath, ...totals(tree, state), '--json']);
      candidates[`warm ${mb}`] = () => processMillis(totals(tree, state), home);
      candidates[`cold ${mb}`] = () => {
        const fresh = mkdtempSync(`${folder}/state-`);
        const took = processMillis(totals(tree, fresh), home);
        rmSync(fresh, { recursive: true });
        return took;
      };
      if (ccusage) candidates[`ccusage ${mb}`] = () => commandMillis(ccusage.command, { env: ccusage.env(tree) });
    }
    const took = await interleave(candidates, isQuick ? 3 : 9);
    const sizes = trees.map(({ mb }) => mb);
    const labels = sizes.map(mb => `${mb} MB`);
    const growth = (name, row) =>
      growthRow({ sizes, labels, costs: sizes.map(mb => took[`${name} ${mb}`]), by: 'slope', ...row });
    const rows = [
      growth('cold', { what: 'cold report, by size of the transcripts', aim: { atMost: 1.1 } }),
      growth('warm', {
        what: 'warm report, by size of the transcripts',
        by: 'ratio',
        aim: { atMost: 1.3 },
        plan: PLAN,
      }),
    ];
    if (ccusage) rows.push(growth('ccusage', { what: 'for comparison: ccusage' }));
    return { rows, peers: ccusage ? { ccusage: ccusage.version } : {} };
  });

export const benchCase = {
  title: 'Usage by size',
  about: 'Whole processes, about two megabytes a transcript.',
  run,
};
