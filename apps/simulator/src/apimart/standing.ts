import { phaseAt } from '../tasks/lifecycle.js';
import { type ApimartRecord } from './apimart-record.js';

/** Where a task stands, in APIMart's words. */
export interface Standing {
  readonly status: 'NOT_START' | 'SUBMITTED' | 'IN_PROGRESS' | 'MODAL' | 'SUCCESS' | 'FAILURE';
  /** 0..100. */
  readonly percent: number;
  /** Epoch ms; null while it has not ended. */
  readonly finishTime: number | null;
  /** Why it failed; '' when it did not. */
  readonly failReason: string;
  /** Nobody answered its window in time. */
  readonly expired: boolean;
}

/** What a task says that ran or waited too long. */
const TIMED_OUT = 'Task timeout';

/** A function of the record and the clock alone, so that a restart changes nothing. */
export function standingAt(task: ApimartRecord, now: number): Standing {
  const { window, timesOut } = task;
  const { status, percent, finishTime } = phaseAt(task, now);
  const ended = (at: number, expired: boolean): Standing => ({
    status: 'FAILURE',
    percent: 100,
    finishTime: at,
    failReason: TIMED_OUT,
    expired,
  });
  if (status === 'MODAL') {
    if (window !== null && now >= window.endsAt) return ended(window.endsAt, true);
    return { status, percent: 0, finishTime, failReason: '', expired: false };
  }
  if ((finishTime ?? now) >= timesOut) return ended(timesOut, false);
  if (status === 'CANCEL' || status === 'FAILURE')
    return { status: 'FAILURE', percent: 100, finishTime, failReason: task.faults.fail ?? TIMED_OUT, expired: false };
  const done = status === 'SUCCESS';
  return { status, percent: done ? 100 : (percent ?? 0), finishTime, failReason: '', expired: false };
}
