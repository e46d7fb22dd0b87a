import sharp from 'sharp';
import type { Page, Request } from 'playwright-core';
import { accessibilityFaults } from '../support/accessibility.js';
import { describeInBrowser } from '../support/chromium.js';
import { useStudio, type PageOptions } from '../support/studio-rig.js';

interface Button {
  customId: string;
}

interface Shown {
  buttons: Button[];
  status: string;
  prompt: string;
  imageUrl: string;
}

describeInBrowser('Windows of the gallery', () => {
  const { rig } = useStudio();
  let single = '';

  const fetched = async (id: string): Promise<Shown> => (await rig().gateway.get<Shown>(`/mj/task/${id}/fetch`)).json;
  /** Presses a button of a task. @returns id of what came of it */
  async function press(id: string, wanted: RegExp): Promise<string> {
    const { buttons } = await fetched(id);
    const customId = buttons.find((button) => wanted.test(button.customId))?.customId;
    return rig().submit('action', { taskId: id, customId });
  }
  /** Opens the window that a task waits for. */
  async function openWindow(id: string, options: PageOptions = {}): Promise<Page> {
    const page = await rig().open(`gallery/${id}`, options);
    await page.locator('main button[class*="primary"]').first().click();
    await page.locator('dialog[open]').waitFor();
    return page;
  }

  beforeAll(async () => {
    const grid = await rig().imagine('a lighthouse in a storm --ar 3:2');
    single = await rig().finished(await press(grid, /upsample::2/));
  });

  it('mark a region with the mouse, and send it as a mask of the picture’s own size', async () => {
    const id = await press(single, /Inpaint/);
    const page = await openWindow(id);
    const stage = page.getByRole('application');
    await stage.waitFor();
    const box = await stage.boundingBox();
    if (box === null) throw new Error('the stage is not seen');
    await page.keyboard.press('r');
    await page.getByRole('button', { name: 'Rectangle (R)' }).click();
    await page.mouse.move(box.x + box.width * 0.25, box.y + box.height * 0.25);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height * 0.5, { steps: 4 });
    await page.mouse.up();
    await page.getByText(/^12\.\d% of the picture is marked/).waitFor();
    await page.getByLabel('Prompt', { exact: true }).fill('a red balloon');
    const sent = page.waitForRequest((request: Request) => request.url().endsWith('/mj/submit/modal'));
    await page.getByRole('button', { name: 'Paint it anew' }).click();
    const { maskBase64, prompt } = (await sent).postDataJSON() as { maskBase64: string; prompt: string };
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    expect(prompt).toBe('a red balloon');
    const mask = sharp(Buffer.from(maskBase64.split(',')[1] ?? '', 'base64'));
    const picture = await sharp(await pictureOf(single)).metadata();
    expect(await mask.metadata()).toMatchObject({ width: picture.width, height: picture.height, channels: 1 });
    const { channels } = await mask.stats();
    expect((channels[0]?.mean ?? 0) / 255).toBeCloseTo(0.125, 2);
    await rig().finished(id);
    expect(await fetched(id)).toMatchObject({ status: 'SUCCESS', prompt: 'a red balloon' });
  });

  async function pictureOf(id: string): Promise<Buffer> {
    const answer = await fetch(`${rig().gateway.url}/mj/image/${id}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  it('say in words that nothing is marked, and keep a mask when they are closed', async () => {
    const id = await press(single, /Inpaint/);
    const page = await openWindow(id);
    const stage = page.getByRole('application');
    await stage.waitFor();
    await page.getByRole('button', { name: 'Paint it anew' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('Nothing is marked yet');
    await stage.focus();
    for (const key of ['b', 'Enter', 'Shift+ArrowRight', 'Enter']) await page.keyboard.press(key);
    const marked = await page.getByText(/of the picture is marked/).textContent();
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await page.locator('main button[class*="primary"]').first().click();
    await page.getByText(marked ?? '', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Discard' }).click();
    await rig().finished(id);
    expect((await fetched(id)).status).toBe('CANCEL');
  });

  it('put the factor of a zoom into its prompt', async () => {
    const id = await press(single, /CustomZoom/);
    const page = await openWindow(id);
    await page.getByLabel('How far').fill('1.4');
    expect(await page.getByLabel('Prompt', { exact: true }).inputValue()).toContain('--zoom 1.4');
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await rig().finished(id);
    expect((await fetched(id)).prompt).toContain('--zoom 1.4');
  });

  it.each([
    { width: 360, theme: 'dark', language: 'zh' },
    { width: 1440, theme: 'light', language: 'en' },
  ] as const)('have no fault of accessibility at %j', async (options) => {
    const page = await openWindow(await press(single, /Inpaint/), options);
    await page.getByRole('application').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});
