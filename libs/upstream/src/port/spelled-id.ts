/** A vendor's job, or one picture or clip of it: what an id of a task on such an upstream stands for. */
export interface SpelledId {
  jobId: string;
  /** Number of the picture, from 1; null: the whole job. */
  picture: number | null;
  /** Number of the clip, from 1; null: the whole job. */
  clip: number | null;
  /** Our task's id, by which a picture or clip is another one for each task; "" for the whole job. */
  task: string;
}

const SPELLED = /^([^~]+)~(v?)(\d{1,2})~([A-Za-z0-9_-]*)$/;
const MAX_ID_CHARS = 128;

/**
 * The id of picture n of a job, `<job>~<n>~<task>`, which no call makes: the vendor gave the picture with the job. Our task's
 * id in it makes it unique, because two keys may pick the same picture.
 * @param state the correlation id of the task
 */
export function pictureId(jobId: string, picture: number, state: string): string {
  return spelled(jobId, String(picture), state);
}

/** The same of clip n of a film: `<job>~v<n>~<task>`. */
export function clipId(jobId: string, clip: number, state: string): string {
  return spelled(jobId, `v${clip}`, state);
}

/** Reads an id of a task. Total: an id that spells nothing more is that of a job. */
export function readSpelledId(id: string): SpelledId {
  const [, jobId, film, number, task = ''] = SPELLED.exec(id) ?? [];
  const n = Number(number);
  if (jobId === undefined || n < 1) return { jobId: id, picture: null, clip: null, task: '' };
  return film === 'v' ? { jobId, picture: null, clip: n, task } : { jobId, picture: n, clip: null, task };
}

function spelled(jobId: string, part: string, state: string): string {
  const task = state.slice(state.lastIndexOf(':') + 1).replace(/[^A-Za-z0-9_-]/g, '');
  return `${jobId}~${part}~${task}`.slice(0, MAX_ID_CHARS);
}
