/** Prices requests as they come, at the prices of a state folder as they stand then. */
import { statSync } from 'node:fs';
import type { RequestFact } from '../model/fact.ts';
import { costOf } from '../usage/price-request.ts';
import type { PriceTable } from '../usage/price-table.ts';
import { pricingPath } from './check-settings.ts';
import { readPricing } from './read-pricing.ts';

export interface RequestPricerOptions {
  stateDir: string;
  /** Finds `usage_pricing.json` of the package; may throw. */
  packagedPath(): string;
  /** Told once for each time that prices cannot be read. */
  onError(message: string): void;
}

/** Reads the prices at the first request, and again when `usage_pricing.json` of the state folder is another one. */
export class RequestPricer {
  readonly #options: RequestPricerOptions;
  #version: string | null = null;
  #table: PriceTable | null = null;

  constructor(options: RequestPricerOptions) {
    this.#options = options;
  }

  /** List price in nano-dollars; undefined if it is not known. Never throws: then nothing has a price. */
  costOf({ model, at, tokens, fast = false, geo, web_searches = 0 }: RequestFact): number | undefined {
    const table = this.#prices();
    const request = { model, at, tokens, isFast: fast, geo, webSearches: web_searches };
    return (table && costOf(table, request)) ?? undefined;
  }

  #prices(): PriceTable | null {
    const { stateDir, packagedPath, onError } = this.#options;
    const version = versionOf(pricingPath(stateDir));
    if (version === this.#version) return this.#table;
    this.#version = version;
    this.#table = null;
    try {
      this.#table = readPricing(stateDir, packagedPath()).table;
    } catch (error) {
      onError(`spanbook: no request has a price: ${error instanceof Error ? error.message : String(error)}`);
    }
    return this.#table;
  }
}

/** Another one for each state of a file; the same while there is none, or none that can be looked at. */
function versionOf(path: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(path);
    return `${ino},${size},${mtimeMs}`;
  } catch {
    return '';
  }
}
