import { type Artwork } from '../drawing/canvas.js';
import { type ButtonOrder } from '../wire/custom-id.js';
import { type Shows } from '../wire/buttons.js';
import { type Action, type BotType, type Mode } from '../wire/vocabulary.js';

/** All that is known of a task. What depends on the clock (status, progress) is not in it: see phaseAt. Times are ms. */
export interface TaskRecord {
  readonly id: string;
  readonly parentId: string | null;
  readonly action: Action;
  readonly botType: BotType;
  /** What the client asked for, if anything. */
  readonly requestMode: Mode | null;
  readonly mode: Mode;
  readonly prompt: string | null;
  readonly promptEn: string | null;
  /** The prompt as Midjourney echoes it; for describe and shorten, the answer. */
  readonly finalPrompt: string;
  readonly description: string | null;
  readonly state: string | null;
  readonly notifyHook: string | null;
  readonly customId: string | null;
  readonly submitTime: number;
  /** When it began to run; null while it waits in the queue or in a window. */
  readonly startTime: number | null;
  readonly runMs: number;
  readonly cancelledAt: number | null;
  /** Set for a task that opened a window; `confirmedAt` when the window was answered. */
  readonly window: TaskWindow | null;
  readonly jobId: string;
  readonly nonce: string;
  readonly seed: number;
  readonly version: number;
  readonly shows: Shows;
  readonly artwork: Artwork;
  /** Prompts that describe and shorten found, for their buttons. */
  readonly options: readonly string[];
  readonly faults: TaskFaults;
}

export interface TaskWindow {
  readonly order: ButtonOrder;
  /** The text in the window's field. */
  readonly finalPrompt: string;
  readonly confirmedAt: number | null;
}

/** The ordered faults that concern the task and not the answer to its submit. */
export interface TaskFaults {
  readonly fail?: string;
  readonly stall?: true;
  readonly forget?: true;
  readonly noPicture?: true;
  readonly deadPicture?: true;
  readonly coreOnly?: true;
}
