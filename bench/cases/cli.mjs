// How long the command line takes to answer at all.
import { writeFileSync } from 'node:fs';
import { interleave } from '../interleave.mjs';
import { makeState } from '../make-state.mjs';
import { findCcusage } from '../peers/ccusage.mjs';
import { findPython, writePythonDocument } from '../peers/python.mjs';
import { SPANBOOK } from '../places.mjs';
import { START_PLAN } from '../plans.mjs';
import { ratioRow } from '../rows.mjs';
import { commandMillis, processMillis } from '../run-process.mjs';
import { withFolder } from '../with-folder.mjs';

/** What a command line on the usual parser costs before it does anything. */
const COMMANDER = `const { Command } = require('commander');
new Command('peer').version('1.0.0').parse();`;

const run = ({ isQuick }) =>
  withFolder(async folder => {
    const empty = `${folder}/empty.cjs`;
    writeFileSync(empty, '');
    const commander = new URL('../../node_modules/commander/index.js', import.meta.url).pathname;
    const parser = `${folder}/commander.cjs`;
    writeFileSync(parser, COMMANDER.replace("'commander'", JSON.stringify(commander)));
    const state = `${folder}/state`;
    makeState(state, 100 * 1024);
    const document = `${folder}/python.json`;
    writePythonDocument(document, 100 * 1024);
    const python = findPython();
    const ccusage = findCcusage();
    const took = await interleave(
      {
        empty: () => processMillis([empty]),
        version: () => processMillis([SPANBOOK, '--version']),
        help: () => processMillis([SPANBOOK, '--help']),
        status: () => processMillis([SPANBOOK, 'pipeline', 'status', '--state-dir', state]),
        commander: () => processMillis([parser, '--version']),
        ...(python && { python: () => commandMillis(python.query(document)) }),
        ...(ccusage && { ccusage: () => commandMillis(ccusage.start) }),
      },
      isQuick ? 7 : 31,
    );
    const row = (name, theirs, more) => ratioRow({ ours: took[name], theirs: took[theirs], plan: START_PLAN, ...more });
    const floor = { against: 'empty Node script', kind: 'floor' };
    const rows = [
      row('version', 'empty', { what: '--version', ...floor, aim: { atMost: 2 } }),
      row('status', 'empty', { what: 'pipeline status', ...floor, aim: { atMost: 2 } }),
      row('help', 'empty', { what: '--help', ...floor }),
      row('version', 'commander', { what: '--version', against: 'script that loads commander', kind: 'peer' }),
    ];
    if (ccusage)
      rows.push(row('version', 'ccusage', { what: '--version', against: 'ccusage --version', kind: 'peer' }));
    rows.push(
      python
        ? row('status', 'python', { what: 'pipeline status', against: 'Python query, 100 KB', kind: 'peer' })
        : { what: 'pipeline status', against: 'Python query', skipped: 'no Python here' },
    );
    return { rows, peers: python ? { Python: python.version } : {} };
  });

export const benchCase = {
  title: 'Start of the command line',
  about: 'Whole processes, state of 100 KB.',
  run,
};
