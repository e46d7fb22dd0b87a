import { hueGap, lch, mix, type Lch } from './colour.js';
import { type Light, type Reading } from './lexicon.js';
import { type Dice } from './seeded.js';

/** The colours of one picture, from the top of the sky to the nearest ground. */
export interface Palette {
  readonly skyTop: Lch;
  readonly skyMid: Lch;
  readonly skyLow: Lch;
  /** Sun, moon and what they touch. */
  readonly glow: Lch;
  readonly far: Lch;
  readonly near: Lch;
  readonly accent: Lch;
  readonly second: Lch;
  readonly dark: boolean;
}

type Key = Exclude<keyof Palette, 'dark'>;
const scheme = (dark: boolean, colours: Record<Key, readonly [number, number, number]>): Palette => {
  const entries = Object.entries(colours).map(([key, [l, c, h]]) => [key, lch(l, c, h)] as const);
  return { ...(Object.fromEntries(entries) as Record<Key, Lch>), dark };
};

/** One tuned harmony per light; prompts turn them by hue, chance shifts them a little. */
const SCHEMES: Record<Light, Palette> = {
  dawn: scheme(false, {
    skyTop: [0.64, 0.09, 262],
    skyMid: [0.82, 0.07, 350],
    skyLow: [0.93, 0.08, 70],
    glow: [0.98, 0.06, 85],
    far: [0.74, 0.06, 310],
    near: [0.33, 0.07, 290],
    accent: [0.7, 0.17, 35],
    second: [0.8, 0.1, 160],
  }),
  day: scheme(false, {
    skyTop: [0.66, 0.12, 243],
    skyMid: [0.82, 0.07, 228],
    skyLow: [0.95, 0.03, 110],
    glow: [0.99, 0.04, 95],
    far: [0.78, 0.05, 215],
    near: [0.4, 0.09, 152],
    accent: [0.69, 0.18, 38],
    second: [0.86, 0.14, 92],
  }),
  dusk: scheme(true, {
    skyTop: [0.34, 0.11, 287],
    skyMid: [0.6, 0.16, 358],
    skyLow: [0.85, 0.13, 66],
    glow: [0.95, 0.12, 85],
    far: [0.52, 0.12, 340],
    near: [0.17, 0.05, 292],
    accent: [0.74, 0.17, 48],
    second: [0.66, 0.16, 10],
  }),
  night: scheme(true, {
    skyTop: [0.15, 0.05, 275],
    skyMid: [0.27, 0.09, 265],
    skyLow: [0.46, 0.09, 235],
    glow: [0.96, 0.04, 95],
    far: [0.36, 0.07, 252],
    near: [0.1, 0.03, 268],
    accent: [0.83, 0.14, 82],
    second: [0.6, 0.13, 220],
  }),
  mist: scheme(false, {
    skyTop: [0.78, 0.03, 228],
    skyMid: [0.87, 0.02, 215],
    skyLow: [0.95, 0.02, 100],
    glow: [0.99, 0.02, 95],
    far: [0.83, 0.02, 210],
    near: [0.36, 0.05, 205],
    accent: [0.64, 0.14, 32],
    second: [0.7, 0.08, 170],
  }),
  earth: scheme(false, {
    skyTop: [0.72, 0.07, 70],
    skyMid: [0.84, 0.07, 75],
    skyLow: [0.94, 0.05, 90],
    glow: [0.99, 0.05, 95],
    far: [0.74, 0.08, 62],
    near: [0.32, 0.08, 38],
    accent: [0.6, 0.17, 32],
    second: [0.5, 0.08, 200],
  }),
  aurora: scheme(true, {
    skyTop: [0.2, 0.09, 295],
    skyMid: [0.42, 0.13, 262],
    skyLow: [0.78, 0.12, 175],
    glow: [0.95, 0.07, 170],
    far: [0.44, 0.11, 275],
    near: [0.14, 0.05, 285],
    accent: [0.72, 0.2, 345],
    second: [0.84, 0.13, 175],
  }),
};

const GREEN = 140;

const BY_CHANCE: readonly [Light, ...Light[]] = [
  'dawn',
  'day',
  'dusk',
  'night',
  'mist',
  'earth',
  'aurora',
  'dusk',
  'dawn',
];

const everyColour = (palette: Palette, change: (colour: Lch, key: Key) => Lch): Palette => {
  const { dark, ...colours } = palette;
  const entries = Object.entries(colours) as [Key, Lch][];
  return {
    ...(Object.fromEntries(entries.map(([key, colour]) => [key, change(colour, key)])) as typeof colours),
    dark,
  };
};

/**
 * The palette of a picture: the named or a rolled light, turned towards the named colours (the first one takes the
 * air and the ground, the others the accents), then towards the colours of the pictures given along.
 */
export function choosePalette(reading: Reading, dice: Dice, given: readonly Lch[]): Palette {
  const light = reading.light ?? (reading.place === 'space' ? 'night' : dice.pick('light', BY_CHANCE));
  const shift = dice.between('hue-shift', -16, 16);
  let palette = everyColour(SCHEMES[light], (colour) => ({ ...colour, h: (colour.h + shift + 360) % 360 }));
  const [first, second] = reading.hues;
  if (first !== undefined) {
    const anchor = SCHEMES[light].skyMid.h;
    palette = everyColour(palette, (colour, key) => {
      if (key === 'accent') return { ...colour, h: first, c: Math.max(colour.c, 0.17) };
      if (key === 'second') return { ...colour, h: second ?? (first + 40) % 360 };
      // Green is the ground's colour far more often than the sky's.
      if (first === GREEN && key.startsWith('sky')) return colour;
      const spread = hueGap(anchor, colour.h) * 0.22;
      return { ...colour, h: (first + spread + 360) % 360, c: Math.min(0.19, colour.c * 1.15 + 0.015) };
    });
  }
  if (reading.coat !== null) palette = { ...palette, accent: { ...palette.accent, h: reading.coat } };
  if (reading.colourless && first === undefined) {
    palette = everyColour(palette, (colour, key) => ({ ...colour, c: colour.c * (key === 'accent' ? 0.5 : 0.1) }));
  }
  return given.length === 0 ? palette : towards(palette, given);
}

/** Leads a palette to the colours of pictures: each colour two thirds of the way to the given one nearest in lightness. */
function towards(palette: Palette, given: readonly Lch[]): Palette {
  const strongest = given.reduce((best, colour) => (colour.c > best.c ? colour : best));
  return everyColour(palette, (colour, key) => {
    const nearest = given.reduce((best, other) =>
      Math.abs(other.l - colour.l) < Math.abs(best.l - colour.l) ? other : best,
    );
    const target = key === 'accent' ? strongest : nearest;
    const mixed = mix(colour, target, 0.68);
    return { ...mixed, l: colour.l * 0.7 + mixed.l * 0.3 };
  });
}
