// An import of transcripts against the plainest scan of the same files, and one with nothing new against an empty script.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { interleave } from '../interleave.mjs';
import { SPANBOOK } from '../places.mjs';
import { COLD_PLAN, MEMORY_PLAN } from '../plans.mjs';
import { peakMib } from '../process-cost.mjs';
import { ratioRow } from '../rows.mjs';
import { processMillis } from '../run-process.mjs';
import { transcriptTree } from '../transcript-tree.mjs';
import { withFolder } from '../with-folder.mjs';

const BASELINE = new URL('../scan-baseline.mjs', import.meta.url).pathname;

async function run({ isQuick }) {
  const { mb, files } = isQuick ? { mb: 30, files: 24 } : { mb: 500, files: 255 };
  const rounds = isQuick ? 3 : 9;
  const made = transcriptTree({ mb, files });
  if (!made) return { rows: [{ what: 'import', skipped: 'no room on the disk' }] };
  const tree = made.folder;
  return withFolder(async folder => {
    const empty = `${folder}/empty.cjs`;
    writeFileSync(empty, '');
    const into = state => [SPANBOOK, 'import', '--spans', '--claude-dir', tree, '--state-dir', state];
    const fresh = () => mkdtempSync(`${folder}/state-`);
    const again = into(fresh());
    processMillis(again);
    const took = await interleave(
      {
        scan: () => processMillis([BASELINE, tree]),
        first: () => {
          const state = fresh();
          const millis = processMillis(into(state));
          rmSync(state, { recursive: true });
          return millis;
        },
        empty: () => processMillis([empty]),
        again: () => processMillis(again),
      },
      rounds,
    );
    const { peak } = await interleave({ peak: () => peakMib([process.execPath, ...into(fresh())]) }, isQuick ? 3 : 7);
    const floor = { kind: 'floor' };
    const rows = [
      ratioRow({
        ...floor,
        what: `import of ${mb} MB, spans too`,
        against: 'plain scan in one thread, sums only',
        ours: took.first,
        theirs: took.scan,
        aim: { atMost: 2 },
        plan: COLD_PLAN,
      }),
      ratioRow({
        ...floor,
        what: 'import with nothing new',
        against: 'empty Node script',
        ours: took.again,
        theirs: took.empty,
        aim: { atMost: 3 },
      }),
      peak.includes(null)
        ? { what: 'memory of the import', skipped: 'this system does not say' }
        : { what: 'memory of the import', samples: peak, unit: 'MiB', aim: { atMost: 200 }, plan: MEMORY_PLAN },
    ];
    return { rows };
  });
}

export const benchCase = {
  title: 'Import of transcripts',
  about:
    'Whole processes on made transcripts. The plain scan is the least that a reader in one thread of Node.js can do.',
  run,
};
