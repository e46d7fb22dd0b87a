import { Logger } from '@nestjs/common';
import { rm } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import sharp, { type Sharp } from 'sharp';
import type { KeptFile } from './asset-table.js';
import { ConversionQueue } from './conversion-queue.js';
import { variantName } from './file-name.js';
import type { ImageStore } from './image-store.js';
import { MAX_PIXELS } from './picture-size.js';
import type { PictureType } from './picture-type.js';
import type { Recipe } from './picture-variant.js';

/** A variant in the store. `busy`: too many conversions · `unavailable`: the picture cannot be decoded. */
export type CutPicture =
  { kind: 'ready'; file: string; bytes: number; contentType: PictureType } | { kind: 'busy' } | { kind: 'unavailable' };

const MAX_CONVERSIONS = 2;
/** About four seconds of work for large pictures. */
const MAX_WAITING = 16;
const LOSSY_QUALITY = 90;

/** Cuts, scales and converts kept pictures; each variant is made once and kept beside its source. */
export class PictureCutter {
  private readonly log = new Logger(PictureCutter.name);
  private readonly queue = new ConversionQueue(MAX_CONVERSIONS, MAX_WAITING);
  private readonly flights = new Map<string, Promise<CutPicture>>();

  constructor(private readonly store: ImageStore) {}

  /** The variant of a kept picture that the recipe describes; made now if it is not there. Callers for one share the work. */
  async variant(source: KeptFile, recipe: Recipe): Promise<CutPicture> {
    const file = variantName(source.file, recipe.suffix, recipe.type);
    const bytes = await this.store.size(file);
    if (bytes !== null) return { kind: 'ready', file, bytes, contentType: recipe.type };
    const flying = this.flights.get(file);
    if (flying !== undefined) return flying;
    const flight = this.queue
      .run(() => this.make(source, recipe, file))
      .then((made): CutPicture => made ?? { kind: 'busy' })
      .finally(() => this.flights.delete(file));
    this.flights.set(file, flight);
    return flight;
  }

  private async make(source: KeptFile, recipe: Recipe, file: string): Promise<CutPicture> {
    const input = await buffer(await this.store.open(source.file));
    const scratch = await this.store.scratchFile();
    try {
      const picture = await open(input, recipe);
      if (recipe.region !== null) picture.extract(recipe.region);
      if (recipe.width !== null) picture.resize({ width: recipe.width, withoutEnlargement: true });
      const made = await encode(picture, recipe.type)
        .toFile(scratch)
        .catch((error: unknown) => this.explain(source, error));
      if (made === null) return { kind: 'unavailable' };
      await this.store.put(file, scratch);
      return { kind: 'ready', file, bytes: made.size, contentType: recipe.type };
    } finally {
      await rm(scratch, { force: true });
    }
  }

  /** sharp speaks of bad pictures and of full disks in the same way, so the reason goes to the log. */
  private explain(source: KeptFile, error: unknown): null {
    this.log.warn(`${source.file} could not be converted: ${String(error)}`);
    return null;
  }
}

/** Animations stay animated where the output can be and no part is cut out of them; else the first frame counts. */
async function open(input: Buffer, recipe: Recipe): Promise<Sharp> {
  const limits = { limitInputPixels: MAX_PIXELS, sequentialRead: recipe.region === null };
  if (recipe.type !== 'image/webp' || recipe.region !== null) return sharp(input, limits);
  const { pages = 1, width, pageHeight = 0 } = await sharp(input, limits).metadata();
  const animated = pages > 1 && width * pageHeight * pages <= MAX_PIXELS;
  return sharp(input, { ...limits, animated });
}

function encode(picture: Sharp, type: PictureType): Sharp {
  switch (type) {
    case 'image/png':
      return picture.png();
    case 'image/jpeg':
      // JPEG has no transparency; without this it would turn black.
      return picture.flatten({ background: '#ffffff' }).jpeg({ quality: LOSSY_QUALITY });
    default:
      // Effort 4, the default, takes twice the time for a few percent.
      return picture.webp({ quality: LOSSY_QUALITY, effort: 2 });
  }
}
