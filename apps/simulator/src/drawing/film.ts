import sharp from 'sharp';
import { type Clip, FRAME_MS } from './canvas.js';
import type { FilmEncoder } from './film-encoder.js';
import { type Painter } from './painter.js';
import { type Raster, raw } from './raster.js';
import { type Window } from './stage.js';

/** What is glided over is painted so much finer than a frame: it is cut at whole pixels, and must not tremble. */
const FINER = 2;

/**
 * Draws a clip as MP4: the view glides through the scene; a loop comes back to where it began. The scene is painted
 * once, and frames are cut out of it: that takes a few ms each, where painting one takes a hundred.
 */
export async function filmMp4(painter: Painter, encoder: FilmEncoder, clip: Clip, sides: Sides): Promise<Buffer> {
  const width = even(sides.width);
  const height = even(sides.height);
  const views = Array.from({ length: clip.frames }, (_, at) => viewAt(clip, at));
  const all = unionOf(views);
  const narrowest = Math.min(...views.map(({ w }) => w));
  const scene = await painter.paint(
    { ...clip.from, view: all },
    Math.round((width * FINER * all.w) / narrowest),
    Math.round((height * FINER * all.h) / narrowest),
  );
  const film = encoder.begin(width, height, 1_000 / FRAME_MS);
  try {
    for (const view of views) film.add(await cut(scene, all, view, width, height));
  } catch (error) {
    film.drop();
    throw error;
  }
  return film.end();
}

/** What one frame of a clip shows. */
export function viewAt(clip: Clip, at: number): Window {
  const reach = clip.motion === 'high' ? 0.3 : 0.14;
  const { view } = clip.from;
  const part = at / Math.max(1, clip.frames - (clip.loop ? 0 : 1));
  const along = clip.loop ? (1 - Math.cos(part * 2 * Math.PI)) / 2 : part * part * (3 - 2 * part);
  const size = 1 - reach * 0.5 * along;
  return {
    x: view.x + view.w * reach * 0.6 * along,
    y: view.y + view.h * (1 - size) * 0.5,
    w: view.w * size,
    h: view.h * size,
  };
}

interface Sides {
  width: number;
  height: number;
}

async function cut(scene: Raster, all: Window, view: Window, width: number, height: number): Promise<Buffer> {
  const [left, cutWidth] = span(view.x - all.x, view.w, all.w, scene.width);
  const [top, cutHeight] = span(view.y - all.y, view.h, all.h, scene.height);
  return raw(scene)
    .extract({ left, top, width: cutWidth, height: cutHeight })
    .resize(width, height, { fit: 'fill', kernel: sharp.kernel.linear })
    .ensureAlpha()
    .raw()
    .toBuffer();
}

/** A part of a length as whole pixels inside of it: where it begins, and how many there are. */
function span(from: number, length: number, all: number, pixels: number): [number, number] {
  const begin = Math.min(pixels - 1, Math.max(0, Math.round((from / all) * pixels)));
  return [begin, Math.max(1, Math.min(pixels - begin, Math.round((length / all) * pixels)))];
}

function unionOf(views: readonly Window[]): Window {
  const x = Math.min(...views.map((view) => view.x));
  const y = Math.min(...views.map((view) => view.y));
  const w = Math.max(...views.map((view) => view.x + view.w)) - x;
  const h = Math.max(...views.map((view) => view.y + view.h)) - y;
  return { x, y, w, h };
}

/** H.264 halves both sides for its colours. */
function even(side: number): number {
  return Math.max(2, Math.round(side / 2) * 2);
}
