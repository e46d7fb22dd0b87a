import type { SubmitCommand } from '#libs/upstream';
import type { TaskAction } from '#libs/wire';
import type { Task } from '#libs/tracking';
import type { SubmitBaseDto } from './submit-base.dto.js';
import type { ChosenMode } from './submit-terms.js';
import type { TypedPrompt } from './typed-prompt.js';

/** What a route makes of its body: the work, in our words, before price and mode are put to it. */
export interface SubmitPlan {
  action: TaskAction;
  body: SubmitBaseDto;
  /** As the client typed it; of a follow-up its parent's. */
  prompt: string;
  description: string;
  /** The prompt that came with the request; absent where none did. */
  typed?: TypedPrompt;
  /** The task it builds on; null for new work. */
  parent: Task | null;
  customId: string;
  /** Set where the same work may not be done twice. */
  repeatKey: string | null;
  /** The buttons of the several tasks that one press makes; absent for one task. */
  group?: readonly [string, ...string[]];
  command: (terms: ChosenMode) => SubmitCommand;
}
