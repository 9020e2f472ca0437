// With a live monitor a hook appends and is done. Pairs alone, for this is the most that a client waits.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { hookPayload } from '../hook-payload.mjs';
import { makeState } from '../make-state.mjs';
import { bareEnv, HOOK, interleave, processMillis, SPANBOOK, withFolder } from '../measure.mjs';
import { ratioRow } from '../rows.mjs';

const PLAN =
  'The monitor wakes on the same two cores that the hook runs on. Let it wait longer after the first of many facts, and measure on a machine with more cores.';

function tell(verb, { state, folder }) {
  const args = [SPANBOOK, 'monitor', verb, '--state-dir', state];
  const { status, stderr } = spawnSync(process.execPath, args, { env: bareEnv({ HOME: folder }) });
  if (status !== 0) throw new Error(`monitor ${verb}: expected exit code 0, got ${status}: ${stderr}`);
}

const run = ({ isQuick }) =>
  withFolder(async folder => {
    const empty = `${folder}/empty.cjs`;
    writeFileSync(empty, '');
    const state = `${folder}/state`;
    makeState(state, 100 * 1024);
    tell('start', { state, folder });
    try {
      const took = await interleave(
        {
          empty: () => processMillis([empty], { input: hookPayload() }),
          hook: () => processMillis([HOOK], { env: { SPANBOOK_STATE_DIR: state }, input: hookPayload() }),
        },
        isQuick ? 15 : 61,
      );
      const row = ratioRow({
        what: 'hook while a monitor runs',
        against: 'empty Node script',
        kind: 'floor',
        ours: took.hook,
        theirs: took.empty,
        aim: { atMost: 1.1 },
        plan: PLAN,
      });
      return { rows: [row] };
    } finally {
      tell('stop', { state, folder });
    }
  });

export const monitorCase = {
  name: 'monitor',
  title: 'Hook process with a live monitor',
  about: 'The document is left to the monitor, so a hook appends one line. Alternating pairs.',
  run,
};
