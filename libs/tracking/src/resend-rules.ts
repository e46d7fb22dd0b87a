import type { EndedSend } from './change.js';
import type { Draft } from './transition.js';

/**
 * Has the task wait to be sent once more: its price stays held, its slot is given back, and of the send that is over
 * nothing is left in it. It waits until `notBefore`; null: it is sent as soon as there is a slot. A follow-up goes to the
 * upstream of its parent, all others to whichever takes them.
 */
export function queueAgain(draft: Draft, why: EndedSend['why'], notBefore: Date | null): Draft {
  const { task } = draft;
  draft.endSend(why).freeSlot();
  task.waiting = true;
  task.waitUntil = notBefore;
  if (task.parentId === null) task.upstreamId = null;
  task.upstreamTaskId = null;
  task.sentAt = task.sendDeadline = task.sendEndedAt = null;
  task.lookUpAt = task.lastNoAt = null;
  task.lookUpNoes = task.provenNoes = 0;
  return draft;
}
