/**
 * Takes old requests out of the ledger and leaves their sums and the hashes of their ids. Each segment is replaced as a
 * whole, and after each the ledger counts what it counted before, so this may be killed at any moment: the sum and the
 * id of a request go to the first segment that tells of it, which is replaced first; lines of it in later ones are
 * passed by from then on.
 */
import { SpanbookError } from '../errors.ts';
import { fileSize } from '../journal/read-blocks.ts';
import { randomId } from '../model/ids.ts';
import { totalTokens } from '../usage/billed-request.ts';
import type { LedgerRules } from '../usage/cube-point.ts';
import { goneBlocks, goneLine } from '../usage/gone-ids.ts';
import { fromLedgerLine, idOfLine } from '../usage/ledger-line.ts';
import { addSum, fromSumLine, type RequestSum, sumOfRequest, toSumLine } from '../usage/request-sum.ts';
import { UsageCube } from '../usage/usage-cube.ts';
import { beginSegment, type LedgerCursor, ledgerPath, listLedger, usageDir } from './ledger.ts';
import { LedgerFiles, segmentOf } from './ledger-files.ts';
import { LedgerFold } from './ledger-fold.ts';
import { discard, publish, removeStaleTemporaries, writeTemporary } from './write-file.ts';

/** Until then the command of a request that only OTLP told of may still be found. */
const PLACED_MILLIS = 7 * 86_400_000;

export interface PruneLedgerOptions {
  stateDir: string;
  /** Requests from before this time go, in milliseconds since 1970. */
  before: number;
  /** Milliseconds since 1970. */
  now: number;
  rules: LedgerRules;
  isDryRun: boolean;
  /** Told of each step that was done; what it throws ends the pruning there. */
  onStep?: ((step: string) => void) | undefined;
}

export interface PrunedLedger {
  requests: number;
  /** Rows of sums that they became. */
  sums: number;
  /** By which the segments became smaller; 0 if they did not. */
  bytes: number;
  /** Tokens of these requests that have no price. */
  unpricedTokens: number;
}

/** What is to be done to one segment. */
interface SegmentPlan {
  /** Lines that go. */
  places: Set<number>;
  /** Ids of the requests whose sums stay here. */
  ids: string[];
  sums: Map<string, RequestSum>;
}

/** @throws a system error if the ledger cannot be written; what was replaced until then is right as it is. */
export function pruneLedger(options: PruneLedgerOptions): PrunedLedger {
  const files = new LedgerFiles(options.stateDir);
  try {
    return new LedgerPruning(options, files).prune();
  } finally {
    files.close();
  }
}

class LedgerPruning {
  readonly #options: PruneLedgerOptions;
  readonly #files: LedgerFiles;
  readonly #fold: LedgerFold;
  readonly #plans = new Map<number, SegmentPlan>();
  readonly #pruned: PrunedLedger = { requests: 0, sums: 0, bytes: 0, unpricedTokens: 0 };

  constructor(options: PruneLedgerOptions, files: LedgerFiles) {
    this.#options = options;
    this.#files = files;
    const through: LedgerCursor = new Map();
    this.#fold = new LedgerFold({ files, cube: new UsageCube(), through, rules: options.rules });
  }

  prune(): PrunedLedger {
    const { stateDir, isDryRun, onStep, now } = this.#options;
    this.#fold.catchUp();
    const newest = listLedger(stateDir).at(-1) ?? 0;
    if (!isDryRun) removeStaleTemporaries(usageDir(stateDir), now);
    if (!isDryRun && this.#tellsOfOld(newest)) {
      beginSegment(stateDir);
      onStep?.('begun');
      // What came to it until then; whoever writes to it from now on tells it to the next one too.
      this.#fold.catchUp();
    }
    this.#plan();
    for (const segment of [...this.#plans.keys()].sort((a, b) => a - b)) this.#replace(segment);
    this.#pruned.bytes = Math.max(0, this.#pruned.bytes);
    return this.#pruned;
  }

  #tellsOfOld(segment: number): boolean {
    for (const { places } of this.#old()) if (places.some(place => segmentOf(place) === segment)) return true;
    return false;
  }

  *#old() {
    const { before, now } = this.#options;
    for (const counted of this.#fold.requests()) {
      const { at } = counted.request;
      if (at < before && !(counted.isUnplaced && at >= now - PLACED_MILLIS)) yield counted;
    }
  }

  #plan(): void {
    const { stateDir, rules, isDryRun } = this.#options;
    const newest = listLedger(stateDir).at(-1) ?? 0;
    for (const { request, places } of this.#old()) {
      const segments = places.map(segmentOf);
      const home = Math.min(...segments);
      // It came in between, and goes the next time.
      if (home === newest && !isDryRun) continue;
      const cost = rules.costOf(request);
      this.#pruned.requests++;
      if (cost === null) this.#pruned.unpricedTokens += totalTokens(request.tokens);
      for (const place of places) this.#planOf(segmentOf(place)).places.add(place);
      const plan = this.#planOf(home);
      plan.ids.push(request.id);
      addSum(plan.sums, sumOfRequest(request, cost));
    }
    // Left by a pruning that was killed, or told once more since.
    for (const segment of this.#fold.leftIn) this.#planOf(segment);
    // Nobody may replace what others still write to: its lines are passed by, and go the next time.
    if (!isDryRun) this.#plans.delete(newest);
    for (const { sums } of this.#plans.values()) this.#pruned.sums += sums.size;
  }

  #planOf(segment: number): SegmentPlan {
    const plan = this.#plans.get(segment) ?? { places: new Set(), ids: [], sums: new Map() };
    this.#plans.set(segment, plan);
    return plan;
  }

  #replace(segment: number): void {
    const { stateDir, isDryRun, onStep } = this.#options;
    const path = ledgerPath(stateDir, segment);
    const content = Buffer.from(this.#contentOf(segment));
    this.#pruned.bytes += fileSize(path) - content.length;
    if (isDryRun) return;
    const temporary = writeTemporary(path, [content], { fsync: true });
    onStep?.(`written ${segment}`);
    if (!this.#files.isCurrent(segment)) {
      discard(temporary);
      throw new SpanbookError('NOT_WRITABLE', `${path}: expected to prune it alone, but it was replaced; try again`);
    }
    publish(temporary, path);
    onStep?.(`replaced ${segment}`);
  }

  /** The segment as it is to be: ids of what is gone, sums, and the lines that stay, as they are. */
  #contentOf(segment: number): string {
    const plan = this.#planOf(segment);
    const blocks: string[] = [];
    const kept: string[] = [];
    this.#files.readSegment(segment, 0, (line, place) => {
      const known = goneBlocks(line);
      const sum = known ? null : fromSumLine(line);
      if (known) blocks.push(...known);
      else if (sum) addSum(plan.sums, sum);
      else if (!plan.places.has(place) && !this.#isGone(line)) kept.push(line);
    });
    const sums = [...plan.sums.values()].map(toSumLine);
    return [goneLine(randomId(16), plan.ids, blocks), ...sums, ...kept].map(line => `${line}\n`).join('');
  }

  #isGone(line: string): boolean {
    const id = idOfLine(line) ?? fromLedgerLine(line)?.request.id;
    return id !== undefined && this.#fold.isGone(id);
  }
}
