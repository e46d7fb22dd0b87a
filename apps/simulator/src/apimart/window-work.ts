import { type InputStore } from '../inputs/input-store.js';
import { derive } from '../submit/derive.js';
import { taskFaults } from '../submit/task-draft.js';
import { type TaskStore } from '../tasks/task-store.js';
import { type ButtonOrder } from '../wire/custom-id.js';
import { type Reply } from '../wire/replies.js';
import { type ApimartIntake } from './apimart-intake.js';
import { type ApimartSettings } from './apimart-options.js';
import { type ApimartRecord } from './apimart-record.js';
import { submitted, wrong } from './apimart-replies.js';
import { type ApimartRequest, readSentPrompt, speedOf } from './apimart-request.js';
import { takeMask } from './image-urls.js';
import { type Parents } from './parents.js';
import { priceOf } from './prices.js';

/** Answers windows: with a mask a region is repainted, without one the picture grows outwards. */
export class WindowWork {
  constructor(
    private readonly store: TaskStore<ApimartRecord>,
    private readonly parents: Parents,
    private readonly intake: ApimartIntake,
    private readonly inputs: InputStore,
    private readonly settings: ApimartSettings,
  ) {}

  /** Lets the work of a window begin. Asked again, it answers the same and begins nothing. @throws Refusal */
  async modal(request: ApimartRequest): Promise<Reply> {
    const { body, now, faults } = request;
    const task = this.parents.named(request);
    if (task.window === null) throw wrong('task_id does not name a task that waits for a modal');
    if (task.window.confirmedAt !== null) return submitted(task.id, 'submitted');
    if (now >= task.window.endsAt) throw wrong('the modal of this task has expired');
    const { sent, text, prompt } = readSentPrompt(request, false);
    const mode = speedOf(request, prompt.mode) ?? task.mode;
    const source = body.trimmed('mask_url');
    const mask = source === '' ? null : await takeMask(this.inputs, source, this.settings.masks);
    const parent = this.store.current(task.parentId ?? '');
    const words = text || task.prompt;
    const order: ButtonOrder = mask === null ? { kind: 'custom-zoom' } : task.window.order;
    const outcome = parent === null ? null : derive(order, parent.artwork, { seed: task.seed, prompt: words, mask });
    if (outcome === null) throw wrong('the task of this modal is gone');
    // Two answers at once: the mask was awaited, so look again before the one and only start.
    const still = this.store.current(task.id);
    if (still?.window === null || still?.window.confirmedAt !== null) return submitted(task.id, 'submitted');
    return this.intake.run(
      {
        ...task,
        ...this.intake.times(task.action === 'ZOOM' ? 'ZOOM' : 'VARIATION', request),
        sent,
        prompt: words,
        mode,
        cost: priceOf(mode),
        window: { ...task.window, confirmedAt: now },
        artwork: outcome.artwork,
        shows: outcome.shows,
        faults: { ...task.faults, ...taskFaults(faults) },
      },
      request,
    );
  }
}
