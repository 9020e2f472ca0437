// `npm run test:mutations`: breaks what everything rests on, one rule at a time, in a copy of the tree, and expects a test
// to fail each time. A check that cannot fail proves nothing.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What a test needs; the packages are linked. */
const COPIED = ['bench', 'config', 'docs', 'examples', 'exporters', 'hooks', 'scripts', 'src', 'state', 'test', 'wasm'];
const FAULTS = 'vitest.faults.config.ts';

const MUTATIONS = [
  {
    rule: 'the newline guard: half a line is ended before the next one',
    file: 'src/journal/append-fact.ts',
    from: 'endsLine(fd, size) ? line :',
    to: 'fd > 0 ? line :',
    tests: ['test/journal/append-fact.test.ts'],
  },
  {
    rule: 'the write loop of the document: what was not written is written',
    file: 'src/store/write-file.ts',
    from: 'at += written;',
    to: 'at = bytes.length;',
    config: FAULTS,
    tests: ['test/faults/sweep.faults.ts', '-t', 'two rotations'],
  },
  {
    rule: 'the fold counts a note once, however often it comes',
    file: 'src/model/fold-activity.ts',
    from: 'if (state.seen.has(note.id) || isBefore(state, note.id)) return;',
    to: '',
    tests: ['test/model/fold.property.test.ts'],
  },
  {
    rule: 'the cursor of the journal stands behind whole lines only',
    file: 'src/journal/read-blocks.ts',
    from: 'const end = buffer.lastIndexOf(NEWLINE, filled - 1) + 1;',
    to: 'const end = filled;',
    tests: ['test/journal/append-fact.test.ts'],
  },
  {
    rule: 'the relay moves on after a proved answer only',
    file: 'exporters/relay.ts',
    from: "if (result.kind === 'later' || result.kind === 'wrong') return this.#hold(result);",
    to: '',
    tests: ['test/exporters/relay.test.ts'],
  },
  {
    rule: 'deduplication: of the copies of a request, the finished one counts',
    file: 'src/usage/merge-requests.ts',
    from: 'return withUsage(owner, isBetterCopy(other, kept) ? other : kept);',
    to: 'return withUsage(owner, kept);',
    tests: ['test/usage/merge-requests.property.test.ts'],
  },
  {
    rule: 'deduplication: a request is known by its message and its request id',
    file: 'src/claude-code/request-record.ts',
    from: 'id: idOf(key, request),',
    to: 'id: idOf(key + answer.at, request),',
    tests: ['test/claude-code/usage-golden.test.ts'],
  },
  {
    rule: 'a hook ends with 0, whatever happens',
    file: 'src/hook/run-hook.ts',
    from: 'reportFailure(name, stateDir, error);\n',
    to: 'process.exitCode = 2;\n',
    tests: ['test/hook/hostile-disk.test.ts', 'test/hook/claude-code-hook.test.ts'],
    needsBuild: true,
  },
];

function copyTree() {
  const folder = mkdtempSync(`${tmpdir()}/spanbook-mutations-`);
  for (const name of COPIED) cpSync(`${ROOT}${name}`, `${folder}/${name}`, { recursive: true });
  const files = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'vitest.config.ts', FAULTS, 'README.md'];
  for (const name of [...files, 'CHANGELOG.md', 'LICENSE', 'docker-compose.yml'])
    cpSync(`${ROOT}${name}`, `${folder}/${name}`);
  symlinkSync(`${ROOT}node_modules`, `${folder}/node_modules`);
  return folder;
}

const run = (folder, args) => spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });

/** Null if the tests pass, else the names of those that failed. */
function failedTests(folder, { tests, config = 'vitest.config.ts' }) {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', config, '--reporter=json', ...tests];
  const { status, stdout, stderr } = run(folder, args);
  if (status === 0) return null;
  try {
    const { testResults } = JSON.parse(stdout.slice(stdout.indexOf('{')));
    return testResults.flatMap(({ assertionResults, name }) => {
      const failed = assertionResults.filter(({ status: state }) => state === 'failed');
      return failed.length > 0 || assertionResults.length > 0 ? failed.map(({ fullName }) => fullName) : [name];
    });
  } catch {
    throw new Error(`expected results of vitest, got: ${stdout.slice(0, 500)}${stderr.slice(0, 500)}`);
  }
}

const build = folder => {
  const { status, stderr } = run(folder, ['scripts/build.mjs']);
  if (status !== 0) throw new Error(`the copy cannot be built: ${stderr}`);
};

const folder = copyTree();
let survived = 0;
try {
  build(folder);
  for (const mutation of MUTATIONS) {
    const { rule, file, from, to, needsBuild } = mutation;
    const path = `${folder}/${file}`;
    const sound = readFileSync(path, 'utf8');
    if (sound.split(from).length !== 2) throw new Error(`${file}: expected "${from}" once; it is another line by now`);
    const before = failedTests(folder, mutation);
    if (before) throw new Error(`${rule}: expected its tests to pass before it is broken, got ${before.join(', ')}`);
    writeFileSync(
      path,
      sound.replace(from, () => to),
    );
    if (needsBuild) build(folder);
    const failed = failedTests(folder, mutation);
    writeFileSync(path, sound);
    if (needsBuild) build(folder);
    if (!failed) survived++;
    console.log(`${failed ? '✔ noticed' : '✖ NOT NOTICED'}: ${rule}${failed ? `\n    ${failed[0]}` : ''}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\n${MUTATIONS.length} rules broken, ${MUTATIONS.length - survived} noticed`);
process.exitCode = survived > 0 ? 1 : 0;
