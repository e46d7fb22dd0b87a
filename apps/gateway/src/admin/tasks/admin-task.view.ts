import { shownHook } from '#libs/hooks';
import type { Task, TaskViews } from '#libs/tracking';
import type { AdminTaskDto } from './admin-task.dto.js';
import type { TaskNames } from './task-names.js';

/** What is shown beside a task: the names of its key and its upstream, and where its links begin. */
export interface TaskSurroundings {
  names: TaskNames;
  views: TaskViews;
  /** Start of the links, without trailing slash. */
  linkBase: string;
}

/** A task as operators see it. */
export function toAdminTask(task: Task, { names, views, linkBase }: TaskSurroundings): AdminTaskDto {
  return {
    id: task.id,
    keyId: task.apiKeyId,
    keyName: names.key(task.apiKeyId),
    action: task.action,
    mode: task.mode,
    botType: task.botType,
    status: task.status,
    progress: task.progress,
    version: task.version,
    prompt: task.prompt,
    promptEn: task.promptEn,
    finalPrompt: task.finalPrompt,
    description: task.description,
    state: task.state,
    parentId: task.parentId,
    aliasOf: task.aliasOf,
    batchId: task.batchId,
    customId: task.customId,
    upstreamId: task.upstreamId,
    upstreamName: names.upstream(task.upstreamId),
    upstreamTaskId: task.upstreamTaskId,
    refused: task.refused,
    failCode: task.failCode,
    failReason: task.failReason,
    price: task.price,
    cost: task.cost,
    waiting: task.waiting,
    notifyHook: task.notifyHook === null ? null : shownHook(task.notifyHook),
    requestId: task.requestId,
    imageUrl: views.of(task, linkBase).imageUrl,
    pictureCount: task.pictureCount,
    withheld: task.withheld,
    videoCount: task.videoCount,
    seed: task.seed,
    sendAttempt: task.sendAttempt,
    submittedAt: task.submittedAt,
    sentAt: task.sentAt,
    startedAt: task.startedAt,
    confirmedAt: task.confirmedAt,
    cancelAskedAt: task.cancelAskedAt,
    finishedAt: task.finishedAt,
    lookUpAt: task.lookUpAt,
    nextPollAt: task.nextPollAt,
    polledAt: task.polledAt,
    deadlineAt: task.deadlineAt,
    queueSeconds: secondsBetween(task.submittedAt, task.startedAt),
    runSeconds: secondsBetween(task.startedAt, task.finishedAt),
  };
}

/** To the millisecond; null while one of the times is. */
export function secondsBetween(from: Date | null, to: Date | null): number | null {
  return from === null || to === null ? null : (to.getTime() - from.getTime()) / 1_000;
}
