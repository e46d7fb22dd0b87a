import { isTerminal } from '#libs/wire';
import type { EventKind } from './event-kinds.js';
import type { EventSource } from './event.js';
import type { Task } from './task.entity.js';

/** One line of the timeline. */
export interface TimelineEntry {
  kind: EventKind;
  source: EventSource;
  detail: Record<string, unknown>;
}

/** A picture or video that is to be kept; `n` 0 is the task's own picture. */
export interface WantedAsset {
  kind: 'image' | 'video';
  n: number;
  sourceUrl: string;
}

/** A send that another one follows: it is kept, because it may turn up after all. */
export interface EndedSend {
  attempt: number;
  upstreamId: string;
  /** Its id there; null where it was proven not taken. */
  upstreamTaskId: string | null;
  sentAt: Date | null;
  why: 'not_taken' | 'failed';
}

/** The columns of a task that an event may change. `version` follows from the change, and `id` never changes. */
export type TaskFields = Omit<Task, 'on' | 'id' | 'version' | 'queuePosition'>;

/** What stands in the timeline of every task that has ended, once. */
const ENDS: ReadonlySet<string> = new Set(['succeeded', 'cancelled', 'failed', 'refused']);

/** What one event did to a task, and what has to be saved together with it. */
export interface Change {
  task: Task;
  /** The version that must still stand in the row. */
  fromVersion: number;
  /** The fields of the task that have another value now. */
  touched: Set<keyof TaskFields>;
  timeline: TimelineEntry[];
  /** Credits given back, decimal string; "0" when none. */
  refund: string;
  /** Why, where an admin gave them back; "" else. */
  refundNote: string;
  /** The upstream whose slot is given back. */
  freesSlotOf: string | null;
  /** True: it no longer counts in its account's running tasks. */
  uncounts: boolean;
  /** True: clients can see the difference, so hooks are due. */
  visible: boolean;
  assets: WantedAsset[];
  /** The send that is over, where the task is to be sent again. */
  endedSend: EndedSend | null;
  /** True: what it would have sent is not needed any more. */
  dropsInput: boolean;
}

/** Whether the task ended with this change. */
export function isEnd({ task, timeline }: Change): boolean {
  return isTerminal(task.status) && timeline.some(({ kind }) => ENDS.has(kind));
}

/** Whether anything but the poll's own bookkeeping has changed. */
export function isRealChange(change: Change): boolean {
  return change.task.version !== change.fromVersion;
}
