import type { PictureSize } from './picture-size.js';
import type { PictureType } from './picture-type.js';

/** Gives up to `length` bytes from `offset` on; fewer at the end. */
export type ByteReader = (offset: number, length: number) => Uint8Array;

type SizeReader = (read: ByteReader) => PictureSize | null;

/** A JPEG of 10 MiB has about 160 segments before its frame at most; more of them is somebody wasting our time. */
const MAX_SEGMENTS = 1_000;
/** Start of a frame, of any coding; C4, C8 and CC among them are tables. */
const FRAME_MARKERS: ReadonlySet<number> = new Set([
  0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf,
]);
const FILL = 0xff;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;

/** Signature, length, name, 13 bytes of IHDR and its checksum. */
const PNG_HEADER_BYTES = 33;
const GIF_HEADER_BYTES = 13;
const WEBP_HEADER_BYTES = 30;

const READERS: Partial<Record<PictureType, SizeReader>> = {
  'image/png': (read) => {
    const head = view(read(0, PNG_HEADER_BYTES));
    return head.byteLength < PNG_HEADER_BYTES ? null : sized(head.getUint32(16), head.getUint32(20));
  },
  'image/gif': (read) => {
    const head = view(read(0, GIF_HEADER_BYTES));
    return head.byteLength < GIF_HEADER_BYTES ? null : sized(head.getUint16(6, true), head.getUint16(8, true));
  },
  'image/webp': readWebp,
  'image/jpeg': readJpeg,
};

/**
 * Width and height in px as the header of a PNG, JPEG, WebP or GIF states them, from a few dozen bytes and without any
 * decoder; null where the header is torn or states nothing. To judge what is passed on: what is kept is read by
 * `readDimensions`, which looks closer.
 */
export function sizeFromHeader(type: PictureType, read: ByteReader): PictureSize | null {
  return READERS[type]?.(read) ?? null;
}

function readWebp(read: ByteReader): PictureSize | null {
  const head = view(read(0, WEBP_HEADER_BYTES));
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

/** Goes from segment to segment, which all say how long they are, to the start of the frame. */
function readJpeg(read: ByteReader): PictureSize | null {
  let at = 2;
  for (let count = 0; count < MAX_SEGMENTS; count += 1) {
    const segment = view(read(at, 9));
    if (segment.byteLength < 4 || segment.getUint8(0) !== FILL) return null;
    const marker = segment.getUint8(1);
    if (marker === FILL) {
      at += 1;
      continue;
    }
    if (FRAME_MARKERS.has(marker)) {
      return segment.byteLength < 9 ? null : sized(segment.getUint16(7), segment.getUint16(5));
    }
    const length = segment.getUint16(2);
    if (marker === START_OF_SCAN || marker === END_OF_IMAGE || length < 2) return null;
    at += 2 + length;
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
