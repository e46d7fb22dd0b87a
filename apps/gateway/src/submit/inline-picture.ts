import { setImmediate as nextTurn } from 'node:timers/promises';
import { SNIFF_BYTES, sizeFromHeader, sniffType, type PictureType } from '#libs/assets';
import { pictureHead, PictureText, type Picture } from '#libs/upstream';
import { cleanBase64 } from '../http/lifted-body/base64-cleaner.js';
import { MjError } from '../http/mj-error.js';
import { Base64Text } from './base64-text.js';

const MAX_BYTES = 10 * 1024 * 1024;
const MAX_SIDE = 16_384;
const MAX_PIXELS = 50_000_000;
const TAKEN: ReadonlySet<PictureType> = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);

/** Characters of a picture of the largest size as base64. */
const MAX_CHARS = (MAX_BYTES / 3) * 4;

/**
 * A picture of a request body, data URL or raw base64 as programs write it, as the data URL that upstreams take: clean,
 * and named by what its bytes are, whatever its head says. Judged in this order: the alphabet, its size as text, the type
 * by magic bytes, width and height from its header. Nothing is decoded.
 * @throws MjError `base64_is_invalid` or `image_too_large`
 */
export async function readInlinePicture(text: Picture, field: string): Promise<Picture> {
  if (text instanceof PictureText) return text.withHead(headOf(await judge(text, field)));
  // Ten pictures in one request must not keep others waiting in between.
  await nextTurn();
  const head = pictureHead(text.slice(0, PictureText.MAX_HEAD), true) ?? '';
  const data = head === '' ? text : text.slice(head.length);
  const base64 = new Base64Text(data);
  if (!base64.isSound()) return cleaned(data, field);
  const wanted = headOf(await judge(base64, field));
  // The same text as it came, where it will do: another would be a second copy of megabytes.
  return head === wanted ? text : wanted + data;
}

async function cleaned(data: string, field: string): Promise<PictureText> {
  const pieces = await cleanBase64(data.trim());
  if (pieces === null) throw data.length > MAX_CHARS ? tooLarge(field) : invalid(field);
  const picture = new PictureText('', pieces);
  return picture.withHead(headOf(await judge(picture, field)));
}

function headOf(type: PictureType): string {
  return `data:${type};base64,`;
}

/** The type by the bytes of sound base64. */
async function judge(base64: Base64Text | PictureText, field: string): Promise<PictureType> {
  if (base64.bytes > MAX_BYTES) throw tooLarge(field);
  const type = sniffType(base64.read(0, SNIFF_BYTES));
  if (type === null || !TAKEN.has(type)) throw invalid(field);
  const size = await sizeFromHeader(type, (offset, length) => base64.read(offset, length));
  if (size === null) throw invalid(field);
  const { width, height } = size;
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) throw tooLarge(field);
  return type;
}

function invalid(field: string): MjError {
  return new MjError('base64_is_invalid', { properties: { field } });
}

function tooLarge(field: string): MjError {
  return new MjError('image_too_large', { properties: { field } });
}
