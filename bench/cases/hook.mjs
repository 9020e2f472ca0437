// A hook process: against an empty script, a hook in Python, and one with the OpenTelemetry SDK, with more and more behind it.
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { hookPayload } from '../hook-payload.mjs';
import { interleave } from '../interleave.mjs';
import { makeState } from '../make-state.mjs';
import { buildOtelHook } from '../peers/build-otel-hook.mjs';
import { findPython, writePythonDocument } from '../peers/python.mjs';
import { HOOK, MB } from '../places.mjs';
import { growthRow, ratioRow } from '../rows.mjs';
import { commandMillis, processMillis } from '../run-process.mjs';
import { startSink } from '../start-sink.mjs';
import { withFolder } from '../with-folder.mjs';

const PYTHON_AIMS = { 0: 0.8, 1: 0.35, 10: 0.06, 45: 0.02 };
const HOOK_PLAN =
  'All but the start of Node.js is loading one file, one write, and, while the document is small, its rename. Next: load what only the end of a run needs when a run ends, and leave a document alone that was refreshed a moment ago.';
const PYTHON_PLAN =
  'With little to rewrite it is the start of Node.js against that of Python, which is shorter; with more behind it the rewrite decides. Next: leave a document alone that was refreshed a moment ago.';

const ours = state => processMillis([HOOK], { env: { SPANBOOK_STATE_DIR: state }, input: hookPayload() });

/** A folder that is made anew each time, outside the measured time: the document of a single call. */
function withoutState(folder) {
  const state = `${folder}/fresh`;
  return () => {
    rmSync(state, { recursive: true, force: true });
    cpSync(`${folder}/0`, state, { recursive: true });
    return ours(state);
  };
}

function pythonCandidates(python, { folder, sizes }) {
  if (!python) return {};
  const run = path => commandMillis(python.hook(path), { input: hookPayload() });
  return Object.fromEntries(
    sizes.map(size => {
      const path = `${folder}/python-${size}.json`;
      if (size > 0) writePythonDocument(path, size * MB);
      const fromNothing = () => {
        rmSync(path, { force: true });
        return run(path);
      };
      return [`python ${size}`, size === 0 ? fromNothing : () => run(path)];
    }),
  );
}

function pythonRows(took, { sizes, labels, python }) {
  const what = 'hook, its state / that of the peer';
  if (!python) return [{ what, against: 'hook in Python', skipped: 'no Python here' }];
  const pairs = sizes.map((size, at) =>
    ratioRow({
      what: `hook at ${labels[at]} of state`,
      against: `Python hook, rewrites ${labels[at]}`,
      kind: 'peer',
      ours: took[`ours ${size}`],
      theirs: took[`python ${size}`],
      aim: PYTHON_AIMS[size] && { atMost: PYTHON_AIMS[size] },
      plan: PYTHON_PLAN,
    }),
  );
  const costs = sizes.map(size => took[`python ${size}`]);
  return [...pairs, growthRow({ what: 'for comparison: the Python hook', sizes, labels, costs, by: 'ratio' })];
}

function rowsOf(took, { sizes, labels, python }) {
  const against = (theirs, name, row) => ratioRow({ ours: took[name], theirs: took[theirs], plan: HOOK_PLAN, ...row });
  const floor = { against: 'empty Node script', kind: 'floor' };
  return [
    against('empty', 'ours 1', { what: 'hook, append alone', ...floor, aim: { atMost: 1.15 } }),
    against('empty', 'small', { what: 'hook, refreshes a document of 100 KB', ...floor, aim: { atMost: 1.4 } }),
    against('unbundled', 'ours 0', {
      what: 'hook, no state yet',
      against: 'OpenTelemetry SDK hook, packages beside it',
      kind: 'peer',
      aim: { atMost: 0.5 },
    }),
    against('bundled', 'ours 0', {
      what: 'hook, no state yet',
      against: 'OpenTelemetry SDK hook, one bundled file',
      kind: 'peer',
      aim: { atMost: 1 },
    }),
    ...pythonRows(took, { sizes, labels, python }),
    growthRow({
      what: 'hook, by size of the state',
      sizes,
      labels,
      costs: sizes.map(size => took[`ours ${size}`]),
      by: 'ratio',
      aim: { atMost: 1 },
    }),
  ];
}

async function run({ isQuick }) {
  const sizes = isQuick ? [0, 1, 2, 10] : [0, 1, 10, 45];
  const labels = sizes.map(size => `${size} MB`);
  const python = findPython();
  const hooks = await buildOtelHook();
  const sink = await startSink();
  try {
    const took = await withFolder(async folder => {
      const empty = `${folder}/empty.cjs`;
      writeFileSync(empty, '');
      for (const size of sizes) makeState(`${folder}/${size}`, size * MB);
      makeState(`${folder}/small`, 100 * 1024);
      const otel = path => () =>
        processMillis([path], { env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url }, input: hookPayload() });
      const candidates = {
        empty: () => processMillis([empty], { input: hookPayload() }),
        small: () => ours(`${folder}/small`),
        ...Object.fromEntries(sizes.slice(1).map(size => [`ours ${size}`, () => ours(`${folder}/${size}`)])),
        'ours 0': withoutState(folder),
        ...pythonCandidates(python, { folder, sizes }),
        unbundled: otel(hooks.unbundled),
        bundled: otel(hooks.bundled),
      };
      return interleave(candidates, isQuick ? 7 : 21);
    });
    const expected = 2 * (took.empty.length + 1);
    const arrived = await sink.take();
    if (arrived !== expected)
      throw new Error(`OpenTelemetry hooks: expected ${expected} spans to arrive, got ${arrived}`);
    return { rows: rowsOf(took, { sizes, labels, python }), peers: python ? { Python: python.version } : {} };
  } finally {
    sink.close();
  }
}

export const benchCase = {
  title: 'Hook process',
  about:
    'Whole processes that take the same payload on standard input. Our hook appends one line, and refreshes the document itself while that is small. "No state yet" includes this refresh.',
  run,
};
