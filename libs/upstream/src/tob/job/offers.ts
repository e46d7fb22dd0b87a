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

/**
 * Reads what a vendor says is possible with a job of so many pictures; null where it does not say. The vendor counts pictures
 * from 0: a list with a number beyond the last one shows that it counts from 1.
 */
export function readOffers(value: unknown, pictureCount: number): Offers | null {
  if (!isObject(value)) return null;
  const listed = [...NAMES].filter(([name]) => value[name] !== true);
  // True stands for all pictures, as far as the model goes.
  const lists = listed.map(([name, work]) => [work, numbersIn(value[name])] as const);
  const all = lists.flatMap(([, numbers]) => numbers);
  const first = !all.includes(0) && all.includes(pictureCount) ? 1 : 0;
  const inRange = (number: number): boolean => number >= 1 && number <= pictureCount;
  const pictures = new Map(
    lists.map(([work, numbers]) => [work, new Set(numbers.map((number) => number - first + 1).filter(inRange))]),
  );
  return { reroll: isPossible(value['reroll']), pictures };
}

function numbersIn(list: unknown): number[] {
  return Array.isArray(list) ? list.map(integerOf).filter((number) => number !== null) : [];
}

/** Work on a whole job: true, or a list like that of the other work. */
function isPossible(value: unknown): boolean {
  return value === true || value === 'true' || integerOf(value) === 1 || (Array.isArray(value) && value.length > 0);
}
