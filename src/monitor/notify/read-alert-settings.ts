/** The `alerts` of `spanbook.json`, as the monitor reads them anew before it delivers. */

import { systemErrorCode } from '../../errors.ts';
import { readPlain } from '../../journal/plain-file.ts';
import type { AlertSettings } from '../../model/alert-settings-schema.ts';
import { checkedBy } from '../../store/checked-by.ts';
import { settingsPath } from '../../store/read-settings.ts';

export interface AlertSettingsRead {
  /** Empty if there is no file, no such section in it, or a problem. */
  readonly settings: AlertSettings;
  /** Why nothing is delivered; for the log. */
  readonly problem: string | null;
}

/** The schema is loaded only if there is such a section. What else stands in the file does not matter here. */
export async function readAlertSettings(stateDir: string): Promise<AlertSettingsRead> {
  const path = settingsPath(stateDir);
  const nothing = (problem: string | null): AlertSettingsRead => ({ settings: {}, problem });
  let alerts: unknown;
  try {
    const settings: unknown = JSON.parse(readPlain(path).toString());
    alerts = typeof settings === 'object' && settings !== null && 'alerts' in settings ? settings.alerts : undefined;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return nothing(null);
    return nothing(`${path} cannot be read (${code ?? 'no JSON'}): no alert is delivered`);
  }
  if (alerts === undefined) return nothing(null);
  const { settingsSchema } = await import('../../store/check-edited-file.ts');
  const checked = checkedBy(settingsSchema.shape.alerts, alerts);
  // The command line names what is wrong; here it could be a secret.
  if (!checked?.success)
    return nothing(`${path}: alerts is wrong, no alert is delivered; spanbook alerts test says what it is`);
  return { settings: checked.data ?? {}, problem: null };
}
