// What the figures were taken on, and how busy it was: without this they say little.
import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, tmpdir, totalmem } from 'node:os';

const GIB = 2 ** 30;
const ROOT = new URL('..', import.meta.url).pathname;

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Of the folder for temporary files, where all states lie. */
function fileSystem() {
  const folder = realpathSync(tmpdir());
  const isAbove = point => point === '/' || folder === point || folder.startsWith(`${point}/`);
  const mounts = textOf('/proc/mounts')
    .split('\n')
    .map(line => line.split(' '))
    .filter(([, point]) => point && isAbove(point));
  // Of two on the same place the later one is seen.
  const [, , type] = mounts.sort(([, one], [, other]) => one.length - other.length).at(-1) ?? [];
  return type ?? 'unknown';
}

function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

/** The commit that was measured; says so if the sources differ from it. */
function commit() {
  const hash = git('rev-parse', '--short=10', 'HEAD');
  if (!hash) return 'no commit';
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', '.', ':!docs/benchmarks.md');
  return changed ? `${hash}, with changes` : hash;
}

export function describeMachine() {
  const name = /PRETTY_NAME="?([^"\n]+)/.exec(textOf('/etc/os-release'))?.[1] ?? platform();
  const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
  return {
    CPU: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${arch()}`,
    Memory: `${(totalmem() / GIB).toFixed(1)} GiB`,
    System: `${name}, kernel ${release().split('-')[0]}`,
    'Temporary files': fileSystem(),
    'Node.js': process.version,
    spanbook: `${version}, commit ${commit()}`,
  };
}

/** How many processes wanted a core on average, over the last minute. */
export const loadNow = () => loadavg()[0].toFixed(2);
