// Questions about now read the head of the document only.

import { interleave } from '../interleave.mjs';
import { makeState } from '../make-state.mjs';
import { findPython, writePythonDocument } from '../peers/python.mjs';
import { MB, SPANBOOK } from '../places.mjs';
import { START_PLAN } from '../plans.mjs';
import { growthRow, ratioRow } from '../rows.mjs';
import { commandMillis, processMillis } from '../run-process.mjs';
import { withFolder } from '../with-folder.mjs';

const VERBS = ['status', 'active'];

function pythonRows(took, { python, sizes, labels }) {
  const peer = { what: 'pipeline status', against: 'Python query, parses the document' };
  if (!python) return [{ ...peer, skipped: 'no Python here' }];
  return sizes.map((size, at) =>
    ratioRow({
      what: `pipeline status at ${labels[at]}`,
      against: 'Python query, parses the document',
      kind: 'peer',
      ours: took[`status ${size}`],
      theirs: took[`python ${size}`],
      plan: START_PLAN,
    }),
  );
}
const run = ({ isQuick }) =>
  withFolder(async folder => {
    const sizes = isQuick ? [0.1, 1, 2, 10] : [0.1, 1, 10, 45];
    const labels = sizes.map(size => (size < 1 ? '100 KB' : `${size} MB`));
    const python = findPython();
    const candidates = {};
    for (const size of sizes) {
      const state = `${folder}/${size}`;
      makeState(state, size * MB);
      for (const verb of VERBS) {
        const args = [SPANBOOK, 'pipeline', verb, '--json', '--state-dir', state];
        candidates[`${verb} ${size}`] = () => processMillis(args);
      }
      if (!python) continue;
      const document = `${folder}/python-${size}.json`;
      writePythonDocument(document, size * MB);
      candidates[`python ${size}`] = () => commandMillis(python.query(document));
    }
    const took = await interleave(candidates, isQuick ? 5 : 15);
    const growth = VERBS.map(verb =>
      growthRow({
        what: `pipeline ${verb}, by size of the document`,
        sizes,
        labels,
        costs: sizes.map(size => took[`${verb} ${size}`]),
        by: 'ratio',
        aim: { atMost: 1.3 },
      }),
    );
    return { rows: [...pythonRows(took, { python, sizes, labels }), ...growth] };
  });

export const benchCase = {
  title: 'Reading the state',
  about: 'Whole processes of the command line that answer as JSON from a document that is up to date.',
  run,
};
