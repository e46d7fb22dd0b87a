import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeInBrowser } from '../support/chromium.js';
import { useStudio } from '../support/studio-rig.js';

interface Fetched {
  action: string;
  status: string;
  prompt: string;
  parentId: string;
  buttons: { customId: string }[];
}

describeInBrowser('Windows that ask for the prompt of a remix', () => {
  const { rig } = useStudio();
  const parents = { grid: '', single: '' };

  const fetched = async (id: string): Promise<Fetched> =>
    (await rig().gateway.get<Fetched>(`/mj/task/${id}/fetch`)).json;
  /** Presses a button of a task as a client in remix mode does. @returns id of what came of it */
  async function press(id: string, wanted: RegExp): Promise<string> {
    const customId = (await fetched(id)).buttons.find((button) => wanted.test(button.customId))?.customId;
    return rig().submit('action', { taskId: id, customId, enableRemix: true });
  }

  beforeAll(async () => {
    parents.grid = await rig().imagine('a windmill on a hill');
    parents.single = await rig().finished(await press(parents.grid, /upsample::1/));
  });

  it.each([
    { what: 'a reroll', parent: 'grid', button: /reroll/, action: 'REROLL' },
    { what: 'a variation', parent: 'grid', button: /variation::3/, action: 'VARIATION' },
    { what: 'a pan', parent: 'single', button: /pan_left/, action: 'PAN' },
  ] as const)('confirm $what with another prompt', async ({ parent, button, action }) => {
    const id = await press(parents[parent], button);
    expect(await fetched(id)).toMatchObject({ action, status: 'MODAL', parentId: parents[parent] });
    const page = await rig().open(`gallery/${id}`);
    await page.getByRole('button', { name: 'Go on' }).first().click();
    const window = page.getByRole('dialog');
    const prompt = window.getByLabel('Prompt', { exact: true });
    expect(await prompt.inputValue()).toContain('a windmill on a hill');
    const text = `a lighthouse by ${action.toLowerCase()}`;
    await prompt.fill(text);
    await prompt.press('Control+Enter');
    await window.waitFor({ state: 'detached' });

    await rig().finished(id);
    expect(await fetched(id)).toMatchObject({ action, status: 'SUCCESS', parentId: parents[parent] });
    expect((await fetched(id)).prompt).toContain(text);
    // The upstream worked at what was typed, and the page shows the picture without a reload.
    expect(await readFile(join(rig().folder, 'tasks.jsonl'), 'utf8')).toContain(text);
    await page.getByRole('main').getByText(text).first().waitFor();
    await page.locator(`main img[src*="${id}"]`).first().waitFor();
  });
});
