/** Pruning where usage could not be brought up to date, as on a full disk. */
import { expect, it } from 'vitest';
import { createSegment, listSegments } from '../src/journal/segments.ts';
import { pruneState } from '../src/prune-state.ts';
import { readUsage } from '../src/read-usage-now.ts';
import { readPricing } from '../src/store/read-pricing.ts';
import { refreshDocument } from '../src/store/refresh-document.ts';
import { NOON } from './helpers/client-facts.ts';
import { appendFacts, fourDays, LARGE } from './helpers/old-state.ts';
import { ROOT } from './helpers/run-program.ts';
import { makeRequest } from './helpers/script-facts.ts';

const DAY = 86_400_000;
const PRICING = `${ROOT}config/usage_pricing.json`;

it('a segment with requests that are in no ledger stays, and goes once they are', () => {
  const stateDir = fourDays();
  appendFacts(stateDir, { ...makeRequest(0x77, 4, 5), at: NOON + 4 * DAY });
  createSegment(stateDir, 5);
  refreshDocument(stateDir, LARGE);
  const now = NOON + 100 * DAY;
  const prune = () =>
    pruneState({
      stateDir,
      before: now - DAY,
      now,
      pricing: readPricing(stateDir, PRICING),
      isUsageKept: false,
      isDryRun: false,
      say: () => {},
    });
  prune();
  expect(listSegments(stateDir)).toEqual([4, 5]);
  readUsage({ stateDir, claudeDirs: [], now, pricingPath: PRICING, say: () => {} });
  prune();
  expect(listSegments(stateDir)).toEqual([5]);
});
