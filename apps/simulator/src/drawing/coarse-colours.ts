import sharp from 'sharp';
import { fromRgb, type Lch } from './colour.js';

/** The mean colours of a picture's 3 × 3 parts. */
export async function coarseColours(bytes: Buffer): Promise<Lch[]> {
  const data = await sharp(bytes)
    .flatten({ background: '#fff' })
    .resize(3, 3, { fit: 'fill' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();
  const colours: Lch[] = [];
  for (let at = 0; at + 2 < data.length; at += 3) {
    colours.push(fromRgb(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0));
  }
  return colours;
}
