import type { Page } from 'playwright-core';
import { accessibilityFaults } from '../support/accessibility.js';
import { describeInBrowser } from '../support/chromium.js';
import { useStudio, type PageOptions } from '../support/studio-rig.js';

describeInBrowser('The full view', () => {
  const { rig } = useStudio();
  let grid = '';
  beforeAll(async () => {
    grid = await rig().imagine('a lighthouse in a storm --ar 3:2');
  });

  /** Opens the full view by its address, as a reload does. */
  async function view(number: number, options: PageOptions = {}): Promise<Page> {
    const page = await rig().open(`gallery/${grid}#picture=${grid}.${number}`, options);
    await page.locator('dialog[open] img[style*="transform"]').first().waitFor();
    return page;
  }

  it('turns to the next picture by key, and a reload shows that one again', async () => {
    const page = await view(1);
    await page.keyboard.press('ArrowRight');
    await page.getByText('Picture 2 · 3 of 5').waitFor();
    await page.reload();
    await page.getByText('Picture 2 · 3 of 5').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    expect(new URL(page.url()).hash).toBe('');
  });

  it('zooms towards the pointer and back', async () => {
    const page = await view(1);
    const scale = page.locator('dialog button', { hasText: '%' });
    await page.keyboard.press('1');
    expect(await scale.textContent()).toContain('100%');
    await page.mouse.move(400, 300);
    await page.mouse.wheel(0, -300);
    await page.waitForFunction(() => /1[1-9]\d%|2\d\d%/.test(document.querySelector('dialog')?.textContent ?? ''));
    await page.keyboard.press('0');
    expect(await scale.textContent()).not.toContain('100%');
  });

  it('names the file of a download by task and number', async () => {
    const page = await view(3);
    const download = page.waitForEvent('download');
    await page.keyboard.press('d');
    expect((await download).suggestedFilename()).toMatch(new RegExp(`^${grid}-3\\.\\w+$`));
  });

  it('compares two pictures, by a line that keys move', async () => {
    const page = await view(1);
    await page.keyboard.press('c');
    const line = page.getByRole('slider', { name: 'Line between the two pictures' });
    await line.press('ArrowLeft');
    expect(await line.getAttribute('aria-valuenow')).toBe('48');
    await page.getByRole('button', { name: 'Side by side' }).click();
    await page.getByRole('button', { name: 'Picture 4', exact: true }).click();
    expect(await page.locator('dialog img[alt="Picture 4"]').count()).toBe(1);
  });

  it.each([
    { width: 360, theme: 'dark', language: 'zh' },
    { width: 1440, theme: 'light', language: 'en' },
  ] as const)('has no fault of accessibility at %j', async (options) => {
    expect(await accessibilityFaults(await view(1, options))).toEqual([]);
  });
});
