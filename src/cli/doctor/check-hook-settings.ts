/** Do the settings of the client call the hook, for each event and in the right form? */
import { isDeepStrictEqual } from 'node:util';
import { HOOK_EVENTS, type HookGroup, hookGroups } from '../../claude-code/hook-entries.ts';
import { bad, type Finding, ok } from './check.ts';
import type { Examination } from './examination.ts';
import { hookedSources, type InstalledHook } from './installed-hooks.ts';
import type { SettingsSource } from './settings-sources.ts';

const MAX_NAMED = 3;

export function checkHookSettings(examination: Examination): Finding {
  const { sources, hooks, command } = examination;
  const broken = sources.find(({ problem }) => problem !== null);
  if (broken) return bad('failed', String(broken.problem), `Edit ${broken.path} until it is JSON`);
  const hooked = hookedSources(hooks);
  if (hooked.length === 0) return bad('warning', 'no settings of Claude Code call a hook of spanbook', command('init'));
  for (const source of hooked) {
    const wrong = wrongEntries(hooks.filter(hook => hook.source === source));
    if (wrong.length === 0) continue;
    const named = wrong.slice(0, MAX_NAMED).join('; ');
    const more = wrong.length > MAX_NAMED ? `; and ${wrong.length - MAX_NAMED} more` : '';
    const isByHand = hooks.some(hook => hook.source === source && hook.isByHand);
    const fix = isByHand ? `Edit ${source.path}, as docs/claude-code.md has it` : command(initWords(source));
    const blocks = wrong.some(text => text.includes('onFailure') || text.includes('async'));
    return bad(blocks ? 'failed' : 'warning', `${named}${more} (${source.path})`, fix);
  }
  return ok(`${HOOK_EVENTS.length} events in ${hooked.map(({ path }) => path).join(' and ')}`);
}

/** The `init` that put the hooks there, or would. */
export const initWords = ({ scope }: Pick<SettingsSource, 'scope'>): string =>
  scope === 'project' ? 'init' : `init --${scope}`;

function wrongEntries(hooks: readonly InstalledHook[]): string[] {
  const expected = hookGroups('');
  const missing = HOOK_EVENTS.filter(event => !hooks.some(hook => hook.event === event));
  const wrong = missing.length > 0 ? [`no hook for ${missing.join(', ')}`] : [];
  const seen = new Set<string>();
  for (const hook of hooks) {
    const what = seen.has(hook.event) ? 'stands there twice' : whatIsWrong(hook, expected.get(hook.event));
    seen.add(hook.event);
    if (what !== null) wrong.push(`${hook.event} ${what}`);
  }
  return wrong;
}

function whatIsWrong({ handler, matcher, script }: InstalledHook, group: HookGroup | undefined): string | null {
  if (!group) return 'is no event that spanbook records';
  const { type, command, args, timeout, ...others } = handler;
  if (others.async !== undefined) return 'has async, so that it is killed with the client';
  if (others.onFailure !== undefined) return 'has onFailure, so that it may block the client';
  const [other] = Object.keys(others);
  if (other !== undefined) return `has ${other}`;
  const everything = matcher === '' || matcher === '*' ? undefined : matcher;
  if (!isDeepStrictEqual(everything, group.matcher)) {
    return `has the matcher ${JSON.stringify(matcher ?? '*')}, not ${JSON.stringify(group.matcher ?? '*')}`;
  }
  if (type !== 'command' || command !== 'node' || !Array.isArray(args) || script === undefined)
    return 'is not called as node with args';
  const [{ timeout: seconds } = { timeout: 0 }] = group.hooks;
  return timeout === seconds ? null : `has the timeout ${JSON.stringify(timeout ?? null)}, not ${seconds}`;
}
