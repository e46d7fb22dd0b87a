import { onFailedByAdmin, onRefunded } from './rules/on-admin.js';
import { onAliased, onFollowed } from './rules/on-alias.js';
import { onCancelAsked, onCancelled } from './rules/on-cancel.js';
import type { Change } from './change.js';
import { ChangeBuilder } from './change-builder.js';
import { onLookUp, onTakenLate } from './rules/on-look-up.js';
import { onGivenUp, onOutcome } from './rules/on-outcome.js';
import { onSeeded } from './rules/on-seed.js';
import { onSnapshot, onAbsent } from './rules/on-snapshot.js';
import type { TaskEvent } from './event.js';
import type { Task } from './task.entity.js';

/** Chooses the rule for an event: the table of a task's transitions. Only Task.on calls this function. */
export function decide(task: Task, event: TaskEvent, now: Date): Change | null {
  const change = new ChangeBuilder(task, now);
  switch (event.kind) {
    case 'settled':
      return onOutcome(change, event);
    case 'snapshot':
      return onSnapshot(change, event);
    case 'absent':
      return onAbsent(change, event);
    case 'missing':
      return change.isFollowed()
        ? change.fail('missing', 'The upstream no longer knows this task', event.source).done()
        : null;
    case 'found':
    case 'denied':
    case 'inconclusive':
      return onLookUp(change, event);
    case 'taken_late':
      return onTakenLate(change, event);
    case 'aliased':
      return onAliased(change, event);
    case 'followed':
      return onFollowed(change, event);
    case 'given_up':
      return onGivenUp(change, event);
    case 'queue_timed_out':
      return task.waiting ? change.fail('queue_timeout', 'No upstream became free in time', event.source).done() : null;
    case 'unheard':
      return change.isFollowed() ? change.fail('timeout', 'The upstream stopped answering', event.source).done() : null;
    case 'window_expired':
      return task.status === 'MODAL' && task.confirmedAt === null
        ? change.note('window_expired', event.source).finish('CANCEL', event.source, { refund: true }).done()
        : null;
    case 'cancelled':
      return onCancelled(change, event);
    case 'cancel_asked':
      return onCancelAsked(change, event);
    case 'seeded':
      return onSeeded(change, event);
    case 'input_lost':
      return change.isEnded() || task.upstreamTaskId !== null
        ? null
        : change.fail('input_unavailable', 'The pictures of this task could not be read again', event.source).done();
    case 'failed_by_admin':
      return onFailedByAdmin(change, event);
    case 'refunded':
      return onRefunded(change, event);
  }
}
