import type { Outcome } from '../../port/outcome.js';
import type { TobJob } from '../job/tob-job.js';

/** A request of a vendor, below the path of its routes. */
export interface TobRequest {
  path: string;
  body: Record<string, unknown>;
}

/**
 * How a command is done: by one call, or by one that can be written only when its parent has been read. A refusal is one that
 * needs no call.
 */
export type SubmitPlan =
  | { kind: 'call'; request: TobRequest }
  | { kind: 'after_read'; jobId: string; request: (job: TobJob) => TobRequest | null }
  | { kind: 'refused'; outcome: Outcome };

export function call(path: string, body: Record<string, unknown>): SubmitPlan {
  return { kind: 'call', request: { path, body: withoutNulls(body) } };
}

/** Work that the kind does not have. It was judged before, so that nothing was charged; here it ends all the same. */
export function refuse(words: string): SubmitPlan {
  return { kind: 'refused', outcome: { kind: 'refused', code: 4, words } };
}

/** Removes fields that are null or "": vendors agree on absence only. */
export function withoutNulls(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  );
}
