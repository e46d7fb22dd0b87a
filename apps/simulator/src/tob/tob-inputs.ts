import sharp from 'sharp';
import { type InputStore } from '../inputs/input-store.js';
import { type TobBody } from './tob-body.js';
import { Refusal } from './tob-refusal.js';

/** A request that is taken in although its job can only fail; the message is why. */
export class DoomedJob extends Error {}

/** Fetches what requests of the tob family name by link, and draws masks that are given as areas. */
export class TobInputs {
  constructor(
    private readonly inputs: InputStore,
    /** What a job says whose link led nowhere. */
    private readonly lostLink: string,
  ) {}

  /** The name of a fetched picture. @throws DoomedJob */
  async fetch(link: string): Promise<string> {
    const taken = await this.inputs.take(link, true);
    // Other dialects draw without a picture that cannot be had; this family's jobs fail.
    if (taken.kind === 'bad' || taken.input.startsWith('lost:')) throw new DoomedJob(this.lostLink);
    return taken.input;
  }

  /** @throws DoomedJob */
  async fetchAll(links: readonly string[]): Promise<string[]> {
    const names: string[] = [];
    for (const link of links) names.push(await this.fetch(link));
    return names;
  }

  /** A mask (white is repainted): by link, or as areas with their corners. @throws DoomedJob or Refusal */
  async mask(mask: TobBody, sides: { readonly least: number; readonly most: number }): Promise<string> {
    if (mask.has('url')) return this.fetch(mask.link('url'));
    const areas = mask.list('areas').map((area) => ({
      width: area.whole('width', sides.least, sides.most),
      height: area.whole('height', sides.least, sides.most),
      points: area.numbers('points'),
    }));
    const [first] = areas;
    if (first === undefined || areas.some(({ points }) => points.length < 6 || points.length % 2 !== 0))
      throw new Refusal('Invalid_Argument', 'mask.areas.points must be pairs of at least three corners');
    const shapes = areas.map(({ width, height, points }) => {
      const scale = `scale(${first.width / width} ${first.height / height})`;
      return `<polygon transform="${scale}" fill="#fff" points="${points.join(' ')}"/>`;
    });
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${first.width}" height="${first.height}"><rect width="100%" height="100%"/>${shapes.join('')}</svg>`;
    const png = await sharp(Buffer.from(svg), { unlimited: true }).png().toBuffer();
    const taken = await this.inputs.take(`data:image/png;base64,${png.toString('base64')}`, false);
    if (taken.kind === 'bad') throw new DoomedJob(this.lostLink);
    return taken.input;
  }
}
