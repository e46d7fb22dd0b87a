import { Numbers } from './byte-reader.js';

/** Formats of pictures that are neither kept nor passed on, by their usual names. */
export const FOREIGN_FORMATS = ['heic', 'avif', 'tiff', 'bmp', 'jxl', 'jp2', 'psd', 'ico'] as const;
export type ForeignFormat = (typeof FOREIGN_FORMATS)[number];

/** Lengths of a bitmap's second header, of every version. */
const BMP_HEADERS: ReadonlySet<number> = new Set([12, 16, 40, 52, 56, 64, 108, 124]);
const HEIC_BRANDS: ReadonlySet<string> = new Set(['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'hevm', 'hevs']);
/** Brands of files whose other brands name the coding. */
const HEIF_BRANDS: ReadonlySet<string> = new Set(['mif1', 'msf1', 'mif2']);

/** Shortest picture, bytes. */
const SHORTEST = 8;

/** The format of a picture by its first bytes; null for the types that are served, and for bytes that are no picture. */
export function sniffForeign(head: Uint8Array): ForeignFormat | null {
  const bytes = new Numbers(head);
  if (bytes.length < SHORTEST) return null;
  switch (bytes.name(0)) {
    case 'II*\0':
    case 'MM\0*':
    case 'II+\0':
    case 'MM\0+':
      return 'tiff';
    case '8BPS':
      return 'psd';
    case '\0\0\x01\0':
      return bytes.u16(4, true) === 0 ? null : 'ico';
    case '\0\0\0\x0c':
      return bytes.name(4) === 'JXL ' ? 'jxl' : bytes.name(4) === 'jP  ' ? 'jp2' : null;
  }
  if (bytes.u16(0) === 0xff0a) return 'jxl';
  if (bytes.name(0).startsWith('BM') && BMP_HEADERS.has(bytes.u32(14, true))) return 'bmp';
  return bytes.name(4) === 'ftyp' ? isoFormat(bytes) : null;
}

function isoFormat(bytes: Numbers): ForeignFormat | null {
  const end = Math.min(bytes.u32(0), bytes.length, 256);
  const brands = [bytes.name(8)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(bytes.name(at));
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'avif';
  return brands.some((brand) => HEIC_BRANDS.has(brand) || HEIF_BRANDS.has(brand)) ? 'heic' : null;
}
