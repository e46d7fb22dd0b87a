import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  isWholePicture,
  PictureConverter,
  SNIFF_BYTES,
  sizeFromHeader,
  sniffForeign,
  sniffType,
  type ForeignFormat,
  type PictureSize,
  type PictureType,
} from '#libs/assets';
import { pictureHead, PictureText, type Picture } from '#libs/upstream';
import { cleanBase64 } from '../../http/streaming-json/base64-cleaner.js';
import { MjError } from '../../http/errors/mj-error.js';
import { Base64Text } from './base64-text.js';
import { ConvertiblePicture } from './convertible-picture.js';
import { INPUT_LIMITS } from './input-limits.js';

const TAKEN: ReadonlySet<PictureType> = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);

/** Characters of a picture of the largest size as base64. */
const MAX_CHARS = (INPUT_LIMITS.maxBytes / 3) * 4;

/** What a picture is: a type that is passed on as it came, or a format that has to be converted before. */
type Judgement = { kind: 'taken'; type: PictureType } | { kind: 'convertible'; format: ForeignFormat };

/**
 * A picture of a request body, data URL or raw base64 as programs write it, as the data URL that upstreams take: clean,
 * and named by what its bytes are, whatever its head says. Judged in this order: the alphabet, its size as text, the type
 * by magic bytes, width and height from its header, whether it has its end. Nothing is decoded. What has to be converted
 * is given as a {@link ConvertiblePicture}.
 * @throws MjError `base64_is_invalid` or `image_too_large`
 */
export async function readInlinePicture(text: Picture, field: string): Promise<Picture> {
  if (text instanceof PictureText) return judged(text, field);
  // One picture a turn: ten pictures in one turn of the event loop would hold up other requests.
  await nextTurn();
  const head = pictureHead(text.slice(0, PictureText.MAX_HEAD), true) ?? '';
  const data = head === '' ? text : text.slice(head.length);
  const base64 = new Base64Text(data);
  if (!base64.isSound()) return cleaned(data, field);
  const found = await judge(base64, field);
  if (found.kind === 'convertible') return new ConvertiblePicture([Buffer.from(data, 'latin1')], found.format, field);
  // A text that needs no change is kept: a new one would be a second copy of megabytes.
  return head === headOf(found.type) ? text : headOf(found.type) + data;
}

async function cleaned(data: string, field: string): Promise<PictureText> {
  const pieces = await cleanBase64(data.trim());
  if (pieces === null) throw data.length > MAX_CHARS ? tooLarge(field) : invalid(field);
  return judged(new PictureText('', pieces), field);
}

async function judged(text: PictureText, field: string): Promise<PictureText> {
  const found = await judge(text, field);
  if (found.kind === 'taken') return text.withHead(headOf(found.type));
  return new ConvertiblePicture(text.withHead('').toPieces(), found.format, field);
}

function headOf(type: PictureType): string {
  return `data:${type};base64,`;
}

/** Of sound base64, by its bytes. */
async function judge(base64: Base64Text | PictureText, field: string): Promise<Judgement> {
  if (base64.bytes > INPUT_LIMITS.maxBytes) throw tooLarge(field);
  const head = base64.read(0, SNIFF_BYTES);
  const type = sniffType(head);
  const read = (offset: number, length: number): Uint8Array => base64.read(offset, length);
  if (type === null || !TAKEN.has(type)) return judgeForeign(sniffForeign(head), base64, field);
  const size = await sizeFromHeader(type, read);
  if (size === null) throw invalid(field);
  refuseLarge(size, field);
  if (!(await isWholePicture(type, base64.bytes, read))) throw invalid(field);
  return { kind: 'taken', type };
}

/** An AVIF is looked at here; the others when they are converted, which begins with their header. */
async function judgeForeign(
  format: ForeignFormat | null,
  base64: Base64Text | PictureText,
  field: string,
): Promise<Judgement> {
  if (format === null) throw invalid(field);
  if (!PictureConverter.mayRead(format)) throw invalid(field, format);
  if (format !== 'avif') return { kind: 'convertible', format };
  const read = (offset: number, length: number): Uint8Array => base64.read(offset, length);
  const size = await sizeFromHeader('image/avif', read);
  if (size === null) throw invalid(field, format);
  refuseLarge(size, field);
  if (!(await isWholePicture('image/avif', base64.bytes, read))) throw invalid(field, format);
  return { kind: 'convertible', format };
}

function refuseLarge({ width, height }: PictureSize, field: string): void {
  const { maxSide, maxPixels } = INPUT_LIMITS;
  if (width > maxSide || height > maxSide || width * height > maxPixels) throw tooLarge(field);
}

function invalid(field: string, format?: ForeignFormat): MjError {
  return new MjError('base64_is_invalid', { properties: format === undefined ? { field } : { field, format } });
}

function tooLarge(field: string): MjError {
  return new MjError('image_too_large', { properties: { field } });
}
