import { type Mode } from '../wire/vocabulary.js';

/** US dollars for pictures, by speed. */
const PICTURES: Readonly<Record<Mode, number>> = { RELAX: 0.045, FAST: 0.055, TURBO: 0.1 };

export const priceOf = (mode: Mode): number => PICTURES[mode];

/** US dollars for a film: by its height, each take. */
export const filmPrice = (height: 480 | 720, takes: number): number =>
  Math.round((height === 480 ? 0.2 : 0.4) * takes * 1_000) / 1_000;
