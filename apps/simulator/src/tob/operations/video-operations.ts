import { type Artwork, type Canvas, type Clip, shownAspect, sidesFor, WHOLE } from '../../drawing/canvas.js';
import { extendClip, filmOf } from '../../submit/derive.js';
import { newSeed } from '../../tasks/task-id.js';
import { type TobBody } from '../tob-body.js';
import { type Operations, type TobDraft, type TobTools } from '../tob-draft.js';
import { flagValue, hasFlag, type TobPrompt } from '../tob-prompt.js';
import { type TobRecord } from '../tob-record.js';
import { Refusal } from '../tob-refusal.js';
import { parentOf, pictureOf } from './pictures.js';

const MOST_EXTENSIONS = 4;
/** The area of an upscaled video, px: more than the usual one, and still encoded within seconds. */
const UPSCALED_AREA = 720 * 720;

const motionOf = (prompt: TobPrompt | null): Clip['motion'] =>
  prompt !== null && flagValue(prompt, 'motion') === 'high' ? 'high' : 'low';

/** As many videos as `--bs` says, from a picture of a job or from a link at the prompt's beginning. */
async function videoDiffusion(body: TobBody, tools: TobTools): Promise<TobDraft> {
  if (body.has('videoType')) body.whole('videoType', 0, 1);
  const sent = body.optional('prompt');
  const prompt = sent === '' ? null : tools.read(sent);
  const parent = body.optional('jobId', 64) === '' ? null : parentOf('video-diffusion', body, tools);
  const from = parent === null ? await frameOf(prompt, tools) : pictureOf(parent, body).canvas;
  if (prompt !== null) await tools.inputs.fetchAll(prompt.references);
  const seed = prompt?.seed ?? newSeed();
  const loop = prompt !== null && hasFlag(prompt, 'loop');
  const { artwork } = filmOf(from, seed, { motion: motionOf(prompt), loop, batch: prompt?.batch ?? 4 });
  const text = prompt?.raw ?? parent?.text ?? '';
  return { parent, text, model: parent?.model ?? tools.profile.model, seed, artwork };
}

async function frameOf(prompt: TobPrompt | null, { inputs, describer }: TobTools): Promise<Canvas> {
  const [link] = prompt?.urls ?? [];
  if (link === undefined)
    throw new Refusal('Invalid_Argument', 'jobId, or prompt that begins with a link, is required');
  const input = await inputs.fetch(link);
  const aspect = await describer.aspect(input);
  return { kind: 'photo', input, seed: newSeed(), drifts: [], aspect, view: WHOLE };
}

function clipOf(job: TobRecord, body: TobBody): Clip {
  const at = body.whole('videoNo', 0, 3);
  const clip = job.artwork.kind === 'film' ? job.artwork.clips[at] : undefined;
  if (clip === undefined) throw new Refusal('Invalid_Argument', 'videoNo is of no video of this job');
  return clip;
}

function extendVideo(body: TobBody, tools: TobTools): Promise<TobDraft> {
  const sent = tools.profile.extendNeedsPrompt ? body.text('prompt') : body.optional('prompt');
  const prompt = sent === '' ? null : tools.read(sent);
  const parent = parentOf('extend-video', body, tools);
  const clip = clipOf(parent, body);
  if (parent.extended >= MOST_EXTENSIONS) throw new Refusal('Not_Support', 'the video was extended four times');
  const seed = newSeed();
  const all = extendClip(clip, seed, motionOf(prompt)).artwork;
  const artwork: Artwork = all.kind === 'film' ? { ...all, clips: all.clips.slice(0, prompt?.batch ?? 4) } : all;
  const { model, extended } = parent;
  return Promise.resolve({ parent, text: sent || parent.text, model, seed, artwork, extended: extended + 1 });
}

function videoUpscale(body: TobBody, tools: TobTools): Promise<TobDraft> {
  const parent = parentOf('video-upscale', body, tools);
  const clip = clipOf(parent, body);
  if (parent.upscaled) throw new Refusal('Job_ReUpscale_Not_Support', 'the video is upscaled already');
  const artwork: Artwork = { kind: 'film', ...sidesFor(shownAspect(clip.from), UPSCALED_AREA), clips: [clip] };
  const { text, model, seed, extended } = parent;
  return Promise.resolve({ parent, text, model, seed, extended, artwork, upscaled: true });
}

/** What moves. */
export const VIDEO_OPERATIONS: Operations = {
  'video-diffusion': videoDiffusion,
  'extend-video': extendVideo,
  'video-upscale': videoUpscale,
};
