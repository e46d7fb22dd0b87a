import { type ButtonOrder } from '../wire/custom-id.js';
import { type Shows } from '../wire/buttons.js';
import { type Action, type BotType, type Mode } from '../wire/vocabulary.js';
import { type WorkFaults, type WorkRecord } from './work-record.js';

/** All that is known of a task of the midjourney-proxy wire. */
export interface TaskRecord extends WorkRecord {
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
  readonly customId: string | null;
  readonly window: TaskWindow | null;
  readonly jobId: string;
  readonly nonce: string;
  readonly seed: number;
  readonly version: number;
  readonly shows: Shows;
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
export interface TaskFaults extends WorkFaults {
  readonly noPicture?: true;
  readonly coreOnly?: true;
}
