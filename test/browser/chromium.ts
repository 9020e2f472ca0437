/** The browser of the tests: Debian's chromium. Without it they are skipped, unless SPANBOOK_REQUIRE_BROWSER=1. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATH = process.env.SPANBOOK_BROWSER ?? '/usr/bin/chromium';
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** False: there is none, and the tests that need one are skipped. */
export function hasBrowser(): boolean {
  const isThere = existsSync(PATH);
  if (!isThere && process.env.SPANBOOK_REQUIRE_BROWSER === '1') throw new Error(`no browser at ${PATH}`);
  if (!isThere) console.warn(`skipped: there is no browser at ${PATH} (apt install chromium, or set SPANBOOK_BROWSER)`);
  return isThere;
}

export const startBrowser = (): Promise<Browser> => chromium.launch({ executablePath: PATH, args: ARGS });
