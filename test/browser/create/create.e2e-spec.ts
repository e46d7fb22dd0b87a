import type { Locator, Page } from 'playwright-core';
import { describeInBrowser } from '../support/chromium.js';
import { useStudio } from '../support/studio-rig.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const prompt = (page: Page): Locator => page.getByRole('textbox', { name: 'Prompt', exact: true });
const create = (page: Page): Locator => page.getByRole('button', { name: 'Create', exact: true });
const sent = (page: Page): Locator => page.getByRole('region', { name: 'Just sent' });

/** Runs in the page: whether the first picture that IndexedDB keeps for blends has this name. */
function firstKeptName(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const opening = indexedDB.open('journeyman.create');
    opening.onsuccess = () => {
      const asked = opening.result.transaction('pictures').objectStore('pictures').get('blend/pictures');
      asked.onsuccess = () => {
        const kept = asked.result as { name: string }[] | undefined;
        opening.result.close();
        resolve(kept?.[0]?.name === name);
      };
    };
  });
}

describeInBrowser('The Create page', () => {
  const { rig } = useStudio();

  it('shows the first picture after one press, and a prompt that holds markup stays text', async () => {
    const page = await rig().open('create');
    const text = 'a lighthouse <img src=x onerror="document.title=1"> & a boat';
    await prompt(page).fill(text);
    await create(page).click();
    await sent(page).getByText('Done').waitFor();
    await sent(page).getByRole('img', { name: text }).waitFor();
    expect(await sent(page).getByText(text, { exact: true }).count()).toBe(1);
    expect(await page.title()).toContain('Create');
  });

  it('marks what is wrong while it is typed, and mends it with a press or a key', async () => {
    const page = await rig().open('create');
    await prompt(page).fill('a red fox --ar16:9 --chaos 200');
    await page.getByText('A space is missing between the parameter and its value.', { exact: true }).waitFor();
    expect(await page.locator('mark').allTextContents()).toEqual(['ar16:9', '200']);
    await page.getByRole('button', { name: /^Fix.*ar 16:9$/ }).click();
    await page.waitForFunction(() => document.querySelectorAll('mark').length === 1);
    await prompt(page).press('End');
    await prompt(page).press('Control+.');
    await page.waitForFunction(() => document.querySelectorAll('mark').length === 0);
    expect(await prompt(page).inputValue()).toBe('a red fox --ar 16:9 --chaos 100');
  });

  it('has controls that read the prompt and write into it', async () => {
    const page = await rig().open('create');
    await prompt(page).fill('a red fox --ar 3:2');
    const ratios = page.getByRole('group', { name: 'Aspect ratio' });
    await ratios.getByRole('radio', { name: '3:2', checked: true }).waitFor({ state: 'attached' });
    await ratios.getByText('16:9', { exact: true }).click();
    await page.getByText('Seamless tile').click();
    await page.getByRole('slider', { name: 'Variety' }).fill('30');
    expect(await prompt(page).inputValue()).toBe('a red fox --ar 16:9 --tile --c 30');
    await page.getByRole('combobox', { name: 'Version' }).selectOption('--niji 7');
    expect(await prompt(page).inputValue()).toContain('--niji 7');
    await page.getByRole('button', { name: 'Reset: Variety' }).click();
    expect(await prompt(page).inputValue()).not.toContain('--c');
  });

  it('tells the price of a prompt that is several jobs, and shows the request without a key', async () => {
    const page = await rig().open('create');
    await prompt(page).fill('a {red, blue} fox');
    await page.getByText(/2 jobs × /).waitFor();
    const code = page.getByLabel('Request', { exact: true });
    expect(await code.textContent()).toContain('$JOURNEYMAN_KEY');
    expect(await code.textContent()).toContain('"prompt": "a {red, blue} fox"');
    await page.getByRole('tab', { name: 'Python' }).click();
    expect(await code.textContent()).toContain('import requests');
  });

  it('pays once when the first answer is lost and the button is pressed twice', async () => {
    const page = await rig().open('create', { signedInAs: 'client' });
    const text = `a letter that is lost ${Date.now()}`;
    let isFirst = true;
    await page.route('**/mj/submit/imagine', async (route) => {
      if (!isFirst) return route.continue();
      isFirst = false;
      await route.fetch();
      // No answer, and no error of the network that a page would have to answer for.
      await route.fulfill({ status: 409, headers: { 'retry-after': '1' }, json: { code: 4, description: 'lost' } });
    });
    await prompt(page).fill(text);
    await create(page).dblclick();
    await sent(page).getByText(text, { exact: true }).waitFor();
    const { json } = await rig().gateway.get<{ items: { prompt: string }[] }>('/mj/task/list?limit=50');
    expect(json.items.filter((task) => task.prompt === text)).toHaveLength(1);
  });

  it('keeps words and pictures over a reload, and each kind its own', async () => {
    const page = await rig().open('create');
    await prompt(page).fill('kept words');
    await page.getByRole('tab', { name: 'Blend' }).click();
    const files = page.locator('input[type="file"]');
    await files.setInputFiles([
      { name: 'one.png', mimeType: 'image/png', buffer: PNG },
      { name: 'two.png', mimeType: 'image/png', buffer: PNG },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('words') },
    ]);
    await page.getByText(/^notes\.txt is no picture/).waitFor();
    await page.getByRole('button', { name: 'Move two.png forward' }).click();
    await page.waitForFunction(() => document.querySelector<HTMLImageElement>('li img')?.alt === 'two.png');
    await page.waitForFunction(firstKeptName, 'two.png');
    await page.reload();
    await page.getByRole('img', { name: 'one.png' }).waitFor();
    const names = await page
      .locator('li img')
      .evaluateAll((images) => images.map((image) => image.getAttribute('alt')));
    expect(names).toEqual(['two.png', 'one.png']);
    await page.getByRole('tab', { name: 'Imagine' }).click();
    expect(await prompt(page).inputValue()).toBe('kept words');
  });

  it('takes a prompt and a picture of the gallery from its address', async () => {
    const id = await rig().imagine('a harbour at night');
    const page = await rig().open(
      `create?mode=video&prompt=${encodeURIComponent('fog & foam')}&image=/mj/image/${id}/2`,
    );
    await page.getByRole('img', { name: `${id}-2` }).waitFor();
    expect(await prompt(page).inputValue()).toBe('fog & foam');
    expect(new URL(page.url()).search).toBe('');
  });

  it('says what is missing, and puts the focus there', async () => {
    const page = await rig().open('create');
    await create(page).click();
    await page.getByRole('alert').getByText('Write a prompt first.').waitFor();
    await page.waitForFunction(() => document.activeElement instanceof HTMLTextAreaElement);
  });

  it('finds prompts in a picture and goes on with one of them', async () => {
    const id = await rig().imagine('a field of tulips');
    const page = await rig().open(`create?mode=describe&image=/mj/image/${id}/1`);
    await page.getByRole('img', { name: `${id}-1` }).waitFor();
    await create(page).click();
    await page.getByRole('button', { name: 'Use as prompt' }).first().click();
    await page.getByRole('tab', { name: 'Imagine', selected: true }).waitFor();
    expect((await prompt(page).inputValue()).length).toBeGreaterThan(10);
  });

  it('can be used by keyboard alone', async () => {
    const page = await rig().open('create', { language: 'zh' });
    await page.getByRole('tab', { name: '绘图' }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.type('a quiet lake');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('region', { name: '刚刚提交' }).getByText('已完成', { exact: true }).waitFor();
  });
});
