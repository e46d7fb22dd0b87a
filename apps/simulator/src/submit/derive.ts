import {
  type Artwork,
  type Canvas,
  type Clip,
  pan,
  patch,
  reword,
  shownAspect,
  sidesFor,
  vary,
  WHOLE,
  zoomOut,
} from '../drawing/canvas.js';
import { mixSeeds } from '../drawing/seeded.js';
import { type Shows } from '../wire/buttons.js';
import { type ButtonOrder } from '../wire/custom-id.js';
import { readPrompt } from '../wire/prompt.js';

/** What a task shows at its end. */
export interface Outcome {
  readonly artwork: Artwork;
  readonly shows: Shows;
}

/** What a follow-up may bring along. */
export interface Derivation {
  readonly seed: number;
  /** The prompt of a window that was answered; null keeps the parent's. */
  readonly prompt: string | null;
  readonly mask: string | null;
}

const TAKES = [0, 1, 2, 3] as const;
/** How far relatives go, 0..1. */
const VARIED = 0.32;
const SUBTLE = 0.16;
const STRONG = 0.62;
const BREATH = 0.05;
const WIDENED = 0.12;
/** Of 100 ms each: clips last 2.5 s, and longer by 1.2 s with each extension, up to 5 s. */
const CLIP_FRAMES = 25;
const EXTENSION_FRAMES = 12;
const MOST_FRAMES = 50;
/** The longest side of an HD upscale, px, and the area of a film, px. */
const HD_SIDE = 2048;
const FILM_AREA = 400 * 400;

/** A new grid of scenes: four takes of one idea. */
export function sceneGrid(text: string, given: readonly string[], aspect: number, seed: number, area: number): Outcome {
  const frame = sidesFor(aspect, area);
  return gridOf(
    TAKES.map((take) => ({
      kind: 'scene',
      text,
      given,
      seed: mixSeeds(seed, take + 1),
      drifts: [],
      aspect: frame.width / frame.height,
      view: WHOLE,
    })),
    area,
  );
}

/** A new grid of pictures run into each other: four takes of one blend. */
export function blendGrid(inputs: readonly string[], aspect: number, seed: number, area: number): Outcome {
  return gridOf(
    TAKES.map((take) => ({
      kind: 'blend',
      inputs,
      seed: mixSeeds(seed, take + 1),
      drifts: [],
      aspect,
      view: WHOLE,
    })),
    area,
  );
}

/** A grid of four canvases, sized by what the first one shows. */
export function gridOf(cells: readonly Canvas[], area: number): Outcome {
  const aspect = cells[0] === undefined ? 1 : shownAspect(cells[0]);
  return { artwork: { kind: 'grid', ...sidesFor(aspect, area), cells }, shows: 'grid' };
}

/** Four clips, or fewer, that begin at a canvas. */
export function filmOf(
  from: Canvas,
  seed: number,
  order: { motion: Clip['motion']; loop: boolean; batch: number },
): Outcome {
  const clips = TAKES.slice(0, order.batch).map((take): Clip => ({
    from: vary(from, mixSeeds(seed, take), BREATH),
    motion: order.motion,
    loop: order.loop,
    frames: CLIP_FRAMES,
  }));
  return { artwork: { kind: 'film', ...sidesFor(shownAspect(from), FILM_AREA), clips }, shows: 'film' };
}

/** A clip made longer, in four takes. */
export function extendClip(clip: Clip, seed: number, motion: Clip['motion']): Outcome {
  const frames = Math.min(MOST_FRAMES, clip.frames + EXTENSION_FRAMES);
  const clips = TAKES.map((take): Clip => ({
    ...clip,
    motion,
    frames,
    from: vary(clip.from, mixSeeds(seed, take), BREATH),
  }));
  return { artwork: { kind: 'film', ...sidesFor(shownAspect(clip.from), FILM_AREA), clips }, shows: 'film' };
}

/** What an order makes of a finished parent's artwork; null when the parent has no such thing (a U2 of one picture). */
export function derive(order: ButtonOrder, parent: Artwork, how: Derivation): Outcome | null {
  switch (parent.kind) {
    case 'grid':
      return fromGrid(order, parent, how);
    case 'single':
      return fromSingle(order, parent, how);
    case 'film':
      return fromFilm(order, parent, how);
    case 'none':
      return null;
  }
}

const reworded = (canvas: Canvas, prompt: string | null): Canvas =>
  prompt === null ? canvas : reword(canvas, readPrompt(prompt).words);

function fromGrid(
  order: ButtonOrder,
  parent: Extract<Artwork, { kind: 'grid' }>,
  { seed, prompt }: Derivation,
): Outcome | null {
  const area = parent.width * parent.height;
  if (order.kind === 'upscale') {
    const canvas = parent.cells[order.index - 1];
    return canvas === undefined
      ? null
      : { artwork: { kind: 'single', width: parent.width, height: parent.height, canvas }, shows: 'single' };
  }
  if (order.kind === 'variation') {
    const canvas = parent.cells[order.index - 1];
    return canvas === undefined ? null : relatives(reworded(canvas, prompt), seed, VARIED, area);
  }
  if (order.kind !== 'reroll') return null;
  const again = parent.cells.map((cell, take) => {
    const canvas = reworded(cell, prompt);
    const fresh = canvas.kind === 'scene' && canvas.view.w === 1 && canvas.view.h === 1;
    return fresh
      ? { ...canvas, seed: mixSeeds(seed, take + 1), drifts: [] }
      : vary(canvas, mixSeeds(seed, take), STRONG);
  });
  return gridOf(again, area);
}

const relatives = (canvas: Canvas, seed: number, amount: number, area: number): Outcome =>
  gridOf(
    TAKES.map((take) => vary(canvas, mixSeeds(seed, take + 1), amount)),
    area,
  );

function fromSingle(
  order: ButtonOrder,
  parent: Extract<Artwork, { kind: 'single' }>,
  { seed, prompt, mask }: Derivation,
): Outcome | null {
  // An HD upscale's children are of the usual size again.
  const area = Math.min(parent.width * parent.height, 1024 * 1024);
  const canvas = reworded(parent.canvas, prompt);
  switch (order.kind) {
    case 'vary-one':
      return relatives(canvas, seed, order.strong ? STRONG : SUBTLE, area);
    case 'reroll':
      return relatives(canvas, seed, 0.9, area);
    case 'zoom':
      return relatives(zoomOut(canvas, order.factor, order.factor === 1 ? 1 : undefined), seed, WIDENED, area);
    case 'custom-zoom': {
      const { zoom, aspect } = readPrompt(prompt ?? '');
      const wanted = /--(?:ar|aspect)\s/.test(prompt ?? '') ? aspect : undefined;
      return relatives(zoomOut(canvas, zoom ?? 2, wanted), seed, WIDENED, area);
    }
    case 'pan':
      return relatives(pan(canvas, order.direction), seed, WIDENED, area);
    case 'inpaint': {
      const words = readPrompt(prompt ?? '').words;
      return gridOf(
        TAKES.map((take) => patch(parent.canvas, words, mask, mixSeeds(seed, take + 1))),
        area,
      );
    }
    case 'upscale-hd': {
      const factor = Math.min(2, HD_SIDE / Math.max(parent.width, parent.height, 1));
      const even = (side: number): number => Math.round((side * Math.max(1, factor)) / 2) * 2;
      return { artwork: { ...parent, width: even(parent.width), height: even(parent.height) }, shows: 'enlarged' };
    }
    case 'animate':
      return filmOf(canvas, seed, { motion: order.motion, loop: false, batch: readPrompt(prompt ?? '').batch });
    case 'upscale':
    case 'clip':
    case 'variation':
    case 'described':
    case 'all-described':
    case 'describe-again':
    case 'shortened':
      return null;
  }
}

function fromFilm(
  order: ButtonOrder,
  parent: Extract<Artwork, { kind: 'film' }>,
  { seed }: Derivation,
): Outcome | null {
  if (order.kind === 'clip') {
    const clip = parent.clips[order.index - 1];
    return clip === undefined ? null : { artwork: { ...parent, clips: [clip] }, shows: 'clip' };
  }
  const [first] = parent.clips;
  if (first === undefined) return null;
  if (order.kind === 'animate') return extendClip(first, seed, order.motion);
  if (order.kind !== 'reroll') return null;
  return filmOf(first.from, seed, { motion: first.motion, loop: first.loop, batch: parent.clips.length });
}
