import type { Outcome } from '#libs/upstream';
import { isTerminal } from '#libs/wire';
import { answeredId } from '../../task/rules/on-outcome.js';
import type { Task } from '../../task/task.entity.js';

type Row = Pick<Task, 'status' | 'upstreamTaskId' | 'aliasOf' | 'finalPrompt'>;

/**
 * The outcome to report for a task whose row was changed concurrently: the outcome of this process if the row agrees
 * with it, because an outcome says more than a row does (position in a queue, links); otherwise the outcome that the
 * row implies, because the client reads the row from now on.
 * @param isConfirming whether a modal was being confirmed: a declined confirmation turns it back into a modal
 */
export function outcomeByRow(row: Row, outcome: Outcome, isConfirming: boolean): Outcome {
  return rowAgrees(row, outcome, isConfirming) ? outcome : outcomeOf(row);
}

/**
 * The outcome to report for a task whose row clients cannot read any more: refused without a reason, unless the outcome
 * declined the task anyway.
 */
export function outcomeWithoutRow(outcome: Outcome): Outcome {
  return isDeclined(outcome) ? outcome : { kind: 'refused', code: 9, words: '' };
}

function rowAgrees(row: Row, outcome: Outcome, isConfirming: boolean): boolean {
  switch (outcome.kind) {
    case 'accepted':
    case 'queued':
    case 'exists':
      return !isTerminal(row.status) && row.status !== 'MODAL' && row.upstreamTaskId === answeredId(outcome);
    case 'window':
      return row.status === 'MODAL' && row.upstreamTaskId === outcome.upstreamTaskId;
    case 'uploaded':
      return row.status === 'SUCCESS';
    case 'unknown':
      return row.upstreamTaskId === null && !isTerminal(row.status);
    case 'full':
    case 'nothing_done':
    case 'banned':
    case 'refused':
      return isConfirming && row.status === 'MODAL';
  }
}

/** The outcome that a readable row implies: its key may read the id, however the task ended. */
function outcomeOf({ status, upstreamTaskId, aliasOf, finalPrompt }: Row): Outcome {
  if (upstreamTaskId === null) return { kind: 'unknown', fault: 'timeout' };
  if (status === 'MODAL') return { kind: 'window', upstreamTaskId, finalPrompt };
  return aliasOf === null
    ? { kind: 'accepted', upstreamTaskIds: [upstreamTaskId] }
    : { kind: 'exists', upstreamTaskId };
}

function isDeclined({ kind }: Outcome): boolean {
  return kind === 'full' || kind === 'nothing_done' || kind === 'banned' || kind === 'refused';
}
