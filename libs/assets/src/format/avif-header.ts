import { Numbers, type ByteReader } from './byte-reader.js';
import type { PictureSize } from './picture-size.js';

const MAX_BOXES = 64;
/** Longest box that describes the items of a file: it has some hundred bytes, with thousands of tiles some dozen KiB. */
const MAX_META_BYTES = 1_048_576;
const MAX_ITEMS = 4_096;

interface Box {
  name: string;
  /** Offsets at which the content of the box begins and ends. */
  from: number;
  to: number;
}

/**
 * Width and height of the primary picture of an AVIF (or HEIC) as it is shown, in px: from its properties, without any
 * decoder. Null where the file states none.
 */
export async function readAvif(read: ByteReader): Promise<PictureSize | null> {
  const meta = await findMeta(read);
  if (meta === null) return null;
  const boxes = boxesOf(meta, 4, meta.length);
  const item = primaryItem(meta, boxes);
  const properties = boxesWithin(meta, boxes, 'iprp');
  const described = boxesWithin(meta, properties, 'ipco');
  let size: PictureSize | null = null;
  let isTurned = false;
  for (const index of associationsOf(meta, properties, item)) {
    const property = described[index - 1];
    if (property?.name === 'ispe') size = { width: meta.u32(property.from + 4), height: meta.u32(property.from + 8) };
    else if (property?.name === 'irot') isTurned = meta.u8(property.from) % 2 === 1;
  }
  return size === null || !isTurned ? size : { width: size.height, height: size.width };
}

/** Reads the outermost boxes one after the other by their lengths. */
async function findMeta(read: ByteReader): Promise<Numbers | null> {
  let at = 0;
  for (let count = 0; count < MAX_BOXES; count += 1) {
    const head = new Numbers(await read(at, 16));
    if (head.length < 8) return null;
    const isLong = head.u32(0) === 1;
    const length = isLong ? head.u32(8) * 2 ** 32 + head.u32(12) : head.u32(0);
    const own = isLong ? 16 : 8;
    if (head.name(4) === 'meta') {
      const held = length === 0 ? MAX_META_BYTES : length - own;
      return held < 4 || held > MAX_META_BYTES ? null : new Numbers(await read(at + own, held));
    }
    if (length < own) return null;
    at += length;
  }
  return null;
}

function boxesOf(bytes: Numbers, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to && boxes.length < MAX_ITEMS;) {
    const length = bytes.u32(at);
    if (length < 8 || at + length > to) break;
    boxes.push({ name: bytes.name(at + 4), from: at + 8, to: at + length });
    at += length;
  }
  return boxes;
}

function boxesWithin(bytes: Numbers, boxes: readonly Box[], name: string): Box[] {
  const box = boxes.find((candidate) => candidate.name === name);
  return box === undefined ? [] : boxesOf(bytes, box.from, box.to);
}

function primaryItem(bytes: Numbers, boxes: readonly Box[]): number {
  const box = boxes.find(({ name }) => name === 'pitm');
  if (box === undefined) return -1;
  return bytes.u8(box.from) === 0 ? bytes.u16(box.from + 4) : bytes.u32(box.from + 4);
}

/** The numbers, from 1, of an item's properties. */
function associationsOf(bytes: Numbers, properties: readonly Box[], item: number): number[] {
  for (const { name, from, to } of properties) {
    if (name !== 'ipma') continue;
    const idBytes = bytes.u8(from) === 0 ? 2 : 4;
    const isWide = (bytes.u8(from + 3) & 1) === 1;
    const entries = Math.min(bytes.u32(from + 4), MAX_ITEMS);
    let at = from + 8;
    for (let entry = 0; entry < entries && at < to; entry += 1) {
      const id = idBytes === 2 ? bytes.u16(at) : bytes.u32(at);
      const count = bytes.u8(at + idBytes);
      at += idBytes + 1;
      const width = isWide ? 2 : 1;
      if (id === item) {
        return Array.from({ length: count }, (_, n) =>
          isWide ? bytes.u16(at + n * 2) & 0x7fff : bytes.u8(at + n) & 0x7f,
        );
      }
      at += count * width;
    }
  }
  return [];
}
