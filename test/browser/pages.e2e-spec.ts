import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { accessibilityFaults, settled, sidewaysFaults } from './support/accessibility.js';
import { describeInBrowser } from './support/chromium.js';
import { useStudio, type PageOptions } from './support/studio-rig.js';

/** Where `npm run screenshots` has the pictures of the README put; without it none are kept. */
const SCREENSHOTS = process.env['SCREENSHOTS'];
const PAGES = ['create', 'gallery', 'tasks', 'operation', 'sql'] as const;
const WIDTHS = [360, 768, 1440] as const;
const THEMES = ['light', 'dark'] as const;
/** Pages that the README shows, at one width in both themes. */
const SHOWN = new Set<string>(['create', 'gallery', 'operation']);
const SHOWN_WIDTH = 1440;
const PROMPTS = [
  'a red fox in the snow --ar 3:2',
  'a lighthouse in a storm, oil painting --ar 16:9',
  'portrait of an owl in a library --ar 4:5',
  'a city of glass above the clouds --ar 16:9',
  'a still life with lemons, Dutch master --ar 1:1',
  'a small robot that waters plants --ar 3:4',
  'a whale above a village at night --ar 2:1',
  'mountains at dawn, <b>woodcut</b> & ink --ar 3:2',
  'a sailing boat in a bottle --ar 1:1',
  'a garden of paper flowers --ar 4:3',
];

/** Waits until nothing of the page is a placeholder any more. */
async function loaded(page: Page): Promise<void> {
  await page.locator('h1').waitFor();
  await page.waitForLoadState('load');
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"], [class*="skeleton"]') === null);
  // Lazy ones below the window are never loaded.
  await page.waitForFunction(() =>
    [...document.images].every((image) => image.complete || image.getBoundingClientRect().top > innerHeight),
  );
  await settled(page);
}

describeInBrowser('Pages of Studio', () => {
  const { rig } = useStudio();
  beforeAll(async () => {
    const ids: string[] = [];
    // One after the other, so that they stand in this order everywhere.
    for (const prompt of PROMPTS) ids.push(await rig().submit('imagine', { prompt }));
    for (const id of ids) await rig().finished(id);
    const [first = ''] = ids;
    await rig().finished(await rig().submit('change', { taskId: first, action: 'UPSCALE', index: 2 }));
  });

  async function lookAt(path: string, options: PageOptions): Promise<string[]> {
    const page = await rig().open(path, options);
    await loaded(page);
    const faults = [...(await sidewaysFaults(page)), ...(await accessibilityFaults(page))];
    await keep(page, path, options);
    return faults;
  }

  async function keep(
    page: Page,
    path: string,
    { width, theme = 'light', language = 'en' }: PageOptions,
  ): Promise<void> {
    if (SCREENSHOTS === undefined || width !== SHOWN_WIDTH || language !== 'en' || !SHOWN.has(path)) return;
    await mkdir(SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: join(SCREENSHOTS, `${path}-${theme}.jpg`), type: 'jpeg', quality: 82 });
  }

  for (const theme of THEMES) {
    for (const width of WIDTHS) {
      it.each(PAGES)(`fit ${width} px, ${theme}, and have no fault of accessibility: %s`, async (path) => {
        expect(await lookAt(path, { width, theme })).toEqual([]);
      });

      it(`let somebody sign in at ${width} px, ${theme}`, async () => {
        expect(await lookAt('', { width, theme, signedInAs: 'nobody' })).toEqual([]);
      });
    }
  }

  it.each(PAGES)('are in Chinese: %s', async (path) => {
    expect(await lookAt(path, { width: 1440, theme: 'light', language: 'zh' })).toEqual([]);
  });
});
