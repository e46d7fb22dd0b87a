import { type Artwork, clipSeconds } from '../drawing/canvas.js';
import { buttonsFor } from '../wire/buttons.js';
import { ACCOUNT } from '../wire/replies.js';
import { type Status } from '../wire/vocabulary.js';
import { phaseAt, type Phase } from './lifecycle.js';
import { type TaskRecord } from './task-record.js';

/** A task as the wire shows it. */
export type TaskView = Readonly<Record<string, unknown>> & { readonly id: string; readonly status: Status };

/** What a cancelled task gives as its reason. */
const CANCELLED = '取消任务';
/** No frame is shown before this progress, percent. */
const FIRST_FRAME = 15;

/** The task object at a moment; `base` is where its pictures are served. Every key is always there, unless core-only. */
export function viewOf(task: TaskRecord, now: number, base: string): TaskView {
  const phase = phaseAt(task, now);
  const core = coreOf(task, phase, base);
  return task.faults.coreOnly === true ? core : { ...core, ...extrasOf(task, phase, base) };
}

function coreOf(task: TaskRecord, phase: Phase, base: string): TaskView {
  const { status } = phase;
  const done = status === 'SUCCESS';
  const answers = task.shows === 'described' || task.shows === 'shortened';
  const echo = done && answers && task.shows === 'described' ? task.finalPrompt : null;
  return {
    id: task.id,
    action: task.action,
    status,
    prompt: echo ?? task.prompt,
    promptEn: echo ?? task.promptEn,
    description:
      done && task.shows === 'shortened' ? task.finalPrompt : (task.description ?? (done ? 'Submit success' : null)),
    state: task.state,
    submitTime: task.submitTime,
    startTime: status === 'NOT_START' || status === 'MODAL' ? null : task.startTime,
    finishTime: phase.finishTime,
    imageUrl: imageUrl(task, phase, base),
    progress: progress(phase),
    failReason: status === 'FAILURE' ? task.faults.fail : status === 'CANCEL' ? CANCELLED : done ? '' : null,
    properties: {
      notifyHook: task.notifyHook,
      nonce: task.nonce,
      discordInstanceId: ACCOUNT,
      discordChannelId: ACCOUNT,
      flags: 0,
      ...(status === 'MODAL' ? { custom_id: task.customId } : {}),
      ...(done || (phase.percent !== null && !answers) ? { finalPrompt: task.finalPrompt } : {}),
      ...(done ? { messageId: messageId(task), messageHash: task.jobId } : {}),
    },
    buttons: done ? buttonsFor(task.shows, task.jobId, task.version, clips(task.artwork)) : [],
  };
}

function progress({ status, percent }: Phase): string | null {
  if (percent !== null) return `${percent}%`;
  if (status === 'SUCCESS') return '100%';
  return status === 'FAILURE' || status === 'CANCEL' ? '' : null;
}

/** Of the nonce and not of the task's id: gateways show message ids, and hide ids of upstream tasks. */
const messageId = (task: TaskRecord): string => `14${task.nonce.slice(2)}`;
const clips = (artwork: Artwork): number => (artwork.kind === 'film' ? artwork.clips.length : 0);

function imageUrl(task: TaskRecord, { status, percent }: Phase, base: string): string | null {
  const { artwork } = task;
  if (artwork.kind === 'none' || task.faults.noPicture === true) return null;
  if (status === 'SUCCESS')
    return artwork.kind === 'film' ? stillUrl(task, base, 1) : `${base}/pictures/${task.id}.png`;
  if (task.shows === 'described' || percent === null || percent < FIRST_FRAME) return null;
  return `${base}/pictures/${task.id}/preview-${percent}.webp`;
}

const clipUrl = (task: TaskRecord, base: string, number: number): string => `${base}/pictures/${task.id}/${number}.mp4`;
/** The first frame of a clip. */
const stillUrl = (task: TaskRecord, base: string, number: number): string =>
  `${base}/pictures/${task.id}/${number}.webp`;

function extrasOf(task: TaskRecord, phase: Phase, base: string): Record<string, unknown> {
  const { artwork } = task;
  const done = phase.status === 'SUCCESS' && task.faults.noPicture !== true;
  const film = artwork.kind === 'film' ? artwork : null;
  const videos = done && film !== null ? film.clips.map((_, at) => clipUrl(task, base, at + 1)) : null;
  const sides = artwork.kind === 'none' ? null : artwork;
  const first = film?.clips[0];
  return {
    parentId: task.parentId,
    botType: task.botType,
    realBotType: null,
    nonce: task.nonce,
    messageId: done ? messageId(task) : null,
    instanceId: ACCOUNT,
    subInstanceId: ACCOUNT,
    isCompleted: phase.finishTime !== null,
    promptFull: task.finalPrompt === '' ? null : task.finalPrompt,
    customId: task.customId,
    imageUrls: done ? imageUrls(task, base) : null,
    thumbnailUrl: null,
    videoUrl: videos?.[0] ?? null,
    videoUrls: videos?.map((url, at) => ({ url, thumbnail: stillUrl(task, base, at + 1) })) ?? null,
    videoDuration: first === undefined ? null : clipSeconds(first),
    frameCount: first?.frames ?? null,
    isHdVideo: false,
    jobId: done ? task.jobId : null,
    seed: null,
    seedError: null,
    mode: task.mode,
    requestMode: task.requestMode,
    width: done ? (sides?.width ?? null) : null,
    height: done ? (sides?.height ?? null) : null,
    contentType: done && sides !== null ? (film === null ? 'image/png' : 'video/mp4') : null,
    isReplicate: task.botType === 'INSIGHT_FACE',
    isPartner: false,
    isOfficial: false,
    isDiscord: task.botType !== 'INSIGHT_FACE',
    remixModaling: phase.status === 'MODAL',
    useTime:
      phase.finishTime === null || task.startTime === null
        ? '-'
        : `${((phase.finishTime - task.startTime) / 1000).toFixed(2)} s`,
    version: task.botType === 'NIJI_JOURNEY' ? `niji ${task.version}` : `v ${task.version}`,
    displays: {
      status: phase.status,
      submitTime: clock(task.submitTime),
      startTime: clock(task.startTime),
      finishTime: clock(phase.finishTime),
      action: task.action,
      discordInstanceId: ACCOUNT,
    },
  };
}

/** The four pictures of a grid, each in its full size. */
function imageUrls(task: TaskRecord, base: string): { url: string; thumbnail: string }[] | null {
  if (task.artwork.kind !== 'grid') return null;
  return task.artwork.cells.map((_, at) => ({
    url: `${base}/pictures/${task.id}/${at + 1}.png`,
    thumbnail: `${base}/pictures/${task.id}/${at + 1}-small.webp`,
  }));
}

const clock = (ms: number | null): string | null =>
  ms === null ? null : new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
