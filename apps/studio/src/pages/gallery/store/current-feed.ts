import { NO_FILTERS, type GalleryFilters } from '../filters/gallery-filters.ts';
import { GalleryFeed } from './gallery-feed.ts';

let kept: { name: string; keyId: string; feed: GalleryFeed } | null = null;

/**
 * The list for a key and filters. The last one is kept, so that who comes back to the gallery finds it as it was left.
 *
 * @param filters null: whichever list of that key was shown last
 */
export function feedFor(keyId: string, filters: GalleryFilters | null): GalleryFeed {
  if (filters === null && kept?.keyId === keyId) return kept.feed;
  const name = `${keyId} ${JSON.stringify(filters ?? NO_FILTERS)}`;
  if (kept?.name !== name) kept = { name, keyId, feed: new GalleryFeed(filters ?? NO_FILTERS) };
  return kept.feed;
}
