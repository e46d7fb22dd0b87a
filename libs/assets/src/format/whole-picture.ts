import { setImmediate as nextTurn } from 'node:timers/promises';
import { Numbers, type ByteReader } from './byte-reader.js';
import { jpegSegments, START_OF_SCAN } from './jpeg-segments.js';
import type { PictureType } from './picture-type.js';

/** How much of the end is searched before the whole file: cameras put previews of some dozen KiB behind a picture. */
const TAIL_BYTES = 65_536;
/** How much of the end is searched first: most JPEGs end with their end mark. */
const USUAL_TAIL_BYTES = 512;
/** Length of the last chunk with its checksum, and of a line break after it. */
const PNG_END_BYTES = 16;
/** Bytes that are searched at a time; other work of the event loop runs between two steps. */
const STEP_BYTES = 262_144;
/** Chunks that are read: a PNG of 10 MiB has about 1,300; of one with more than this, only the end is looked at. */
const MAX_CHUNKS = 20_000;
/** Blocks that are read: an animation of 10,000 frames has twice as many blocks, and more are an attack. */
const MAX_BLOCKS = 50_000;
const BLOCKS_A_TURN = 2_000;
const MAX_BOXES = 64;
const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
/** The end of a block and the trailer. Some writers pad the file behind it. */
const GIF_END = Buffer.from([0, 0x3b]);
const MAX_GIF_FILL = 64;

/**
 * Whether a picture has its end: an upload or an answer that broke off looks finished, and decoders show the rest of such
 * a picture grey. The structure is checked, by reading a few dozen bytes of a clean picture, and nothing is decoded. Bytes
 * behind the end (previews, films, padding) are ignored, because cameras and editors put them there. Videos have no mark
 * at their end and count as whole.
 * @param size of the whole file, bytes
 */
export async function isWholePicture(type: PictureType, size: number, read: ByteReader): Promise<boolean> {
  switch (type) {
    case 'image/png':
      return isWholePng(size, read);
    case 'image/jpeg':
      return isWholeJpeg(size, read);
    case 'image/gif':
      return isWholeGif(size, read);
    case 'image/webp':
      // The last byte may be padding, which is not needed.
      return new Numbers(await read(4, 4)).u32(0, true) + 8 <= size + 1;
    case 'image/avif':
      return isWholeAvif(size, read);
    case 'video/mp4':
    case 'video/webm':
      return true;
  }
}

/**
 * Reads the chunks up to the first one with pixels. The last chunk is looked for at the end of the file; only where it is
 * not there, all chunks are read.
 */
async function isWholePng(size: number, read: ByteReader): Promise<boolean> {
  let at = 8;
  let hasPixels = false;
  for (let count = 0; count < MAX_CHUNKS; count += 1) {
    if (count % BLOCKS_A_TURN === BLOCKS_A_TURN - 1) await nextTurn();
    const head = new Numbers(await read(at, 8));
    if (head.length < 8) return false;
    const name = head.name(4);
    if (name === 'IEND') return hasPixels;
    at += 12 + head.u32(0);
    if (at > size || !/^[A-Za-z]{4}$/.test(name)) return false;
    if (name === 'IDAT' && !hasPixels) {
      hasPixels = true;
      if (await endsWith('IEND', PNG_END_BYTES, size, read)) return true;
    }
  }
  return hasPixels && endsWith('IEND', TAIL_BYTES, size, read);
}

/** Looks for the end mark behind the head of the first scan: it cannot occur within pixels. */
async function isWholeJpeg(size: number, read: ByteReader): Promise<boolean> {
  for await (const { marker, at, length } of jpegSegments(read)) {
    if (marker !== START_OF_SCAN) continue;
    const room = size - at - length;
    if (room <= 0) return false;
    for (const tail of [USUAL_TAIL_BYTES, TAIL_BYTES]) {
      if (await endsWith(END_OF_IMAGE, Math.min(tail, room), size, read)) return true;
    }
    return includes(END_OF_IMAGE, { from: at + length, to: size }, read);
  }
  return false;
}

/** Whether the mark occurs within the last `length` bytes. */
async function endsWith(mark: Buffer | string, length: number, size: number, read: ByteReader): Promise<boolean> {
  const from = Math.max(0, size - length);
  return Buffer.from(await read(from, size - from)).includes(mark, 0, 'latin1');
}

async function includes(mark: Buffer, { from, to }: { from: number; to: number }, read: ByteReader): Promise<boolean> {
  for (let at = from; at < to; at += STEP_BYTES) {
    await nextTurn();
    // One byte more, for a mark that lies across two steps.
    if (Buffer.from(await read(at, Math.min(STEP_BYTES, to - at) + 1)).includes(mark)) return true;
  }
  return false;
}

async function isWholeGif(size: number, read: ByteReader): Promise<boolean> {
  return (await endsWith(GIF_END, MAX_GIF_FILL, size, read)) || hasGifTrailer(size, read);
}

/** Reads the blocks up to the trailer, for a file with many bytes behind it. */
async function hasGifTrailer(size: number, read: ByteReader): Promise<boolean> {
  const bytes = new SteppedBytes(size, read);
  const table = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  let at = 13 + table(await bytes.at(10));
  for (let count = 0; count < MAX_BLOCKS; count += 1) {
    if (count % BLOCKS_A_TURN === BLOCKS_A_TURN - 1) await nextTurn();
    switch (await bytes.at(at)) {
      case 0x3b:
        return true;
      case 0x21:
        at = await bytes.behindBlocks(at + 2);
        break;
      case 0x2c:
        at = await bytes.behindBlocks(at + 11 + table(await bytes.at(at + 9)));
        break;
      default:
        return false;
    }
  }
  return false;
}

/** Gives single bytes of a file that is read a step at a time. */
class SteppedBytes {
  private from = 0;
  private bytes: Uint8Array = new Uint8Array(0);

  constructor(
    private readonly size: number,
    private readonly read: ByteReader,
  ) {}

  /** The byte at this offset; −1 behind the end. */
  async at(offset: number): Promise<number> {
    if (offset >= this.size) return -1;
    if (offset < this.from || offset >= this.from + this.bytes.length) await this.step(offset);
    return this.bytes[offset - this.from] ?? -1;
  }

  /** The offset behind a list of blocks: each begins with its length, and an empty one ends the list. */
  async behindBlocks(offset: number): Promise<number> {
    for (let at = offset; ;) {
      // No promise for each block, because there may be thousands.
      const isHere = at >= this.from && at < this.from + this.bytes.length;
      const length = isHere ? (this.bytes[at - this.from] ?? 0) : await this.at(at);
      if (length < 0) return this.size;
      at += 1 + length;
      if (length === 0) return at;
    }
  }

  private async step(offset: number): Promise<void> {
    await nextTurn();
    this.from = offset;
    this.bytes = await this.read(offset, STEP_BYTES);
  }
}

/** Reads the outermost boxes; the one with the pixels must be there to its end. */
async function isWholeAvif(size: number, read: ByteReader): Promise<boolean> {
  let at = 0;
  let hasPixels = false;
  for (let count = 0; count < MAX_BOXES && at < size; count += 1) {
    const head = new Numbers(await read(at, 16));
    const name = head.name(4);
    const length = head.u32(0) === 1 ? head.u32(8) * 2 ** 32 + head.u32(12) : head.u32(0);
    // 0: to the end of the file.
    if (name === 'mdat') hasPixels = length === 0 || at + length <= size;
    if (length < 8 || at + length > size) return hasPixels;
    at += length;
  }
  return hasPixels;
}
