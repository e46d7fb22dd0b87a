import { tabTo } from '../support/by-keyboard.js';
import { describeInBrowser } from '../support/chromium.js';
import { cardOf, gone, shown } from '../support/shown.js';
import { useStudio } from '../support/studio-rig.js';

describeInBrowser('The keyboard alone', () => {
  const { rig } = useStudio();

  it('signs in, makes a picture, finds it, enlarges it and closes what it opened', async () => {
    const older = await rig().imagine('an older picture');
    const page = await rig().open('', { signedInAs: 'nobody' });
    const { keyboard } = page;
    await tabTo(page, page.getByLabel('Key'));
    await keyboard.type(rig().gateway.key);
    await keyboard.press('Enter');

    await tabTo(page, page.getByRole('textbox', { name: 'Prompt' }));
    await keyboard.type('a garden at night');
    await tabTo(page, page.getByRole('button', { name: 'Create', exact: true }));
    await keyboard.press('Enter');
    await shown(page.getByRole('img', { name: 'a garden at night' }));

    await tabTo(page, page.getByRole('link', { name: 'Gallery', exact: true }));
    await keyboard.press('Enter');
    const [newest] = await rig().gateway.sql<{ id: string }>('select id from task order by submitted_at desc limit 1');
    const card = cardOf(page, newest?.id ?? '');
    await tabTo(page, card);
    await keyboard.press('ArrowRight');
    await shown(page.locator(`[data-task="${older}"]:focus`));
    await keyboard.press('ArrowLeft');
    await shown(page.locator(`[data-task="${newest?.id ?? ''}"]:focus`));
    await keyboard.press('Enter');

    await tabTo(page, page.getByRole('button', { name: 'Upscale 1 (upper left)' }));
    await keyboard.press('Enter');
    await shown(page.getByText('started'));
    const open = page.getByRole('button', { name: /^Full view/ });
    await tabTo(page, open);
    await keyboard.press('Enter');
    await shown(page.getByRole('dialog'));
    await keyboard.press('Escape');
    await gone(page.getByRole('dialog'));
    await shown(page.locator('button:focus'));
    const [child] = await rig().gateway.sql<{ count: string }>(`select count(*) from task where action = 'UPSCALE'`);
    expect(child?.count).toBe('1');
  });
});
