import type { AssetKind } from '../keep/asset.entity.js';

/** The types of pictures and videos that are served; no other type is. */
export const PICTURE_TYPES = {
  'image/png': { kind: 'image', extension: 'png' },
  'image/jpeg': { kind: 'image', extension: 'jpg' },
  'image/webp': { kind: 'image', extension: 'webp' },
  'image/gif': { kind: 'image', extension: 'gif' },
  'image/avif': { kind: 'image', extension: 'avif' },
  'video/mp4': { kind: 'video', extension: 'mp4' },
  'video/webm': { kind: 'video', extension: 'webm' },
} as const satisfies Record<string, { kind: AssetKind; extension: string }>;

export type PictureType = keyof typeof PICTURE_TYPES;

/** How much of the beginning {@link sniffType} looks at, bytes. */
export const SNIFF_BYTES = 4_096;

const MP4_BRANDS = /^(?:isom|iso[2-9]|mp4[12]|avc1|M4V |M4VP|dash|MSNV|f4v )$/;

/** Text that no picture begins with and that a browser or a document viewer might act on. */
const ACTIVE_TEXT = /<(?:!doctype|html|head|body|script|svg|iframe|!entity)\b|%PDF-/i;

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return bytes.length >= magic.length && magic.every((value, index) => bytes[index] === value);
}

/** Whether the signature is followed by the IHDR chunk: a signature alone proves nothing. */
function isPng(bytes: Uint8Array): boolean {
  return (
    startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]) && ascii(bytes, 12, 16) === 'IHDR'
  );
}

/** Whether SOI is followed by a marker that may stand first: a table, a frame, APPn or COM. */
function isJpeg(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0xff, 0xd8, 0xff]) && /[\xc0-\xcf\xdb\xdd\xe0-\xef\xfe]/.test(ascii(bytes, 3, 4));
}

/** Whether the colour table is followed by a block: extension, image or trailer. */
function isGif(bytes: Uint8Array): boolean {
  if (!/^GIF8[79]a$/.test(ascii(bytes, 0, 6)) || bytes.length < 14) return false;
  const table = (bytes[10] & 0x80) === 0 ? 0 : 3 * 2 ** ((bytes[10] & 7) + 1);
  return [0x21, 0x2c, 0x3b].includes(bytes[13 + table]);
}

function isWebp(bytes: Uint8Array): boolean {
  return ascii(bytes, 0, 4) === 'RIFF' && /^WEBPVP8[ LX]$/.test(ascii(bytes, 8, 16));
}

/** The type of an ISO base media file by its brands: the major one first, then the compatible ones. */
function isoType(bytes: Uint8Array): PictureType | null {
  if (ascii(bytes, 4, 8) !== 'ftyp' || bytes.length < 16) return null;
  const end = Math.min(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), bytes.length, 256);
  const brands = [ascii(bytes, 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(ascii(bytes, at, at + 4));
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'image/avif';
  return brands.some((brand) => MP4_BRANDS.test(brand)) ? 'video/mp4' : null;
}

function isWebm(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0x1a, 0x45, 0xdf, 0xa3]) && ascii(bytes, 4, 64).includes('\x42\x82\x84webm');
}

/**
 * The type of a picture or video by its first bytes; null for all other bytes: SVG, HTML, XML and PDF in any form,
 * and files that are a picture and such a document at once.
 * @param head the beginning, {@link SNIFF_BYTES} of it or all there is
 */
export function sniffType(head: Uint8Array): PictureType | null {
  if (ACTIVE_TEXT.test(ascii(head, 0, SNIFF_BYTES))) return null;
  if (isPng(head)) return 'image/png';
  if (isJpeg(head)) return 'image/jpeg';
  if (isGif(head)) return 'image/gif';
  if (isWebp(head)) return 'image/webp';
  if (isWebm(head)) return 'video/webm';
  return isoType(head);
}

/** Content types of servers that do not know the type: the bytes alone decide. */
const NO_STATEMENT = new Set(['', 'application/octet-stream', 'binary/octet-stream']);

/**
 * Whether the origin's Content-Type does not contradict the bytes. Servers often mix up formats, never families: any
 * image type will do for an image. A list (`image/png, text/html`) is an attempt to be two types and is refused, and so is SVG.
 */
export function agreesWith(type: PictureType, declared: string | string[] | undefined): boolean {
  if (Array.isArray(declared)) return false;
  const essence = (declared ?? '').split(';', 1)[0].trim().toLowerCase();
  if ((declared ?? '').includes(',')) return false;
  if (NO_STATEMENT.has(essence)) return true;
  const [family, subtype] = essence.split('/');
  return family === PICTURE_TYPES[type].kind && /^[a-z0-9.+-]+$/.test(subtype ?? '') && !subtype.endsWith('xml');
}
