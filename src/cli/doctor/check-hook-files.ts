/** Are the copied hooks there, and those of this version? */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { hooksDirOf } from '../../claude-code/install-place.ts';
import { bad, type Finding, ok, skipped } from './check.ts';
import { initWords } from './check-hook-settings.ts';
import type { Examination } from './examination.ts';
import { hookedSources } from './installed-hooks.ts';

export function checkHookFiles(examination: Examination): Finding {
  const { hooks, builtHooks, command } = examination;
  if (hooks.length === 0) return skipped('no hooks are installed');
  const gone = hooks.find(({ script }) => script !== undefined && !existsSync(script));
  if (gone) {
    const fix = gone.isByHand
      ? `Edit ${gone.source.path}: name a script that is there`
      : command(initWords(gone.source));
    return bad('failed', `${gone.script} is not there, though ${gone.source.path} calls it`, fix);
  }
  const built = readdirSync(builtHooks).filter(name => name.endsWith('.cjs'));
  if (built.length === 0) return skipped(`no built hooks in ${builtHooks} to compare with`);
  const copied = hookedSources(hooks.filter(({ isByHand }) => !isByHand));
  for (const source of copied) {
    const folder = hooksDirOf(source);
    const stale = built.filter(name => !isSame(`${folder}/${name}`, `${builtHooks}/${name}`));
    if (stale.length === 0) continue;
    const detail = `not of this version: ${stale.join(', ')} (in ${folder})`;
    return bad('warning', detail, command(initWords(source)));
  }
  if (copied.length === 0) return ok('called where they were built');
  return ok(`${built.length} files, those of this version, in ${copied.map(hooksDirOf).join(' and ')}`);
}

function isSame(path: string, other: string): boolean {
  try {
    return readFileSync(path).equals(readFileSync(other));
  } catch {
    return false;
  }
}
