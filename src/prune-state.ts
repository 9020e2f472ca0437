/** Takes what is old out of a state folder: archives, segments of the journal, and requests, whose sums stay. */
import { forEachBlock } from './journal/read-blocks.ts';
import { segmentPath } from './journal/segments.ts';
import { ledgerRules } from './ledger-rules.ts';
import { settledEndpoint } from './otlp-endpoint.ts';
import { shownUrl } from './processor/traces-url.ts';
import { type PrunedArchives, pruneArchives } from './store/prune-archives.ts';
import { type PrunedLedger, pruneLedger } from './store/prune-ledger.ts';
import type { Say } from './store/read-document.ts';
import type { PricingRead } from './store/read-pricing.ts';
import { readWriterSettings } from './store/read-settings.ts';
import { relayPlace } from './store/relay/relay-place.ts';
import { readRelayStatus } from './store/relay/relay-status.ts';
import { KeptIndex } from './store/usage-index.ts';

const REQUEST_KEY = '"kind":"request"';

export interface PruneOptions {
  stateDir: string;
  /** What is from before this time goes, in milliseconds since 1970. */
  before: number;
  /** Milliseconds since 1970. */
  now: number;
  pricing: PricingRead;
  /** Usage was brought up to date before, and is kept. */
  isUsageKept: boolean;
  isDryRun: boolean;
  say: Say;
  /** Told of each step that was done; what it throws ends the pruning there. */
  onStep?: (step: string) => void;
}

export interface PrunedState extends PrunedArchives {
  ledger: PrunedLedger;
}

/**
 * May be killed at any moment: what is left is right, and the next call does the rest. Two at a time are not allowed.
 *
 * @throws a system error if the folder cannot be written.
 */
export async function pruneState(options: PruneOptions): Promise<PrunedState> {
  const { stateDir, before, now, pricing, isUsageKept, isDryRun, say, onStep } = options;
  const unsent = await unsentIn(stateDir);
  // First, because it makes room where a disk is full.
  const files = pruneArchives({
    stateDir,
    before,
    isDryRun,
    isTaken: segment => isUsageKept || isTaken(stateDir, segment),
    unsentFrom: unsent.fromSegment,
    say,
    onStep,
  });
  const rules = ledgerRules(pricing.table, readWriterSettings(stateDir).stages);
  if (unsent.at < before) say(`What was not sent yet to ${shownUrl(unsent.endpoint)} stays (spanbook ship sends it)`);
  const from = Math.min(before, unsent.at);
  return { ...files, ledger: pruneLedger({ stateDir, before: from, now, rules, isDryRun, onStep }) };
}

interface Unsent {
  endpoint: string;
  /** Segments from this one on may hold something. */
  fromSegment: number;
  /** When the oldest of it happened, in milliseconds since 1970. */
  at: number;
}

/** What is still to be sent to the endpoint of the settings; nothing where they name none. */
async function unsentIn(stateDir: string): Promise<Unsent> {
  const endpoint = settledEndpoint(stateDir)?.url;
  const none = { fromSegment: Number.POSITIVE_INFINITY, at: Number.POSITIVE_INFINITY };
  if (endpoint === undefined) return { endpoint: '', ...none };
  const { oldestUnsent } = await import('./open-relay.ts');
  const fromSegment = readRelayStatus(relayPlace(stateDir, endpoint).status)?.from_segment ?? 1;
  return { endpoint, fromSegment, at: oldestUnsent(stateDir, endpoint) ?? none.at };
}

/** Usage could not be brought up to date, as on a full disk: then only what tells of no request may go. */
function isTaken(stateDir: string, segment: number): boolean {
  const kept = KeptIndex.open(stateDir);
  kept?.close();
  let hasRequests = false;
  forEachBlock(segmentPath(stateDir, segment), kept?.head.journal.get(segment) ?? 0, text => {
    hasRequests = text.includes(REQUEST_KEY);
    return !hasRequests;
  });
  return !hasRequests;
}
