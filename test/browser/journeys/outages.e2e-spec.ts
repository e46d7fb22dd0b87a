import type { Page } from 'playwright-core';
import { ToxicProxy } from '../../support/toxic-proxy.js';
import { describeInBrowser } from '../support/chromium.js';
import { cardOf, gone, shown } from '../support/shown.js';
import { useStudio } from '../support/studio-rig.js';

describeInBrowser('An open page', () => {
  let postgres: ToxicProxy | undefined;
  const { rig } = useStudio({
    runMs: 3_000,
    databaseVia: async (url) => (postgres = await ToxicProxy.start(url)).url,
  });
  afterAll(() => postgres?.close());

  /** Notes when a page is loaded anew, which it must not be. */
  async function marked(page: Page): Promise<() => Promise<boolean>> {
    await page.evaluate(() => void Object.assign(globalThis, { wasHere: true }));
    return () => page.evaluate(() => 'wasHere' in globalThis);
  }

  it('sees the end of a task through a restart of the gateway, without a reload', async () => {
    const page = await rig().open('gallery');
    await shown(page.getByText('Live', { exact: true }));
    const isTheSame = await marked(page);
    const id = await rig().submit('imagine', { prompt: 'a train in the fog' });
    await shown(cardOf(page, id));
    await rig().gateway.goAway();
    await shown(page.getByText('The gateway does not answer.'));
    await shown(cardOf(page, id));
    await rig().gateway.comeBack();
    await shown(cardOf(page, id).getByRole('img', { name: 'Picture: a train in the fog' }));
    await gone(page.getByText('The gateway does not answer.'));
    await shown(page.getByText('Live', { exact: true }));
    expect(await isTheSame()).toBe(true);
  });

  it('keeps what it shows while Postgres is away, and goes on when it is back', async () => {
    const before = await rig().imagine('a lake before the storm');
    const page = await rig().open('gallery');
    await shown(cardOf(page, before));
    const isTheSame = await marked(page);
    postgres?.down();
    await page
      .getByRole('searchbox')
      .or(page.getByRole('textbox', { name: 'Search' }))
      .first()
      .fill('nothing of it');
    await shown(page.getByText('The gateway has lost its database.'));
    await page.getByRole('link', { name: 'Create', exact: true }).first().click();
    await shown(page.getByRole('textbox', { name: 'Prompt' }));
    await page.getByRole('link', { name: 'Gallery', exact: true }).click();
    postgres?.heal();
    await shown(cardOf(page, before));
    await gone(page.getByText('The gateway has lost its database.'));
    const after = await rig().imagine('a lake after the storm');
    await shown(cardOf(page, after).getByRole('img', { name: 'Picture: a lake after the storm' }));
    expect(await isTheSame()).toBe(true);
  });
});
