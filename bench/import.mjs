// An import of transcripts against the plainest scan of the same files, and one with nothing new against an empty script.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { writeTranscripts } from './make-transcripts.mjs';
import { header, processMillis, report, rounds, withFolder } from './measure.mjs';

const BIN = new URL('../dist/bin/spanbook.cjs', import.meta.url).pathname;
const BASELINE = new URL('scan-baseline.mjs', import.meta.url).pathname;

/** Largest memory of one process in MiB. */
function peakMib(args) {
  const { stderr } = spawnSync(process.execPath, ['--import', `data:text/javascript,${PEAK}`, ...args], {
    env: { PATH: process.env.PATH },
    encoding: 'utf8',
  });
  return Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024;
}
const PEAK = encodeURIComponent(
  `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + '\\n'))`,
);

export async function benchImport({ roundCount, mb, files }) {
  await withFolder(async folder => {
    const tree = `${folder}/claude`;
    await writeTranscripts({ out: tree, mb, files });
    const empty = `${folder}/empty.cjs`;
    writeFileSync(empty, '');
    const importInto = state => [BIN, 'import', '--spans', '--claude-dir', tree, '--state-dir', state];
    const fresh = () => {
      const state = mkdtempSync(`${folder}/state-`);
      const took = processMillis(importInto(state));
      rmSync(state, { recursive: true });
      return took;
    };
    const [scan, first] = rounds(
      [
        { name: 'scan', run: () => processMillis([BASELINE, tree]) },
        { name: 'import', run: fresh },
      ],
      roundCount,
    );
    const state = `${folder}/state`;
    execFileSync(process.execPath, importInto(state), { env: { PATH: process.env.PATH } });
    const [, again] = rounds(
      [
        { name: 'empty script', run: () => processMillis([empty]) },
        { name: 'again', run: () => processMillis(importInto(state)) },
      ],
      2 * roundCount,
    );
    header(
      `import of ${mb} MiB in ${files} files, ${roundCount} rounds (the plain scan takes ${scan.median.toFixed(0)} ms)`,
    );
    report('import --spans / plain scan', `${first.ratio.toFixed(2)} x`, '<= 2');
    report('memory of the import', `${peakMib(importInto(`${folder}/peak`)).toFixed(0)} MiB`, '<= 200');
    report('import with nothing new / empty script', `${again.ratio.toFixed(2)} x`, '<= 3');
  });
}
