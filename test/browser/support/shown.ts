import type { Locator, Page } from 'playwright-core';

/** How long a page may take on a busy machine, ms. */
const PATIENCE_MS = 30_000;

/** Waits until something can be seen. @returns it */
export async function shown(what: Locator): Promise<Locator> {
  await what.first().waitFor({ timeout: PATIENCE_MS });
  return what;
}

/** Waits until something is gone, or cannot be seen. */
export function gone(what: Locator): Promise<void> {
  return what.first().waitFor({ state: 'hidden', timeout: PATIENCE_MS });
}

/** Waits until a picture has been drawn: not its place, the picture itself. */
export async function drawn(picture: Locator): Promise<void> {
  const element = await (await shown(picture)).first().elementHandle();
  await picture
    .page()
    .waitForFunction(
      (image) => image instanceof HTMLImageElement && image.complete && image.naturalWidth > 0,
      element,
      { timeout: PATIENCE_MS },
    );
}

/** The card of a task in the gallery. */
export function cardOf(page: Page, id: string): Locator {
  return page.locator(`[data-task="${id}"]`);
}
