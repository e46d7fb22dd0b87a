import sharp, { type Sharp } from 'sharp';
import type { ConversionSource } from './converter-protocol.js';
import type { GridPlan } from './grid-plan.js';

/** The colour of a place without a picture, and of what a smaller picture leaves free: a neutral dark grey. */
const DARK = 0x1f;
const CHANNELS = 3;

/**
 * Places pictures on a canvas: one is decoded at a time, so the memory that is taken is that of the canvas and of one
 * tile. To be called in a converter process only.
 */
export async function composeGrid(plan: GridPlan, sources: readonly (ConversionSource | null)[]): Promise<Sharp> {
  const { output, tile, columns } = plan;
  const canvas = Buffer.alloc(output.width * output.height * CHANNELS, DARK);
  for (const [at, source] of sources.entries()) {
    if (source === null) continue;
    const { data, width, height, channels } = await readTile(source, plan, plan.inputPixels[at] ?? 0);
    const left = (at % columns) * tile.width + Math.floor((tile.width - width) / 2);
    const top = Math.floor(at / columns) * tile.height + Math.floor((tile.height - height) / 2);
    if (channels !== CHANNELS) throw new Error(`a tile has ${channels} channels`);
    for (let row = 0; row < height; row += 1) {
      const from = row * width * CHANNELS;
      data.copy(canvas, ((top + row) * output.width + left) * CHANNELS, from, from + width * CHANNELS);
    }
  }
  return sharp(canvas, { raw: { ...output, channels: CHANNELS } });
}

async function readTile(
  source: ConversionSource,
  { tile }: GridPlan,
  limitInputPixels: number,
): Promise<{ data: Buffer; width: number; height: number; channels: number }> {
  const input = 'path' in source ? source.path : source.bytes;
  const { data, info } = await sharp(input, { limitInputPixels, sequentialRead: true })
    .autoOrient()
    .resize({ ...tile, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: { r: DARK, g: DARK, b: DARK } })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, ...info };
}
