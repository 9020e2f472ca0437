// Usage from transcripts: the first reading against ccusage on the same files, then reports with nothing new.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeTranscripts } from './make-transcripts.mjs';
import { header, median, processMillis, report, rounds, withFolder } from './measure.mjs';

const BIN = new URL('../dist/bin/spanbook.cjs', import.meta.url).pathname;
const CACHE = new URL('../node_modules/.cache/spanbook-bench', import.meta.url).pathname;
const CCUSAGE = 'ccusage@20.0.24';

/** The other tool, installed beside the caches of other tools; null where that cannot be done. */
function installCcusage() {
  const path = `${CACHE}/node_modules/.bin/ccusage`;
  if (existsSync(path)) return path;
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(`${CACHE}/package.json`, '{"private":true}');
  spawnSync('npm', ['install', '--silent', '--no-save', '--prefix', CACHE, CCUSAGE], { stdio: 'ignore' });
  return existsSync(path) ? path : null;
}

const ccusageEnv = tree => ({ PATH: process.env.PATH, HOME: `${tree}/nobody`, CLAUDE_CONFIG_DIR: tree });

function ccusageMillis(path, tree) {
  const began = process.hrtime.bigint();
  const { status } = spawnSync(path, ['daily', '--json', '--offline'], { env: ccusageEnv(tree), stdio: 'ignore' });
  if (status !== 0) throw new Error(`ccusage: expected exit code 0, got ${status}`);
  return Number(process.hrtime.bigint() - began) / 1e6;
}

const totalsArgs = (tree, state) => [BIN, 'usage', 'totals', '--claude-dir', tree, '--state-dir', state];

/** Largest memory of a process with all its threads, in MiB. */
function peakMib(args) {
  const code = `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + '\\n'))`;
  const preload = `data:text/javascript,${encodeURIComponent(code)}`;
  const { stderr } = spawnSync(process.execPath, ['--import', preload, ...args], {
    env: { PATH: process.env.PATH },
    encoding: 'utf8',
  });
  return Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024;
}

/** CPU time of one look of a running monitor with nothing new, in milliseconds: user and system ticks of /proc. */
async function pollCpuMillis(tree, state) {
  const env = { PATH: process.env.PATH, CLAUDE_CONFIG_DIR: tree };
  const spanbook = (...args) =>
    JSON.parse(
      execFileSync(process.execPath, [BIN, ...args, '--state-dir', state, '--json'], { env, encoding: 'utf8' }),
    );
  const { pid } = spanbook('monitor', 'start');
  try {
    const ticks = () => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
      return 10 * (Number(fields[11]) + Number(fields[12]));
    };
    const { askMonitor } = await import('../dist/src/monitor/ask-monitor.js');
    const { monitorPlace } = await import('../dist/src/monitor/monitor-place.js');
    const { nonce } = JSON.parse(readFileSync(`${state}/monitor.json`, 'utf8'));
    const { socket } = monitorPlace(state);
    const ask = () => askMonitor('poll', { socket, nonce, timeoutMillis: 10_000 });
    for (let warm = 0; warm < 5; warm++) await ask();
    const before = ticks();
    const looks = 20;
    for (let look = 0; look < looks; look++) await ask();
    return (ticks() - before) / looks;
  } finally {
    spanbook('monitor', 'stop');
  }
}

export async function benchUsage({ roundCount, mb, files }) {
  await withFolder(async folder => {
    const tree = `${folder}/claude`;
    const truth = await writeTranscripts({ out: tree, mb, files });
    const ccusage = installCcusage();
    const fresh = () => {
      const state = mkdtempSync(`${folder}/state-`);
      const took = processMillis(totalsArgs(tree, state));
      rmSync(state, { recursive: true });
      return took;
    };
    header(`usage of ${mb} MiB in ${files} files, ${roundCount} rounds`);
    const state = `${folder}/state`;
    const told = JSON.parse(
      execFileSync(process.execPath, [...totalsArgs(tree, state), '--json'], {
        env: { PATH: process.env.PATH },
        encoding: 'utf8',
      }),
    ).totals;
    const { tokens, uniqueMessages } = truth;
    const written = told.total_tokens_cache_write_5m + told.total_tokens_cache_write_1h;
    const isExact =
      told.requests === uniqueMessages &&
      told.total_tokens_input === tokens.input &&
      told.total_tokens_output === tokens.output &&
      told.total_tokens_cache_read === tokens.cacheRead &&
      written === tokens.cacheCreation;
    report('tokens of five kinds and requests', isExact ? 'exact' : 'WRONG', 'exact');
    if (ccusage) {
      const other = JSON.parse(
        execFileSync(ccusage, ['daily', '--json', '--offline'], { env: ccusageEnv(tree), encoding: 'utf8' }),
      ).totals;
      report('output tokens that ccusage counts', `${((100 * other.outputTokens) / tokens.output).toFixed(1)} %`, '');
      const [, first] = rounds(
        [
          { name: 'ccusage', run: () => ccusageMillis(ccusage, tree) },
          { name: 'first reading', run: fresh },
        ],
        roundCount,
      );
      report('first reading / ccusage', `${first.ratio.toFixed(2)} x`, '<= 1');
    } else report('first reading', `${median([fresh(), fresh(), fresh()]).toFixed(0)} ms`, 'no ccusage to compare');
    report('memory of the first reading', `${peakMib(totalsArgs(tree, `${folder}/peak`)).toFixed(0)} MiB`, '<= 150');
    const empty = `${folder}/empty.cjs`;
    writeFileSync(empty, '');
    const report30 = [BIN, 'usage', 'daily', '--days', '30', '--claude-dir', tree, '--state-dir', state];
    const [, again, daily, other] = rounds(
      [
        { name: 'empty script', run: () => processMillis([empty]) },
        { name: 'totals again', run: () => processMillis(totalsArgs(tree, state)) },
        { name: 'daily', run: () => processMillis(report30) },
        ...(ccusage ? [{ name: 'ccusage', run: () => ccusageMillis(ccusage, tree) }] : []),
      ],
      2 * roundCount,
    );
    report('totals with nothing new / empty script', `${again.ratio.toFixed(2)} x`, '<= 2');
    report('30 days with nothing new / empty script', `${daily.ratio.toFixed(2)} x`, '<= 2');
    if (other) report('totals with nothing new / ccusage', `${(again.median / other.median).toFixed(3)} x`, '<= 0.1');
    const cpu = await pollCpuMillis(tree, state);
    report('CPU of a look of the monitor with nothing new', `${cpu.toFixed(1)} ms`, '<= 30');
  });
}
