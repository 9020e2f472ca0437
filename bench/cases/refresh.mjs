// The document brought up to date after one more fact: all of it is written anew, but little of it is made anew.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { appendFact } from '../../dist/src/journal/append-fact.js';
import { refreshDocument } from '../../dist/src/store/refresh-document.js';
import { benchFact } from '../bench-fact.mjs';
import { interleave } from '../interleave.mjs';
import { makeState } from '../make-state.mjs';
import { MB } from '../places.mjs';
import { growthRow, ratioRow } from '../rows.mjs';
import { withFolder } from '../with-folder.mjs';

const NEVER_ROTATE = 1e12;

function timed(work) {
  const began = performance.now();
  work();
  return performance.now() - began;
}

let facts = 0;
function refresh(state) {
  const fact = { ...benchFact(), id: String(facts++).padStart(16, '0') };
  appendFact(state, fact, { maxBytes: NEVER_ROTATE, fsync: false });
  return timed(() => refreshDocument(state, NEVER_ROTATE));
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
      candidates[`ours ${size}`] = () => refresh(state);
      candidates[`copy ${size}`] = () => copy(state, `${folder}/copy-${size}.json`);
      candidates[`rewrite ${size}`] = () => rewrite(parsed);
    }
    const took = await interleave(candidates, isQuick ? 5 : 9);
    const against = (name, row) =>
      sizes.map((size, at) =>
        ratioRow({
          what: `refresh of ${labels[at]}`,
          ours: took[`ours ${size}`],
          theirs: took[`${name} ${size}`],
          ...row,
        }),
      );
    const rows = [
      ...against('copy', { against: 'write and rename of the same bytes', kind: 'floor' }),
      ...against('rewrite', { against: 'parse, add, stringify, rename', kind: 'peer', aim: { atMost: 1 } }),
      growthRow({
        what: 'refresh, by size of the document',
        sizes,
        labels,
        costs: sizes.map(size => took[`ours ${size}`]),
        by: 'slope',
        aim: { atMost: 1 },
      }),
    ];
    return { rows };
  });

export const refreshCase = {
  name: 'refresh',
  title: 'Refresh of the document',
  about:
    'In process, after one more fact, from a process that keeps no state between refreshes. Both sides write the whole file to a new name and rename it, which costs about 2.4 ms on ext4 whatever the size.',
  run,
};
