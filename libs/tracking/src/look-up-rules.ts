import type { Change } from './change.js';
import { accept, openWindow } from './settle-rules.js';
import { onSnapshot } from './snapshot-rules.js';
import type { TaskEvent } from './task-event.js';
import type { Task } from './task.entity.js';
import type { Draft } from './transition.js';

type LookUp = Extract<TaskEvent, { kind: 'found' | 'denied' | 'inconclusive' }>;

/** Two noes only count when an upstream had this long to accept in between, ms. */
const BETWEEN_NOES_MS = 30_000;
const NOES_NEEDED = 2;
const UNKNOWN_REASON = 'It is not known whether the upstream took it';

/** What a look-up of an unknown submit makes of the task. It is never sent again. */
export function onLookUp(draft: Draft, event: LookUp): Change | null {
  const { task, now } = draft;
  if (draft.isOver() || task.upstreamTaskId !== null || task.waiting) return null;
  switch (event.kind) {
    case 'found': {
      if (event.snapshot.status === 'MODAL') return openWindow(draft, event.snapshot, event.source).done();
      accept(draft, event, event.snapshot.upstreamTaskId).show('SUBMITTED').note('found', event.source);
      task.lookUpAt = null;
      // The look-up has brought a whole snapshot: what it says holds from now on.
      const { source, snapshot, pace } = event;
      const change = onSnapshot(draft, { kind: 'snapshot', source, snapshot, pace });
      return change === null ? null : { ...change, progress: null };
    }
    case 'denied': {
      task.lookUpAt = event.nextLookUp;
      const isEarly = task.sendDeadline !== null && now < task.sendDeadline;
      const isSameNo = task.lastNoAt !== null && now.getTime() - task.lastNoAt.getTime() < BETWEEN_NOES_MS;
      if (isEarly || isSameNo) return draft.quiet();
      task.lookUpNoes += 1;
      task.lastNoAt = now;
      if (task.lookUpNoes < NOES_NEEDED) return draft.note('denied', event.source).done();
      return draft.fail('outcome_unknown', UNKNOWN_REASON, event.source).done();
    }
    case 'inconclusive': {
      task.lookUpAt = event.nextLookUp;
      if (now.getTime() < givesUpAt(task, event)) return draft.quiet();
      return draft.note('unconfirmed', event.source).fail('outcome_unknown', UNKNOWN_REASON, event.source).done();
    }
  }
}

/** When an unknown submit is given up, ms since 1970. */
function givesUpAt(task: Task, event: Extract<LookUp, { kind: 'inconclusive' }>): number {
  const { settleMs, longestMs, askableSince } = event;
  const deadline = (task.sendDeadline ?? task.submittedAt).getTime();
  // A first no makes it worth waiting as long again for the second.
  const patience = settleMs * (1 + task.lookUpNoes);
  const last = deadline + Math.max(longestMs, patience);
  return askableSince === null ? last : Math.min(last, Math.max(deadline, askableSince.getTime()) + patience);
}
