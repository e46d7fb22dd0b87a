import { existsSync } from 'node:fs';

/** Where Debian and others put it; CHROMIUM_PATH names another one. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine; null where there is none. */
export function chromiumPath(): string | null {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return named;
  return PLACES.find((path) => existsSync(path)) ?? null;
}
