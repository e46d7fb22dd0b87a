import { PictureLinks } from '../../json/picture-links.js';

const MOST_LINKS = 64;
const FILM_FILE = /\.(?:mp4|webm|mov)(?:[?#]|$)/i;

/** Whether a link is that of a film. */
export function isFilm(link: string | null): boolean {
  return link !== null && FILM_FILE.test(link);
}

/** A list of links that keeps its places: null where an item is empty, or is no link. [] for anything but a list. */
export function linksInPlace(value: unknown, baseUrl: string): (string | null)[] {
  if (!Array.isArray(value)) return [];
  const links = new PictureLinks(baseUrl);
  return value.slice(0, MOST_LINKS).map((item) => (typeof item === 'string' ? links.one(item) : null));
}
