import { type Canvas, type Direction, pan, reword, vary, zoomOut } from '../../drawing/canvas.js';
import { derive } from '../../submit/derive.js';
import { newSeed } from '../../tasks/task-id.js';
import { type Operation } from '../operation-names.js';
import { type TobBody } from '../tob-body.js';
import { type Operate, type Operations, type TobDraft, type TobTools } from '../tob-draft.js';
import { Refusal } from '../tob-refusal.js';
import { areaLike, fourOf, heir, parentOf, pictureOf } from './pictures.js';

/** How far relatives go, 0..1. */
const SUBTLE = 0.16;
const STRONG = 0.62;
const WIDENED = 0.12;
const DIRECTIONS: readonly Direction[] = ['down', 'right', 'up', 'left'];
/** The longest side of an upscale by its type, in parts of the picture's. */
const FACTORS = [2, 2, 2, 4] as const;
const MOST_SIDE = 4_096;

/** A follow-up that makes four relatives of one picture. */
function relative(
  operation: Operation,
  read: (body: TobBody) => { readonly shift: (canvas: Canvas) => Canvas; readonly amount: number },
): Operate {
  return (body, tools) => {
    const { shift, amount } = read(body);
    const parent = parentOf(operation, body, tools);
    const picture = pictureOf(parent, body);
    const { words, ...rest } = heir(parent, 'remixPrompt', body, tools);
    const seed = newSeed();
    const canvas = shift(words === null ? picture.canvas : reword(picture.canvas, words));
    const artwork = fourOf(seed, areaLike(picture), (take) => vary(canvas, take, amount));
    return Promise.resolve({ ...rest, seed, artwork });
  };
}

const as = (canvas: Canvas): Canvas => canvas;

const variation = relative('variation', (body) => ({
  shift: as,
  amount: body.whole('type', 0, 1) === 1 ? STRONG : SUBTLE,
}));

/** Its modes are the other way round than the types of a variation: 0 is strong. */
const remix = relative('remix', (body) => {
  body.text('remixPrompt');
  return { shift: as, amount: body.whole('mode', 0, 1) === 0 ? STRONG : SUBTLE };
});

const panning = relative('pan', (body) => {
  const direction = DIRECTIONS[body.whole('direction', 0, 3)] ?? 'down';
  const scale = body.number('scale', 1.1, 3);
  return { shift: (canvas) => pan(canvas, direction, scale - 1), amount: WIDENED };
});

const outpaint = relative('outpaint', (body) => {
  const scale = body.number('scale', 1.1, 2);
  return { shift: (canvas) => zoomOut(canvas, scale), amount: WIDENED };
});

function enhance(body: TobBody, tools: TobTools): Promise<TobDraft> {
  const parent = parentOf('enhance', body, tools);
  const picture = pictureOf(parent, body);
  if (!parent.draft) throw new Refusal('Not_Support', 'only drafts can be enhanced');
  const { words: _none, ...rest } = heir(parent, 'remixPrompt', body, tools);
  const seed = newSeed();
  const artwork = fourOf(seed, areaLike(picture), (take) => vary(picture.canvas, take, WIDENED));
  return Promise.resolve({ ...rest, seed, artwork });
}

/** One picture enlarged; with V8 the four pictures in HD. */
function upscale(body: TobBody, tools: TobTools): Promise<TobDraft> {
  const factor = FACTORS[body.whole('type', 0, 3)] ?? 2;
  const parent = parentOf('upscale', body, tools);
  const picture = pictureOf(parent, body);
  if (parent.upscaled) throw new Refusal('Job_ReUpscale_Not_Support', 'the picture is upscaled already');
  const scale = Math.min(factor, MOST_SIDE / Math.max(picture.width, picture.height));
  const even = (side: number): number => Math.round((side * Math.max(1, scale)) / 2) * 2;
  const sides = { width: even(picture.width), height: even(picture.height) };
  const all = parent.model.startsWith('8') && parent.artwork.kind === 'grid' ? parent.artwork : picture;
  const { text, model, seed, foreign } = parent;
  return Promise.resolve({ parent, text, model, seed, foreign, upscaled: true, artwork: { ...all, ...sides } });
}

function reroll(body: TobBody, tools: TobTools): Promise<TobDraft> {
  const parent = parentOf('reroll', body, tools);
  const seed = newSeed();
  const again = derive({ kind: 'reroll' }, parent.artwork, { seed, prompt: null, mask: null });
  if (again === null) throw new Refusal('Not_Support', 'the job cannot be rerolled');
  const { text, model, draft } = parent;
  return Promise.resolve({ parent, text, model, draft, seed, artwork: again.artwork });
}

/** What goes on from one picture, or from the whole, of a finished job. */
export const FOLLOW_UP_OPERATIONS: Operations = {
  variation,
  remix,
  pan: panning,
  outpaint,
  enhance,
  upscale,
  reroll,
};
