import { isStatementFault } from '#libs/database';
import { Batcher, KeyedBatcher } from '#libs/runtime';
import type { Change } from '../task/change.js';
import { ACCEPTANCE } from './save/acceptance.js';
import { covers } from './save/describe-save.js';

/** What the answer to a submit made of its task. */
export interface SettledSubmit {
  change: Change;
  /** What a replay of the submit is answered. */
  answer: object | null;
  /** What it will send, if it is to wait. */
  input: Buffer | null;
}

/** Saves settles in one statement: whether each was saved, in the same order. */
export type SaveBatch = (batch: readonly SettledSubmit[]) => Promise<boolean[]>;

/** Two, so that one statement that has to wait for a lock does not hold up all answers; more while one gets no answer. */
const ACCEPTANCES = { concurrency: 2, maxBatch: 64, retrySinglyOn: isStatementFault, releaseSlotAfterMs: 1_000 };
/** One for each key: somebody who holds its account holds up nobody else, and one connection. */
const SETTLES_OF_KEY = { concurrency: 1, maxBatch: 64, retrySinglyOn: isStatementFault };
/** A longer input is saved alone: pictures are megabytes, and a statement may not be longer than 1 GiB. */
const SMALL_INPUT_BYTES = 64 * 1024;

/**
 * Has settles of one turn share statements: one for each cost PostgreSQL eight times as much, and twelve at a time waited
 * for each other. Acceptances lock nothing that another key could hold, so all go together; others give something back, and
 * go with those of their key.
 */
export class OutcomeBatcher {
  private readonly acceptances: Batcher<SettledSubmit, boolean>;
  private readonly byKey: KeyedBatcher<SettledSubmit, boolean>;
  /** Tasks of those that are gathered: of two changes of one task in one statement both would count as saved. */
  private readonly gathered = new Set<string>();

  constructor(
    accept: SaveBatch,
    private readonly save: SaveBatch,
  ) {
    this.acceptances = new Batcher(accept, ACCEPTANCES);
    this.byKey = new KeyedBatcher(save, SETTLES_OF_KEY);
  }

  /** False: someone else found the truth first. @throws what the statement throws for this settle */
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
