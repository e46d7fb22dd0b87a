import { readAvif } from './avif-header.js';
import { orientationOf, turnsSides } from './exif-orientation.js';
import type { ByteReader } from './byte-reader.js';
import { FRAME_MARKERS, jpegSegments } from './jpeg-segments.js';
import type { PictureSize } from './picture-size.js';
import type { PictureType } from './picture-type.js';

type SizeReader = (read: ByteReader) => Promise<PictureSize | null>;

/** The signature, and the length, name, 13 bytes and checksum of IHDR. */
const PNG_HEADER_BYTES = 33;
const GIF_HEADER_BYTES = 13;
const WEBP_HEADER_BYTES = 30;

const READERS: Partial<Record<PictureType, SizeReader>> = {
  'image/png': async (read) => {
    const head = view(await read(0, PNG_HEADER_BYTES));
    return head.byteLength < PNG_HEADER_BYTES ? null : sized(head.getUint32(16), head.getUint32(20));
  },
  'image/gif': async (read) => {
    const head = view(await read(0, GIF_HEADER_BYTES));
    return head.byteLength < GIF_HEADER_BYTES ? null : sized(head.getUint16(6, true), head.getUint16(8, true));
  },
  'image/webp': readWebp,
  'image/jpeg': readJpeg,
  'image/avif': async (read) => {
    const found = await readAvif(read);
    return found === null ? null : sized(found.width, found.height);
  },
};

/**
 * Width and height in px as the header of a picture states them, from a few dozen bytes and without any decoder; null
 * where the header is torn or states none, and for videos. A picture that is to be turned is measured as it is stored.
 */
export async function sizeFromHeader(type: PictureType, read: ByteReader): Promise<PictureSize | null> {
  return (await READERS[type]?.(read)) ?? null;
}

/** {@link sizeFromHeader} of the picture as it is shown: turned by the orientation in its EXIF data. */
export async function shownSizeFromHeader(type: PictureType, read: ByteReader): Promise<PictureSize | null> {
  const size = await sizeFromHeader(type, read);
  if (size === null || !turnsSides(await orientationOf(type, read))) return size;
  return { width: size.height, height: size.width };
}

async function readWebp(read: ByteReader): Promise<PictureSize | null> {
  const head = view(await read(0, WEBP_HEADER_BYTES));
  if (head.byteLength < WEBP_HEADER_BYTES) return null;
  switch (String.fromCharCode(head.getUint8(15))) {
    case 'X':
      return sized(uint24(head, 24) + 1, uint24(head, 27) + 1);
    case 'L': {
      const bits = head.getUint32(21, true);
      return head.getUint8(20) === 0x2f ? sized((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1) : null;
    }
    default: {
      const isKeyFrame = head.getUint8(23) === 0x9d && head.getUint8(24) === 0x01 && head.getUint8(25) === 0x2a;
      return isKeyFrame ? sized(head.getUint16(26, true) & 0x3fff, head.getUint16(28, true) & 0x3fff) : null;
    }
  }
}

async function readJpeg(read: ByteReader): Promise<PictureSize | null> {
  for await (const { marker, at } of jpegSegments(read)) {
    if (!FRAME_MARKERS.has(marker)) continue;
    const frame = view(await read(at, 9));
    return frame.byteLength < 9 ? null : sized(frame.getUint16(7), frame.getUint16(5));
  }
  return null;
}

function sized(width: number, height: number): PictureSize | null {
  return width === 0 || height === 0 ? null : { width, height };
}

function uint24(head: DataView, at: number): number {
  return head.getUint16(at, true) + head.getUint8(at + 2) * 65_536;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
