import { unconverted } from '../conversion/conversion-order.js';
import type { ConverterPool } from '../conversion/converter-pool.js';

/**
 * A converted mask. `unreadable`: no decoder reads it, or it is broken · `too_large`: for the memory or the time there is ·
 * `busy`: too many conversions wait
 */
export type ConvertedMask = { kind: 'converted'; bytes: Buffer } | { kind: 'unreadable' | 'too_large' | 'busy' };

/**
 * Converts masks to an opaque PNG of the same size in which white is what is to be repainted and black what is kept. Where a
 * mask has transparency (some pixel with alpha below 128), such pixels are repainted; else those that are rather white (a
 * luma of 128 or more).
 */
export class MaskConverter {
  constructor(private readonly converters: ConverterPool) {}

  /** @param asker the client that asks; each has a fair share of the conversions */
  async convert(bytes: Uint8Array, asker: string): Promise<ConvertedMask> {
    const made = await this.converters.convert({
      prepare: () => Promise.resolve({ source: { bytes }, path: null, release: () => Promise.resolve() }),
      target: { type: 'image/png', cell: null, width: null, isMask: true },
      asker,
      label: 'a mask',
    });
    if (made.kind !== 'made') return unconverted(made);
    return made.bytes === null ? { kind: 'unreadable' } : { kind: 'converted', bytes: Buffer.from(made.bytes) };
  }
}
