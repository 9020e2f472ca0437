/** Checks the files that people edit, so that a wrong value is named and not silently replaced by a default. */
import { statSync } from 'node:fs';
import { settingsPath } from './read-settings.ts';

export const pricingPath = (stateDir: string): string => `${stateDir}/usage_pricing.json`;

/**
 * Checks `spanbook.json` and `usage_pricing.json` of a state folder. What checks them is loaded only if there is such a
 * file. Called by every command that opens a state folder.
 *
 * @throws SpanbookError `BAD_SETTINGS` that names file, key, value and what is allowed, one line for each wrong key.
 */
export async function checkSettings(stateDir: string): Promise<void> {
  const path = settingsPath(stateDir);
  if (isThere(path)) (await import('./check-edited-file.ts')).checkSettingsFile(path);
  await checkPricing(pricingPath(stateDir));
}

/**
 * Checks a file of prices, if there is one.
 *
 * @throws SpanbookError `BAD_SETTINGS` as above.
 */
export async function checkPricing(path: string): Promise<void> {
  if (isThere(path)) (await import('./check-edited-file.ts')).checkPricingFile(path);
}

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;
