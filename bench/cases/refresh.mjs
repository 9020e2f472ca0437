// The document brought up to date after one more fact: all of it is written anew, but little of it is made anew.
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { appendFact } from '../../dist/src/journal/append-fact.js';
import { DocumentKeeper, versionOf } from '../../dist/src/store/document-keeper.js';
import { refreshDocument } from '../../dist/src/store/refresh-document.js';
import { benchFact } from '../bench-fact.mjs';
import { interleave } from '../interleave.mjs';
import { makeState } from '../make-state.mjs';
import { MB } from '../places.mjs';
import { growthRow, ratioRow } from '../rows.mjs';
import { withFolder } from '../with-folder.mjs';

const NEVER_ROTATE = 1e12;
const PLAN =
  'A process that keeps nothing goes on from a small document, but folds a large one from the whole journal. Next: go on from large ones too, since reading them is the smaller part. Hooks leave large documents alone, and a monitor keeps its state: it is queries without a monitor that wait.';

function timed(work) {
  const began = performance.now();
  work();
  return performance.now() - began;
}

let facts = 0;
function appendOne(state) {
  const fact = { ...benchFact(), id: String(facts++).padStart(16, '0') };
  appendFact(state, fact, { maxBytes: NEVER_ROTATE, fsync: false });
}

/** As a hook or a query does it, that knows nothing of what was folded before. */
function refreshAnew(state) {
  appendOne(state);
  return timed(() => refreshDocument(state, NEVER_ROTATE));
}

/** As the monitor does it, that keeps what it folded. */
function refreshKept(state) {
  const path = `${state}/pipeline_progress.json`;
  const keeper = new DocumentKeeper(state, NEVER_ROTATE);
  keeper.catchUp();
  return () => {
    appendOne(state);
    return timed(() => {
      const version = versionOf(path);
      keeper.catchUp();
      keeper.write(version);
    });
  };
}

function replace(path, text) {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

/** What any document costs that is written whole. */
function copy(state, path) {
  const text = readFileSync(`${state}/pipeline_progress.json`);
  replace(path, text);
  return timed(() => replace(path, text));
}

/** What a store of one JSON file does: parse, add, stringify, replace. */
function rewrite(path) {
  return timed(() => {
    const document = JSON.parse(readFileSync(path, 'utf8'));
    document.events.push({ ...document.events[0], event_id: `evt-${Math.random()}` });
    replace(path, JSON.stringify(document, null, 2));
  });
}

const run = ({ isQuick }) =>
  withFolder(async folder => {
    const sizes = isQuick ? [0.1, 1, 2, 5] : [0.1, 1, 10, 45];
    const labels = sizes.map(size => (size < 1 ? '100 KB' : `${size} MB`));
    const candidates = {};
    for (const size of sizes) {
      const state = `${folder}/${size}`;
      makeState(state, size * MB);
      const parsed = `${folder}/parsed-${size}.json`;
      writeFileSync(parsed, readFileSync(`${state}/pipeline_progress.json`));
      const kept = `${folder}/kept-${size}`;
      cpSync(state, kept, { recursive: true });
      candidates[`kept ${size}`] = refreshKept(kept);
      candidates[`anew ${size}`] = () => refreshAnew(state);
      candidates[`copy ${size}`] = () => copy(state, `${folder}/copy-${size}.json`);
      candidates[`rewrite ${size}`] = () => rewrite(parsed);
    }
    const took = await interleave(candidates, isQuick ? 5 : 9);
    const costs = name => sizes.map(size => took[`${name} ${size}`]);
    const against = (ours, theirs, row) =>
      labels.map((label, at) =>
        ratioRow({ ...row, what: `${row.what} ${label}`, ours: costs(ours)[at], theirs: costs(theirs)[at] }),
      );
    const growth = { sizes, labels, by: 'slope', aim: { atMost: 1 } };
    const rows = [
      ...against('kept', 'copy', {
        what: 'monitor refreshes',
        against: 'write and rename of the same bytes',
        kind: 'floor',
      }),
      ...against('anew', 'rewrite', {
        what: 'new process refreshes',
        against: 'parse, add, stringify, rename',
        kind: 'peer',
        aim: { atMost: 1 },
        plan: PLAN,
      }),
      growthRow({ ...growth, what: 'monitor refreshes, by size of the document', costs: costs('kept') }),
      growthRow({
        ...growth,
        what: 'new process refreshes, by size of the document',
        costs: costs('anew'),
        plan: PLAN,
      }),
    ];
    return { rows };
  });

export const benchCase = {
  title: 'Refresh of the document',
  about:
    'In process, after one more fact. A monitor keeps what it folded; a hook or a query begins anew. All write the whole file to a new name and rename it.',
  run,
};
