/** Are the hooks installed once? Twice may record twice, or to two folders. */

import { object } from '../../claude-code/payload.ts';
import { bad, type Finding, ok, skipped } from './check.ts';
import type { Examination } from './examination.ts';
import { hookedSources } from './installed-hooks.ts';

export function checkDoubleInstall({ hooks, sources, command }: Examination): Finding {
  const hooked = hookedSources(hooks);
  const plugin = sources.find(({ settings }) => pluginIn(settings) !== undefined);
  if (plugin && hooked.length > 0) {
    const name = pluginIn(plugin.settings);
    const detail = `also as the plugin ${name}: each event is recorded twice`;
    return bad('warning', detail, `Edit ${plugin.path}: set ${JSON.stringify(name)} to false in "enabledPlugins"`);
  }
  const scopes = hooked.map(({ scope }) => scope);
  if (scopes.includes('user') && scopes.length > 1) {
    const detail = 'also for all projects: two state folders get each event';
    return bad('warning', detail, command('uninstall'));
  }
  if (scopes.length > 1) {
    return bad('warning', 'in settings.json and in settings.local.json of this project', command('init'));
  }
  const byHand = hooks.filter(({ isByHand }) => isByHand);
  if (byHand.length > 0 && byHand.length < hooks.length) {
    const detail = 'also by hand: each event is recorded twice';
    return bad('warning', detail, `Edit ${byHand[0]?.source.path}: take out the hooks that call ${byHand[0]?.script}`);
  }
  return hooks.length === 0 ? skipped('no hooks are installed') : ok(`once, ${scopeWords(scopes[0])}`);
}

const scopeWords = (scope: string | undefined): string =>
  scope === 'user' ? 'for all projects' : scope === 'local' ? 'for you alone in this project' : 'for this project';

const pluginIn = (settings: Record<string, unknown> | null): string | undefined =>
  Object.entries(object(settings?.enabledPlugins)).find(
    ([name, on]) => /^spanbook(@|$)/.test(name) && on === true,
  )?.[0];
