// `npm run bench:claude-code`: what the hooks cost the real client. Its wall time with our hooks against the same number
// of hooks that run an empty script, in pairs, because only ratios taken in one run mean anything.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { median, quartiles } from './statistics.mjs';
import { withFolder } from './with-folder.mjs';

const numberArgument = (flag, fallback) => {
  const at = process.argv.indexOf(flag);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const PAIRS = numberArgument('--pairs', 15);
/** An API that answers at once shows the most that hooks can cost; the other is still quicker than any real one. */
const ANSWER_MILLIS = [0, 500];

const root = fileURLToPath(new URL('..', import.meta.url));
const { agent, bash, findClients, installHooks, makeProject, skill, startClient, startMessagesApi } =
  await withFolder(testHelpers);

/** The helpers of the tests are TypeScript, which Node 20 does not read. */
async function testHelpers(folder) {
  const modules = ['calls', 'install-client', 'messages-api', 'project', 'run-client'];
  const { outputFiles } = await build({
    stdin: {
      contents: modules.map(name => `export * from './test/real-client/${name}.ts';`).join('\n'),
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    // They find the root of the project from where they lie.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(`${root}test/helpers/run-program.ts`).href) },
  });
  const path = `${folder}/helpers.mjs`;
  writeFileSync(path, outputFiles[0].text);
  return import(pathToFileURL(path).href);
}

const fails = code => [{ calls: [bash(`exit ${code}`)] }, { text: 'done' }];
const SCRIPTS = {
  build: [
    { calls: [agent('builder', 'one'), agent('builder', 'two')] },
    { calls: [skill('prototype-builder')] },
    { calls: [agent('tester', 'three')] },
    { calls: [skill('test-writer')] },
    { calls: [bash('exit 5')] },
    { calls: [agent('reviewer', 'four')] },
    { text: 'end' },
  ],
  one: fails(1),
  two: fails(2),
  three: fails(3),
  four: fails(4),
};

/** The scripts with the time that each answer takes. */
const slowed = millis =>
  Object.fromEntries(
    Object.entries(SCRIPTS).map(([name, replies]) => [
      name,
      replies.map(reply => () => ({ ...reply, hold: new Promise(resolve => setTimeout(resolve, millis)) })),
    ]),
  );

/** Stands in for a hook, runs it, and writes down how long that took. Costs a process, so it is run apart. */
const STOPWATCH = `
const { spawnSync } = require('node:child_process');
const began = process.hrtime.bigint();
spawnSync(process.execPath, [__dirname + '/timed.cjs'], { stdio: 'inherit' });
require('node:fs').appendFileSync(__dirname + '/times', Number(process.hrtime.bigint() - began) / 1e6 + '\\n');`;

/** One run in a new project: its wall time, and the time of each hook if they are timed. */
async function runOnce(client, kind, { answerMillis = 0, timed = false } = {}) {
  const project = makeProject();
  const api = await startMessagesApi(slowed(answerMillis));
  try {
    installHooks(project);
    const hooks = `${project.folder}/.claude/hooks/spanbook`;
    if (kind === 'empty') writeFileSync(`${hooks}/claude-code.cjs`, '');
    if (timed) {
      renameSync(`${hooks}/claude-code.cjs`, `${hooks}/timed.cjs`);
      writeFileSync(`${hooks}/claude-code.cjs`, STOPWATCH);
    }
    const began = process.hrtime.bigint();
    const { child, done } = startClient({ client: client.path, project, apiUrl: api.url, args: ['-p', '/build it'] });
    child.stdin.end();
    const { code, stdout, stderr } = await done;
    const millis = Number(process.hrtime.bigint() - began) / 1e6;
    if (code !== 0 || stdout.trim() !== 'end')
      throw new Error(`client: expected "end", got ${code} ${stdout}${stderr}`);
    const times = timed ? readFileSync(`${hooks}/times`, 'utf8').trim().split('\n').map(Number) : [];
    return { millis, times };
  } finally {
    await api.close();
    project.remove();
  }
}

const report = (what, value, aim) => console.log(`${what.padEnd(66)} ${value.padStart(14)}   ${aim}`);
const header = title => console.log(`\n${title.padEnd(66)} ${'measured'.padStart(14)}   aim`);
const spread = (values, digits) => {
  const [low, high] = quartiles(values);
  return `${median(values).toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
};

async function benchHooks(client) {
  const sums = { empty: [], ours: [] };
  let count = 0;
  for (let round = 0; round < Math.min(PAIRS, 5); round++) {
    for (const kind of ['empty', 'ours']) {
      const { times } = await runOnce(client, kind, { timed: true });
      count = times.length;
      sums[kind].push(times.reduce((a, b) => a + b, 0));
    }
  }
  header(`client ${client.version}, ${count} hook calls, ${sums.ours.length} runs: median (quartiles)`);
  report('sum of the times of empty hooks', `${spread(sums.empty, 0)} ms`, '');
  report('sum of the times of our hooks', `${spread(sums.ours, 0)} ms`, '');
}

async function benchRuns(client, answerMillis) {
  const times = { empty: [], ours: [] };
  const loadBefore = loadavg()[0];
  for (let pair = 0; pair < PAIRS; pair++) {
    for (const kind of pair % 2 ? ['ours', 'empty'] : ['empty', 'ours']) {
      times[kind].push((await runOnce(client, kind, { answerMillis })).millis);
    }
  }
  const ratios = times.ours.map((millis, pair) => millis / times.empty[pair]);
  const noise = times.empty.slice(1).map((millis, pair) => millis / times.empty[pair]);
  header(`client ${client.version}, an API of ${answerMillis} ms, ${PAIRS} pairs: median (quartiles)`);
  report('wall time with empty hooks', `${spread(times.empty, 0)} ms`, '');
  report('wall time with our hooks', `${spread(times.ours, 0)} ms`, '');
  report('our hooks / empty hooks, by pair', spread(ratios, 3), '<= 1.05');
  report('noise: empty hooks / those of the pair before', spread(noise, 3), '1');
  report('load average before and after', `${loadBefore.toFixed(2)} and ${loadavg()[0].toFixed(2)}`, '');
}

const { clients, missing } = findClients();
for (const line of missing) console.log(`skipped ${line}`);
console.log(`Node ${process.version}, ${arch()}, ${cpus().length} cores`);
for (const client of clients) {
  if (!client.path) continue;
  await benchHooks(client);
  for (const answerMillis of ANSWER_MILLIS) await benchRuns(client, answerMillis);
}
