// With a live monitor a hook appends and is done. Pairs alone, for this is the most that a client waits.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { hookPayload } from '../hook-payload.mjs';
import { interleave } from '../interleave.mjs';
import { makeState } from '../make-state.mjs';
import { HOOK, SPANBOOK } from '../places.mjs';
import { ratioRow } from '../rows.mjs';
import { bareEnv, processMillis } from '../run-process.mjs';
import { withFolder } from '../with-folder.mjs';

const PLAN =
  'The monitor wakes for the fact of the call before while the next one starts, on the same cores. Next: let it wait a little longer after the first of many facts.';

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

export const benchCase = {
  title: 'Hook process with a live monitor',
  about: 'The document is left to the monitor, so a hook appends one line. Alternating pairs.',
  run,
};
