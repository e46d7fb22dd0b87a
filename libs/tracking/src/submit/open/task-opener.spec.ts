import type { Database } from '#libs/database';
import { aNewTask, SUBMITTED_AT } from '../../../test/a-task.js';
import type { Opened } from '../../store/open-verdict.js';
import { TaskOpener } from './task-opener.js';
import type { TrackingOptions } from '../../tracking-options.js';

/** The result of a submit for this verdict, with the given ms until the minute and the day end. */
function replyTo(verdict: string, minute: number | null, day: number): Promise<Opened> {
  const row = { place: '1', verdict, id: null, rate_limit: 5, rate_used: 5, rate_resets_ms: minute, day_ends_ms: day };
  const database = { now: () => SUBMITTED_AT, run: () => Promise.resolve([row]) } as unknown as Database;
  const options = { submitTimeoutMs: 30_000, queueLimit: 10 } as TrackingOptions;
  return new TaskOpener(database, options).open({
    newTask: aNewTask(),
    candidates: [{ id: '7', priority: 0, weight: 1 }],
    mayWait: true,
    input: () => Buffer.from('{}'),
    inputBytes: 2,
  });
}

describe('a submit that a limit refuses', () => {
  it('has a Retry-After to the end of the UTC day, to the second', async () => {
    expect(await replyTo('daily', 12_000, 86_400_000)).toEqual({ kind: 'busy', retryAfterSeconds: 86_400 });
    expect(await replyTo('daily', 12_000, 8_304_001)).toEqual({ kind: 'busy', retryAfterSeconds: 8_305 });
    expect(await replyTo('daily', 12_000, 0)).toEqual({ kind: 'busy', retryAfterSeconds: 1 });
  });

  it('has a Retry-After to the end of the minute, to the second', async () => {
    expect(await replyTo('rate', 41_001, 50_000_000)).toEqual({ kind: 'busy', retryAfterSeconds: 42 });
  });
});
