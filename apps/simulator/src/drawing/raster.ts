import sharp, { type Sharp } from 'sharp';

/** A picture in memory: three bytes a pixel, no header. */
export interface Raster {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Sharp's view of a raster. */
export const raw = ({ data, width, height }: Raster): Sharp => sharp(data, { raw: { width, height, channels: 3 } });

/** What a pipeline gives, in sRGB without alpha. */
export async function toRaster(image: Sharp): Promise<Raster> {
  const { data, info } = await image.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** `over` laid on `under`, of the same sides, where the mask (one byte a pixel) is white. */
export async function masked(under: Raster, over: Raster, mask: Buffer): Promise<Raster> {
  const { width, height } = under;
  const input = await raw(over)
    .joinChannel(mask, { raw: { width, height, channels: 1 } })
    .raw()
    .toBuffer();
  return toRaster(raw(under).composite([{ input, raw: { width, height, channels: 4 } }]));
}

/** The alpha of an SVG fill as a mask; `gradient` defines `#m`. */
export function maskOf(gradient: string, width: number, height: number): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${gradient}<rect width="100%" height="100%" fill="url(#m)"/></svg>`;
  return sharp(Buffer.from(svg)).extractChannel('alpha').raw().toBuffer();
}
