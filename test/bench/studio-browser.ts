import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import sharp from 'sharp';
import { chromiumPath } from '../browser/support/chromium-path.js';
import type { Bench } from './bench.js';

const SIDE = { width: 1_440, height: 900 };
/** Browsers that the bench starts are headless, and draw without a graphics card. */
const ARGUMENTS = ['--no-sandbox', '--disable-dev-shm-usage', '--js-flags=--expose-gc'];

/** Frames of a stretch of scrolling. */
export interface Frames {
  /** Drawn, a second, by the browser's trace. */
  drawn: number;
  /** Of the page's own thread, a second. */
  main: number;
}

/** What a page holds, once its garbage is collected. */
export interface Held {
  heapMb: number;
  nodes: number;
  listeners: number;
}

/** A page of Studio in a real browser, signed in with a key. Its pictures are made here: the bench measures the page. */
export class StudioPage {
  private constructor(
    readonly page: Page,
    private readonly debug: CDPSession,
  ) {}

  /** @throws Error when there is no Chromium */
  static async start(bench: Bench, url: string, key: string): Promise<StudioPage> {
    const executablePath = chromiumPath();
    if (executablePath === null)
      throw new Error('There is no Chromium: apt-get install chromium, or set CHROMIUM_PATH');
    // Not before a row needs it: it is no dependency of the gateway.
    const { chromium } = await import('playwright-core');
    const browser: Browser = await chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
    bench.onClose(() => browser.close());
    const context = await browser.newContext({ viewport: SIDE });
    await signIn(context, url, key);
    const page = await context.newPage();
    const body = await sharp({ create: { width: 768, height: 512, channels: 3, background: '#6b7fa3' } })
      .webp()
      .toBuffer();
    await page.route('**/mj/image/**', (route) => route.fulfill({ contentType: 'image/webp', body }));
    await page.addInitScript(NOTE_FIRST_SIGHT);
    return new StudioPage(page, await context.newCDPSession(page));
  }

  /** Opens a page anew. @returns ms from asking for it to its first field or card, with the page's thread at rest */
  async open(link: string): Promise<number> {
    await this.page.goto(link);
    await this.page.waitForFunction(() => (globalThis as unknown as Noted).firstSight !== undefined);
    return this.page.evaluate(() => (globalThis as unknown as Noted).firstSight ?? NaN);
  }

  /** Scrolls down as a wheel or finger does, and counts frames. */
  async scroll(distance: number, speed: number): Promise<Frames> {
    const events: { name: string; ts: number }[] = [];
    const collect = ({ value }: { value: object[] }): void => void events.push(...(value as typeof events));
    this.debug.on('Tracing.dataCollected', collect);
    await this.debug.send('Tracing.start', {
      transferMode: 'ReportEvents',
      traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline.frame', 'devtools.timeline.frame'] },
    });
    await this.page.evaluate(COUNT_FRAMES);
    const began = performance.now();
    await this.debug.send('Input.synthesizeScrollGesture', {
      x: SIDE.width / 2,
      y: SIDE.height / 2,
      yDistance: -distance,
      speed,
      gestureSourceType: 'mouse',
    });
    const seconds = (performance.now() - began) / 1_000;
    const main = await this.page.evaluate(() => (globalThis as unknown as Noted).frames ?? 0);
    const ended = new Promise<void>((done) => this.debug.once('Tracing.tracingComplete', () => done()));
    await this.debug.send('Tracing.end');
    await ended;
    this.debug.off('Tracing.dataCollected', collect);
    const drawn = events.filter(({ name }) => name === 'DrawFrame').length;
    return { drawn: drawn / seconds, main: main / seconds };
  }

  /** Waits until no card shows progress any more, collects garbage, then tells what the page holds. */
  async held(): Promise<Held> {
    await this.page.locator('[data-task] progress').first().waitFor({ state: 'detached' });
    for (let turn = 0; turn < 3; turn += 1) await this.debug.send('HeapProfiler.collectGarbage');
    const { usedSize } = await this.debug.send('Runtime.getHeapUsage');
    const { nodes, jsEventListeners } = await this.debug.send('Memory.getDOMCounters');
    return { heapMb: usedSize / 1e6, nodes, listeners: jsEventListeners };
  }
}

interface Noted {
  firstSight?: number;
  frames?: number;
}

/** Notes the moment at which a page has its first field or card and its thread is free to answer. */
const NOTE_FIRST_SIGHT = `{
  const look = () => {
    if (document.querySelector('main textarea, main [data-task]') === null) return requestAnimationFrame(look);
    setTimeout(() => { globalThis.firstSight ??= performance.now(); });
  };
  requestAnimationFrame(look);
}`;

const COUNT_FRAMES = `{
  cancelAnimationFrame(globalThis.counting);
  globalThis.frames = 0;
  const count = () => { globalThis.frames += 1; globalThis.counting = requestAnimationFrame(count); };
  globalThis.counting = requestAnimationFrame(count);
}`;

async function signIn(context: BrowserContext, url: string, key: string): Promise<void> {
  const answer = await context.request.post(`${url}/studio/session`, {
    headers: { 'x-journeyman-studio': '1' },
    data: { key },
  });
  if (!answer.ok()) throw new Error(`Signing in was refused: ${await answer.text()}`);
}
