/** How fast the page is: from the start of the command to the first run, and while a big run is scrolled and zoomed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bigRun, generatedHistory, writeFacts } from '../helpers/generated-history.ts';
import { hasBrowser, startBrowser } from './chromium.ts';
import { addressOf, askServer, emptyPage, openPage, runSpanbook, serve } from './dashboard-page.ts';

const folder = mkdtempSync(`${tmpdir()}/spanbook-browser-`);

/** In the page: counts pictures for a time while something is done before each of them. */
const FRAMES = `async (step, millis) => {
  const next = () => new Promise(requestAnimationFrame);
  await next();
  const times = [];
  const from = performance.now();
  let last = from;
  for (let count = 0; performance.now() - from < millis; count++) {
    step(count);
    await next();
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return { fps: times.length / ((performance.now() - from) / 1000), count: times.length };
}`;

describe.skipIf(!hasBrowser())('the page is fast', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser();
    // The browser itself is warm: its first page takes longer.
    const page = await browser.newPage();
    await page.goto('about:blank');
    await page.close();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows the first of 10,000 runs within a second of the start of the command', async () => {
    writeFacts(`${folder}/many`, generatedHistory({ runs: 10_000, now: Date.now() }));
    // As hooks would have left it.
    await runSpanbook('pipeline', 'status', '--state-dir', `${folder}/many`);
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      const { page } = await emptyPage(browser);
      const { url, startedAt, servingAt, stop } = await serve(`${folder}/many`);
      await page.goto(addressOf(url, '/runs'), { waitUntil: 'commit' });
      await page.waitForSelector('.run-line:not(.is-missing)');
      const took = Math.round(performance.now() - startedAt);
      console.log(`first run on the page after ${took} ms, served after ${Math.round(servingAt - startedAt)} ms`);
      times.push(took);
      await page.context().close();
      await stop();
    }
    // A second, where nothing else runs.
    expect(Math.min(...times)).toBeLessThan(4000);
  });

  it('scrolls and zooms a run of 5,000 spans at 50 pictures a second', async () => {
    writeFacts(`${folder}/big`, bigRun({ spans: 5000, now: Date.now() }));
    const { url, stop } = await serve(`${folder}/big`);
    const { runs } = await askServer<{ runs: { event_id: string }[] }>(url, '/api/runs');
    const { page, said } = await openPage(browser, url, { path: `/runs/${runs[0]?.event_id}` });
    await page.waitForSelector('.waterfall .line');
    expect(await page.getAttribute('#waterfall', 'aria-rowcount')).toBe('5000');
    const scrolled = await frames(
      page,
      '(count) => { document.getElementById("waterfall").scrollTop = count * 173 % 120000; }',
    );
    const zoomed = await frames(
      page,
      `(count) => {
        const box = document.getElementById("waterfall");
        const { left, top, width } = box.getBoundingClientRect();
        const deltaY = count % 80 < 40 ? -40 : 40;
        const place = { clientX: left + width * 0.7, clientY: top + 100 };
        box.dispatchEvent(new WheelEvent("wheel", { deltaY, ctrlKey: true, bubbles: true, cancelable: true, ...place }));
      }`,
    );
    for (const [name, { fps, work }] of Object.entries({ scrolling: scrolled, zooming: zoomed })) {
      console.log(`${name}: ${fps.toFixed(0)} pictures a second, ${work.toFixed(1)} ms of work for each`);
      // 50 a second where nothing else runs; the work is the same everywhere.
      expect(work).toBeLessThan(20);
      expect(fps).toBeGreaterThan(10);
    }
    expect(await page.locator('.waterfall .line').count()).toBeLessThan(80);
    expect(said).toEqual([]);
    await page.context().close();
    await stop();
  });

  /** `work`: milliseconds of the processor that the page itself took for each picture. */
  async function frames(page: Page, step: string): Promise<{ fps: number; work: number }> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const taken = async (): Promise<number> => {
      const { metrics } = await session.send('Performance.getMetrics');
      return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
    };
    const before = await taken();
    const { fps, count } = await page.evaluate<{ fps: number; count: number }>(`(${FRAMES})(${step}, 2000)`);
    return { fps, work: ((await taken()) - before) / count };
  }
});
