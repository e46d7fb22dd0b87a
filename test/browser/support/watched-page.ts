import type { BrowserContext, Page } from 'playwright-core';

/** A page of which everything is noted that no page of Studio may do. */
export interface WatchedPage {
  page: Page;
  /** What went wrong since the last look: errors on the console, exceptions, refused policies, requests to another origin. */
  faults(): string[];
}

/** Messages of the browser about answers that a test provokes; what the page makes of them is checked by the test itself. */
const ANSWERS = /^Failed to load resource: (?:the server responded with a status of|net::ERR_)/;

/** Opens a page that is watched. @param origin the only one it may talk to */
export async function openWatchedPage(context: BrowserContext, origin: string): Promise<WatchedPage> {
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !ANSWERS.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!/^(?:data|blob):/.test(url) && !url.startsWith(`${origin}/`)) faults.push(`request to another origin: ${url}`);
  });
  return { page, faults: () => faults.splice(0) };
}
