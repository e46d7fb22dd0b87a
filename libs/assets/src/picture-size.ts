import sharp from 'sharp';
import type { PictureType } from './picture-type.js';

export const MAX_SIDE = 16_384;
export const MAX_PIXELS = 100_000_000;

/** Animations count with all their frames. */
const MAX_PIXELS_OF_ALL_FRAMES = 500_000_000;

export interface PictureSize {
  /** Pixels. */
  width: number;
  height: number;
}

/** What libvips calls each type. */
const LOADER: Partial<Record<PictureType, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'heif',
};

/**
 * Width and height of a picture, read from its headers without decoding it; null for videos.
 * @param source a path or the bytes
 * @throws PictureRefusedError when it is no readable picture of that type, or beyond 16,384 px a side or 100 megapixels
 */
export async function readDimensions(source: string | Buffer, type: PictureType): Promise<PictureSize | null> {
  const loader = LOADER[type];
  if (loader === undefined) return null;
  const found = await sharp(source, { limitInputPixels: MAX_PIXELS_OF_ALL_FRAMES })
    .metadata()
    .catch((cause: unknown) => {
      throw new PictureRefusedError('unreadable', cause);
    });
  if (found.format !== loader) throw new PictureRefusedError('type');
  const height = found.pageHeight ?? found.height;
  if (found.width > MAX_SIDE || height > MAX_SIDE || found.width * height > MAX_PIXELS) {
    throw new PictureRefusedError('dimensions');
  }
  return { width: found.width, height };
}

/** Why bytes are not taken as a picture: `type` no magic or a contradiction, `torn` the end is missing. */
export type PictureRefusal = 'type' | 'unreadable' | 'dimensions' | 'torn' | 'empty';

/** Bytes that are no picture, or none that is kept. */
export class PictureRefusedError extends Error {
  override readonly name = 'PictureRefusedError';

  constructor(
    readonly reason: PictureRefusal,
    cause?: unknown,
  ) {
    super(`not a picture that can be kept: ${reason}`, { cause });
  }
}
