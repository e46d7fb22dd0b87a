import { checkUrl, type EgressPolicy } from '#libs/net';
import type { Picture } from '#libs/upstream';
import { MjError } from '../http/mj-error.js';
import { readInlinePicture } from './inline-picture.js';

/** Long enough for any scheme; the rest of the text may be megabytes of base64. */
const HEAD_CHARS = 32;
const LINK_START = /^\s*[a-z][a-z0-9+.-]*:\/\//i;

/**
 * A picture that may also be a link. Links are judged and passed on to the upstream; nothing is fetched here.
 * @throws MjError `link_is_invalid`, `base64_is_invalid` or `image_too_large`
 */
export async function readPicture(text: Picture, field: string, egress: EgressPolicy): Promise<Picture> {
  return typeof text === 'string' && LINK_START.test(text.slice(0, HEAD_CHARS))
    ? readLink(text, field, egress)
    : readInlinePicture(text, field);
}

/** @throws MjError `link_is_invalid` when it can be seen that nobody may follow it */
export function readLink(text: string, field: string, egress: EgressPolicy): string {
  const link = text.trim();
  if (checkUrl(link, egress).kind !== 'ok') throw new MjError('link_is_invalid', { properties: { field } });
  return link;
}

/** Those that are given: some clients send an empty place where no picture was chosen. */
export function chosen(texts: readonly Picture[] | undefined): Picture[] {
  return texts?.filter((text) => !isBlank(text)) ?? [];
}

export function isBlank(text: Picture): boolean {
  return typeof text === 'string' && text.trim() === '';
}

/**
 * Pictures of `base64Array`, all inline, at least `least` and at most `most`.
 * @throws MjError `base64_array_is_required`, `base64_is_invalid` or `image_too_large`
 */
export async function readPictureArray(
  texts: readonly Picture[] | undefined,
  { least, most }: { least: number; most: number },
): Promise<Picture[]> {
  const given = chosen(texts);
  if (given.length < least || given.length > most) {
    throw new MjError('base64_array_is_required', { properties: { field: 'base64Array' } });
  }
  const pictures: Picture[] = [];
  for (const text of given) pictures.push(await readInlinePicture(text, 'base64Array'));
  return pictures;
}
