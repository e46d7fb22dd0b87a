import type { Snapshot, Work } from '#libs/upstream';
import { isNumbered } from '#libs/wire';
import { judged, NotTriedError } from '../finding.js';
import { fieldOf } from '../recording-http.js';
import type { Trial } from '../trial.js';
import type { Check } from './check.js';

const LONG = 'a small red circle, very beautiful and nice, on a sheet of white paper, in great detail';

/** Whether a describe of the imagine's first picture ends with prompts. */
export const describeOutput: Check = async (trial) => {
  const link = await pictureOf(trial);
  return numbered(trial, { kind: 'describe', image: null, link, language: null });
};

export const shortenOutput: Check = (trial) => numbered(trial, { kind: 'shorten', prompt: LONG });

/** Whether the shortest film of the imagine's first picture has one link. */
export const videoOutputs: Check = async (trial) => {
  const image = await pictureOf(trial);
  const id = await trial.accepted({
    kind: 'video',
    prompt: 'the circle grows slowly',
    image,
    endImage: null,
    loop: false,
    motion: 'low',
    videoType: null,
    batchSize: 1,
    extend: null,
  });
  const { snapshot, raw } = await trial.follow(id);
  const { length } = snapshot.videoUrls;
  const fields = filledFields({ ...raw, ...fieldOf(raw, 'output') }).join(', ');
  return judged(length === 1, `${length} films; fields with links: ${fields || 'none'}`);
};

async function numbered(trial: Trial, work: Work): Promise<ReturnType<typeof judged>> {
  const { snapshot } = await trial.follow(await trial.accepted(work));
  const isFound = textsOf(snapshot).some(isNumbered);
  return judged(isFound, isFound ? 'numbered prompts' : 'no numbered prompts');
}

function textsOf({ prompt, promptEn, finalPrompt, description }: Snapshot): string[] {
  return [promptEn, finalPrompt, prompt, description];
}

async function pictureOf(trial: Trial): Promise<string> {
  const { imageUrls, imageUrl } = (await trial.grid()).snapshot;
  const link = imageUrls.find((one) => one !== null) ?? imageUrl;
  if (link === null) throw new NotTriedError('the imagine has no picture with a link');
  return link;
}

/** The names of fields that hold a link, which say where an upstream puts its films. */
function filledFields(item: Record<string, unknown>): string[] {
  const hasLink = (value: unknown): boolean =>
    Array.isArray(value) ? value.some(hasLink) : typeof value === 'string' && /^https?:/.test(value);
  return Object.entries(item)
    .filter(([name, value]) => /^\w{1,40}$/.test(name) && hasLink(value))
    .map(([name]) => name);
}
