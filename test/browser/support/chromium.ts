import { chromium, type Browser } from 'playwright-core';
import { chromiumPath } from './chromium-path.js';

/** Root needs --no-sandbox, and containers have a small /dev/shm. */
const ARGUMENTS = ['--no-sandbox', '--disable-dev-shm-usage', '--hide-scrollbars', '--force-color-profile=srgb'];

/** Starts it without a window. @throws Error when there is none */
export function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error('There is no Chromium: apt-get install chromium, or set CHROMIUM_PATH');
  return chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
}

/** `describe` for tests that need a browser: without one they are left out, which the summary of the run says. */
export const describeInBrowser: typeof describe.skip = chromiumPath() === null ? describe.skip : describe;
