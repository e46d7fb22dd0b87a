import { newTaskId, type BotType, type TaskAction, type TaskMode } from '#libs/wire';
import { Task } from './task.entity.js';

/** What a submit knows of the task it opens. */
export interface TaskDraft {
  apiKeyId: string;
  action: TaskAction;
  mode: TaskMode;
  botType: BotType;
  prompt: string;
  description: string;
  state: string;
  parentId: string | null;
  customId: string;
  repeatKey: string | null;
  /** The first task of the group it belongs to; null: it stands alone, or is the first. */
  batchId?: string | null;
  /** The one upstream it can go to; null: any. */
  upstreamId: string | null;
  /** Credits, decimal string. */
  price: string;
  notifyHook: string | null;
  notifyTerminalOnly: boolean;
  baseUrl: string;
  requestId: string;
  idempotency: { route: string; key: string; print: string } | null;
}

/** A task as it is opened: not started, its price held. `random`: at least 38 random bits. */
export function draftTask(draft: TaskDraft, now: Date, random: number): Task {
  const { idempotency, ...given } = draft;
  return Object.assign(new Task(), {
    ...BLANK,
    ...given,
    id: newTaskId(now, random),
    cost: draft.price,
    idemRoute: idempotency?.route ?? null,
    idemKey: idempotency?.key ?? null,
    idemPrint: idempotency?.print ?? null,
    submittedAt: now,
  });
}

const BLANK = {
  status: 'NOT_START',
  progress: 0,
  version: 0,
  promptEn: '',
  finalPrompt: '',
  finalZhPrompt: '',
  aliasOf: null,
  batchId: null,
  upstreamTaskId: null,
  failCode: null,
  failReason: '',
  refused: false,
  isCounted: false,
  hasSlot: false,
  waiting: false,
  waitUntil: null,
  answer: null,
  startedAt: null,
  finishedAt: null,
  confirmedAt: null,
  cancelAskedAt: null,
  sendAttempt: 0,
  sentAt: null,
  sendDeadline: null,
  lookUpAt: null,
  lookUpNoes: 0,
  lastNoAt: null,
  nextPollAt: null,
  polledAt: null,
  hintedAt: null,
  quietPolls: 0,
  missingSince: null,
  deadlineAt: null,
  buttons: null,
  messageId: null,
  messageHash: null,
  imageUrl: null,
  pictureCount: 0,
  picturesFrom: null,
  videoCount: 0,
  seed: null,
} satisfies Partial<Task>;
