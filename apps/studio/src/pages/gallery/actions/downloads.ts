import type { Task } from '../../../api/client.ts';
import { pictureUrl } from '../../../api/gateway-url.ts';

const PAUSE_MS = 400;

/** Links of everything that a task has made: its films, else its pictures. */
export function resultLinks({ status, imageUrl, imageUrls, videoUrl, videoUrls }: Task): string[] {
  if (status !== 'SUCCESS') return [];
  const several = videoUrls ?? (videoUrl === '' ? imageUrls : null);
  if (several !== null && several.length > 0) return several.map(({ url }) => url);
  return [videoUrl || imageUrl].filter((link) => link !== '');
}

/** Has the browser keep files, one after another; the gateway names them. */
export async function downloadAll(links: readonly string[]): Promise<void> {
  for (const [at, link] of links.entries()) {
    // Browsers drop downloads that are asked for at the same time.
    if (at > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const anchor = document.createElement('a');
    anchor.href = pictureUrl(link);
    anchor.download = '';
    document.body.append(anchor);
    anchor.click();
    anchor.remove();
  }
}
