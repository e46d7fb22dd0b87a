import { sidesFor } from '../drawing/canvas.js';
import { coarseColours } from '../drawing/coarse-colours.js';
import { hashText } from '../drawing/seeded.js';
import { type InputStore } from '../inputs/input-store.js';
import sharp from 'sharp';
import { numbered } from '../wire/buttons.js';
import { describePicture } from './describe-text.js';
import { type Draft } from './task-draft.js';

/** Looks at input pictures: their sides, their colours, what could be said of them. */
export class Describer {
  constructor(private readonly inputs: InputStore) {}

  /** Width by height; 1 for a picture that is gone. */
  async aspect(input: string): Promise<number> {
    const bytes = await this.inputs.read(input);
    if (bytes === null) return 1;
    const { width, height } = await sharp(bytes).metadata();
    return width / height;
  }

  /** Sides in px for an aspect, `area` px together. */
  sides(aspect: number, area: number): { width: number; height: number } {
    return sidesFor(aspect, area);
  }

  /** A describe of a picture, but for who asked for it. Its answer is known from the start and shown at the end. */
  async describe(
    input: string,
    seed: number,
    area: number,
    chinese: boolean,
  ): Promise<Omit<Draft, 'parent' | 'customId'>> {
    const bytes = await this.inputs.read(input);
    const aspect = await this.aspect(input);
    const colours = bytes === null ? [] : await coarseColours(bytes);
    const sides = sidesFor(aspect, area);
    const found = describePicture(colours, sides.width, sides.height, seed ^ hashText(input));
    return {
      action: 'DESCRIBE',
      prompt: chinese ? numbered(found.chinese) : null,
      promptEn: null,
      answer: numbered(found.english),
      description: '/describe',
      outcome: {
        artwork: {
          kind: 'single',
          ...sides,
          canvas: { kind: 'photo', input, seed, drifts: [], aspect, view: { x: 0, y: 0, w: 1, h: 1 } },
        },
        shows: 'described',
      },
      options: found.english,
      seed,
      version: 7,
    };
  }
}
