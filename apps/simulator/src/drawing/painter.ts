import sharp, { type OverlayOptions } from 'sharp';
import { type Artwork, type Canvas, WHOLE } from './canvas.js';
import { coarseColours } from './coarse-colours.js';
import { type Lch } from './colour.js';
import { type InputPictures } from './input-pictures.js';
import { PhotoLab } from './photo-lab.js';
import { maskOf, type Raster, raw, toRaster } from './raster.js';
import { sceneSvg } from './scene.js';

/** Solid in the middle, clear at the edges. */
const CUT_OUT =
  '<radialGradient id="m" r="0.5"><stop offset="0.8" stop-color="#fff"/><stop offset="0.9" stop-color="#fff" stop-opacity="0"/></radialGradient>';

/** Draws canvases. All of it runs in libvips' threads; the event loop only composes SVG text (a few ms a picture). */
export class Painter {
  private readonly lab: PhotoLab;

  constructor(private readonly inputs: InputPictures) {
    this.lab = new PhotoLab(inputs, (canvas, width, height) => this.paint(canvas, width, height));
  }

  /** A still picture as PNG. A film has none: use a frame's canvas. */
  async png(canvas: Canvas, width: number, height: number): Promise<Buffer> {
    return raw(await this.paint(canvas, width, height))
      .png({ compressionLevel: 4 })
      .toBuffer();
  }

  /** A still picture as PNG whose surroundings are transparent. */
  async cutOutPng(canvas: Canvas, width: number, height: number): Promise<Buffer> {
    const mask = await maskOf(CUT_OUT, width, height);
    return raw(await this.paint(canvas, width, height))
      .joinChannel(mask, { raw: { width, height, channels: 1 } })
      .png({ compressionLevel: 4 })
      .toBuffer();
  }

  /** A still picture as WebP, for thumbnails. */
  async webp(canvas: Canvas, width: number, height: number): Promise<Buffer> {
    return raw(await this.paint(canvas, width, height))
      .webp({ quality: 75, effort: 1 })
      .toBuffer();
  }

  /** A grid as PNG, its cells in reading order, two by two. */
  async gridPng(artwork: Extract<Artwork, { kind: 'grid' }>): Promise<Buffer> {
    return raw(await this.grid(artwork))
      .png({ compressionLevel: 4 })
      .toBuffer();
  }

  /** What Midjourney shows on the way: WebP, coarse at first, sharper as `progress` (0..100) grows. */
  async preview(artwork: Exclude<Artwork, { kind: 'none' }>, progress: number): Promise<Buffer> {
    const scale = 0.5;
    const width = Math.max(2, Math.round((artwork.width * scale) / 2) * 2);
    const height = Math.max(2, Math.round((artwork.height * scale) / 2) * 2);
    const first =
      artwork.kind === 'film' ? artwork.clips[0]?.from : artwork.kind === 'single' ? artwork.canvas : undefined;
    const picture =
      first === undefined && artwork.kind === 'grid'
        ? await this.grid({ ...artwork, width, height })
        : await this.paint(first as Canvas, width, height);
    const blur = 0.4 + ((100 - progress) / 100) ** 2 * (width / 22);
    return raw(picture)
      .blur(blur)
      .modulate({ saturation: 0.55 + progress / 222 })
      .webp({ quality: 60, effort: 1 })
      .toBuffer();
  }

  async grid(artwork: Extract<Artwork, { kind: 'grid' }>): Promise<Raster> {
    const width = artwork.width / 2;
    const height = artwork.height / 2;
    const layers: OverlayOptions[] = [];
    for (const [at, canvas] of artwork.cells.entries()) {
      const cell = await this.paint(canvas, width, height);
      layers.push({
        input: cell.data,
        raw: { width, height, channels: 3 },
        left: (at % 2) * width,
        top: Math.floor(at / 2) * height,
      });
    }
    const ground = sharp({ create: { width: artwork.width, height: artwork.height, channels: 3, background: '#000' } });
    return toRaster(ground.composite(layers));
  }

  /** One canvas at a size; what lies beyond a photograph's frame is its mirror image. */
  async paint(canvas: Canvas, width: number, height: number): Promise<Raster> {
    if (canvas.kind === 'scene') {
      const given: Lch[] = [];
      for (const input of canvas.given) given.push(...(await this.colours(input)));
      const svg = sceneSvg({ ...canvas, given }, width, height);
      return toRaster(sharp(Buffer.from(svg), { unlimited: true }));
    }
    const { view } = canvas;
    const inner = { width: Math.max(1, Math.round(width / view.w)), height: Math.max(1, Math.round(height / view.h)) };
    const picture = await this.lab.frameOf(canvas, inner.width, inner.height);
    if (view === WHOLE || (view.x === 0 && view.y === 0 && view.w === 1 && view.h === 1)) return picture;
    return this.shifted(picture, canvas, width, height);
  }

  private async shifted(picture: Raster, { view }: Canvas, width: number, height: number): Promise<Raster> {
    const left = Math.round(-view.x * picture.width);
    const top = Math.round(-view.y * picture.height);
    const border = {
      left: Math.max(0, left),
      top: Math.max(0, top),
      right: Math.max(0, width - left - picture.width),
      bottom: Math.max(0, height - top - picture.height),
    };
    let wide = picture;
    // libvips mirrors at most one picture's width at a time.
    for (let rest = border; rest.left + rest.top + rest.right + rest.bottom > 0;) {
      const now = {
        left: Math.min(rest.left, wide.width),
        top: Math.min(rest.top, wide.height),
        right: Math.min(rest.right, wide.width),
        bottom: Math.min(rest.bottom, wide.height),
      };
      wide = await toRaster(raw(wide).extend({ ...now, extendWith: 'mirror' }));
      rest = {
        left: rest.left - now.left,
        top: rest.top - now.top,
        right: rest.right - now.right,
        bottom: rest.bottom - now.bottom,
      };
    }
    return toRaster(raw(wide).extract({ left: Math.max(0, -left), top: Math.max(0, -top), width, height }));
  }

  /** Up to nine colours of an input picture: the means of a coarse lattice. */
  private async colours(input: string): Promise<Lch[]> {
    const bytes = await this.inputs.read(input);
    return bytes === null ? [] : coarseColours(bytes);
  }
}
