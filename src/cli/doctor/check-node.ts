/** Is `node` there, and new enough? Hooks are started by that name. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { bad, type Finding, ok } from './check.ts';
import type { Examination } from './examination.ts';

const NEEDED = '20.6';
const ANSWER_MILLIS = 5000;

export function checkNode({ env }: Pick<Examination, 'env'>): Finding {
  const path = findProgram(env.PATH ?? '');
  const install = `Install Node.js ${NEEDED} or later, and put its folder into PATH`;
  if (path === null) return bad('failed', 'no node in PATH, and hooks are started as node', install);
  const { stdout, error } = spawnSync(path, ['--version'], {
    encoding: 'utf8',
    timeout: ANSWER_MILLIS,
    env: { PATH: env.PATH },
    windowsHide: true,
  });
  const version = /^v(\d+)\.(\d+)\.\d+/.exec(stdout ?? '');
  if (!version) return bad('failed', `${path} --version does not answer${error ? ` (${error.message})` : ''}`, install);
  const [text, major, minor] = version;
  if (Number(major) + Number(minor) / 1000 < 20.006)
    return bad('failed', `${path} is ${text}, older than ${NEEDED}`, install);
  return ok(`${text} at ${path}`);
}

function findProgram(path: string): string | null {
  const names = process.platform === 'win32' ? ['node.exe'] : ['node'];
  for (const folder of path.split(delimiter).filter(part => part !== '')) {
    for (const name of names) {
      try {
        const program = join(folder, name);
        accessSync(program, constants.X_OK);
        if (statSync(program).isFile()) return program;
      } catch {
        // The next folder.
      }
    }
  }
  return null;
}
