/** The page of `spanbook dashboard` in a real browser, on a real server: every view, with what people and programs write. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatedHistory, hostileFacts, writeFacts } from '../helpers/generated-history.ts';
import { recordedState } from '../helpers/report-state.ts';
import { ROOT } from '../helpers/run-program.ts';
import { hasBrowser, startBrowser } from './chromium.ts';
import { askServer, axeFindings, LOOKS, openPage, type Served, serve } from './dashboard-page.ts';

const folder = mkdtempSync(`${tmpdir()}/spanbook-browser-`);
/** Pictures of the docs are made anew when asked for: fonts differ from machine to machine. */
const KEEPS_PICTURES = process.env.SPANBOOK_UPDATE_IMAGES === '1';
const IMAGES = `${ROOT}docs/images`;

/** What is there once a view is. */
const READY: Record<string, string> = {
  '/now': 'main .figures',
  '/runs': '.run-line:not(.is-missing)',
  run: '.waterfall .line',
  item: '.detail h2',
  '/usage': '.chart-box svg',
  '/health': '#durations, .empty',
};
const VIEWS = Object.keys(READY);
const BUDGETS = [
  { name: 'All of it', period: 'month', limit: 700 },
  { period: 'day', limit: 3, command: '/deploy' },
];
const PICTURES = [
  ['now', 'many', '/now', LOOKS[0]],
  ['now-narrow', 'many', '/now', LOOKS[3]],
  ['runs', 'many', '/runs', LOOKS[0]],
  ['run', 'recorded', 'item', LOOKS[0]],
  ['usage', 'many', '/usage', LOOKS[1]],
  ['health', 'many', '/health', LOOKS[0]],
] as const;

describe.skipIf(!hasBrowser())('the page in a browser', () => {
  let browser: Browser;
  const served: Record<string, Served> = {};
  const paths: Record<string, Record<string, string>> = {};

  beforeAll(async () => {
    browser = await startBrowser();
    const now = Date.now();
    const recorded = await recordedState(`${folder}/recorded`);
    writeFacts(`${folder}/many`, generatedHistory({ runs: 10_000, now }));
    writeFileSync(`${folder}/many/usage_pricing.json`, JSON.stringify({ budgets: BUDGETS }));
    writeFacts(`${folder}/hostile`, hostileFacts(now));
    mkdirSync(`${folder}/empty`);
    served.recorded = await serve(recorded.stateDir, { claudeDir: recorded.claudeDir });
    for (const name of ['many', 'hostile', 'empty']) served[name] = await serve(`${folder}/${name}`);
    for (const name of ['recorded', 'many', 'hostile']) paths[name] = await pathsOf(urlOf(name));
  });
  afterAll(async () => {
    await browser?.close();
    for (const server of Object.values(served)) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const urlOf = (name: string): string => served[name]?.url ?? '';

  /** Of the run with the most in it. */
  async function pathsOf(url: string): Promise<Record<string, string>> {
    const { runs } = await askServer<{ runs: { event_id: string }[] }>(url, '/api/runs?order=duration&limit=1');
    const run = `/runs/${runs[0]?.event_id}`;
    const { items } = await askServer<{ items: { id: string }[] }>(url, `/api${run}`);
    return { run, item: `${run}?item=${items[1]?.id}` };
  }

  const opened = (name: string, view: string, look = LOOKS[0]) =>
    openPage(browser, urlOf(name), { ...look, path: paths[name]?.[view] ?? view });

  const isReady = (page: Page, view: string) => page.waitForSelector(READY[view] ?? 'main', { timeout: 60_000 });

  const CASES = ['recorded', 'many', 'hostile'].flatMap(name => VIEWS.map(view => [name, view] as const));

  it.each(CASES)('%s %s: no error, no serious finding, no wider than the screen', async (name, view) => {
    for (const look of name === 'many' ? LOOKS : LOOKS.slice(1, 3)) {
      const { page, said } = await opened(name, view, look);
      await isReady(page, view);
      if (view === '/usage' || view === '/health') await page.waitForSelector('.chart-box svg');
      const where = `${name} ${view} ${look.width} ${look.scheme}`;
      expect(await axeFindings(page), where).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), where).toBeLessThanOrEqual(0);
      expect(said, where).toEqual([]);
      await page.context().close();
    }
  });

  it.skipIf(!KEEPS_PICTURES).each(PICTURES)('pictures for the docs: %s', async (picture, name, view, look) => {
    const { page } = await opened(name, view, look);
    await isReady(page, view);
    if (view === '/usage' || view === '/health') await page.waitForSelector('.chart-box svg');
    await page.waitForSelector('.loading', { state: 'detached' });
    await page.screenshot({ path: `${IMAGES}/dashboard-${picture}.png` });
    await page.context().close();
  });

  it('shows what wants to be obeyed as text', async () => {
    const { page, said } = await opened('hostile', '/runs');
    await isReady(page, '/runs');
    expect(await page.title()).toBe('Runs · spanbook');
    const text = await page.textContent('.runs-table');
    expect(text).toContain('<script>document.title="owned"</script>');
    expect(text).toContain('\\x1b[31mred');
    expect(text).toContain('\\u202e');
    expect(await page.evaluate('document.querySelectorAll("main script, main img, main iframe").length')).toBe(0);
    expect(said).toEqual([]);
    await page.context().close();
  });

  it.each([
    ['/runs?status=failed&command=%2Fbuild&order=duration', '.run-line .status-failed'],
    ['/usage?range=7d&by=agent&measure=tokens&unit=hour', '.choice [aria-pressed="true"]'],
    ['/health?of=command+%2Fdeploy', 'tr.is-selected'],
    ['item', '.line.is-selected'],
  ])('%s is the same after it is loaded again', async (view, selector) => {
    const { page } = await opened('many', view);
    await page.waitForSelector(selector);
    // Not `innerText`, which is that of the screen: how long ago something was changes.
    const seen = async () => [page.url(), await page.locator(selector).first().textContent()];
    const before = await seen();
    expect(before[0]).not.toContain('token=');
    await page.reload();
    await page.waitForSelector(selector);
    expect(await seen()).toEqual(before);
    await page.context().close();
  });

  it('filters, sorts and searches, and says so in the address', async () => {
    const { page } = await opened('many', '/runs');
    await isReady(page, '/runs');
    await page.selectOption('select[aria-label="status"]', 'failed');
    await page.waitForSelector('.run-line .status-completed', { state: 'detached' });
    await page.click('button:has-text("Duration")');
    await page.fill('input[type="search"]', 'deploy relay');
    await page.waitForURL('**/runs?search=deploy+relay&status=failed&order=duration');
    await page.waitForSelector('.runs-count:has-text(" of 10,000")');
    await page.waitForSelector('.is-stale', { state: 'detached' });
    expect(await page.textContent('.run-line .name')).toContain('/deploy');
    await page.context().close();
  });

  it('goes everywhere by keys', async () => {
    const { page } = await opened('many', '/now');
    await isReady(page, '/now');
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await isReady(page, '/runs');
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.type')).toBe('search');
    await page.keyboard.press('Escape');
    for (const key of ['j', 'j', 'k', 'j']) await page.keyboard.press(key);
    expect(await page.locator('.run-line.is-cursor').getAttribute('aria-rowindex')).toBe('3');
    await page.keyboard.press('Enter');
    await isReady(page, 'run');
    await page.focus('#waterfall');
    for (const key of ['ArrowDown', 'Enter']) await page.keyboard.press(key);
    await page.waitForSelector('.detail');
    expect(page.url()).toContain('?item=');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.detail', { state: 'detached' });
    for (const key of ['Home', 'ArrowLeft']) await page.keyboard.press(key);
    await page.waitForSelector('.waterfall .line:only-child');
    await page.keyboard.press('+');
    await page.waitForSelector('.buttons button:has-text("Fit"):enabled');
    await page.keyboard.press('f');
    await page.waitForSelector('.buttons button:has-text("Fit"):disabled');
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    await page.context().close();
  });

  it('shows within a second what was just recorded', async () => {
    const { page } = await opened('many', '/runs');
    await isReady(page, '/runs');
    await page.waitForSelector('.live-live');
    const span = 'fade'.repeat(4);
    const fact = {
      ...{ v: 1, at: Date.now(), source: 'hook', session: 'live', kind: 'start', level: 'command', span },
      ...{ trace: span.repeat(2), name: '/just-now', parent: null },
    };
    const from = performance.now();
    appendFileSync(`${folder}/many/journal/events-00000001.jsonl`, `${JSON.stringify(fact)}\n`);
    await page.waitForSelector('.run-line .name:has-text("/just-now")');
    const took = Math.round(performance.now() - from);
    console.log(`an appended fact is on the page after ${took} ms`);
    // A second, where nothing else runs.
    expect(took).toBeLessThan(4000);
    await page.context().close();
  });

  it('invites where nothing is recorded', async () => {
    const { page, said } = await openPage(browser, urlOf('empty'));
    await page.waitForSelector('.welcome');
    expect(await axeFindings(page)).toEqual([]);
    for (const path of ['/runs', '/usage', '/health']) {
      await page.click(`nav a[href="${path}"]`);
      await page.waitForSelector('.empty');
      expect(await axeFindings(page)).toEqual([]);
    }
    expect(said).toEqual([]);
    await page.context().close();
  });

  it('asks for its token where there is none, and takes one that is pasted', async () => {
    const url = urlOf('recorded');
    const { origin } = new URL(url);
    const { page } = await openPage(browser, origin, { path: '/usage' });
    await page.waitForSelector('.token-screen');
    expect(await axeFindings(page)).toEqual([]);
    await page.fill('#token', 'wrong');
    await page.click('button:has-text("Open")');
    await page.waitForSelector('.token-screen');
    await page.fill('#token', url);
    await page.click('button:has-text("Open")');
    await page.waitForSelector('h1:has-text("Usage")');
    await page.context().close();
  });

  it('keeps what it shows while the server is away, and goes on when it is back', async () => {
    const state = `${folder}/away`;
    writeFacts(state, generatedHistory({ runs: 5, now: Date.now() }));
    const first = await serve(state);
    const { page } = await openPage(browser, first.url, { path: '/runs' });
    await isReady(page, '/runs');
    await page.waitForSelector('.live-live');
    await first.stop();
    await page.waitForSelector('.lost');
    expect(await page.locator('.run-line').count()).toBe(5);
    const second = await serve(state, { port: Number(new URL(first.url).port) });
    await page.waitForSelector('.live-live');
    await page.waitForSelector('.lost', { state: 'detached' });
    await page.context().close();
    await second.stop();
  });
});
