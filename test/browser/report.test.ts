/** The HTML report in a real browser: no error, no serious finding on accessibility, nothing that runs, pictures for the docs. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileState, type ReportState, recordedState } from '../helpers/report-state.ts';
import { cli } from '../helpers/run-cli.ts';
import { ROOT } from '../helpers/run-program.ts';
import { hasBrowser, startBrowser } from './chromium.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const folder = mkdtempSync(`${tmpdir()}/spanbook-browser-`);
const IMAGES = `${ROOT}docs/images`;
/** Pictures of the docs are made anew when asked for: fonts differ from machine to machine. */
const KEEPS_PICTURES = process.env.SPANBOOK_UPDATE_IMAGES === '1';

describe.skipIf(!hasBrowser())('the html report in a browser', () => {
  let browser: Browser;
  const files: Record<string, string> = {};

  beforeAll(async () => {
    browser = await startBrowser();
    const states = { recorded: await recordedState(`${folder}/recorded`), hostile: hostileState(`${folder}/hostile`) };
    for (const [name, state] of Object.entries(states)) files[name] = await made(name, state, 'html');
    files.pdf = await made('recorded', states.recorded, 'pdf');
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function made(name: string, { stateDir, claudeDir, now }: ReportState, format: string): Promise<string> {
    const file = `${folder}/${name}.${format}`;
    const words = ['report', '--out', file, '--state-dir', stateDir, '--claude-dir', claudeDir, '--tz', 'UTC'];
    expect((await cli(words, { now: () => now, env: {} })).code).toBe(0);
    return file;
  }

  interface Look {
    width: number;
    colorScheme: 'light' | 'dark';
  }

  async function opened(name: string, { width, colorScheme }: Look): Promise<{ page: Page; said: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
    const said: string[] = [];
    page.on('console', message => said.push(message.text()));
    page.on('pageerror', error => said.push(error.message));
    page.on('dialog', dialog => void dialog.dismiss().then(() => said.push('a dialog')));
    page.on('request', request => {
      if (!request.url().startsWith(`file://${folder}/`)) said.push(request.url());
    });
    await page.goto(`file://${files[name]}`);
    return { page, said };
  }

  const LOOKS = ['recorded', 'hostile'].flatMap(name =>
    ([1280, 390] as const).flatMap(width =>
      (['light', 'dark'] as const).map(colorScheme => ({ name, width, colorScheme })),
    ),
  );

  it.each(LOOKS)(
    'says nothing, asks for nothing and fits: $name, $width px, $colorScheme',
    async ({ name, ...look }) => {
      const { page, said } = await opened(name, look);
      expect(said).toEqual([]);
      const size = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      expect(size[0]).toBe(size[1]);
      expect(await page.locator('script, iframe, object, embed, form, img').count()).toBe(0);
      expect(await page.locator('figure svg:visible').count()).toBe(await page.locator('figure').count());
      await page.close();
    },
  );

  it.each(LOOKS)('is accessible: $name, $width px, $colorScheme', async ({ name, ...look }) => {
    const { page } = await opened(name, look);
    await page.evaluate(readFileSync(AXE, 'utf8'));
    const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
    const found = violations.map(({ id, impact, nodes }) => `${impact} ${id} ${nodes[0]?.target}`);
    expect(found).toEqual([]);
    await page.close();
  });

  it('gives the charts other colours in the dark, and the light ones on paper', async () => {
    const { page } = await opened('recorded', { width: 1280, colorScheme: 'dark' });
    const color = () =>
      page.evaluate(() => {
        const bar = document.querySelector('figure .wide path[fill*="0060a8"]');
        return bar && getComputedStyle(bar).fill;
      });
    expect(await color()).toBe('rgb(90, 169, 240)');
    await page.emulateMedia({ media: 'print' });
    expect(await color()).toBe('rgb(0, 96, 168)');
    await page.close();
  });

  it('prints without cutting columns off', async () => {
    const { page } = await opened('hostile', { width: 1280, colorScheme: 'light' });
    await page.emulateMedia({ media: 'print' });
    // A4 at 96 dpi without its margins.
    await page.setViewportSize({ width: 688, height: 1000 });
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll('table')]
        .filter(table => table.getBoundingClientRect().right > 690)
        .map(table => table.caption?.textContent),
    );
    expect(wide).toEqual([]);
    await page.close();
  });

  it('gives the pictures of the docs', async () => {
    const { page } = await opened('recorded', { width: 1100, colorScheme: 'light' });
    const picture = `${folder}/report-html.png`;
    await page.screenshot({ path: picture, clip: { x: 0, y: 0, width: 1100, height: 1500 }, fullPage: true });
    expect(readFileSync(picture).subarray(1, 4).toString()).toBe('PNG');
    await page.close();
    if (!KEEPS_PICTURES) return;
    mkdirSync(IMAGES, { recursive: true });
    copyFileSync(picture, `${IMAGES}/report-html.png`);
  });

  it.skipIf(spawnSync('pdftoppm', ['-v']).error !== undefined)('gives a page of the pdf for the docs', () => {
    const picture = `${folder}/page`;
    execFileSync('pdftoppm', ['-png', '-r', '80', '-f', '1', '-l', '1', '-singlefile', files.pdf ?? '', picture]);
    expect(readFileSync(`${picture}.png`).subarray(1, 4).toString()).toBe('PNG');
    if (KEEPS_PICTURES) copyFileSync(`${picture}.png`, `${IMAGES}/report-pdf.png`);
  });
});
