import { type Canvas, WHOLE } from '../drawing/canvas.js';
import { faultsOfPrompt, numberOf } from '../wire/faults.js';
import { type Prompt, readPrompt } from '../wire/prompt.js';
import { type Body } from './body.js';
import { type OrderedFaults } from './task-draft.js';

/** The area of a grid, px; a U picture is as large as the grid that it was cut from. */
const GRID_AREA = 1024 * 1024;
const SMALL_SIDE = 128;

/** What a picture that cannot be read is answered with. */
export const BAD_PICTURE = 'base64格式错误';

/** The link of a kept input picture. */
export const uploadUrl = (base: string, input: string): string =>
  `${base}/uploads/${input.replace(/[^0-9a-f]/g, '').slice(0, 32)}.webp`;

/** A prompt as typed, and as understood: without the markers of faults. */
export function promptOf(body: Body): { raw: string; prompt: Prompt } {
  const raw = body.trimmed('prompt');
  return { raw, prompt: readPrompt(faultsOfPrompt(raw).prompt) };
}

/** The area that a new grid has, px. */
export function areaOf({ faults }: { readonly faults: OrderedFaults }): number {
  if (!faults.has('small')) return GRID_AREA;
  return Math.max(16, numberOf(faults, 'small', SMALL_SIDE, 4096)) ** 2;
}

/** What a film begins with: a picture as it is, or a scene of the prompt. */
export function firstFrame(input: string | undefined, prompt: Prompt, seed: number): Canvas {
  const frame = { seed, drifts: [], aspect: prompt.aspect, view: WHOLE };
  return input === undefined
    ? { ...frame, kind: 'scene', text: prompt.words, given: [] }
    : { ...frame, kind: 'photo', input };
}
