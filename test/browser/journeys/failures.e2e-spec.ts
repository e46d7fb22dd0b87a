import { describeInBrowser } from '../support/chromium.js';
import { cardOf, shown } from '../support/shown.js';
import { useStudio } from '../support/studio-rig.js';

describeInBrowser('A failed task', () => {
  const { rig } = useStudio();

  it('says why, what was given back, and is tried again', async () => {
    const prompt = 'a bridge of paper [sim:fail=too many pillars]';
    const id = await rig().imagine(prompt);
    const page = await rig().open('gallery');
    const card = cardOf(page, id);
    await shown(card.getByText('The upstream could not finish it.'));
    await shown(card.getByText('too many pillars'));
    await shown(card.getByText('Its credits were given back (0.1 at the present price).'));
    await card.getByRole('link', { name: 'Again' }).click();
    const field = await shown(page.getByRole('textbox', { name: 'Prompt' }));
    expect(await field.inputValue()).toBe(prompt);
    await field.fill('a bridge of stone');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await shown(page.getByRole('img', { name: 'a bridge of stone' }));
  });
});
