import { until } from '../../support/until.js';
import { accessibilityFaults, sidewaysFaults } from '../support/accessibility.js';
import { describeInBrowser } from '../support/chromium.js';
import { useStudio } from '../support/studio-rig.js';

const PARTS = ['history', 'upstreams', 'keys', 'prices', 'receivers', 'sessions'];

describeInBrowser('The page of operation', () => {
  const { rig } = useStudio();

  /** Status of a read with a key. */
  async function statusOf(key: string): Promise<number> {
    const answer = await fetch(`${rig().gateway.url}/mj/account`, { headers: { authorization: `Bearer ${key}` } });
    return answer.status;
  }

  it('makes a key that is shown once, works, and is revoked by typing its name', async () => {
    const page = await rig().open('operation/keys');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Name').fill('visitor');
    await page.getByLabel('Allowed addresses').fill('no address');
    await page.getByRole('button', { name: 'Create the key' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: /address/i })
      .waitFor();
    await page.getByLabel('Allowed addresses').fill('');
    await page.getByLabel('Name').press('Enter');

    const shown = page.getByRole('dialog', { name: 'This is shown once' });
    const key = (await shown.locator('code').first().textContent()) ?? '';
    expect(key).toMatch(/^sk-/);
    expect(await statusOf(key)).toBe(200);
    await page.keyboard.press('Escape');
    await shown.getByRole('button', { name: 'I have kept it' }).click();
    await shown.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(key);

    await page.getByRole('button', { name: 'Revoke: visitor' }).click();
    const revoke = page.getByRole('button', { name: 'Revoke the key' });
    expect(await revoke.isDisabled()).toBe(true);
    await page.getByLabel('Type “visitor” to confirm').fill('visitor');
    await page.keyboard.press('Enter');
    await page.getByText('The key is revoked.').waitFor();
    await until('the key is refused', async () => ((await statusOf(key)) === 401 ? true : null));
  });

  it('books credits by Enter', async () => {
    expect((await rig().admin.post('/keys', { name: 'saver', credits: '1' })).status).toBe(201);
    const page = await rig().open('operation/keys');
    await page.getByRole('button', { name: 'Credits: saver' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Amount').fill('2.5');
    // A note is missing: nothing is booked yet.
    await form.getByLabel('Amount').press('Enter');
    await form.getByLabel('Note').fill('a present');
    await form.getByLabel('Note').press('Enter');
    await form.waitFor({ state: 'detached' });
    const { json } = await rig().admin.get<{ items: { credits: string }[] }>('/keys?q=saver');
    expect(json.items.map(({ credits }) => Number(credits))).toEqual([3.5]);
  });

  it('tries an upstream before it adds it, and drains it', async () => {
    const page = await rig().open('operation/upstreams');
    await page.getByRole('button', { name: 'Add an upstream' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('second');
    await form.getByLabel('Base URL').fill('http://127.0.0.1:9');
    expect(await form.getByRole('button', { name: 'Add it' }).isDisabled()).toBe(true);
    await form.getByRole('button', { name: 'Test it' }).click();
    await form.getByText('It cannot be reached.').waitFor();
    await form.getByLabel('Base URL').fill(rig().simulator.url);
    await form.getByLabel('Base URL').press('Enter');
    await form.getByText('It answers, and takes the secret').waitFor();
    await form.getByLabel('Base URL').press('Enter');

    await page.getByRole('button', { name: 'Disable: second' }).click();
    await page.getByText('It gets no new work from now on.').waitFor();
    await page.getByRole('button', { name: 'Disable it' }).click();
    await page.getByRole('button', { name: 'Enable: second' }).waitFor();
    const { json } = await rig().admin.get<{ items: { name: string; enabled: boolean }[] }>('/upstreams');
    expect(json.items.find(({ name }) => name === 'second')).toMatchObject({ enabled: false });
  });

  it('shows what a change of prices would do, and writes over nobody', async () => {
    type Prices = { action: string; mode: string; price: string }[];
    const priceOf = async (action: string): Promise<string | undefined> =>
      (await rig().admin.get<Prices>('/prices')).json.find((row) => row.action === action && row.mode === 'FAST')
        ?.price;
    const page = await rig().open('operation/prices');
    await page.getByLabel('Imagine, Fast').fill('0.25');
    const before = (await rig().admin.get<Prices>('/prices')).json;
    const others = before.map((row) => (row.action === 'BLEND' ? { ...row, price: '0.3' } : row));
    expect((await rig().admin.put('/prices', others)).status).toBe(200);

    await page.getByRole('button', { name: 'Review 1 change' }).click();
    await page.getByText('Imagine, Fast: 0.1 → 0.25').waitFor();
    await page.getByRole('button', { name: 'Change the prices' }).click();
    await page.getByText('Somebody else changed the prices meanwhile.').waitFor();
    expect(await priceOf('IMAGINE')).toBe('0.100000');

    await page.getByRole('button', { name: 'Review 1 change' }).click();
    await page.getByRole('button', { name: 'Change the prices' }).click();
    await page.getByText('The prices were changed.').waitFor();
    expect([await priceOf('IMAGINE'), await priceOf('BLEND')]).toEqual(['0.250000', '0.300000']);
  });

  it.each(PARTS)('fits a telephone, and has no fault of accessibility: %s', async (part) => {
    const page = await rig().open(`operation/${part}`, { width: 360, theme: 'dark' });
    await page.getByRole('tabpanel').waitFor();
    await page.waitForFunction(() => document.querySelector('[aria-busy="true"], [class*="skeleton"]') === null);
    expect([...(await sidewaysFaults(page)), ...(await accessibilityFaults(page))]).toEqual([]);
  });
});
