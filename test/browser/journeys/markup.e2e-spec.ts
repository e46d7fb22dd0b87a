import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/chromium.js';
import { cardOf, shown } from '../support/shown.js';
import { useStudio } from '../support/studio-rig.js';

const MARKUP = '<img src=x onerror="globalThis.wasRun=true"></script><script>globalThis.wasRun=true</script>';
/** Right-to-left override and isolate, which are left open. */
const BIDI = '\u202egnp.exe\u2067';
const REASON = '<svg onload="globalThis.wasRun=true">too wild</svg>';

describeInBrowser('Text of other people', () => {
  const { rig } = useStudio();
  let good = '';
  let bad = '';
  beforeAll(async () => {
    good = await rig().imagine(`fox ${MARKUP} ${BIDI}`, { state: `state ${MARKUP}` });
    bad = await rig().imagine('owl [sim:fail=tooWild]');
    // What a hostile upstream would say.
    await rig().gateway.sql('update task set fail_reason = $1, state = $2 where id = $3', [REASON, MARKUP, bad]);
  });

  /** Waits for a text, and looks whether anything of it became part of the page. */
  async function staysText(page: Page, text: string): Promise<void> {
    await shown(page.getByText(text, { exact: false }));
    await page.waitForLoadState('networkidle');
    const found = await page.evaluate(() => ({
      wasRun: 'wasRun' in globalThis,
      elements: document.querySelectorAll('img[src="x"], svg[onload], body script').length,
    }));
    expect(found).toEqual({ wasRun: false, elements: 0 });
  }

  it('stays text in the gallery and on the page of a task', async () => {
    const page = await rig().open('gallery');
    await shown(cardOf(page, good));
    await staysText(page, MARKUP);
    await staysText(page, REASON);
    await page.goto(`${rig().gateway.url}/studio/gallery/${good}`);
    await staysText(page, `state ${MARKUP}`);
    await page.goto(`${rig().gateway.url}/studio/gallery/${bad}`);
    await staysText(page, REASON);
  });

  it('stays text in the table of tasks and in its drawer', async () => {
    const page = await rig().open('tasks');
    await staysText(page, MARKUP);
    await page.goto(`${rig().gateway.url}/studio/tasks/${bad}`);
    await staysText(page, REASON);
    await page.getByRole('dialog').getByRole('tab', { name: 'Raw' }).click();
    await staysText(page, 'owl');
  });

  it('stays text in Create, whatever an address brings', async () => {
    const page = await rig().open(`create?mode=imagine&prompt=${encodeURIComponent(MARKUP)}`);
    const field = await shown(page.getByRole('textbox', { name: 'Prompt' }));
    expect(await field.inputValue()).toBe(MARKUP);
    await staysText(page, 'The same for a program');
  });
});
