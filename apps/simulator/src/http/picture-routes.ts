import { type FastifyInstance, type FastifyReply } from 'fastify';
import { type Artwork } from '../drawing/canvas.js';
import { filmMp4 } from '../drawing/film.js';
import type { FilmEncoder } from '../drawing/film-encoder.js';
import { type Drawn, type Gallery } from '../drawing/gallery.js';
import { type Painter } from '../drawing/painter.js';
import { type InputStore } from '../inputs/input-store.js';
import { phaseAt } from '../tasks/lifecycle.js';
import { type WorkFinder, type WorkRecord } from '../tasks/work-record.js';

export interface PictureAccess {
  /** The tasks of all dialects. */
  readonly works: WorkFinder;
  readonly painter: Painter;
  readonly films: FilmEncoder;
  readonly gallery: Gallery;
  readonly inputs: InputStore;
}

type Draw = () => Promise<Drawn>;
const png = async (bytes: Promise<Buffer>): Promise<Drawn> => ({ bytes: await bytes, type: 'image/png' });
const webp = async (bytes: Promise<Buffer>): Promise<Drawn> => ({ bytes: await bytes, type: 'image/webp' });

/** Mounts the pictures, which need no secret: they stand for the CDN that the links of a real upstream lead to. */
export function mountPictures(app: FastifyInstance, access: PictureAccess): void {
  const { works, gallery, inputs } = access;
  const show = async (reply: FastifyReply, id: string, part: string): Promise<void> => {
    const task = works.find(id, Date.now());
    const draw = task === null || task.faults.deadPicture === true ? null : drawing(access, task, part);
    if (draw === null) {
      await reply.code(404).send({ error: 'not found' });
      return;
    }
    const drawn = await gallery.get(`${id}/${part}`, draw);
    await reply
      .header('content-type', drawn.type)
      .header('access-control-allow-origin', '*')
      .header('cache-control', 'public, max-age=31536000, immutable')
      .send(drawn.bytes);
  };

  app.get<{ Params: { file: string } }>('/pictures/:file', async (request, reply) => {
    const [, id] = /^([\w-]+)\.png$/.exec(request.params.file) ?? [];
    return show(reply, id ?? '', 'whole.png');
  });
  app.get<{ Params: { id: string; part: string } }>('/pictures/:id/:part', async (request, reply) =>
    show(reply, request.params.id, request.params.part),
  );
  app.get<{ Params: { file: string } }>('/uploads/:file', async (request, reply) => {
    const bytes = await inputs.read(request.params.file.replace(/\.webp$/, ''));
    if (bytes === null) return reply.code(404).send({ error: 'not found' });
    return reply.header('content-type', 'image/webp').header('access-control-allow-origin', '*').send(bytes);
  });
}

/** How a part of a task's artwork is drawn; null for a part that there is not, or not yet. */
function drawing(access: PictureAccess, task: WorkRecord, part: string): Draw | null {
  const { artwork } = task;
  const { status, percent } = phaseAt(task, Date.now());
  if (artwork.kind === 'none') return null;
  const [, step] = /^preview-(\d{1,2})\.webp$/.exec(part) ?? [];
  if (step !== undefined) {
    const reached = status === 'SUCCESS' ? 100 : (percent ?? -1);
    return Number(step) <= reached ? () => webp(access.painter.preview(artwork, Number(step))) : null;
  }
  return status === 'SUCCESS' ? finished(access, artwork, part) : null;
}

function finished(
  { painter, films }: PictureAccess,
  artwork: Exclude<Artwork, { kind: 'none' }>,
  part: string,
): Draw | null {
  if (part === 'whole.png' && artwork.kind === 'grid') return () => png(painter.gridPng(artwork));
  if (part === 'whole.png' && artwork.kind === 'single') {
    const { canvas, width, height } = artwork;
    return () =>
      png(artwork.cutOut === true ? painter.cutOutPng(canvas, width, height) : painter.png(canvas, width, height));
  }
  const [, number, small, type] = /^([1-4])(-small)?\.(png|webp|mp4)$/.exec(part) ?? [];
  const at = Number(number) - 1;
  if (artwork.kind === 'film') {
    const clip = artwork.clips[at];
    if (clip === undefined) return null;
    if (type === 'mp4' && small === undefined)
      return async () => ({ bytes: await filmMp4(painter, films, clip, artwork), type: 'video/mp4' });
    return type === 'webp' ? () => webp(painter.webp(clip.from, artwork.width, artwork.height)) : null;
  }
  const canvas = artwork.kind === 'grid' ? artwork.cells[at] : undefined;
  if (canvas === undefined) return null;
  const { width, height } = artwork;
  if (type === 'png' && small === undefined) return () => png(painter.png(canvas, width, height));
  if (type === 'webp' && small !== undefined) return () => webp(painter.webp(canvas, width / 2, height / 2));
  return null;
}
