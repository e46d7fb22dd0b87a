import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describeInBrowser } from '../support/chromium.js';
import { gone, shown } from '../support/shown.js';
import { useStudio } from '../support/studio-rig.js';
import { until } from '../../support/until.js';

describeInBrowser('The window of a region', () => {
  const { rig } = useStudio();

  /** What the simulator took on with a prompt. */
  const accepted = (prompt: string): Promise<string> =>
    until(`a task of the simulator with the prompt "${prompt}"`, async () => {
      const journal = await readFile(join(rig().folder, 'tasks.jsonl'), 'utf8');
      return journal.split('\n').findLast((line) => line.includes(prompt)) ?? null;
    });

  it('sends what was marked, and the prompt for it', async () => {
    const grid = await rig().imagine('a quiet harbour --ar 1:1');
    const pressed = await rig().gateway.get<{ buttons: { customId: string }[] }>(`/mj/task/${grid}/fetch`);
    const { customId } = pressed.json.buttons.find((button) => button.customId.includes('upsample::1')) ?? {};
    const single = await rig().finished(await rig().submit('action', { taskId: grid, customId }));

    const page = await rig().open(`gallery/${single}`);
    await page.getByRole('button', { name: 'Change a region…' }).click();
    const window = await shown(page.getByRole('dialog'));
    const stage = await shown(window.getByLabel('Picture to mark on'));
    await shown(window.getByText('Nothing is marked yet').first());
    await window.getByRole('button', { name: 'Rectangle' }).click();
    const box = await stage.boundingBox();
    if (box === null) throw new Error('The picture is nowhere');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 30, y + 30);
    await page.mouse.move(x + 90, y + 90);
    await page.mouse.up();
    await shown(window.getByText('of the picture is marked'));
    await window.getByRole('textbox', { name: 'Prompt' }).fill('a red sailing boat');
    await window.getByRole('button', { name: 'Paint it anew' }).click();
    await gone(window);

    const [, name] = /"mask":"([0-9a-f]{32})"/.exec(await accepted('a red sailing boat')) ?? [];
    const { data, info } = await sharp(await readFile(join(rig().folder, 'inputs', `${String(name)}.webp`)))
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const at = (left: number, top: number): number =>
      data[(Math.floor(top * info.height) * info.width + Math.floor(left * info.width)) * info.channels] ?? -1;
    // White is what is painted anew: right and below of the middle, and not the corner.
    expect([at(0.53, 0.53) > 200, at(0.02, 0.02) < 50]).toEqual([true, true]);
    const [task] = await rig().gateway.sql<{ prompt: string; status: string }>(
      `select prompt, status from task where prompt like '%a red sailing boat%'`,
    );
    expect(task).toMatchObject({ prompt: 'a red sailing boat' });
  });
});
