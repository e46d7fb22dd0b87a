import type { Page } from 'playwright-core';
import { describeInBrowser } from './support/chromium.js';
import { useStudio } from './support/studio-rig.js';

/** Bytes that a page of Studio may cost to see it first: document, scripts and styles, as gzip. */
const MOST_BYTES = 80_000;
const PAGES = ['create', 'gallery', 'tasks', 'operation', 'sql'] as const;
/** The editor of SQL is loaded when its page is opened, and counts for none. */
const EDITOR = /\/code-editor-/;
/** What `transferSize` is of an answer without a body, such as 304. */
const HEAD_BYTES = 300;

describeInBrowser('The weight of Studio', () => {
  const { rig } = useStudio();
  beforeAll(async () => {
    await rig().imagine('a feather');
  });

  /** Links of everything that the page is made of. */
  async function partsOf(page: Page): Promise<string[]> {
    await page.locator('h1').waitFor();
    await page.waitForLoadState('networkidle');
    return page.evaluate(() => {
      const parts = performance.getEntriesByType('resource').map(({ name }) => name);
      return [location.href, ...new Set(parts.filter((name) => /\.(?:js|css)$/.test(new URL(name).pathname)))];
    });
  }

  async function gzipBytes(link: string): Promise<number> {
    const answer = await fetch(link, { headers: { 'accept-encoding': 'gzip' } });
    await answer.arrayBuffer();
    expect([link, answer.status, answer.headers.get('content-encoding') ?? 'none']).toEqual([
      link,
      200,
      expect.stringMatching(/^(?:gzip|none)$/),
    ]);
    return Number(answer.headers.get('content-length'));
  }

  it.each(PAGES)('is at most 80 kB when it is opened at %s', async (path) => {
    const page = await rig().open(path);
    const parts = (await partsOf(page)).filter((link) => !EDITOR.test(link));
    const bytes = await Promise.all(parts.map(gzipBytes));
    const sum = bytes.reduce((total, one) => total + one, 0);
    expect({ parts: bytes.filter((one) => one > 0).length > 2, sum }).toEqual({ parts: true, sum: expect.any(Number) });
    expect(sum).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('does not hold the editor of SQL where that is not asked for', async () => {
    for (const path of PAGES.filter((name) => name !== 'sql')) {
      const page = await rig().open(path);
      expect((await partsOf(page)).filter((link) => EDITOR.test(link))).toEqual([]);
    }
  });

  it('is not sent again on a reload', async () => {
    const page = await rig().open('gallery');
    const parts = await partsOf(page);
    await page.reload();
    await partsOf(page);
    const sent = await page.evaluate((head) => {
      const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
      return (all as PerformanceResourceTiming[])
        .filter(({ name, entryType }) => entryType === 'navigation' || /\.(?:js|css)$/.test(new URL(name).pathname))
        .filter(({ transferSize }) => transferSize > head)
        .map(({ name }) => name);
    }, HEAD_BYTES);
    expect(sent).toEqual([]);
    for (const link of parts) {
      const { headers } = await fetch(link);
      const again = await fetch(link, { headers: { 'if-none-match': headers.get('etag') ?? '' } });
      expect([link, again.status]).toEqual([link, 304]);
    }
  });
});
