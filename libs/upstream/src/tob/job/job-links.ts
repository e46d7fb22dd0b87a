import { PictureLinks } from '../../json/picture-links.js';

const MOST_LINKS = 64;
const FILM_FILE = /\.(?:mp4|webm|mov)(?:[?#]|$)/i;

/** Whether a link is that of a film. */
export function isFilm(link: string | null): boolean {
  return link !== null && FILM_FILE.test(link);
}

/**
 * A list of links, or of objects with a link, that keeps its places: null where an item is empty, or is no link. [] for
 * anything but a list.
 */
export function linksInPlace(value: unknown, baseUrl: string): (string | null)[] {
  if (!Array.isArray(value)) return [];
  const links = new PictureLinks(baseUrl);
  return value.slice(0, MOST_LINKS).map((item) => links.one(item));
}

/**
 * The clips among the links of a job, in their places; [] where there is none. Pictures beside them are previews of the
 * clips, so the clips take the places alone.
 */
export function clipsAmong(links: readonly (string | null)[]): (string | null)[] {
  if (!links.some(isFilm)) return [];
  const isPreview = (link: string | null): boolean => link !== null && !isFilm(link);
  return links.some(isPreview) ? links.filter(isFilm) : [...links];
}
