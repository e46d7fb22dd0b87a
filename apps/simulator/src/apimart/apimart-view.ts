import { type Artwork } from '../drawing/canvas.js';
import { buttonsFor } from '../wire/buttons.js';
import { type ApimartRecord } from './apimart-record.js';
import { type Standing, standingAt } from './standing.js';
import { isV8, v8Buttons, versionOf } from './v8-rules.js';

/** Links of the unified form are said to hold so long, s. */
const LINK_SECONDS = 24 * 60 * 60;
/** Upscales of this kind are offered by nobody: clients build their ids. */
const HD = /^MJ::JOB::upsample_/;

type Json = Readonly<Record<string, unknown>>;

/** A task in the form of `GET /v1/midjourney/{id}`; `base` is where its pictures are served. */
export function midjourneyForm(task: ApimartRecord, now: number, base: string): Json {
  const standing = standingAt(task, now);
  const done = standing.status === 'SUCCESS';
  const described = task.shows === 'described';
  const answer = described ? (done ? (task.answer ?? '') : '') : task.prompt;
  const { pictures, grid, videos } = linksOf(task, done, base);
  const core: Json = {
    id: task.id,
    status: standing.status,
    action: task.action,
    progress: `${standing.percent}%`,
    prompt: answer,
    grid_image_url: grid,
    image_urls: pictures,
    video_url: videos[0] ?? '',
    video_urls: videos,
    buttons: done ? buttonsOf(task) : [],
    fail_reason: standing.failReason,
  };
  if (task.faults.coreOnly === true) return core;
  const cost = costOf(task, standing);
  return {
    ...core,
    mode: task.mode,
    description: described ? answer : '',
    cost,
    credits_cost: Math.round(cost * 1_000),
    actual_time: actualTime(task, standing),
    created: seconds(task.submitTime),
    completed: standing.finishTime === null ? 0 : seconds(standing.finishTime),
    ...(task.echoes ? { metadata: task.metadata } : {}),
  };
}

/** The same task in the form of `GET /v1/tasks/{id}`, which all of the vendor's models share. */
export function unifiedForm(task: ApimartRecord, now: number, base: string): Json {
  const standing = standingAt(task, now);
  const { pictures, videos } = linksOf(task, standing.status === 'SUCCESS', base);
  const expires = standing.finishTime === null ? 0 : seconds(standing.finishTime) + LINK_SECONDS;
  const listed = (urls: readonly string[]): Json[] => [{ url: urls, expires_at: expires }];
  return {
    id: task.id,
    status: unifiedStatus(standing),
    progress: standing.percent,
    result: {
      images: pictures.length === 0 ? [] : listed(pictures),
      ...(videos.length === 0 ? {} : { videos: listed(videos) }),
    },
    cost: costOf(task, standing),
    estimated_time: Math.ceil(task.runMs / 1_000),
    actual_time: actualTime(task, standing),
    created: seconds(task.submitTime),
    completed: standing.finishTime === null ? 0 : seconds(standing.finishTime),
    ...(standing.failReason === '' ? {} : { error: { message: standing.failReason } }),
  };
}

function unifiedStatus({ status, expired }: Standing): string {
  switch (status) {
    case 'NOT_START':
    case 'SUBMITTED':
    case 'MODAL':
      return 'pending';
    case 'IN_PROGRESS':
      return 'processing';
    case 'SUCCESS':
      return 'completed';
    case 'FAILURE':
      return expired ? 'cancelled' : 'failed';
  }
}

interface Links {
  readonly pictures: readonly string[];
  readonly grid: string;
  readonly videos: readonly string[];
}

function linksOf(task: ApimartRecord, done: boolean, base: string): Links {
  const { artwork, id } = task;
  if (!done || task.faults.noPicture === true || task.shows === 'described')
    return { pictures: [], grid: '', videos: [] };
  const whole = `${base}/pictures/${id}.png`;
  const parts = (type: string): string[] => numbersOf(artwork).map((n) => `${base}/pictures/${id}/${n}.${type}`);
  switch (artwork.kind) {
    case 'grid':
      return { pictures: parts('png'), grid: whole, videos: [] };
    case 'single':
      return { pictures: [whole], grid: '', videos: [] };
    case 'film':
      return { pictures: [], grid: '', videos: parts('mp4') };
    case 'none':
      return { pictures: [], grid: '', videos: [] };
  }
}

function numbersOf(artwork: Artwork): number[] {
  const count = artwork.kind === 'grid' ? artwork.cells.length : artwork.kind === 'film' ? artwork.clips.length : 0;
  return Array.from({ length: count }, (_, at) => at + 1);
}

/** Buttons as this dialect shows them: three keys each, the emoji as label where there is no other. */
function buttonsOf(task: ApimartRecord): Json[] {
  const clips = task.artwork.kind === 'film' ? task.artwork.clips.length : 0;
  const all = buttonsFor(task.shows, task.jobId, versionOf(task.model), clips).filter(
    ({ customId }) => !HD.test(customId),
  );
  const shown = isV8(task.model) ? v8Buttons(all, task.shows === 'grid', task.jobId) : all;
  return shown.map(({ customId, label, emoji, style }) => ({ customId, label: label || emoji, style }));
}

const costOf = (task: ApimartRecord, { status }: Standing): number => (status === 'FAILURE' ? 0 : task.cost);
const seconds = (ms: number): number => Math.floor(ms / 1_000);
const actualTime = (task: ApimartRecord, { finishTime }: Standing): number =>
  finishTime === null || task.startTime === null ? 0 : Math.max(0, Math.round((finishTime - task.startTime) / 1_000));
