/** Does anything switch hooks off? */
import { object } from '../../claude-code/payload.ts';
import { bad, type Finding, ok } from './check.ts';
import type { Examination } from './examination.ts';
import { MANAGED_SETTINGS } from './managed-settings.ts';
import { readSettings } from './settings-sources.ts';

export function checkHooksOff({ env, sources, managedSettings }: Examination): Finding {
  const managed = managedSettings ?? MANAGED_SETTINGS;
  const all = [...sources, { path: managed, ...readSettings(managed) }];
  if (env.SPANBOOK_DISABLED === '1')
    return bad(
      'failed',
      'SPANBOOK_DISABLED=1 is set here; a client started from here records nothing',
      'unset SPANBOOK_DISABLED',
    );
  for (const { path, settings } of all) {
    if (settings?.disableAllHooks === true)
      return bad('failed', `"disableAllHooks": true in ${path}`, `Edit ${path}: take out "disableAllHooks"`);
    if (object(settings?.env).SPANBOOK_DISABLED === '1')
      return bad(
        'failed',
        `"SPANBOOK_DISABLED": "1" in ${path}`,
        `Edit ${path}: take "SPANBOOK_DISABLED" out of "env"`,
      );
  }
  if (all.at(-1)?.settings?.allowManagedHooksOnly === true) {
    const detail = `"allowManagedHooksOnly": true in ${managed}: other hooks do not run`;
    return bad('failed', detail, 'Ask who manages this machine to add the hooks of spanbook to the managed settings');
  }
  return ok('nothing switches them off');
}
