import { integerOf, isObject } from '../../json/json-field.js';
import type { Offers, PictureWork } from './tob-job.js';

/** The names of work in `available_actions`. */
const NAMES: ReadonlyMap<string, PictureWork> = new Map([
  ['upscale', 'upscale'],
  ['variation', 'variation'],
  ['inpaint', 'inpaint'],
  ['outpaint', 'outpaint'],
  ['pan', 'pan'],
  ['remix', 'remix'],
]);

/** Reads what a vendor says is possible with a job, with pictures from 0; null where it does not say. */
export function readOffers(value: unknown): Offers | null {
  if (!isObject(value)) return null;
  const pictures = new Map<PictureWork, ReadonlySet<number>>();
  for (const [name, work] of NAMES) {
    const list = value[name];
    // All of them, as far as its model goes.
    if (list === true) continue;
    const numbers = Array.isArray(list) ? list.map(integerOf).filter((number) => number !== null) : [];
    pictures.set(work, new Set(numbers.filter((number) => number >= 0).map((number) => number + 1)));
  }
  return { reroll: value['reroll'] === true, pictures };
}
