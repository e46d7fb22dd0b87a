import { Numbers, type ByteReader } from './byte-reader.js';
import { jpegSegments } from './jpeg-segments.js';
import type { PictureType } from './picture-type.js';

/** Orientation by the numbers of EXIF: how a picture is to be turned and mirrored before it is shown; 1: not at all. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const ORIENTATION_TAG = 0x0112;
/** Longest EXIF data: those of a JPEG fit into one segment, and those of other formats are not longer. */
const MAX_EXIF_BYTES = 65_536;
const MAX_ENTRIES = 512;
/** Chunks that are looked at: an animated WebP has some hundred frames. */
const MAX_CHUNKS = 4_096;
const APP1 = 0xe1;
const EXIF_BEGINNING = 'Exif\0\0';
/** The flag of a VP8X chunk which says that EXIF data follow. */
const HAS_EXIF = 0x08;

/** Whether this orientation swaps width and height. */
export function turnsSides(orientation: Orientation): boolean {
  return orientation >= 5;
}

/**
 * The orientation in the EXIF data of a JPEG, PNG or WebP; 1 where they hold none that can be read. Never throws for
 * bytes.
 */
export async function orientationOf(type: PictureType, read: ByteReader): Promise<Orientation> {
  const exif = await findExif(type, read);
  return exif === null ? 1 : readOrientation(new Numbers(exif));
}

async function findExif(type: PictureType, read: ByteReader): Promise<Uint8Array | null> {
  switch (type) {
    case 'image/jpeg':
      return findInJpeg(read);
    case 'image/png':
      return findChunk(read, { from: 8, name: 'eXIf', ends: 'IEND', nameFirst: false });
    case 'image/webp': {
      const head = new Numbers(await read(0, 30));
      if (head.name(12) !== 'VP8X' || (head.u8(20) & HAS_EXIF) === 0) return null;
      return findChunk(read, { from: 12, name: 'EXIF', ends: '', nameFirst: true });
    }
    default:
      return null;
  }
}

async function findInJpeg(read: ByteReader): Promise<Uint8Array | null> {
  for await (const { marker, at, length } of jpegSegments(read)) {
    if (marker !== APP1) continue;
    const segment = await read(at + 4, length - 4);
    if (startsWithExif(segment)) return segment.subarray(EXIF_BEGINNING.length);
  }
  return null;
}

interface ChunkSearch {
  from: number;
  name: string;
  /** The name of the chunk after which no EXIF data can follow. */
  ends: string;
  /**
   * A chunk of RIFF begins with its name and is padded to an even length; one of PNG begins with its length and ends with
   * a checksum.
   */
  nameFirst: boolean;
}

async function findChunk(read: ByteReader, { from, name, ends, nameFirst }: ChunkSearch): Promise<Uint8Array | null> {
  let at = from;
  for (let count = 0; count < MAX_CHUNKS; count += 1) {
    const head = new Numbers(await read(at, 8));
    if (head.length < 8) return null;
    const found = head.name(nameFirst ? 0 : 4);
    const length = nameFirst ? head.u32(4, true) : head.u32(0);
    if (found === name) {
      const chunk = await read(at + 8, Math.min(length, MAX_EXIF_BYTES));
      // Some writers put the prefix that EXIF data have in a JPEG before them.
      return startsWithExif(chunk) ? chunk.subarray(EXIF_BEGINNING.length) : chunk;
    }
    if (found === ends) return null;
    at += 8 + length + (nameFirst ? length % 2 : 4);
  }
  return null;
}

function startsWithExif(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, EXIF_BEGINNING.length)) === EXIF_BEGINNING;
}

/** Reads the orientation in the first directory of a TIFF structure. */
function readOrientation(exif: Numbers): Orientation {
  const order = exif.u16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const isLittle = order === 0x4949;
  const directory = exif.u32(4, isLittle);
  const count = Math.min(exif.u16(directory, isLittle), MAX_ENTRIES);
  for (let entry = 0; entry < count; entry += 1) {
    const at = directory + 2 + entry * 12;
    if (exif.u16(at, isLittle) !== ORIENTATION_TAG) continue;
    const value = exif.u16(at + 8, isLittle);
    return value >= 1 && value <= 8 ? (value as Orientation) : 1;
  }
  return 1;
}
