import type { Locator } from 'playwright-core';
import { describeInBrowser } from '../support/chromium.js';
import { drawn, shown } from '../support/shown.js';
import { useStudio } from '../support/studio-rig.js';

const MOST_CLICKS = 5;

describeInBrowser('The first picture', () => {
  const { rig } = useStudio();

  async function link(): Promise<string> {
    const { json } = await rig().gateway.get<{ keyId: string }>('/mj/account');
    const made = await rig().admin.post<{ url: string }>('/studio-tickets', { keyId: json.keyId });
    expect(made.status).toBe(201);
    return made.json.url;
  }

  it('is there within five clicks of the start, and so is one of its four enlarged', async () => {
    let clicks = 0;
    const click = async (what: Locator): Promise<void> => {
      clicks += 1;
      await what.click();
    };
    const ticket = await link();
    clicks += 1; // on the link that the start prints
    const page = await rig().open(ticket, { signedInAs: 'nobody' });
    const prompt = await shown(page.getByRole('textbox', { name: 'Prompt' }));
    expect(page.url()).toBe(`${rig().gateway.url}/studio/create`);
    await click(prompt);
    await prompt.fill('a lighthouse in a storm --ar 3:2');
    await click(page.getByRole('button', { name: 'Create', exact: true }));
    await drawn(page.getByRole('img', { name: 'a lighthouse in a storm --ar 3:2' }));
    await shown(page.getByText('Done').or(page.getByText('Success')));
    expect(clicks).toBeLessThanOrEqual(MOST_CLICKS);

    await page.getByRole('link', { name: 'Open in gallery' }).first().click();
    await page.getByRole('button', { name: 'Upscale 2 (upper right)' }).click();
    const [child] = await rig().gateway.sql<{ id: string }>(`select id from task where action = 'UPSCALE'`);
    await page.getByRole('link', { name: 'Gallery', exact: true }).click();
    const card = page.getByRole('feed').locator(`[data-task="${child?.id ?? ''}"]`);
    await drawn(card.getByRole('img'));
    await shown(card.getByText('Upscale'));
  });

  it('needs a link that works once', async () => {
    const ticket = await link();
    const first = await rig().open(ticket, { signedInAs: 'nobody' });
    await shown(first.getByRole('heading', { name: 'Create' }));
    expect(await first.evaluate(() => location.href + JSON.stringify(history.state))).not.toContain('ticket');
    const second = await rig().open(ticket, { signedInAs: 'nobody' });
    await shown(second.getByRole('heading', { name: 'Sign in' }));
    await shown(second.getByText('This link was used already'));
    expect(second.url()).not.toContain('ticket');
  });
});
