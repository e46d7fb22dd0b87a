import type { Outcome } from '#libs/upstream';
import { isTerminal } from '#libs/wire';
import { answeredId } from '../task/rules/on-outcome.js';
import type { Task } from '../task/task.entity.js';

type Row = Pick<Task, 'status' | 'upstreamTaskId' | 'aliasOf' | 'finalPrompt'>;

/**
 * What a client is told of a task whose row someone else has written: our own answer where the row agrees, for it says more
 * than a row does (places in a queue, links); else what the row says, because that is what the client reads from now on.
 * @param isConfirming a window was being confirmed: declined, it is a window again
 */
export function outcomeByRow(row: Row, outcome: Outcome, isConfirming: boolean): Outcome {
  return rowAgrees(row, outcome, isConfirming) ? outcome : outcomeOf(row);
}

/** The same where nobody can read the row any more: what was not declined is so now, without a reason that may be told. */
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

/** A task that its key can read has its id, however it ended. */
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
