import type { ConversionTarget } from '../conversion/conversion-plan.js';
import { unconverted } from '../conversion/conversion-order.js';
import type { ConverterPool } from '../conversion/converter-pool.js';
import { shownSize, type PictureShape } from '../conversion/picture-shape.js';
import type { ForeignFormat } from '../format/foreign-format.js';

/** Formats that some builds of the decoders can read; other formats are not tried. */
const CONVERTIBLE: ReadonlySet<ForeignFormat> = new Set(['heic', 'avif', 'tiff']);

/** Limits of a picture, in px. */
export interface SizeLimits {
  maxSide: number;
  maxPixels: number;
}

/**
 * `unreadable`: no decoder reads it, or it is broken · `too_large`: for the limits, or for the memory or the time there
 * is
 */
export type ConvertedPicture =
  | { kind: 'converted'; bytes: Uint8Array; type: 'image/png' | 'image/jpeg' }
  | { kind: 'unreadable' | 'too_large' | 'busy' };

/** Converts pictures in formats that upstreams do not take to PNG or JPEG. */
export class PictureConverter {
  constructor(private readonly converters: ConverterPool) {}

  /** Whether a conversion of this format may succeed. */
  static mayRead(format: ForeignFormat): boolean {
    return CONVERTIBLE.has(format);
  }

  /**
   * A picture with transparency as PNG, any other one as JPEG; turned as it is shown, and never a larger one than the
   * limits say: its header is checked before it is decoded.
   * @param read gives the bytes, when the conversion has its turn
   * @param asker the client that asks; each has a fair share of the conversions
   */
  async convert(read: () => Promise<Uint8Array>, limits: SizeLimits, asker: string): Promise<ConvertedPicture> {
    const made = await this.converters.convert({
      prepare: async () => ({ source: { bytes: await read() }, path: null, release: () => Promise.resolve() }),
      target: (shape) => targetFor(shape, limits),
      asker,
      label: 'a picture of a submit',
    });
    if (made.kind !== 'made') return unconverted(made);
    const type = made.target.type === 'image/png' ? 'image/png' : 'image/jpeg';
    return made.bytes === null ? { kind: 'unreadable' } : { kind: 'converted', bytes: made.bytes, type };
  }
}

function targetFor(shape: PictureShape, { maxSide, maxPixels }: SizeLimits): ConversionTarget | 'too_large' {
  const { width, height } = shownSize(shape);
  if (width > maxSide || height > maxSide || width * height > maxPixels) return 'too_large';
  return { type: shape.hasAlpha ? 'image/png' : 'image/jpeg', cell: null, width: null };
}
