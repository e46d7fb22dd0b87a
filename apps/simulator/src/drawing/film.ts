import sharp from 'sharp';
import { type Clip, FRAME_MS } from './canvas.js';
import { type Painter } from './painter.js';

/** Draws a clip as animated WebP: the view glides through the scene; a loop comes back to where it began. */
export async function filmWebp(painter: Painter, clip: Clip, width: number, height: number): Promise<Buffer> {
  const reach = clip.motion === 'high' ? 0.3 : 0.14;
  const { view } = clip.from;
  const frames: Buffer[] = [];
  for (let at = 0; at < clip.frames; at += 1) {
    const part = at / Math.max(1, clip.frames - (clip.loop ? 0 : 1));
    const along = clip.loop ? (1 - Math.cos(part * 2 * Math.PI)) / 2 : part * part * (3 - 2 * part);
    const size = 1 - reach * 0.5 * along;
    const shifted = {
      x: view.x + view.w * reach * 0.6 * along,
      y: view.y + view.h * (1 - size) * 0.5,
      w: view.w * size,
      h: view.h * size,
    };
    const frame = await painter.paint({ ...clip.from, view: shifted }, width, height);
    frames.push(
      await sharp(frame.data, { raw: { width, height, channels: 3 } })
        .png({ compressionLevel: 1 })
        .toBuffer(),
    );
  }
  return sharp(frames, { join: { animated: true } })
    .webp({ quality: 68, effort: 1, loop: 0, delay: frames.map(() => FRAME_MS) })
    .toBuffer();
}
