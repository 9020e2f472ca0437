// An append costs the same whatever lies behind it.
import { appendFileSync } from 'node:fs';
import { appendFact } from '../../dist/src/journal/append-fact.js';
import { benchFact } from '../bench-fact.mjs';
import { interleave } from '../interleave.mjs';
import { makeState } from '../make-state.mjs';
import { MB } from '../places.mjs';
import { growthRow, ratioRow } from '../rows.mjs';
import { withFolder } from '../with-folder.mjs';

const APPENDS = 2000;
const PLAN =
  'A good part is the list of segments, the rest one system call each for opening, size, last byte, write and close. Next: look for the segment after the one that is known, in place of listing the folder. A hook appends once, so what it costs there can hardly be seen.';

/** Microseconds of one of many. */
function microsOf(append) {
  const began = performance.now();
  for (let i = 0; i < APPENDS; i++) append();
  return ((performance.now() - began) * 1000) / APPENDS;
}

const run = ({ isQuick }) =>
  withFolder(async folder => {
    const sizes = isQuick ? [0, 1, 2, 10] : [0, 1, 10, 45];
    const labels = sizes.map(size => `${size} MB`);
    for (const size of sizes) makeState(`${folder}/${size}`, size * MB);
    const fact = benchFact();
    const line = `${JSON.stringify(fact)}\n`;
    const append = state => () => microsOf(() => appendFact(state, fact, { maxBytes: 1e12, fsync: false }));
    const took = await interleave(
      {
        plain: () => microsOf(() => appendFileSync(`${folder}/plain.jsonl`, line)),
        ...Object.fromEntries(sizes.map(size => [size, append(`${folder}/${size}`)])),
      },
      isQuick ? 7 : 31,
    );
    const behind = sizes.slice(2).map((size, at) =>
      ratioRow({
        what: `append with ${labels[at + 2]} behind it`,
        against: 'with none',
        kind: 'self',
        ours: took[size],
        theirs: took[0],
        unit: 'us',
        aim: { atMost: 1.1 },
      }),
    );
    const rows = [
      ratioRow({
        what: 'append of a fact',
        against: 'appendFileSync of the same line',
        kind: 'floor',
        ours: took[0],
        theirs: took.plain,
        unit: 'us',
        aim: { atMost: 2.5 },
        plan: PLAN,
      }),
      ...behind,
      growthRow({
        what: 'append, by size of what is behind it',
        sizes,
        labels,
        costs: sizes.map(size => took[size]),
        by: 'ratio',
        unit: 'us',
        aim: { atMost: 1.1 },
      }),
    ];
    return { rows };
  });

export const benchCase = {
  title: 'Journal append',
  about: `In process, ${APPENDS} appends a round, each of them as a hook does it: open, look at the last byte, write, close.`,
  run,
};
