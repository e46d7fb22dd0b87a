import { setImmediate as nextTurn } from 'node:timers/promises';
import { SNIFF_BYTES, sizeFromHeader, sniffType, type PictureType } from '#libs/assets';
import { MAX_PICTURE_HEAD, PICTURE_HEAD, PictureText, type Picture } from '#libs/upstream';
import { MjError } from '../http/mj-error.js';
import { Base64Text } from './base64-text.js';

const MAX_BYTES = 10 * 1024 * 1024;
const MAX_SIDE = 16_384;
const MAX_PIXELS = 50_000_000;
const TAKEN: ReadonlySet<PictureType> = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);

/**
 * A picture of a request body, data URL or raw base64, as the data URL that upstreams take. Judged in this order: what
 * it says it is, its size as text, the alphabet, the type by magic bytes, width and height from its header. Nothing is
 * decoded. What names another of the four types than its bytes are is given the right name: files are often misnamed.
 * @throws MjError `base64_is_invalid` or `image_too_large`
 */
export async function readInlinePicture(text: Picture, field: string): Promise<Picture> {
  if (text instanceof PictureText) return text.withHead(headOf(judge(text, field)));
  // Ten pictures in one request must not keep others waiting in between.
  await nextTurn();
  const head = PICTURE_HEAD.exec(text.slice(0, MAX_PICTURE_HEAD))?.[0] ?? '';
  const data = head === '' ? text : text.slice(head.length);
  const wanted = headOf(judge(new Base64Text(data), field));
  // The same text as it came, where it will do: another would be a second copy of megabytes.
  return head === wanted ? text : wanted + data;
}

function headOf(type: PictureType): string {
  return `data:${type};base64,`;
}

/** The type by the bytes. What was lifted out of a body was found to be sound on the way. */
function judge(base64: Base64Text | PictureText, field: string): PictureType {
  if (base64.bytes > MAX_BYTES) throw tooLarge(field);
  if (base64 instanceof Base64Text && !base64.isSound()) throw invalid(field);
  const type = sniffType(base64.read(0, SNIFF_BYTES));
  if (type === null || !TAKEN.has(type)) throw invalid(field);
  const size = sizeFromHeader(type, (offset, length) => base64.read(offset, length));
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
