import { blankMaker } from '#libs/database';
import { newTaskId, type BotType, type TaskAction, type TaskMode } from '#libs/wire';
import { Task } from './task.entity.js';

/** The fields of a new task that its submit decides. */
export interface NewTask {
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
  /** Id of the first task of the group; null for a task that stands alone or is itself the first. */
  batchId?: string | null;
  /** Id of the only upstream that can take the task; null: any upstream can. */
  upstreamId: string | null;
  /** The upstream of its parent, where the task goes elsewhere with the kept picture of its parent; null, or left out: not. */
  rebasedFrom?: string | null;
  /** Kinds of upstreams that can do it and that its key accepts; null, or left out: all. */
  upstreamKinds?: string[] | null;
  /** Price in credits, decimal string. */
  price: string;
  /** Number of jobs that the task makes at its upstream and counts as; 1 unless given. */
  jobs?: number;
  /** How often the task may be retried after a retryable failure, 0 to 2; 0 unless given. */
  retries?: number;
  notifyHook: string | null;
  notifyTerminalOnly: boolean;
  baseUrl: string;
  requestId: string;
  idempotency: { route: string; key: string; print: string } | null;
}

const makeTask = blankMaker(Task);

/** A task as its submit opens it: not started, with its price held. `random`: at least 38 random bits for the id. */
export function createTask(wanted: NewTask, now: Date, random: number): Task {
  // Fields are set one by one: V8 makes a hash table for each task that is spread together from objects, 90 µs instead
  // of 2.
  const given = {
    id: newTaskId(now, random),
    apiKeyId: wanted.apiKeyId,
    action: wanted.action,
    mode: wanted.mode,
    botType: wanted.botType,
    prompt: wanted.prompt,
    description: wanted.description,
    state: wanted.state,
    parentId: wanted.parentId,
    batchId: wanted.batchId ?? null,
    customId: wanted.customId,
    repeatKey: wanted.repeatKey,
    upstreamId: wanted.upstreamId,
    rebasedFrom: wanted.rebasedFrom ?? null,
    upstreamKinds: wanted.upstreamKinds ?? null,
    price: wanted.price,
    cost: wanted.price,
    retries: wanted.retries ?? 0,
    retriesLeft: wanted.retries ?? 0,
    jobs: wanted.jobs ?? 1,
    notifyHook: wanted.notifyHook,
    notifyTerminalOnly: wanted.notifyTerminalOnly,
    baseUrl: wanted.baseUrl,
    requestId: wanted.requestId,
    idemRoute: wanted.idempotency?.route ?? null,
    idemKey: wanted.idempotency?.key ?? null,
    idemPrint: wanted.idempotency?.print ?? null,
    submittedAt: now,
  } satisfies Omit<Task, keyof typeof BLANK | 'on' | 'queuePosition'>;
  return Object.assign(makeTask(), BLANK, given);
}

const BLANK = {
  status: 'NOT_START',
  progress: 0,
  version: 0,
  promptEn: '',
  finalPrompt: '',
  finalZhPrompt: '',
  aliasOf: null,
  upstreamTaskId: null,
  failCode: null,
  failReason: '',
  refused: false,
  isCounted: false,
  slots: 1,
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
  sendEndedAt: null,
  resends: 0,
  lookUpAt: null,
  lookUpNoes: 0,
  provenNoes: 0,
  lastNoAt: null,
  nextPollAt: null,
  polledAt: null,
  hintedAt: null,
  pushedId: null,
  quietPolls: 0,
  missingSince: null,
  picturelessSince: null,
  deadlineAt: null,
  buttons: null,
  messageId: null,
  messageHash: null,
  imageUrl: null,
  pictureCount: 0,
  picturesFrom: null,
  withheld: null,
  videoCount: 0,
  seed: null,
} satisfies Partial<Task>;
