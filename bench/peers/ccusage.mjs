// The other reader of transcripts, at the newest version that can be installed and runs here.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { CACHE } from '../places.mjs';
import { bareEnv, jsonOf } from '../run-process.mjs';
import { installInto, npmView } from './npm.mjs';

const FOLDER = `${CACHE}/ccusage`;
/** A release whose binary is not on the registry starts but ends with an error: then the one before it is tried. */
const TRIES = 6;

const versionThatRuns = () => {
  const bin = `${FOLDER}/node_modules/.bin/ccusage`;
  const { status, stdout } = spawnSync(bin, ['--version'], { env: bareEnv(), encoding: 'utf8' });
  return status === 0 ? stdout.trim().split(' ').at(-1) : null;
};

function install() {
  const noted = `${FOLDER}/newest.txt`;
  const stable = npmView('ccusage', 'versions')?.filter(version => !version.includes('-'));
  const newest = stable?.at(-1);
  const isCurrent = !newest || (existsSync(noted) && readFileSync(noted, 'utf8') === newest);
  const installed = isCurrent ? versionThatRuns() : null;
  if (installed || !stable) return installed;
  for (const version of stable.slice(-TRIES).reverse()) {
    rmSync(FOLDER, { recursive: true, force: true });
    if (!installInto(FOLDER, [`ccusage@${version}`]) || !versionThatRuns()) continue;
    writeFileSync(noted, newest);
    return version;
  }
  return null;
}

/** The program that the script of the package starts; null if it is none of its own. */
function nativeBinary() {
  const scope = `${FOLDER}/node_modules/@ccusage`;
  const [name] = existsSync(scope) ? readdirSync(scope) : [];
  const path = `${scope}/${name}/bin/ccusage`;
  return existsSync(path) ? path : null;
}

let found;

/** @returns how it is run over a folder of transcripts, as npm starts it and its binary alone; null if there is none */
export function findCcusage() {
  if (found !== undefined) return found;
  const version = install();
  const args = ['daily', '--json', '--offline'];
  const env = tree => ({ HOME: `${tree}/nobody`, CLAUDE_CONFIG_DIR: tree });
  const command = [`${FOLDER}/node_modules/.bin/ccusage`, ...args];
  const native = nativeBinary();
  found = version && {
    version,
    env,
    command,
    binary: native && [native, ...args],
    start: [command[0], '--version'],
    totals: tree => jsonOf(command, { env: env(tree) }).totals,
  };
  return found;
}
