/** A real `spanbook dashboard` on a state folder, and pages of it in the browser. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { ROOT } from '../helpers/run-program.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Served {
  child: ChildProcess;
  /** As it was printed. */
  url: string;
  /** Performance time at which the process was started. */
  startedAt: number;
  /** At which it printed its address. */
  servingAt: number;
  stop(): Promise<void>;
}

export interface ServeOptions {
  claudeDir?: string;
  port?: number;
}

export async function serve(
  stateDir: string,
  { claudeDir = '/nonexistent', port = 0 }: ServeOptions = {},
): Promise<Served> {
  const startedAt = performance.now();
  const words = ['dashboard', '--no-open', '--port', String(port), '--state-dir', stateDir, '--claude-dir', claudeDir];
  const child = spawn(process.execPath, [`${ROOT}dist/bin/spanbook.cjs`, ...words], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', text => {
    said += text;
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', more => {
      text += more;
      const line = text.split('\n')[0];
      if (line && text.includes('\n')) resolve(line);
    });
    child.once('exit', code => reject(new Error(`dashboard ended with ${code}: ${said}`)));
  });
  const servingAt = performance.now();
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return { child, url, startedAt, servingAt, stop };
}

/** A command that ends by itself. */
export async function runSpanbook(...words: string[]): Promise<void> {
  const child = spawn(process.execPath, [`${ROOT}dist/bin/spanbook.cjs`, ...words], { stdio: 'ignore' });
  await once(child, 'exit');
}

export interface Look {
  width: number;
  scheme: 'light' | 'dark';
}

export const LOOKS: readonly Look[] = [
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
];

export interface Opened {
  page: Page;
  /** Errors and warnings of the console, and exceptions. */
  said: string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  { path = '/now', ...look }: Partial<Look> & { path?: string } = {},
): Promise<Opened> {
  const opened = await emptyPage(browser, look);
  await opened.page.goto(addressOf(url, path));
  return opened;
}

/** With the token, as somebody would open it. */
export function addressOf(url: string, path: string): string {
  const { origin, hash } = new URL(url);
  return `${origin}${path}${hash}`;
}

export async function emptyPage(browser: Browser, { width, scheme }: Partial<Look> = {}): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: width ?? 1280, height: width === 390 ? 844 : 800 },
    colorScheme: scheme ?? 'light',
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') said.push(message.text());
  });
  page.on('pageerror', error => said.push(String(error.stack)));
  page.on('dialog', dialog => void dialog.dismiss().then(() => said.push('a dialog')));
  return { page, said };
}

/** By the protocol of the tools: the policy of the page lets no script in. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`.slice(0, 900));
}

/** Asks as the page does. */
export async function askServer<T>(url: string, path: string): Promise<T> {
  const { origin, hash } = new URL(url);
  const response = await fetch(`${origin}${path}`, {
    headers: { Authorization: `Bearer ${hash.slice('#token='.length)}` },
  });
  return (await response.json()) as T;
}
