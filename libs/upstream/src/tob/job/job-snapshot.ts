import type { Snapshot } from '../../port/snapshot.js';
import { buttonsOf, type ButtonTerms } from '../buttons/job-buttons.js';
import { readSpelledId, type SpelledId } from '../../port/spelled-id.js';
import { wordsOf } from '../prompt/job-text.js';
import type { TobJob } from './tob-job.js';

/** A job as the task of that id: the whole of it, or the picture or clip that the id spells. */
export function snapshotOf(job: TobJob, upstreamTaskId: string, terms: ButtonTerms): Snapshot {
  const id = readSpelledId(upstreamTaskId);
  const whole = wholeJob(job, terms);
  if (id.picture === null && id.clip === null) return { ...whole, upstreamTaskId: job.id };
  const state = terms.vendor === 'legnext' && id.task !== '' ? `jm:${id.task}` : null;
  const part = { ...whole, upstreamTaskId, state };
  // Whatever has become of the job: a pick of a job that is not done is asked for again.
  return job.status === 'SUCCESS' ? { ...part, ...pickOf(job, id), buttons: buttonsOf(job, id, terms) } : part;
}

function wholeJob(job: TobJob, terms: ButtonTerms): Snapshot {
  const isDone = job.status === 'SUCCESS';
  const { pictures, found } = job;
  const [first = null] = pictures;
  return {
    upstreamTaskId: job.id,
    state: job.state,
    status: job.status,
    // The vendors tell no progress.
    progress: isDone ? 100 : null,
    prompt: found || job.text,
    promptEn: found,
    // A text without words has only what the gateway wrote: links, a version, the motion of a film.
    finalPrompt: found || (wordsOf(job.text) === '' ? '' : job.text),
    finalZhPrompt: '',
    description: '',
    failReason: job.failReason,
    imageUrl: pictures.length === 1 ? first : job.gridUrl,
    imageUrls: pictures.length === 1 && first !== null ? [] : pictures,
    ...(job.isIncomplete ? { isIncomplete: true } : {}),
    videoUrls: job.clips.filter((link) => link !== null),
    buttons: isDone ? buttonsOf(job, readSpelledId(job.id), terms) : [],
    messageId: null,
    messageHash: null,
    seed: job.seed,
    submitTime: job.submitTime,
  };
}

/** The picture or clip alone. One that was withheld is a success without it, because its job was one. */
function pickOf(job: TobJob, { picture, clip }: SpelledId): Partial<Snapshot> {
  const none = { imageUrl: null, imageUrls: [], videoUrls: [] };
  const number = picture ?? clip ?? 1;
  // Clients that count on four U buttons pick clips of a film as they pick pictures.
  const isClip = picture === null || job.clips.length > 0;
  const link = (isClip ? job.clips : job.pictures)[number - 1];
  if (link === undefined) {
    const failReason = `The task has no ${isClip ? 'clip' : 'picture'} ${number}`;
    return { ...none, status: 'FAILURE', failReason };
  }
  if (link === null) return { ...none, imageUrls: [null] };
  return isClip ? { ...none, videoUrls: [link] } : { ...none, imageUrl: link };
}
