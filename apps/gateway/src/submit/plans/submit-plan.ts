import type { Task } from '#libs/tracking';
import type { AccountFilter } from '#libs/upstream';
import type { BotType, TaskAction } from '#libs/wire';
import type { PlannedWork } from '../pictures/planned-work.js';
import type { SubmitBaseDto } from '../dto/submit-base.dto.js';
import type { TypedPrompt } from './typed-prompt.js';

/** A prompt that stands for several jobs. */
export interface SeveralJobs {
  count: number;
  /** Of each by itself, in order; none where there are too many. */
  plans: readonly SubmitPlan[];
}

/** One of the several tasks that one press makes. */
export interface GroupButton {
  customId: string;
  prompt: string;
}

/** The work that a request asks for, read from its body: before mode, price and hook are decided. */
export interface SubmitPlan {
  action: TaskAction;
  body: SubmitBaseDto;
  botType: BotType;
  /** Which accounts may do it; null: any, or the one that made its parent. */
  accountFilter: AccountFilter | null;
  /** As the client typed it; of a follow-up its parent's. */
  prompt: string;
  description: string;
  /** The prompt that came with the request; absent where none did. */
  typed?: TypedPrompt;
  /** The task it builds on; null for new work. */
  parent: Task | null;
  /** The upstream of its parent, where it leaves that with the kept picture of its parent; absent: it does not. */
  rebasedFrom?: string | null;
  customId: string;
  /** Set where the same work may not be done twice. */
  repeatKey: string | null;
  /** Set where the prompt is several jobs: what becomes of them is a setting. */
  jobs?: SeveralJobs;
  /** The buttons of the several tasks that one press makes; absent for one task. */
  group?: readonly [GroupButton, ...GroupButton[]];
  /** What its upstream is asked to do, with links in it that are fetched first. */
  work: PlannedWork;
}
