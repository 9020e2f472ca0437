/** Are the files that people edit in the state folder as they should be? */
import { existsSync } from 'node:fs';
import { SpanbookError } from '../../errors.ts';
import { checkPricing, checkSettings, pricingPath } from '../../store/check-settings.ts';
import { settingsPath } from '../../store/read-settings.ts';
import { bad, type Finding, ok, skipped } from './check.ts';
import type { Examination } from './examination.ts';

export async function checkOwnSettings({ recorded }: Examination): Promise<Finding> {
  const path = settingsPath(recorded.path);
  const wrong = await complaint(() => checkSettings(recorded.path));
  // A mistake in the prices is told by their own check.
  if (wrong?.startsWith(path)) return bad('failed', wrong, `Edit ${path}`);
  return ok(existsSync(path) ? `${path} is valid` : 'no spanbook.json; defaults hold');
}

export async function checkPrices({ recorded, builtHooks }: Examination): Promise<Finding> {
  const own = pricingPath(recorded.path);
  const bundled = `${builtHooks}/../../config/usage_pricing.json`;
  const there = [own, bundled].filter(path => existsSync(path));
  for (const path of there) {
    const wrong = await complaint(() => checkPricing(path));
    if (wrong === null) continue;
    return bad(
      'failed',
      wrong,
      path === own ? `Edit ${path}` : 'npm install spanbook, for its file of prices is damaged',
    );
  }
  return there.length === 0
    ? skipped('no prices here')
    : ok(`${there.join(' and ')} ${there.length > 1 ? 'are' : 'is'} valid`);
}

/** The first line of what is wrong, or null. */
async function complaint(check: () => Promise<void>): Promise<string | null> {
  try {
    await check();
    return null;
  } catch (error) {
    if (error instanceof SpanbookError) return error.message.split('\n')[0] ?? '';
    throw error;
  }
}
