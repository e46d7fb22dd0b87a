import type { TaskStatus } from './task-status.js';
import type { BotType, FailCode, TaskAction, TaskMode } from './vocabulary.js';

/** One button under a finished task, as Midjourney gave it. `type` is always 2. */
export interface ButtonView {
  customId: string;
  emoji: string;
  label: string;
  type: number;
  style: number;
}

/** The task object of `/mj/task/*` and the body of every hook. Every key is always there. */
export interface TaskView {
  id: string;
  action: TaskAction;
  status: TaskStatus;
  prompt: string;
  promptEn: string;
  description: string;
  state: string;
  /** Milliseconds since the epoch; 0 = not yet. */
  submitTime: number;
  startTime: number;
  finishTime: number;
  /** "" = none. */
  imageUrl: string;
  /** null = none, never []; each picture under its own number, without those that were moderated away. */
  imageUrls: { url: string }[] | null;
  videoUrl: string;
  videoUrls: { url: string }[] | null;
  /** "0%".."100%"; "100%" if and only if the status is terminal. */
  progress: string;
  /** Not empty if and only if the status is FAILURE. */
  failReason: string;
  /** null before SUCCESS. */
  buttons: ButtonView[] | null;
  properties: {
    finalPrompt: string;
    finalZhPrompt: string;
    messageId?: string;
    messageHash?: string;
    /** Numbers of the pictures that were moderated away; left out when none was. */
    withheld?: number[];
  };
  botType: BotType;
  mode: TaskMode;
  parentId: string;
  customId: string;
  maskBase64: '';
  seed: string;
  failure: { kind: FailCode; retryable: boolean; refunded: boolean } | null;
  /** Credits kept for this task. */
  cost: number;
  /** Tasks of all keys that are served before it, while it waits; else null. */
  queuePosition: number | null;
}
