import { type Desk } from '../tasks/desk.js';
import { newSeed } from '../tasks/task-id.js';
import { type Operation, runPartOf } from './operation-names.js';
import { type TobProfile } from './profile.js';
import { type TobBody } from './tob-body.js';
import { type Operate, type TobDraft, type TobTools } from './tob-draft.js';
import { runTimeOf, taskFaultsOf, type TobFaults } from './tob-faults.js';
import { DoomedJob } from './tob-inputs.js';
import { type TobRecord } from './tob-record.js';
import { Refusal } from './tob-refusal.js';

/** Takes jobs in: into the journal, into a place or the queue. */
export class TobIntake {
  constructor(
    private readonly profile: TobProfile,
    private readonly desk: Desk<TobRecord>,
    /** How long a diffusion runs, ms. */
    private readonly runMs: number,
  ) {}

  /** The job that a request makes, in the journal when it resolves. @throws Refusal */
  async take(operation: Operation, operate: Operate, body: TobBody, tools: TobTools, now: number): Promise<TobRecord> {
    const callback = body.optional('callback', 2_048);
    const draft = await operate(body, tools).catch((error: unknown): TobDraft => {
      if (!(error instanceof DoomedJob)) throw error;
      return this.doomed(body, error.message);
    });
    const job = this.recordOf(operation, draft, callback, tools.faults, now);
    const placing = await this.desk.runner.place(job, now);
    if (placing.kind === 'full') throw new Refusal('Max_Concurrent_Limited', 'too many jobs at once');
    return this.desk.store.current(job.id) ?? job;
  }

  private doomed(body: TobBody, failure: string): TobDraft {
    const text = ['text', 'prompt', 'remixPrompt'].map((key) => body.optional(key)).find((each) => each !== '') ?? '';
    return { parent: null, text, model: this.profile.model, seed: newSeed(), artwork: { kind: 'none' }, failure };
  }

  private recordOf(operation: Operation, draft: TobDraft, callback: string, faults: TobFaults, now: number): TobRecord {
    const { parent, failure } = draft;
    const kept = taskFaultsOf(faults, this.profile.early);
    return {
      id: this.profile.newId(now),
      operation,
      parentId: parent?.id ?? null,
      text: draft.text,
      model: draft.model,
      seed: draft.seed,
      draft: draft.draft ?? false,
      upscaled: draft.upscaled ?? false,
      foreign: draft.foreign ?? false,
      extended: draft.extended ?? 0,
      answer: draft.answer ?? null,
      notifyHook: callback === '' ? null : callback,
      submitTime: now,
      startTime: null,
      runMs: runTimeOf(faults, this.runMs * runPartOf(operation)),
      cancelledAt: null,
      window: null,
      artwork: draft.artwork,
      faults: failure === undefined ? kept : { ...kept, fail: failure },
    };
  }
}
