import { type Artwork, type Canvas, patch, reword, vary, WHOLE } from '../../drawing/canvas.js';
import { newSeed } from '../../tasks/task-id.js';
import { type TobBody } from '../tob-body.js';
import { type Operations, type TobDraft, type TobTools } from '../tob-draft.js';
import { areaLike, fourOf, heir, parentOf, pictureOf, singleOf } from './pictures.js';

const MOST_SIDE = 16_384;
/** How far takes differ where the canvas reaches beyond the picture, 0..1. */
const WIDENED = 0.12;

/** Where a picture lies on a canvas that may reach beyond it, in px of the canvas. */
interface Layout {
  readonly canvas: { readonly width: number; readonly height: number };
  readonly picture: { readonly width: number; readonly height: number; readonly x: number; readonly y: number };
}

function layoutOf(body: TobBody): Layout {
  const [canvas, picture] = [body.inner('canvas'), body.inner('imgPos')];
  const side = (of: TobBody, key: string): number => of.whole(key, 1, MOST_SIDE);
  return {
    canvas: { width: side(canvas, 'width'), height: side(canvas, 'height') },
    picture: {
      width: side(picture, 'width'),
      height: side(picture, 'height'),
      x: picture.number('x', -MOST_SIDE, MOST_SIDE),
      y: picture.number('y', -MOST_SIDE, MOST_SIDE),
    },
  };
}

/** The canvas of a layout: what a picture shows, with more around it or less of it. */
function laidOut(shown: Canvas, { canvas, picture }: Layout): Canvas {
  const { x, y, w, h } = shown.view;
  const view = {
    x: x - (w * picture.x) / picture.width,
    y: y - (h * picture.y) / picture.height,
    w: (w * canvas.width) / picture.width,
    h: (h * canvas.height) / picture.height,
  };
  return { ...shown, view };
}

const reachesBeyond = ({ canvas, picture }: Layout): boolean =>
  picture.x > 0 ||
  picture.y > 0 ||
  picture.x + picture.width < canvas.width ||
  picture.y + picture.height < canvas.height;

/** Four takes: repainted where the mask is white; without one what lies beyond the picture, or else its middle. */
function edited(base: Canvas, layout: Layout, words: string, mask: string | null, seed: number, area: number): Artwork {
  const whole = laidOut(base, layout);
  return fourOf(seed, area, (take) =>
    mask === null && reachesBeyond(layout)
      ? vary(reword(whole, words), take, WIDENED)
      : patch(whole, words, mask, take),
  );
}

const maskOf = async (body: TobBody, { inputs, profile }: TobTools): Promise<string | null> =>
  body.has('mask') ? inputs.mask(body.inner('mask'), profile.maskSides) : null;

/** Only what the mask shows white is repainted. */
async function inpaint(body: TobBody, tools: TobTools): Promise<TobDraft> {
  const parent = parentOf('inpaint', body, tools);
  const picture = pictureOf(parent, body);
  const { words, ...rest } = heir(parent, 'remixPrompt', body, tools);
  const mask = await tools.inputs.mask(body.inner('mask'), tools.profile.maskSides);
  const seed = newSeed();
  const artwork = fourOf(seed, areaLike(picture), (take) => patch(picture.canvas, words ?? '', mask, take));
  return { ...rest, seed, artwork };
}

async function edit(body: TobBody, tools: TobTools): Promise<TobDraft> {
  const layout = layoutOf(body);
  body.text('remixPrompt');
  const parent = parentOf('edit', body, tools);
  const picture = pictureOf(parent, body);
  const { words, ...rest } = heir(parent, 'remixPrompt', body, tools);
  const mask = await maskOf(body, tools);
  const seed = newSeed();
  return { ...rest, seed, artwork: edited(picture.canvas, layout, words ?? '', mask, seed, areaLike(picture)) };
}

async function uploadPaint(body: TobBody, tools: TobTools): Promise<TobDraft> {
  const layout = layoutOf(body);
  const link = body.link('imgUrl');
  const prompt = tools.read(body.text('remixPrompt'));
  const photo = await photoOf(link, tools);
  const mask = await maskOf(body, tools);
  const seed = prompt.seed ?? newSeed();
  const artwork = edited(photo, layout, prompt.words, mask, seed, tools.area);
  const model = prompt.model ?? tools.profile.model;
  return { parent: null, text: prompt.raw, model, seed, artwork, foreign: true };
}

async function retexture(body: TobBody, tools: TobTools): Promise<TobDraft> {
  const link = body.link('imgUrl');
  const prompt = tools.read(body.text('remixPrompt'));
  const input = await tools.inputs.fetch(link);
  const aspect = await tools.describer.aspect(input);
  const seed = prompt.seed ?? newSeed();
  const artwork = fourOf(seed, tools.area, (take) => ({
    kind: 'restyle',
    input,
    text: prompt.words,
    whole: true,
    seed: take,
    drifts: [],
    aspect,
    view: WHOLE,
  }));
  const model = prompt.model ?? tools.profile.model;
  return { parent: null, text: prompt.raw, model, seed, artwork, foreign: true };
}

async function removeBackground(body: TobBody, tools: TobTools): Promise<TobDraft> {
  const link = body.link('imgUrl');
  const photo = await photoOf(link, tools);
  const artwork: Artwork = { ...singleOf(photo, tools.area), cutOut: true };
  const { model } = tools.profile;
  return { parent: null, text: link, model, seed: photo.seed, artwork, foreign: true };
}

async function photoOf(link: string, { inputs, describer }: TobTools): Promise<Canvas> {
  const input = await inputs.fetch(link);
  const aspect = await describer.aspect(input);
  return { kind: 'photo', input, seed: newSeed(), drifts: [], aspect, view: WHOLE };
}

/** What repaints a part of a picture, or a picture of the client. */
export const EDIT_OPERATIONS: Operations = {
  inpaint,
  edit,
  'upload-paint': uploadPaint,
  retexture,
  'remove-background': removeBackground,
};
