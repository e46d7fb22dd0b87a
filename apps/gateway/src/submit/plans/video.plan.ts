import type { EgressPolicy } from '#libs/net';
import type { Picture } from '#libs/upstream';
import { parseBotType, promptToSend } from '#libs/wire';
import { MjError } from '../../http/errors/mj-error.js';
import { requirePrompt } from '../../http/request-body/required-prompt.js';
import { finishedParent, type FindParent, type FinishedTask } from './parent.js';
import { chosen, readPictureOrLink } from '../pictures/picture.js';
import type { SubmitPlan } from './submit-plan.js';
import { readAccountFilter } from '../submit-terms.js';
import type { VideoDto } from '../dto/video.dto.js';

/** One clip of a finished video. */
interface Extension {
  parent: FinishedTask;
  index: number;
}

/**
 * What POST /mj/submit/video asks for: a new video, or one clip of a finished one that goes on.
 * @throws MjError for nothing to begin with, bad pictures, and a parent that is unknown or not finished
 */
export async function planVideo(body: VideoDto, egress: EgressPolicy, findParent: FindParent): Promise<SubmitPlan> {
  const clip = readClip(body);
  const typed = body.prompt?.trim() ?? '';
  if (typed !== '') requirePrompt(typed);
  if (clip === null && typed === '' && chosen([body.image ?? '']).length === 0) requirePrompt(typed);
  const image = await readFrame(body.image, 'image', egress);
  const endImage = await readFrame(body.endImage, 'endImage', egress);
  const extension: Extension | null =
    clip === null ? null : { parent: await finishedParent(clip.taskId, findParent), index: clip.index };
  const parent = extension?.parent ?? null;
  return {
    action: 'VIDEO',
    body,
    botType: parent?.botType ?? parseBotType(body.botType),
    accountFilter: parent === null ? readAccountFilter(body) : null,
    prompt: typed || (parent?.prompt ?? ''),
    description: `/video ${typed}`.trim(),
    parent,
    customId: '',
    repeatKey: null,
    ...(typed === '' ? {} : { typed: { text: body.prompt ?? '', lint: { isVideo: true } } }),
    work: {
      kind: 'video',
      prompt: promptToSend(typed),
      image,
      endImage,
      loop: body.loop ?? false,
      motion: body.motion ?? null,
      videoType: body.videoType ?? null,
      batchSize: body.batchSize ?? null,
      extend: extension === null ? null : { upstreamTaskId: extension.parent.upstreamTaskId, index: extension.index },
    },
  };
}

/** Which clip is to go on; null for a new video. Programs name all kinds of actions, which say nothing without a task. */
function readClip(body: VideoDto): { taskId: string; index: number } | null {
  const taskId = body.taskId?.trim() ?? '';
  if (taskId === '') return null;
  const action = body.action?.trim().toLowerCase() ?? '';
  if (action === '') throw new MjError('action_is_required', { properties: { field: 'action' } });
  if (action !== 'extend') throw new MjError('unknown_action', { properties: { field: 'action' } });
  const index = body.index?.trim() ?? '0';
  if (!/^[0-3]$/.test(index)) throw new MjError('bind_request_body_failed', { properties: { field: 'index' } });
  return { taskId, index: Number(index) };
}

async function readFrame(text: Picture | undefined, field: string, egress: EgressPolicy): Promise<Picture | null> {
  const [frame] = chosen(text === undefined ? [] : [text]);
  return frame === undefined ? null : readPictureOrLink(frame, field, egress);
}
