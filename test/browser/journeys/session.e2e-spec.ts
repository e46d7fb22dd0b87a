import { describeInBrowser } from '../support/chromium.js';
import { gone, shown } from '../support/shown.js';
import { useStudio } from '../support/studio-rig.js';

const ADMIN_PAGES = ['tasks', 'operation', 'sql'] as const;

describeInBrowser('A session', () => {
  const { rig } = useStudio();

  it('of a key has its own pages and nothing of the admin, until it is signed out', async () => {
    const page = await rig().open('', { signedInAs: 'nobody' });
    await page.getByLabel('Key').fill(rig().gateway.key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    const pages = await shown(page.getByRole('navigation', { name: 'Pages' }));
    expect(await pages.getByRole('link').allTextContents()).toEqual(['Create', 'Gallery']);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain('sk-');
    expect(await page.evaluate(() => document.cookie)).toBe('');
    for (const path of ADMIN_PAGES) {
      await page.goto(`${rig().gateway.url}/studio/${path}`);
      await shown(page.getByText('This page is for admins'));
    }
    const statuses = await page.evaluate(async () => {
      const answers = [
        await fetch('/admin/keys'),
        await fetch('/admin/sql/run', { method: 'POST', headers: { 'x-journeyman-studio': '1' } }),
        await fetch('/mj/task/list'),
      ];
      return answers.map(({ status }) => status);
    });
    expect(statuses).toEqual([401, 401, 200]);
    await page.getByRole('button', { name: 'Account' }).first().click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await shown(page.getByRole('heading', { name: 'Sign in' }));
    expect(await page.evaluate(async () => (await fetch('/mj/task/list')).status)).toBe(401);
    await page.reload();
    await shown(page.getByRole('heading', { name: 'Sign in' }));
  });

  it('is refused to a wrong key, in words', async () => {
    const page = await rig().open('', { signedInAs: 'nobody' });
    await page.getByLabel('Key').fill('sk-nobody-knows-this-one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await shown(page.getByText('This key is not known here.'));
  });

  it('speaks two languages, changed without a reload and kept after one', async () => {
    const page = await rig().open('gallery');
    await shown(page.getByRole('heading', { name: 'Gallery' }));
    await page.evaluate(() => void Object.assign(globalThis, { wasHere: true }));
    await page.getByRole('button', { name: '中文' }).click();
    await shown(page.getByRole('heading', { name: '图库' }));
    await gone(page.getByRole('heading', { name: 'Gallery' }));
    const lang = (): Promise<string> => page.evaluate(() => document.documentElement.lang);
    expect([await lang(), await page.evaluate(() => 'wasHere' in globalThis)]).toEqual(['zh-CN', true]);
    await page.reload();
    await shown(page.getByRole('heading', { name: '图库' }));
    expect(await lang()).toBe('zh-CN');
    await page.getByRole('button', { name: 'English' }).click();
    await shown(page.getByRole('heading', { name: 'Gallery' }));
    expect(await lang()).toBe('en');
  });
});
