/** Can hooks write to the state folder, and nobody else read it? */
import { accessSync, constants, existsSync, readdirSync, type Stats, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorCode } from '../../errors.ts';
import { shellWord } from '../shell-word.ts';
import { bad, type Finding, ok } from './check.ts';
import type { Examination } from './examination.ts';

const LOW_BYTES = 100 * 1024 * 1024;
const FULL_BYTES = 1024 * 1024;
const MEGABYTE = 1024 * 1024;
/** What we write; what people write there has the mode that they gave it. */
const WRITTEN =
  /^(pipeline_progress.*\.json|usage_stats\.json|monitor\.(json|log(\.\d)?)|hooks\.log|events-\d+\.jsonl)$/;

export function checkStateFolder(examination: Examination): Finding {
  const { recorded, queried, command } = examination;
  const { path } = recorded;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return absent(path);
  if (!stats.isDirectory()) return bad('failed', `${path} is a file, and must be a folder`, `rm ${shellWord(path)}`);
  const wrong = refused(path, stats) ?? spaceLow(path) ?? openToOthers(path, stats);
  if (wrong) return wrong;
  if (examination.stateDir === undefined && path !== queried.path) {
    const detail = `hooks record to ${path}, but queries in this project look into ${queried.path}`;
    return bad('warning', detail, `export SPANBOOK_STATE_DIR=${shellWord(path)}, or ${command('init')}`);
  }
  const avoided = recorded.avoided === undefined ? '' : `, because ${recorded.avoided} belongs to something else`;
  return ok(`${path} is private and can be written${avoided}`);
}

/** The first hook makes it, if it can. */
function absent(path: string): Finding {
  let above = dirname(path);
  while (!existsSync(above) && dirname(above) !== above) above = dirname(above);
  try {
    accessSync(above, constants.W_OK | constants.X_OK);
  } catch (error) {
    return bad('failed', `${path} cannot be made (${systemErrorCode(error)})`, `chmod u+wx ${shellWord(above)}`);
  }
  return ok(`${path} will be made by the first hook`);
}

function refused(path: string, stats: Stats): Finding | null {
  const uid = process.getuid?.();
  const folders = [path, `${path}/journal`, `${path}/archive`].filter(folder => existsSync(folder));
  for (const folder of folders) {
    try {
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (error) {
      const code = systemErrorCode(error);
      const own = uid === undefined || stats.uid === uid;
      const fix = own ? `chmod -R u+rwX ${shellWord(path)}` : `sudo chown -R ${uid} ${shellWord(path)}`;
      const readOnly = `Mount the disk of ${path} for writing, or set SPANBOOK_STATE_DIR to another folder`;
      return bad('failed', `${folder} cannot be written (${code})`, code === 'EROFS' ? readOnly : fix);
    }
  }
  if (uid === undefined || stats.uid === uid) return null;
  return bad('warning', `${path} belongs to user ${stats.uid}, not to you`, `sudo chown -R ${uid} ${shellWord(path)}`);
}

function spaceLow(path: string): Finding | null {
  const { bavail, bsize, blocks } = statfsSync(path);
  // Some file systems do not tell.
  if (blocks === 0) return null;
  const free = bavail * bsize;
  if (free >= LOW_BYTES) return null;
  const detail = `${Math.floor(free / MEGABYTE)} MB free on the disk of ${path}`;
  return bad(free < FULL_BYTES ? 'failed' : 'warning', detail, 'Free some space on that disk');
}

function openToOthers(path: string, stats: Stats): Finding | null {
  if (process.platform === 'win32') return null;
  const octal = (mode: number): string => (mode & 0o777).toString(8);
  const fix = `chmod -R go= ${shellWord(path)}`;
  if (stats.mode & 0o077) return bad('warning', `${path} is open to others (mode ${octal(stats.mode)}, not 700)`, fix);
  for (const folder of [path, `${path}/journal`, `${path}/archive`]) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const mode = WRITTEN.test(name) ? (statSync(`${folder}/${name}`, { throwIfNoEntry: false })?.mode ?? 0) : 0;
      if (mode & 0o077) return bad('warning', `${folder}/${name} has mode ${octal(mode)}, not 600`, fix);
    }
  }
  return null;
}
