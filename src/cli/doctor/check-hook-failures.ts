/** What hooks could not do, as they logged it. */
import { accessSync, constants, existsSync } from 'node:fs';
import { hookLogPath } from '../../hook/report-failure.ts';
import { userStateDir } from '../../store/state-dir.ts';
import { readHookFailures } from '../read-hook-failures.ts';
import { shellWord } from '../shell-word.ts';
import { bad, type Finding, ok } from './check.ts';
import type { Examination } from './examination.ts';

export function checkHookFailures({ env, recorded }: Examination): Finding {
  const home = userStateDir(env);
  const folders = new Set(home ? [recorded.path, home] : [recorded.path]);
  const found = [...folders].flatMap(folder => {
    const path = hookLogPath(folder);
    if (existsSync(path)) accessSync(path, constants.R_OK);
    return readHookFailures(folder) ?? [];
  });
  const [first] = found;
  if (!first) return ok('none logged');
  const count = found.reduce((sum, failures) => sum + failures.count, 0);
  const last = first.last_reason === null ? '' : `, the last: ${first.last_reason}`;
  const paths = found.map(({ path }) => shellWord(path)).join(' ');
  return bad('warning', `${count} in ${first.path}${last}`, `Mend the cause, then: rm ${paths}`);
}
