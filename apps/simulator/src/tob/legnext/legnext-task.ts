import { isTerminal, phaseAt } from '../../tasks/lifecycle.js';
import { hasFlag, readTobPrompt } from '../tob-prompt.js';
import { linksOf } from '../job-links.js';
import { type TobRecord } from '../tob-record.js';
import { availableActions } from './legnext-rules.js';

/** How this vendor writes that there is no moment: in one of two ways. */
const NO_TIME = '0001-01-01T00:00:00Z';
const POINTS: Partial<Record<TobRecord['operation'], number>> = { describe: 20, shorten: 20, 'video-diffusion': 480 };
const HD_POINTS = 120;

export const pointsOf = (job: TobRecord): number =>
  POINTS[job.operation] ?? (hasFlag(readTobPrompt(job.text), 'hd') ? HD_POINTS : 80);

/** pending → staged → processing → completed or failed. */
export function statusOf(job: TobRecord, now: number): string {
  const { status } = phaseAt(job, now);
  switch (status) {
    case 'NOT_START':
      return job.startTime === null ? 'staged' : 'pending';
    case 'SUCCESS':
      return 'completed';
    case 'FAILURE':
    case 'CANCEL':
      return 'failed';
    case 'SUBMITTED':
    case 'IN_PROGRESS':
    case 'MODAL':
      return job.faults.status ?? 'processing';
  }
}

/** A task as submits, reads and callbacks give it. A submit answers pending, whatever waits before it. */
export function legnextTask(
  job: TobRecord,
  now: number,
  base: string,
  linksHidden: boolean,
): Readonly<Record<string, unknown>> {
  const phase = phaseAt(job, now);
  const done = phase.status === 'SUCCESS';
  const over = isTerminal(phase.status);
  const failure = phase.status === 'FAILURE' ? (job.faults.fail ?? '') : '';
  const points = pointsOf(job);
  return {
    job_id: job.id,
    model: 'midjourney',
    task_type: job.operation,
    status: statusOf(job, now),
    config: { service_mode: 'public', webhook_config: { endpoint: job.notifyHook ?? '', secret: '' } },
    input: null,
    output: job.answer === null ? drawn(job, done && !linksHidden, base) : told(job, done),
    meta: {
      created_at: moment(job.submitTime),
      started_at: phase.status === 'NOT_START' || job.faults.noDates === true ? NO_TIME : moment(job.startTime),
      ended_at: over && job.faults.noDates !== true ? moment(phase.finishTime) : '',
      usage: { type: 'point', frozen: over ? 0 : points, consume: done ? points : 0 },
    },
    detail: null,
    logs: phase.percent === null ? [] : [`progress ${phase.percent}%`],
    error: {
      code: failure === '' ? 0 : 10_000,
      raw_message: failure === '' ? '' : `upstream said: ${failure}`,
      message: failure,
      detail: null,
    },
  };
}

const moment = (ms: number | null): string => (ms === null ? NO_TIME : new Date(ms).toISOString());

function drawn(job: TobRecord, shown: boolean, base: string): Record<string, unknown> {
  const links = shown ? linksOf(job, base) : [];
  const withheld = new Set(job.faults.withheld ?? []);
  const film = job.artwork.kind === 'film';
  const asImages = !film || job.faults.videoInImages === true;
  const images = links.map((link, at) => (withheld.has(at) ? null : link));
  const whole = `${base}/pictures/${job.id}.png`;
  const none = links.length === 0;
  return {
    image_url: none || film ? '' : whole,
    image_urls: none || !asImages ? null : images,
    ...(film ? { video_url: none || asImages ? '' : links[0], video_urls: none || asImages ? null : links } : {}),
    seed: none ? '' : String(job.seed),
    available_actions: none ? null : availableActions(job),
  };
}

function told({ answer }: TobRecord, done: boolean): Record<string, unknown> {
  if (!done || answer === null) return { promptEn: '', description: '', finalPrompt: '', prompts: null };
  return {
    promptEn: answer.text,
    description: answer.text,
    finalPrompt: answer.prompts[0] ?? '',
    prompts: answer.prompts,
  };
}
