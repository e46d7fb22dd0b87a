import { readFile } from 'node:fs/promises';
import pg from 'pg';
import type { Locator, Page } from 'playwright-core';
import { until } from '../../support/until.js';
import { accessibilityFaults, sidewaysFaults } from '../support/accessibility.js';
import { describeInBrowser } from '../support/chromium.js';
import { useStudio } from '../support/studio-rig.js';

const SLEEPER = 'select pg_sleep(19)';
const MARKUP = '<img src=x onerror="alert(1)"><b>bold</b>';

describeInBrowser('The SQL workbench', () => {
  const { rig } = useStudio();
  let login = '';

  beforeAll(async () => {
    const [own] = await rig().gateway.sql<{ name: string }>(
      "select 'journeyman_sql_' || oid as name from pg_database where datname = current_database()",
    );
    login = own?.name ?? '';
    await rig().gateway.sql(`
      insert into task (id, api_key_id, action, mode, bot_type, status, base_url, submitted_at)
      select n, (select min(id) from api_key), 'IMAGINE', 'FAST', 'MID_JOURNEY', 'NOT_START', 'http://x', now() - n * interval '2 minutes'
      from generate_series(1, 1200) as n`);
  });

  afterAll(async () => {
    // Roles belong to the whole server.
    const server = new pg.Client({ connectionString: process.env['TEST_POSTGRES_URL'] ?? '' });
    await server.connect();
    await server.query(`drop role if exists ${login}`);
    await server.end();
  });

  const editor = (page: Page): Locator => page.getByRole('textbox', { name: 'SQL query' });
  const runButton = (page: Page): Locator => page.getByRole('button', { name: 'Run', exact: true });

  async function write(page: Page, sql: string): Promise<void> {
    await editor(page).click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(sql);
  }

  function asleep(count: number): Promise<true> {
    return until(`${count} queries asleep`, async () => {
      const rows = await rig().gateway.sql(
        "select from pg_stat_activity where application_name = 'journeyman-sql' and wait_event = 'PgSleep' and datname = current_database()",
      );
      return rows.length === count ? true : null;
    });
  }

  it('answers a question of the catalogue as a chart and as a table, and its address says which', async () => {
    const page = await rig().open('gallery');
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    expect(
      await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name)),
    ).not.toContainEqual(expect.stringContaining('code-editor'));
    await page.getByRole('link', { name: 'SQL' }).click();
    await page.getByRole('link', { name: 'Throughput by outcome' }).click();
    await page.getByRole('tab', { name: 'Chart', selected: true }).waitFor();
    await page.locator('canvas').waitFor();
    expect(loaded).toContainEqual(expect.stringContaining('code-editor'));

    await page.getByLabel('Time').selectOption({ label: 'Last 6 hours' });
    await page.waitForURL(/question=throughput&p\.from=-6h$/);
    await page.getByRole('tab', { name: 'Table' }).click();
    await page.getByRole('columnheader', { name: 'submitted' }).waitFor();
    await page.getByRole('tab', { name: 'SQL as run' }).click();
    await page.getByText(/::timestamptz and submitted_at < now\(\)/).waitFor();
  });

  it('marks the place of a mistake, and answers what is mended; it is left by keyboard', async () => {
    const page = await rig().open('sql');
    await write(page, 'select status,\n  cuont(*) as n from tasks group by status');
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByRole('alert').getByText('Line 2, column 3').waitFor();
    expect(await page.locator('.cm-fault').textContent()).toBe('cuont');

    await write(page, 'select status,\n  count(*) as n from tasks group by status');
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByRole('cell', { name: '1200' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);

    await editor(page).focus();
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.textContent === 'Run');
    const styles = await page.evaluate(() => {
      const roots = [...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? []);
      return roots.map((root) => ({
        adopted: root.adoptedStyleSheets.length,
        inline: root.querySelectorAll('style').length,
      }));
    });
    expect(styles).toEqual([{ adopted: 1, inline: 0 }]);
  });

  it('completes views and the columns of what is read', async () => {
    const page = await rig().open('sql');
    await write(page, 'select  from report.tasks t');
    await page.keyboard.press('Home');
    for (let step = 0; step < 'select '.length; step += 1) await page.keyboard.press('ArrowRight');
    await page.keyboard.type('t.subm');
    await page.getByRole('option', { name: /^submitted_at/ }).waitFor();
    await page.keyboard.press('Enter');
    await until('the column', async () =>
      (await editor(page).textContent())?.includes('t.submitted_at') ? true : null,
    );
  });

  it('ends a query that is cancelled, and one that is left', async () => {
    const page = await rig().open('sql');
    await write(page, SLEEPER);
    await runButton(page).click();
    await asleep(1);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled.').waitFor();
    await asleep(0);
    await runButton(page).click();
    await asleep(1);
    await page.getByRole('link', { name: 'Gallery' }).click();
    await asleep(0);
  });

  it('shows SQL that came with a link, and runs it after a press only', async () => {
    const query = new URLSearchParams({ sql: 'select :word as said', 'p.word': 'hello there' });
    const page = await rig().open(`sql?${query.toString()}`);
    const runs: string[] = [];
    page.on('request', (request) => request.url().endsWith('/run') && runs.push(request.url()));
    await page.getByText('This SQL came with a link').waitFor();
    await page.getByRole('link', { name: 'Throughput by outcome' }).waitFor();
    expect(await editor(page).textContent()).toContain('select :word as said');
    expect(await page.getByLabel('word').inputValue()).toBe('hello there');
    expect(runs).toEqual([]);
    await runButton(page).click();
    await page.getByRole('cell', { name: 'hello there' }).waitFor();
  });

  it('keeps markup and formulas text, also in files', async () => {
    const page = await rig().open('sql');
    await write(page, `select '${MARKUP}' as html, '=1+1' as formula, -1.5 as number`);
    await runButton(page).click();
    expect(await page.getByRole('cell', { name: 'bold' }).textContent()).toBe(MARKUP);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV file' }).click(),
    ]);
    expect(await readFile(await download.path(), 'utf8')).toBe(
      `\uFEFFhtml,formula,number\r\n"${MARKUP.replaceAll('"', '""')}",'=1+1,-1.5\r\n`,
    );
  });

  it('keeps saved queries in the browser, and scrolls a thousand rows with few of them drawn', async () => {
    const page = await rig().open('sql');
    await write(page, 'select task_id, submitted_at from tasks order by task_id');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('All tasks');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.reload();
    await page.getByRole('tab', { name: 'Mine' }).click();
    await page.getByRole('button', { name: 'All tasks', exact: true }).click();
    await runButton(page).click();
    await page.getByText('Only the first 1,000 rows are shown').waitFor();
    const table = page.getByRole('region', { name: 'Result' }).locator('table').locator('..');
    expect(await page.getByRole('row').count()).toBeLessThan(100);
    await table.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.getByRole('button', { name: 'Show row 1,000 in full' }).click();
    await page.getByRole('dialog').getByText('1000', { exact: true }).waitFor();
  });

  it.each(['light', 'dark'] as const)('fits narrow windows and has no fault of accessibility: %s', async (theme) => {
    const page = await rig().open('sql?question=task_list', { width: 360, theme });
    await page.getByRole('columnheader', { name: 'task_id' }).waitFor();
    const faults = [...(await sidewaysFaults(page)), ...(await accessibilityFaults(page))];
    await page.getByRole('button', { name: 'Queries and views' }).click();
    await page.getByRole('tab', { name: 'Views' }).click();
    await page.locator('summary').first().click();
    faults.push(...(await sidewaysFaults(page)), ...(await accessibilityFaults(page)));
    expect(faults).toEqual([]);
  });
});
