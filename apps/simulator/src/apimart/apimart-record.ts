import { type TaskFaults } from '../tasks/task-record.js';
import { type WorkRecord } from '../tasks/work-record.js';
import { type Shows } from '../wire/buttons.js';
import { type ButtonOrder } from '../wire/custom-id.js';
import { type Mode } from '../wire/vocabulary.js';

/** What APIMart calls the work of its routes. */
export type ApimartAction =
  | 'IMAGINE'
  | 'BLEND'
  | 'DESCRIBE'
  | 'EDITS'
  | 'UPSCALE'
  | 'VARIATION'
  | 'LOW_VARIATION'
  | 'HIGH_VARIATION'
  | 'REROLL'
  | 'ZOOM'
  | 'PAN'
  | 'INPAINT'
  | 'REMIX_STRONG'
  | 'REMIX_SUBTLE'
  | 'VIDEO';

/** All that is known of a task of APIMart. Times are epoch ms. */
export interface ApimartRecord extends WorkRecord {
  readonly action: ApimartAction;
  /** Whose task it is: a hash of the key, which the journal need not hold. */
  readonly owner: string;
  readonly parentId: string | null;
  readonly mode: Mode;
  /** The prompt as it was sent, with what it orders of faults; null where none was. */
  readonly sent: string | null;
  /** The prompt with the structured fields written into it. */
  readonly prompt: string;
  /** What describe found, shown at the end; null for all other work. */
  readonly answer: string | null;
  /** The model as prompts name it: `7`, `8.2`, `niji 7`. */
  readonly model: string;
  readonly jobId: string;
  readonly seed: number;
  readonly shows: Shows;
  readonly window: ApimartWindow | null;
  /** When a task that has not ended fails. */
  readonly timesOut: number;
  /** US dollars, given back when the task fails. */
  readonly cost: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Whether a read gives `metadata` back. */
  readonly echoes: boolean;
  /** How a read of it breaks; null when it does not. */
  readonly reads: string | null;
  /** Whether a read stands in an envelope. */
  readonly wrapped: boolean;
  readonly faults: TaskFaults;
}

export interface ApimartWindow {
  readonly order: ButtonOrder;
  /** When it closes unanswered. */
  readonly endsAt: number;
  readonly confirmedAt: number | null;
}
