import { type Artwork, type Canvas, shownAspect, sidesFor } from '../../drawing/canvas.js';
import { mixSeeds } from '../../drawing/seeded.js';
import { gridOf } from '../../submit/derive.js';
import { type Operation } from '../operation-names.js';
import { type TobBody } from '../tob-body.js';
import { type TobDraft, type TobTools } from '../tob-draft.js';
import { type TobRecord } from '../tob-record.js';
import { Refusal } from '../tob-refusal.js';

export type Single = Extract<Artwork, { kind: 'single' }>;

/** The most that a follow-up's pictures have, px: an enlarged picture's children are of the usual size again. */
const MOST_AREA = 1024 * 1024;

/** A finished job that an operation may go on from. @throws Refusal */
export function parentOf(operation: Operation, body: TobBody, tools: TobTools): TobRecord {
  const job = tools.parent(body.text('jobId', 64));
  tools.profile.allow(operation, job);
  if (job.foreign && operation !== 'upscale')
    throw new Refusal('Not_Support', 'a picture of your own can only be upscaled');
  return job;
}

/** One picture of a job, by its number from 0. @throws Refusal when there is no such picture */
export function pictureOf(job: TobRecord, body: TobBody): Single {
  const at = body.whole('imageNo', 0, 3);
  const { artwork } = job;
  if (job.faults.withheld?.includes(at) === true)
    throw new Refusal('Invalid_Argument', 'imageNo is of a picture that was withheld');
  if (artwork.kind === 'single' && at === 0) return artwork;
  const canvas = artwork.kind === 'grid' ? artwork.cells[at] : undefined;
  if (canvas === undefined || artwork.kind !== 'grid')
    throw new Refusal('Invalid_Argument', 'imageNo is of no picture of this job');
  return { kind: 'single', width: artwork.width, height: artwork.height, canvas };
}

/** The area that pictures made of a picture have, px. */
export const areaLike = ({ width, height }: Single): number => Math.min(width * height, MOST_AREA);

/** Four takes, each made of its seed. */
export const fourOf = (seed: number, area: number, make: (seed: number) => Canvas): Artwork =>
  gridOf(
    [1, 2, 3, 4].map((take) => make(mixSeeds(seed, take))),
    area,
  ).artwork;

/** One picture of a canvas. */
export const singleOf = (canvas: Canvas, area: number): Single => ({
  kind: 'single',
  ...sidesFor(shownAspect(canvas), area),
  canvas,
});

/** What a follow-up has of its parent and of its own prompt: with none it keeps the parent's text. */
export function heir(
  parent: TobRecord,
  key: string,
  body: TobBody,
  tools: TobTools,
): Pick<TobDraft, 'parent' | 'text' | 'model'> & { readonly words: string | null } {
  const sent = body.optional(key);
  if (sent === '') return { parent, text: parent.text, model: parent.model, words: null };
  const prompt = tools.read(sent);
  return { parent, text: sent, model: prompt.model ?? parent.model, words: prompt.words };
}
