/** Root of the gateway as this browser sees it, with a slash at its end: Studio is at `studio/` below it. */
export const GATEWAY_ROOT = new URL('..', document.baseURI);

/** Path prefix of Studio's pages, such as `/studio`. */
export const STUDIO_PATH = new URL('.', document.baseURI).pathname.replace(/\/$/, '');

/** Full address of a path of the gateway. @param path such as `/mj/task/list` */
export function gatewayUrl(path: string): string {
  return new URL(path.replace(/^\//, ''), GATEWAY_ROOT).href;
}

/**
 * A picture's link as this page may load it: from the gateway's own address as this browser sees it, whatever PUBLIC_URL says,
 * since the page loads nothing from elsewhere.
 *
 * @param link absolute link of a task, such as `https://public.example/mj/image/1/2?s=…`
 * @param width px to scale to, one of 128, 256, 512, 1024, 2048; absent: as it is
 */
export function pictureUrl(link: string, width?: 128 | 256 | 512 | 1024 | 2048): string {
  const found = /\/mj\/(?:image|video)\/.*$/.exec(link)?.[0];
  if (found === undefined) return '';
  const url = new URL(gatewayUrl(found));
  if (width !== undefined) url.searchParams.set('w', String(width));
  return url.href;
}
