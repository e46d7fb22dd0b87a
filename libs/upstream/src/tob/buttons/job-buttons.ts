import type { ButtonView } from '#libs/wire';
import type { SpelledId } from '../../port/spelled-id.js';
import { keycap } from '../job/found-text.js';
import type { PictureWork, TobJob } from '../job/tob-job.js';
import { modelOf } from '../prompt/prompt-model.js';
import { modelWorkOf, type ModelWork, type TobVendor } from './model-work.js';

const MOST_OPTIONS = 9;
const LAST_WIDE = '7';
const OPTION = /^[^\S\r\n]*(\d)\uFE0F?\u20E3/gmu;

/** What the buttons of a job depend on besides the job. */
export interface ButtonTerms {
  vendor: TobVendor;
  /** The version of a job whose text names none. */
  defaultVersion: string;
}

/**
 * The buttons of a finished job, or of the picture or clip of it that an id spells, as Midjourney has them. Only what the
 * vendor says is possible has one, else what its model is capable of.
 */
export function buttonsOf(
  job: TobJob,
  { picture, clip }: Pick<SpelledId, 'picture' | 'clip'>,
  terms: ButtonTerms,
): ButtonView[] {
  const model = modelWorkOf(terms.vendor, modelOf(job.text) ?? likelyVersion(job, terms.defaultVersion));
  if (job.foundBy !== null) return optionButtons(job);
  if (job.clips.length > 0) return clipButtons(job, clip ?? picture);
  if (picture !== null) return job.pictures[picture - 1] == null ? [] : pictureButtons(job, picture, model, true);
  if (job.pictures.length > 1) return gridButtons(job, model);
  if (job.pictures[0] == null || isCutOut(job)) return [];
  return pictureButtons(job, 1, model, false);
}

/** The version of a job without a text: only versions before 8 go beyond the edges of their pictures. */
function likelyVersion({ offers }: TobJob, defaultVersion: string): string {
  const isWide = (offers?.pictures.get('pan')?.size ?? 0) > 0 || (offers?.pictures.get('outpaint')?.size ?? 0) > 0;
  return isWide && /^8/.test(defaultVersion) ? LAST_WIDE : defaultVersion;
}

/** A picture without its background is made from a link alone, so nothing can be made of the job. */
function isCutOut({ workName, text }: TobJob): boolean {
  return workName === null ? /^https?:\/\/\S+$/i.test(text.trim()) : /background/.test(workName);
}

function optionButtons({ found, foundBy }: TobJob): ButtonView[] {
  const verb = foundBy === 'shorten' ? 'PromptAnalyzer' : 'PicReader';
  const digits = [...found.matchAll(OPTION)].map(([, digit]) => Number(digit)).slice(0, MOST_OPTIONS);
  return digits.map((digit) => button(`MJ::Job::${verb}::${digit}`, '', keycap(digit)));
}

function gridButtons(job: TobJob, model: ModelWork): ButtonView[] {
  const shown = job.pictures.map((link, at) => (link === null ? 0 : at + 1)).filter((number) => number > 0);
  const reroll = job.offers?.reroll ?? true;
  return [
    ...shown.map((n) => button(`MJ::JOB::upsample::${n}::${job.id}`, `U${n}`)),
    ...(reroll ? [button(`MJ::JOB::reroll::0::${job.id}::SOLO`, '', '🔄')] : []),
    ...shown
      .filter((n) => isOffered(job, model, 'variation', n))
      .map((n) => button(`MJ::JOB::variation::${n}::${job.id}`, `V${n}`)),
  ];
}

/** @param isOfGrid false: the job is a single picture, such as an upscaled one, which is not upscaled again */
function pictureButtons(job: TobJob, number: number, model: ModelWork, isOfGrid: boolean): ButtonView[] {
  const { id, text } = job;
  const isDraft = /(?:^|\s)--draft(?:\s|$)/i.test(text);
  const isHd = /(?:^|\s)--hd(?:\s|$)/i.test(text);
  const has = (work: PictureWork): boolean => isOffered(job, model, work, number);
  const on = (verb: string, label: string, emoji: string): ButtonView =>
    button(`MJ::${verb}::1::${id}::SOLO`, label, emoji);
  const rows: readonly (readonly [boolean, readonly ButtonView[]])[] = [
    [
      (isOfGrid || job.offers !== null) &&
        has('upscale') &&
        !(isHd && model.upscales.every((word) => /_hd$/.test(word))),
      model.upscales.map((word) => on(`JOB::upsample_${word}`, upscaleLabel(word), 'upscale_1')),
    ],
    [
      has('variation'),
      [on('JOB::low_variation', 'Vary (Subtle)', '🪄'), on('JOB::high_variation', 'Vary (Strong)', '🪄')],
    ],
    [has('inpaint'), [on('Inpaint', 'Vary (Region)', '🖌️')]],
    [
      has('outpaint'),
      [
        on('Outpaint::50', 'Zoom Out 2x', '🔍'),
        on('Outpaint::75', 'Zoom Out 1.5x', '🔍'),
        button(`MJ::CustomZoom::1::${id}`, 'Custom Zoom', '🔍'),
      ],
    ],
    [
      has('pan'),
      [
        on('JOB::pan_left', '', '⬅️'),
        on('JOB::pan_right', '', '➡️'),
        on('JOB::pan_up', '', '⬆️'),
        on('JOB::pan_down', '', '⬇️'),
      ],
    ],
    [
      has('video'),
      [on('JOB::animate_high', 'Animate (High motion)', '🎞️'), on('JOB::animate_low', 'Animate (Low motion)', '🎞️')],
    ],
    [has('remix'), [on('JOB::remix_subtle', 'Remix (Subtle)', '🎨'), on('JOB::remix_strong', 'Remix (Strong)', '🎨')]],
    [isDraft && has('enhance'), [on('JOB::enhance', 'Enhance', '✨')]],
    [has('background'), [on('JOB::remove_background', 'Remove Background', '✂️')]],
  ];
  return rows.flatMap(([isThere, buttons]) => (isThere ? buttons : []));
}

/** A film of several clips lets one be picked; one clip can be extended and enlarged. */
function clipButtons({ id, clips }: TobJob, picked: number | null): ButtonView[] {
  const shown = clips.map((link, at) => (link === null ? 0 : at + 1)).filter((number) => number > 0);
  if (picked === null && clips.length > 1) {
    return shown.map((n) => button(`MJ::JOB::video_virtual_upscale::${n}::${id}`, `U${n}`));
  }
  if (!shown.includes(picked ?? 1)) return [];
  return [
    button(`MJ::JOB::animate_high_extend::1::${id}`, 'Extend (High motion)', '🎞️'),
    button(`MJ::JOB::animate_low_extend::1::${id}`, 'Extend (Low motion)', '🎞️'),
    button(`MJ::JOB::video_upscale::1::${id}`, 'Upscale (1080p)', 'upscale_1'),
  ];
}

function isOffered({ offers }: TobJob, model: ModelWork, work: PictureWork, number: number): boolean {
  const told = offers?.pictures.get(work);
  return told === undefined ? model.work.has(work) : told.has(number);
}

function upscaleLabel(word: string): string {
  if (/_hd$/.test(word)) return 'Upscale (HD)';
  if (/_subtle$/.test(word)) return 'Upscale (Subtle)';
  return /_creative$/.test(word) ? 'Upscale (Creative)' : `Upscale (${word.endsWith('4x') ? '4x' : '2x'})`;
}

function button(customId: string, label: string, emoji = ''): ButtonView {
  return { customId, emoji, label, type: 2, style: 2 };
}
