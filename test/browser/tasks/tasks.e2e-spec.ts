import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { HookReceiver } from '../../support/hook-receiver.js';
import { until } from '../../support/until.js';
import { accessibilityFaults, sidewaysFaults } from '../support/accessibility.js';
import { describeInBrowser } from '../support/chromium.js';
import { useStudio } from '../support/studio-rig.js';

const PROMPT = 'tasks <b>journey</b> & more';

describeInBrowser('Tasks in a browser', () => {
  const { rig } = useStudio();
  let receiver: HookReceiver;
  let done = '';
  let failed = '';
  beforeAll(async () => {
    receiver = await HookReceiver.start();
    receiver.answer = () => 503;
    failed = await rig().imagine('tasks that fail [sim:fail=broken]');
    done = await rig().imagine(PROMPT, { notifyHook: `${receiver.url}/hook`, notifyEvents: 'terminal' });
  });
  afterAll(() => receiver.close());

  const rowIds = (page: Page): Promise<string[]> => page.locator('tbody th').allInnerTexts();
  const query = (page: Page): string => new URL(page.url()).search;
  const drawer = (page: Page) => page.getByRole('dialog', { name: /Task \d+/ });

  it('are filtered by what the address says, and the address says what is filtered', async () => {
    const page = await rig().open('tasks?status=FAILURE&time=24h');
    await page.locator('tbody tr').first().waitFor();
    expect(await rowIds(page)).toEqual([failed]);
    await page.getByRole('button', { name: 'Remove the filter Status: Failed' }).click();
    await page.getByRole('link', { name: done }).waitFor();
    expect(query(page)).toBe('?time=24h');
    await page.getByText(/^2 tasks · /).waitFor();
    await page.getByRole('searchbox', { name: 'Search' }).fill('JOURNEY');
    await page.waitForURL(/q=JOURNEY/);
    await page.getByRole('link', { name: failed }).waitFor({ state: 'detached' });
    expect(await rowIds(page)).toEqual([done]);
    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.waitForURL((url) => url.search === '');
  });

  it('open by keyboard alone, and back closes the drawer at the same row', async () => {
    const page = await rig().open('tasks');
    await page.getByRole('link', { name: done }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await drawer(page).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/studio/tasks/${done}`);
    await page.keyboard.press('j');
    await page.waitForURL(`**/studio/tasks/${failed}`);
    await page.keyboard.press('k');
    await page.waitForURL(`**/studio/tasks/${done}`);
    await page.goBack();
    await drawer(page).waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(done);
    await page.keyboard.press('Enter');
    await drawer(page).waitFor();
    await page.keyboard.press('Escape');
    await drawer(page).waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe('/studio/tasks');
  });

  it('say why a task failed, what was given back, and who did what', async () => {
    const page = await rig().open(`tasks/${failed}`);
    await page.getByText(/^Failed: Failed at the upstream, “broken”\. 0\.1 credits given back\.$/).waitFor();
    await page.getByRole('tab', { name: 'Ledger' }).click();
    await page.getByRole('row', { name: /Given back.* 0\.1/ }).waitFor();
    await page.getByRole('tab', { name: 'Raw' }).click();
    await page.getByText('"failCode": "upstream_failed"').waitFor();
    await page.getByRole('tab', { name: 'As its client reads it' }).click();
    await page.getByText('"kind": "upstream_failed"').waitFor();
  });

  it('tell of a receiver that fails, and send the hook again once it works', async () => {
    const page = await rig().open(`tasks/${done}`);
    await page.getByText(/does not take its hook/).waitFor();
    expect(await page.locator('dialog b').count()).toBe(0);
    await page.getByRole('tab', { name: 'Hooks' }).click();
    await page.getByRole('cell', { name: 'Receiver failed' }).first().waitFor();
    await page.getByRole('button', { name: 'Replay…' }).click();
    const replay = page.getByRole('dialog', { name: /Replay/ });
    await replay.getByRole('combobox', { name: 'Which' }).selectOption('waiting');
    await replay.getByRole('button', { name: 'Count them' }).click();
    await replay.getByText('1 hook would be sent again.').waitFor();
    await replay.getByRole('button', { name: 'Cancel' }).click();
    receiver.answer = () => 200;
    await page.getByRole('button', { name: 'Resend' }).click();
    await page.getByText(/127\.0\.0\.1:\d+ was told\./).waitFor();
    expect(receiver.of(done).length).toBeGreaterThan(1);
  });

  it('are followed while they run, and failed by an admin with a refund', async () => {
    const id = await rig().submit('imagine', { prompt: 'tasks that hang [sim:stall]' });
    const page = await rig().open(`tasks/${id}`);
    await page.getByText(/works on it/).waitFor();
    await page.getByRole('button', { name: 'Fail…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Fail this task' });
    await dialog.getByText(/0\.1 credits go back to the key/).waitFor();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('stopped by hand');
    await dialog.getByRole('button', { name: 'Fail the task' }).click();
    await page.getByText(/^Failed: Failed by an admin, “stopped by hand”\. 0\.1 credits given back\.$/).waitFor();
    await page.getByRole('button', { name: 'Fail…' }).waitFor({ state: 'detached' });
  });

  it('are given as CSV, with the filters', async () => {
    const page = await rig().open(`tasks?q=${done}`);
    await page.locator('tbody tr').first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(done);
  });

  it('go on to older pages and back, and keep the place over a reload', async () => {
    const count = 55;
    await rig().gateway.sql(
      `insert into task select (jsonb_populate_record(t, jsonb_build_object('id', (t.id + n)::text,
         'submitted_at', t.submitted_at - n * interval '1 second', 'request_id', 'copy ' || n,
         'upstream_task_id', null))).*
       from task t cross join generate_series(1, ${count}) as n where t.id = ${failed}`,
      [],
    );
    const page = await rig().open('tasks?status=FAILURE');
    await page.getByRole('button', { name: 'Older' }).click();
    await page.getByText('Page 2').waitFor();
    const second = await until('the second page', async () => {
      const ids = await rowIds(page);
      return ids.length < 50 && ids.length > 0 ? ids : null;
    });
    await page.reload();
    await page.getByText('Page 2').waitFor();
    await page.locator('tbody tr').first().waitFor();
    expect(await rowIds(page)).toEqual(second);
    await page.getByRole('button', { name: 'Newer' }).click();
    await page.getByText('Page 1').waitFor();
    await page.getByRole('link', { name: failed, exact: true }).waitFor();
  });

  it('show the SQL behind their number, which opens in the workbench', async () => {
    const page = await rig().open('tasks?status=FAILURE,CANCEL');
    await page.getByText(/ tasks? · /).waitFor();
    await page.getByRole('button', { name: /Show the SQL behind/ }).click();
    const dialog = page.getByRole('dialog', { name: /The query behind this/ });
    await dialog.getByText("status in ('FAILURE', 'CANCEL')").waitFor();
    const link = await dialog.getByRole('link', { name: 'Open in the SQL workbench' }).getAttribute('href');
    expect(new URLSearchParams(link?.split('?')[1]).get('sql')).toContain('from report.tasks');
  });

  for (const theme of ['light', 'dark'] as const) {
    for (const width of [360, 768, 1440] as const) {
      it(`fit ${width} px with a drawer, ${theme}, and have no fault of accessibility`, async () => {
        const page = await rig().open(`tasks/${done}?time=7d`, { width, theme });
        await drawer(page).getByRole('tab', { name: 'Hooks' }).click();
        await page.getByRole('columnheader', { name: 'Answer' }).waitFor();
        expect([...(await sidewaysFaults(page)), ...(await accessibilityFaults(page))]).toEqual([]);
        await page.getByRole('tab', { name: 'Timeline' }).click();
        expect(await accessibilityFaults(page)).toEqual([]);
      });
    }
  }
});
