import sharp from 'sharp';
import { type Canvas, WHOLE } from './canvas.js';
import { type InputPictures } from './input-pictures.js';
import { masked, maskOf, type Raster, raw, toRaster } from './raster.js';
import { Dice } from './seeded.js';

/** Makes the unshifted frames of all canvases that begin with pictures and not with words alone. */
export class PhotoLab {
  constructor(
    private readonly inputs: InputPictures,
    /** Paints any canvas: for the scenes that are laid over, and for what was painted before. */
    private readonly paint: (canvas: Canvas, width: number, height: number) => Promise<Raster>,
  ) {}

  async frameOf(canvas: Exclude<Canvas, { kind: 'scene' }>, width: number, height: number): Promise<Raster> {
    switch (canvas.kind) {
      case 'photo':
        return this.grade(await this.photo(canvas.input, width, height), canvas);
      case 'blend':
        return this.blend(canvas, width, height);
      case 'restyle':
        return this.restyle(canvas, width, height);
      case 'swap':
        return this.swap(canvas, width, height);
      case 'patch':
        return this.patch(canvas, width, height);
    }
  }

  /** An input picture cut to a frame; a lost one becomes a scene of its name. */
  private async photo(input: string, width: number, height: number): Promise<Raster> {
    const bytes = await this.inputs.read(input);
    if (bytes === null) {
      return this.paint(
        { kind: 'scene', text: input, given: [], seed: 7, drifts: [], aspect: width / height, view: WHOLE },
        width,
        height,
      );
    }
    return toRaster(sharp(bytes).resize(width, height, { fit: 'cover' }).flatten({ background: '#fff' }));
  }

  /** Varied photographs get another light: drifts cannot move what the camera saw. */
  private async grade(picture: Raster, canvas: Canvas): Promise<Raster> {
    const dice = new Dice(canvas.seed, canvas.drifts);
    if (canvas.drifts.length === 0) return picture;
    return toRaster(
      raw(picture).modulate({
        brightness: dice.between('bright', 0.86, 1.14),
        saturation: dice.between('colour', 0.7, 1.4),
        hue: Math.round(dice.between('hue', -28, 28)),
      }),
    );
  }

  private async blend(canvas: Extract<Canvas, { kind: 'blend' }>, width: number, height: number): Promise<Raster> {
    const dice = new Dice(canvas.seed, canvas.drifts);
    let picture = await this.photo(canvas.inputs[0] ?? '', width, height);
    for (const [at, input] of canvas.inputs.entries()) {
      if (at === 0) continue;
      const over = await this.photo(input, width, height);
      const own = dice.at('layer', at);
      const angle = own.between('angle', 0, 6.283);
      const [dx, dy] = [Math.cos(angle) / 2, Math.sin(angle) / 2];
      const mask = `<linearGradient id="m" x1="${0.5 - dx}" y1="${0.5 - dy}" x2="${0.5 + dx}" y2="${0.5 + dy}"><stop offset="${own.between('from', 0.05, 0.35)}" stop-color="#fff" stop-opacity="0.12"/><stop offset="${own.between('to', 0.6, 0.95)}" stop-color="#fff" stop-opacity="0.94"/></linearGradient>`;
      picture = await masked(picture, over, await maskOf(mask, width, height));
    }
    const glow: Canvas = {
      kind: 'scene',
      text: 'abstract flowing',
      given: canvas.inputs,
      seed: canvas.seed,
      drifts: canvas.drifts,
      aspect: width / height,
      view: WHOLE,
    };
    const veil = await this.paint(glow, width, height);
    return toRaster(
      raw(picture).composite([
        { input: await raw(veil).ensureAlpha(0.4).png({ compressionLevel: 1 }).toBuffer(), blend: 'soft-light' },
      ]),
    );
  }

  private async restyle(canvas: Extract<Canvas, { kind: 'restyle' }>, width: number, height: number): Promise<Raster> {
    const photo = await this.photo(canvas.input, width, height);
    const scene = await this.paint(
      {
        kind: 'scene',
        text: canvas.text,
        given: canvas.whole ? [] : [canvas.input],
        seed: canvas.seed,
        drifts: canvas.drifts,
        aspect: width / height,
        view: WHOLE,
      },
      width,
      height,
    );
    if (!canvas.whole)
      return masked(photo, scene, await this.oval(width, height, new Dice(canvas.seed, canvas.drifts)));
    // The photograph keeps its forms (luminance), the scene gives texture and colour.
    const relief = await raw(photo)
      .greyscale()
      .normalise()
      .toColourspace('srgb')
      .png({ compressionLevel: 1 })
      .toBuffer();
    return toRaster(raw(scene).composite([{ input: relief, blend: 'hard-light' }]));
  }

  private async swap(canvas: Extract<Canvas, { kind: 'swap' }>, width: number, height: number): Promise<Raster> {
    const target = await this.photo(canvas.target, width, height);
    const face = await this.photo(canvas.face, width, height);
    const mask = `<radialGradient id="m" cx="0.5" cy="0.4" r="0.27"><stop offset="0.6" stop-color="#fff"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>`;
    return masked(target, face, await maskOf(mask, width, height));
  }

  private async patch(canvas: Extract<Canvas, { kind: 'patch' }>, width: number, height: number): Promise<Raster> {
    const base = await this.paint(canvas.base, width, height);
    const over = await this.paint(
      {
        kind: 'scene',
        text: canvas.text,
        given: [],
        seed: canvas.seed,
        drifts: canvas.drifts,
        aspect: width / height,
        view: WHOLE,
      },
      width,
      height,
    );
    const drawn = canvas.mask === null ? null : await this.inputs.read(canvas.mask);
    const mask =
      drawn === null
        ? await this.oval(width, height, new Dice(canvas.seed))
        : await sharp(drawn)
            .flatten({ background: '#000' })
            .greyscale()
            .resize(width, height, { fit: 'fill' })
            .blur(1 + width / 160)
            .extractChannel(0)
            .raw()
            .toBuffer();
    return masked(base, over, mask);
  }

  private async oval(width: number, height: number, dice: Dice): Promise<Buffer> {
    const gradient = `<radialGradient id="m" cx="${dice.between('mask-x', 0.35, 0.65)}" cy="${dice.between('mask-y', 0.4, 0.65)}" r="0.46"><stop offset="0.5" stop-color="#fff"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>`;
    return maskOf(gradient, width, height);
  }
}
