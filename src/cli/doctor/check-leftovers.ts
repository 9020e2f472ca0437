/** Does anything lie about that somebody should look at, or may remove? */
import { readdirSync, statSync } from 'node:fs';
import { hooksDirOf } from '../../claude-code/install-place.ts';
import { shellWord } from '../shell-word.ts';
import { bad, type Finding, ok } from './check.ts';
import type { Examination } from './examination.ts';

const SET_ASIDE = /\.bad-\d+T\d+\.json$/;
const TEMPORARY = /^\..+\.\d+-[a-z0-9]+\.tmp$/;
const STALE_MILLIS = 60_000;

export function checkLeftovers({ recorded, sources, now }: Examination): Finding {
  const own = [recorded.path, `${recorded.path}/archive`, `${recorded.path}/usage`];
  const clients = sources.flatMap(source => [source.claudeDir, hooksDirOf(source)]);
  const aside = own.flatMap(folder => filesIn(folder, name => SET_ASIDE.test(name)));
  const stale = [...new Set([...own, ...clients])].flatMap(folder =>
    filesIn(folder, name => TEMPORARY.test(name)).filter(path => isOlder(path, now - STALE_MILLIS)),
  );
  const found = [...aside, ...stale];
  if (found.length === 0) return ok('none');
  const parts = [
    ...(aside.length > 0 ? [`${aside.length} damaged documents that were set aside`] : []),
    ...(stale.length > 0 ? [`${stale.length} temporary files of writers that were killed`] : []),
  ];
  return bad('warning', parts.join(', '), `rm ${found.map(shellWord).join(' ')}`);
}

function filesIn(folder: string, fits: (name: string) => boolean): string[] {
  try {
    return readdirSync(folder)
      .filter(fits)
      .map(name => `${folder}/${name}`);
  } catch {
    // Not there, or not to be read, which other checks tell.
    return [];
  }
}

const isOlder = (path: string, time: number): boolean =>
  (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY) < time;
