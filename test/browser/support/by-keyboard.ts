import type { Locator, Page } from 'playwright-core';

const MOST_STEPS = 120;

/** What has the focus, in words, when it cannot be seen that it has it; null when it can. */
function hiddenFocus(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return null;
    const draws = (element: Element): boolean => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
    };
    // A field may leave the ring to the frame around it.
    const around = [focused, focused.parentElement, focused.parentElement?.parentElement ?? null];
    const { width, height, bottom, right } = focused.getBoundingClientRect();
    const isSeen = width > 0 && height > 0 && bottom > 0 && right > 0;
    if (isSeen && around.some((element) => element !== null && draws(element))) return null;
    return `${focused.outerHTML.slice(0, 160)} (${width} × ${height} px)`;
  });
}

/**
 * Goes on by Tab until an element has the focus, which must be seen at every step.
 *
 * @throws Error when the way does not lead there, or the focus is lost from sight
 */
export async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await target.first().waitFor();
  const passed: string[] = [];
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await page.keyboard.press(key);
    const hidden = await hiddenFocus(page);
    if (hidden !== null) throw new Error(`The focus cannot be seen on ${hidden}`);
    if (await target.first().evaluate((element) => element === document.activeElement)) return;
    passed.push(await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 60) ?? ''));
  }
  throw new Error(`Tab does not lead to ${String(target)}; it led to\n${passed.slice(-20).join('\n')}`);
}
