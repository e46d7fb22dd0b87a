import { Injectable } from '@nestjs/common';
import { isRetryable, isTerminal, OPEN_LINKS, PictureLinks, type ButtonView, type TaskView } from '#libs/wire';
import type { PublicTask } from './public-task.js';

/**
 * The task object that clients get over HTTP and in hooks. Every link in it is the gateway's own.
 * @param baseUrl start of the links, without trailing slash
 */
export function toTaskView(task: PublicTask, baseUrl: string, links: PictureLinks = OPEN_LINKS): TaskView {
  const isOver = isTerminal(task.status);
  const hasPicture = task.imageUrl !== null && (task.status === 'SUCCESS' || !isOver);
  const singles = Array.from({ length: task.pictureCount }, (_, at) => at + 1)
    .filter((n) => task.withheld?.includes(n) !== true)
    .map((n) => ({ url: links.picture(baseUrl, task.id, n, task.imageUrl) }));
  const videos = Array.from({ length: task.videoCount }, (_, at) => ({ url: links.video(baseUrl, task.id, at + 1) }));
  return {
    id: task.id,
    action: task.action,
    status: task.status,
    prompt: task.prompt,
    promptEn: task.promptEn,
    description: task.description,
    state: task.state,
    submitTime: task.submittedAt.getTime(),
    startTime: task.startedAt?.getTime() ?? 0,
    finishTime: task.finishedAt?.getTime() ?? 0,
    imageUrl: hasPicture ? links.image(baseUrl, task.id, task.imageUrl, isOver ? undefined : task.version) : '',
    imageUrls: singles.length > 0 ? singles : null,
    videoUrl: videos[0]?.url ?? '',
    videoUrls: videos.length > 0 ? videos : null,
    progress: `${task.progress}%`,
    failReason: task.status === 'FAILURE' ? task.failReason || 'The task failed' : '',
    buttons: task.status === 'SUCCESS' ? (task.buttons ?? []).map(toButtonView) : null,
    properties: {
      finalPrompt: task.finalPrompt,
      finalZhPrompt: task.finalZhPrompt,
      ...(task.messageId === null ? {} : { messageId: task.messageId }),
      ...(task.messageHash === null ? {} : { messageHash: task.messageHash }),
      ...(task.withheld === null ? {} : { withheld: task.withheld }),
    },
    botType: task.botType,
    mode: task.mode,
    parentId: task.parentId ?? '',
    customId: task.customId,
    maskBase64: '',
    seed: task.seed ?? '',
    failure:
      task.failCode === null
        ? null
        : {
            kind: task.failCode,
            retryable: isRetryable(task.failCode),
            refunded: Number(task.cost) < Number(task.price),
          },
    cost: Number(task.cost),
    queuePosition: task.queuePosition,
  };
}

/** Makes task objects with the links that this gateway is configured to give out. */
@Injectable()
export class TaskViews {
  constructor(private readonly links: PictureLinks) {}

  /** @param baseUrl start of the links, without trailing slash */
  of(task: PublicTask, baseUrl: string): TaskView {
    return toTaskView(task, baseUrl, this.links);
  }
}

/** Task objects with unsigned links, which anyone who knows the id can follow. */
export const OPEN_VIEWS = new TaskViews(OPEN_LINKS);

/**
 * Puts the keys of a button in a fixed order: Postgres reorders the keys of jsonb, and hooks and reads must have
 * identical bytes.
 */
function toButtonView({ customId, emoji, label, type, style }: ButtonView): ButtonView {
  return { customId, emoji, label, type, style };
}
