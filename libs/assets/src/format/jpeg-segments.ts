import { Numbers, type ByteReader } from './byte-reader.js';

/** Segments that are read: a JPEG of 10 MiB has about 160 of them before its frame at most, and more are an attack. */
const MAX_SEGMENTS = 1_000;
const FILL = 0xff;
const END_OF_IMAGE = 0xd9;
export const START_OF_SCAN = 0xda;

/** Markers of the start of a frame, of any coding; C4, C8 and CC, which lie between them, are tables. */
export const FRAME_MARKERS: ReadonlySet<number> = new Set([
  0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf,
]);

export interface JpegSegment {
  marker: number;
  /** Offset of the marker. */
  at: number;
  /** Bytes of the segment, with its marker and its length. */
  length: number;
}

/** The segments of a JPEG, found by their lengths, up to the first scan, which is the last one. */
export async function* jpegSegments(read: ByteReader): AsyncGenerator<JpegSegment> {
  let at = 2;
  for (let count = 0; count < MAX_SEGMENTS; count += 1) {
    const head = new Numbers(await read(at, 4));
    if (head.length < 4 || head.u8(0) !== FILL) return;
    const marker = head.u8(1);
    if (marker === FILL) {
      at += 1;
      continue;
    }
    const length = head.u16(2) + 2;
    if (marker === END_OF_IMAGE || length < 4) return;
    yield { marker, at, length };
    if (marker === START_OF_SCAN) return;
    at += length;
  }
}
