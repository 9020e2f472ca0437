/** Do hooks run? What they wrote last, held against what the client wrote last. */
import { statSync } from 'node:fs';
import { hooksDirOf } from '../../claude-code/install-place.ts';
import { formatDuration } from '../../query/format-duration.ts';
import { bad, type Finding, ok, skipped } from './check.ts';
import type { Examination } from './examination.ts';
import { hookedSources } from './installed-hooks.ts';
import { projectTranscripts } from './project-transcripts.ts';

/** A client writes its transcript a while after the last hook of a run. */
const LAG_MILLIS = 5 * 60_000;

export function checkHooksSeen(examination: Examination): Finding {
  const { hooks, now, project, userClaude } = examination;
  if (hooks.length === 0) return skipped('no hooks are installed');
  const { lastHook, sessions } = examination.journal();
  const since = Math.max(lastHook, installedAt(examination));
  const missed = (userClaude === undefined ? [] : projectTranscripts(examination))
    // While a run is open, the client may write for hours without any hook.
    .filter(({ session, mtimeMs }) => mtimeMs > since + LAG_MILLIS && sessions.get(session) !== true)
    .sort((a, b) => b.mtimeMs - a.mtimeMs)[0];
  const last = lastHook === 0 ? 'no hook has run yet' : `the last hook ran ${age(now - lastHook)} ago`;
  if (missed) {
    const detail = `not running: a session went on ${age(now - missed.mtimeMs)} ago, ${last} (${missed.path})`;
    return bad('warning', detail, 'claude --debug-file hooks.txt, then look for "hook" in hooks.txt');
  }
  if (lastHook === 0) return bad('warning', last, `Send a prompt to Claude Code in ${project}, then look again`);
  return ok(last);
}

const age = (millis: number): string => formatDuration(Math.max(0, millis));

/** Sessions before that could have no hooks. */
const installedAt = ({ hooks }: Examination): number =>
  Math.max(
    0,
    ...hookedSources(hooks).map(source => statSync(hooksDirOf(source), { throwIfNoEntry: false })?.mtimeMs ?? 0),
  );
