import type { ConversionWish } from '../conversion/conversion-plan.js';
import type { ConverterPool } from '../conversion/converter-pool.js';
import { shownSize, type PictureShape } from '../conversion/picture-shape.js';
import type { ForeignFormat } from '../format/foreign-format.js';

/** Formats that can be read by some builds of the decoders at least; of the others no try is made. */
const CONVERTIBLE: ReadonlySet<ForeignFormat> = new Set(['heic', 'avif', 'tiff']);

/** Limits of a picture, in px. */
export interface SizeLimits {
  maxSide: number;
  maxPixels: number;
}

/** `unreadable`: no decoder of it is here, or it is broken · `too_large`: for the limits, or for the memory or the time there is */
export type ConvertedPicture =
  | { kind: 'converted'; bytes: Uint8Array; type: 'image/png' | 'image/jpeg' }
  | { kind: 'unreadable' | 'too_large' | 'busy' };

/** Makes PNG and JPEG of formats that upstreams do not take. */
export class PictureConverter {
  constructor(private readonly converters: ConverterPool) {}

  /** Whether a try makes sense at all. */
  static mayRead(format: ForeignFormat): boolean {
    return CONVERTIBLE.has(format);
  }

  /**
   * A picture with transparency as PNG, any other one as JPEG; turned as it is shown, and never a larger one than the
   * limits say: its header is judged before it is decoded.
   * @param read gives the bytes, when there is room to convert them
   * @param asker whose wish it is, for a fair share of the work
   */
  async convert(read: () => Promise<Uint8Array>, limits: SizeLimits, asker: string): Promise<ConvertedPicture> {
    const made = await this.converters.convert({
      prepare: async () => ({ source: { bytes: await read() }, path: null, release: () => Promise.resolve() }),
      wish: (shape) => wishFor(shape, limits),
      asker,
      label: 'a picture of a submit',
    });
    switch (made.kind) {
      case 'made': {
        const type = made.wish.type === 'image/png' ? 'image/png' : 'image/jpeg';
        return made.bytes === null ? { kind: 'unreadable' } : { kind: 'converted', bytes: made.bytes, type };
      }
      case 'unreadable':
        return { kind: 'unreadable' };
      case 'too_large':
      case 'late':
        return { kind: 'too_large' };
      case 'busy':
      case 'medium':
        return { kind: 'busy' };
    }
  }
}

function wishFor(shape: PictureShape, { maxSide, maxPixels }: SizeLimits): ConversionWish | 'too_large' {
  const { width, height } = shownSize(shape);
  if (width > maxSide || height > maxSide || width * height > maxPixels) return 'too_large';
  return { type: shape.hasAlpha ? 'image/png' : 'image/jpeg', quarter: null, width: null };
}
