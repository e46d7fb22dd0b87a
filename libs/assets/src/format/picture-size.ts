import type { ByteReader } from './byte-reader.js';
import { shownSizeFromHeader } from './picture-header.js';
import { PICTURE_TYPES, type PictureType } from './picture-type.js';

export const MAX_SIDE = 16_384;
export const MAX_PIXELS = 100_000_000;

export interface PictureSize {
  /** Pixels. */
  width: number;
  height: number;
}

/**
 * Width and height of a picture as it is shown, read from its headers without decoding it; null for videos.
 * @throws PictureRefusedError when its header cannot be read, or beyond 16,384 px a side or 100 megapixels
 */
export async function sizeOf(type: PictureType, read: ByteReader): Promise<PictureSize | null> {
  if (PICTURE_TYPES[type].kind === 'video') return null;
  const found = await shownSizeFromHeader(type, read);
  if (found === null) throw new PictureRefusedError('unreadable');
  const { width, height } = found;
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) throw new PictureRefusedError('dimensions');
  return found;
}

/**
 * Why bytes are refused as a picture. `type`: unknown magic bytes, or another type was declared · `torn`: the end is
 * missing
 */
export type PictureRefusal = 'type' | 'unreadable' | 'dimensions' | 'torn' | 'empty';

/** The bytes are no picture, or one that is not kept. */
export class PictureRefusedError extends Error {
  override readonly name = 'PictureRefusedError';

  constructor(
    readonly reason: PictureRefusal,
    cause?: unknown,
  ) {
    super(`not a picture that can be kept: ${reason}`, { cause });
  }
}
