/** Pruning where usage could not be brought up to date, as on a full disk. */
import { expect, it } from 'vitest';
import { createSegment, listSegments } from '../src/journal/segments.ts';
import { OpenRelay } from '../src/open-relay.ts';
import { pruneState } from '../src/prune-state.ts';
import { readUsage } from '../src/read-usage-now.ts';
import { readPricing } from '../src/store/read-pricing.ts';
import { refreshDocument } from '../src/store/refresh-document.ts';
import { NOON } from './helpers/client-facts.ts';
import { appendFacts, fourDays, LARGE } from './helpers/old-state.ts';
import { startOtlpServer } from './helpers/otlp-server.ts';
import { writeSettings } from './helpers/run-cli.ts';
import { ROOT } from './helpers/run-program.ts';
import { makeEnd, makeRequest } from './helpers/script-facts.ts';

const DAY = 86_400_000;
const PRICING = `${ROOT}config/usage_pricing.json`;

/** Takes away what is older than a day. */
const pruneAt = (stateDir: string, now: number, more: { isUsageKept: boolean; say?: (message: string) => void }) =>
  pruneState({
    stateDir,
    before: now - DAY,
    now,
    pricing: readPricing(stateDir, PRICING),
    isDryRun: false,
    say: () => {},
    ...more,
  });

it('a segment with requests that are in no ledger stays, and goes once they are', async () => {
  const stateDir = fourDays();
  appendFacts(stateDir, { ...makeRequest(0x77, 4, 5), at: NOON + 4 * DAY });
  createSegment(stateDir, 5);
  refreshDocument(stateDir, LARGE);
  const now = NOON + 100 * DAY;
  const prune = () => pruneAt(stateDir, now, { isUsageKept: false });
  await prune();
  expect(listSegments(stateDir)).toEqual([4, 5]);
  readUsage({ stateDir, claudeDirs: [], now, pricingPath: PRICING, say: () => {} });
  await prune();
  expect(listSegments(stateDir)).toEqual([5]);
});

it('what was not sent to the endpoint of the settings stays, and goes once it is', async () => {
  const server = await startOtlpServer();
  const stateDir = fourDays();
  createSegment(stateDir, 5);
  refreshDocument(stateDir, LARGE);
  writeSettings(stateDir, { otlp: { endpoint: server.url } });
  const now = NOON + 100 * DAY;
  const said: string[] = [];
  const prune = () => pruneAt(stateDir, now, { isUsageKept: true, say: message => said.push(message) });
  expect((await prune()).segments).toEqual([]);
  expect(said).toEqual([`What was not sent yet to ${server.url}/v1/traces stays (spanbook ship sends it)`]);
  // What began in the first of them is over in the last.
  appendFacts(stateDir, makeEnd(0xff, { at: NOON + 5 * DAY }));
  const relay = new OpenRelay({
    stateDir,
    endpoint: { url: `${server.url}/v1/traces`, headers: undefined },
    leaves: { isTold: () => true, leavesOf: () => new Map() },
  });
  expect(await relay.drain()).toBeNull();
  relay.writeStatus('stopped', null);
  expect(server.spans).toHaveLength(5);
  expect(server.spans.at(-1)).toMatchObject({
    name: 'invoke_workflow /long',
    endTimeUnixNano: `${NOON + 5 * DAY}000000`,
  });
  expect((await prune()).segments).toHaveLength(4);
  expect(said).toHaveLength(1);
  expect(listSegments(stateDir)).toEqual([5]);
  // What is gone was sent, so there is nothing to be sent again.
  const before = server.requests;
  expect(
    await new OpenRelay({
      stateDir,
      endpoint: { url: `${server.url}/v1/traces`, headers: undefined },
      leaves: { isTold: () => true, leavesOf: () => new Map() },
    }).drain(),
  ).toBeNull();
  expect(server.requests).toBe(before);
});
