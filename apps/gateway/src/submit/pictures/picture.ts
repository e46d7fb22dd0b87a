import { checkUrl, type EgressPolicy } from '#libs/net';
import type { Picture } from '#libs/upstream';
import { MjError } from '../../http/errors/mj-error.js';
import { readInlinePicture } from './inline-picture.js';

/** Characters in which a scheme is looked for; the rest of the text may be megabytes of base64. */
const HEAD_CHARS = 32;
const LINK_START = /^\s*[a-z][a-z0-9+.-]*:\/\//i;
const DATA_START = /^\s*data:/i;
/** Fields that are for links by their name: any text in them but a data URL is taken for a link. */
const LINK_FIELDS: ReadonlySet<string> = new Set(['link', 'sourceUrl', 'targetUrl']);

/** A link in the place of a picture. The gateway fetches it before it opens a task, as not every upstream would. */
export class LinkedPicture {
  /** @param field of the body in which it came */
  constructor(
    readonly url: string,
    readonly field: string,
  ) {}
}

/** A picture of a body: a validated inline one, or a link that is still to be fetched. */
export type GivenPicture = Picture | LinkedPicture;

/** Gives the picture of an inline one or of a fetched link. */
export type TakePicture = (given: GivenPicture) => Picture;

/**
 * A picture that came inline, or a link to it that the gateway is to fetch.
 * @throws MjError `link_is_invalid`, `base64_is_invalid` or `image_too_large`
 */
export async function readPicture(text: Picture, field: string, egress: EgressPolicy): Promise<GivenPicture> {
  return isLink(text, field) ? new LinkedPicture(readLink(text, field, egress), field) : readInlinePicture(text, field);
}

/**
 * A picture that came inline, or a link to it as it is: for upstreams that fetch by themselves.
 * @throws MjError like {@link readPicture}
 */
export async function readPictureOrLink(text: Picture, field: string, egress: EgressPolicy): Promise<Picture> {
  return isLink(text, field) ? readLink(text, field, egress) : readInlinePicture(text, field);
}

export function isLink(text: Picture, field: string): text is string {
  if (typeof text !== 'string') return false;
  const start = text.slice(0, HEAD_CHARS);
  return LINK_START.test(start) || (LINK_FIELDS.has(field) && !DATA_START.test(start));
}

/** @throws MjError `link_is_invalid` when it can be seen that nobody may follow it */
export function readLink(text: string, field: string, egress: EgressPolicy): string {
  const link = text.trim();
  if (checkUrl(link, egress).kind !== 'ok') throw new MjError('link_is_invalid', { properties: { field } });
  return link;
}

/** The pictures without blank ones: some clients send an empty text where no picture was chosen. */
export function chosen(texts: readonly Picture[] | undefined): Picture[] {
  return texts?.filter((text) => !isBlank(text)) ?? [];
}

export function isBlank(text: Picture): boolean {
  return typeof text === 'string' && text.trim() === '';
}

/** Pictures of a field, one after the other. @throws MjError like {@link readPicture} */
export async function readPictures(
  texts: readonly Picture[],
  field: string,
  egress: EgressPolicy,
): Promise<GivenPicture[]> {
  const pictures: GivenPicture[] = [];
  for (const text of texts) pictures.push(await readPicture(text, field, egress));
  return pictures;
}
