import { isStatementFault } from '#libs/database';
import { Batcher, KeyedBatcher } from '#libs/runtime';
import type { Change } from '../task/change.js';
import { ACCEPTANCE } from './save/acceptance.js';
import { covers } from './save/describe-save.js';

/** The change that the answer to a submit made, with the values stored beside it. */
export interface SettledSubmit {
  change: Change;
  /** The reply stored for replays of the submit. */
  answer: object | null;
  /** The input to store, if the task has to wait. */
  input: Buffer | null;
}

/** Saves a batch of settled submits in one statement. @returns whether each was saved, in the same order */
export type SaveBatch = (batch: readonly SettledSubmit[]) => Promise<boolean[]>;

/**
 * Two statements at once, so that one that waits for a lock does not hold up all answers; a statement without an answer
 * frees its place after a second.
 */
const ACCEPTANCES = { concurrency: 2, maxBatch: 64, retrySinglyOn: isStatementFault, releaseSlotAfterMs: 1_000 };
/** One statement per key at a time, so that a locked account holds up only its own key, and only one connection. */
const SETTLES_OF_KEY = { concurrency: 1, maxBatch: 64, retrySinglyOn: isStatementFault };
/** Inputs longer than this are saved alone: pictures are megabytes, and a statement may not exceed 1 GiB. */
const SMALL_INPUT_BYTES = 64 * 1024;

/**
 * Batches settled submits: a statement for each cost PostgreSQL eight times as much, and twelve statements at a time
 * waited for each other. Acceptances lock no row that another key could hold, so they share one batch; other outcomes
 * release credits or slots and are batched by key.
 */
export class OutcomeBatcher {
  private readonly acceptances: Batcher<SettledSubmit, boolean>;
  private readonly byKey: KeyedBatcher<SettledSubmit, boolean>;
  /** Ids of the tasks in batches: of two changes of one task in one statement both would count as saved. */
  private readonly gathered = new Set<string>();

  constructor(
    accept: SaveBatch,
    private readonly save: SaveBatch,
  ) {
    this.acceptances = new Batcher(accept, ACCEPTANCES);
    this.byKey = new KeyedBatcher(save, SETTLES_OF_KEY);
  }

  /**
   * Saves one settled submit. False: the row was changed concurrently.
   * @throws the error that the statement raises for this submit
   */
  async settle(settling: SettledSubmit): Promise<boolean> {
    const { change, input } = settling;
    const { id, apiKeyId } = change.task;
    if (this.gathered.has(id) || (input?.length ?? 0) > SMALL_INPUT_BYTES) {
      const [isSaved = false] = await this.save([settling]);
      return isSaved;
    }
    this.gathered.add(id);
    try {
      return covers(ACCEPTANCE, change)
        ? await this.acceptances.add(settling)
        : await this.byKey.add(apiKeyId, settling);
    } finally {
      this.gathered.delete(id);
    }
  }
}
