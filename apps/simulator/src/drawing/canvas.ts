import { type Drift, mixSeeds } from './seeded.js';
import { type Window } from './stage.js';

/** How a picture is made, complete in itself: it can be drawn years later, on another machine, without its parents. */
export type Canvas = Core & {
  /** What is shown, in parts of the unshifted frame; WHOLE is the frame itself. */
  readonly view: Window;
  /** Width by height of the unshifted frame. */
  readonly aspect: number;
  readonly drifts: readonly Drift[];
  readonly seed: number;
};

type Core =
  /** Painted from words, in the colours of the given pictures if there are any. */
  | { readonly kind: 'scene'; readonly text: string; readonly given: readonly string[] }
  /** An input picture as it is. */
  | { readonly kind: 'photo'; readonly input: string }
  /** Input pictures run into each other. */
  | { readonly kind: 'blend'; readonly inputs: readonly string[] }
  /** An input picture with a painted scene laid over: over all of it (retexture) or a part (edit). */
  | { readonly kind: 'restyle'; readonly input: string; readonly text: string; readonly whole: boolean }
  /** The face of one picture in another. */
  | { readonly kind: 'swap'; readonly face: string; readonly target: string }
  /** A picture with a repainted region; no mask means the middle. */
  | { readonly kind: 'patch'; readonly base: Canvas; readonly text: string; readonly mask: string | null };

/** A picture to draw, in pixels. */
export type Artwork =
  | { readonly kind: 'grid'; readonly width: number; readonly height: number; readonly cells: readonly Canvas[] }
  | {
      readonly kind: 'single';
      readonly width: number;
      readonly height: number;
      readonly canvas: Canvas;
      /** Whether all but its middle is transparent. */
      readonly cutOut?: true;
    }
  | { readonly kind: 'film'; readonly width: number; readonly height: number; readonly clips: readonly Clip[] }
  | { readonly kind: 'none' };

/** A short moving picture. */
export interface Clip {
  readonly from: Canvas;
  readonly motion: 'low' | 'high';
  readonly loop: boolean;
  readonly frames: number;
}

/** How long one frame of a clip is shown, ms. */
export const FRAME_MS = 100;

/** How long a clip plays, in whole seconds. */
export const clipSeconds = (clip: Clip): number => Math.round((clip.frames * FRAME_MS) / 1000);

export const WHOLE: Window = { x: 0, y: 0, w: 1, h: 1 };

/** Repeated derivations keep the newest few drifts: older ones hardly show any more, and records stay small. */
const DRIFTS_KEPT = 6;
const PATCHES_KEPT = 3;

/** A relative of a picture: the same scene, moved `amount` (0..1) of the way to another arrangement. */
export function vary(canvas: Canvas, seed: number, amount: number): Canvas {
  const drifted = { ...canvas, drifts: [...canvas.drifts, { seed, amount }].slice(-DRIFTS_KEPT) };
  return drifted.kind === 'patch' ? { ...drifted, base: vary(drifted.base, mixSeeds(seed, 1), amount) } : drifted;
}

/** The same picture for another prompt (remix). What has no words of its own stays. */
export function reword(canvas: Canvas, text: string): Canvas {
  switch (canvas.kind) {
    case 'scene':
    case 'restyle':
      return { ...canvas, text };
    case 'patch':
      return { ...canvas, base: reword(canvas.base, text) };
    case 'photo':
    case 'blend':
    case 'swap':
      return canvas;
  }
}

/** Steps back `factor` times (1 leaves all as it is); a wanted aspect widens the view instead of cutting it. */
export function zoomOut(canvas: Canvas, factor: number, wanted?: number): Canvas {
  const { view } = canvas;
  let w = view.w * factor;
  let h = view.h * factor;
  const shown = (canvas.aspect * w) / h;
  if (wanted !== undefined && wanted > shown) w = (wanted * h) / canvas.aspect;
  if (wanted !== undefined && wanted < shown) h = (canvas.aspect * w) / wanted;
  return { ...canvas, view: { x: view.x - (w - view.w) / 2, y: view.y - (h - view.h) / 2, w, h } };
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Looks further in one direction, by half a picture if nothing else is said; what was seen stays seen. */
export function pan(canvas: Canvas, direction: Direction, by = 0.5): Canvas {
  const { x, y, w, h } = canvas.view;
  switch (direction) {
    case 'left':
      return { ...canvas, view: { x: x - w * by, y, w: w * (1 + by), h } };
    case 'right':
      return { ...canvas, view: { x, y, w: w * (1 + by), h } };
    case 'up':
      return { ...canvas, view: { x, y: y - h * by, w, h: h * (1 + by) } };
    case 'down':
      return { ...canvas, view: { x, y, w, h: h * (1 + by) } };
  }
}

/** Repaints a region for a prompt; blank words repaint it for the old ones. */
export function patch(base: Canvas, text: string, mask: string | null, seed: number): Canvas {
  let inner = base;
  for (let depth = 0, at = base; at.kind === 'patch'; at = at.base) if (++depth >= PATCHES_KEPT) inner = at.base;
  const words = text !== '' ? text : wordsOf(inner);
  const aspect = shownAspect(base);
  return { kind: 'patch', base: inner, text: words, mask, seed, aspect, drifts: [], view: WHOLE };
}

/** The words that a picture was painted from, if any. */
export function wordsOf(canvas: Canvas): string {
  switch (canvas.kind) {
    case 'scene':
    case 'restyle':
    case 'patch':
      return canvas.text;
    case 'photo':
    case 'blend':
    case 'swap':
      return '';
  }
}

/** Width by height of what a canvas shows. */
export function shownAspect(canvas: Canvas): number {
  return (canvas.aspect * canvas.view.w) / canvas.view.h;
}

/** Even sides in pixels for an aspect, `area` pixels together; the aspect is held between 1:4 and 4:1. */
export function sidesFor(aspect: number, area: number): { width: number; height: number } {
  const held = Math.min(4, Math.max(0.25, aspect));
  const even = (side: number): number => Math.max(2, Math.round(side / 2) * 2);
  return { width: even(Math.sqrt(area * held)), height: even(Math.sqrt(area / held)) };
}
