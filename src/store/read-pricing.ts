/** The prices that hold: those of the package, with what `usage_pricing.json` in the state folder says instead. */

import { readFileSync, statSync } from 'node:fs';
import { SpanbookError, systemErrorCode } from '../errors.ts';
import { readPlain } from '../journal/plain-file.ts';
import { keepValidPricing, type ValidPricing } from '../model/keep-valid-pricing.ts';
import type { Pricing } from '../model/pricing-schema.ts';
import { priceFingerprint } from '../usage/price-fingerprint.ts';
import { type PriceTable, priceTableOf } from '../usage/price-table.ts';
import { pricingPath } from './check-settings.ts';

export interface PricingRead {
  readonly pricing: Pricing;
  readonly table: PriceTable;
  /** Another one means that costs are to be counted anew. */
  readonly fingerprint: string;
  /** Ids of the models whose prices the state folder gives. */
  readonly overridden: readonly string[];
  /** What of that file was wrong and is not used; a model among it is unpriced. */
  readonly ignored: readonly string[];
}

/**
 * Called by whoever counts or shows costs. The file of the state folder may be absent or wrong: `checkPricing` says so
 * to people. Nothing of it is checked against the schema here, because that takes longer than a report.
 *
 * @throws SpanbookError `STATE_UNREADABLE` if the prices of the package are missing or damaged.
 */
export function readPricing(stateDir: string, packagedPath: string): PricingRead {
  const { pricing: own, ignored } = readOwn(pricingPath(stateDir));
  const pricing = merged(readPackaged(packagedPath), own);
  return {
    pricing,
    table: priceTableOf(pricing),
    fingerprint: priceFingerprint(pricing),
    overridden: Object.keys(own.models ?? {}),
    ignored,
  };
}

function readPackaged(path: string): Pricing {
  try {
    // Trusted: a test holds the file against the schema.
    return JSON.parse(readFileSync(path, 'utf8')) as Pricing;
  } catch (cause) {
    const message = `${path}: expected the prices of the package, got none that can be read; install spanbook again`;
    throw new SpanbookError('STATE_UNREADABLE', message, { cause });
  }
}

function readOwn(path: string): ValidPricing {
  try {
    // Most folders have none, and an exception would cost more than the question.
    if (!statSync(path, { throwIfNoEntry: false })) return { pricing: {}, ignored: [] };
    return keepValidPricing(JSON.parse(readPlain(path).toString()));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { pricing: {}, ignored: [] };
    return keepValidPricing(undefined);
  }
}

/** Model by model, alias by alias, threshold by threshold; lists as a whole. */
const merged = (packaged: Pricing, own: Pricing): Pricing => ({
  ...packaged,
  web_search: own.web_search ?? packaged.web_search,
  models: { ...packaged.models, ...own.models },
  aliases: { ...packaged.aliases, ...own.aliases },
  alert_thresholds: { ...packaged.alert_thresholds, ...own.alert_thresholds },
  budgets: own.budgets ?? packaged.budgets,
  recommendations: own.recommendations ?? packaged.recommendations,
});
