import { isTerminal } from '#libs/wire';
import type { EventKind } from './event-kinds.js';
import type { EventSource } from './event.js';
import type { Task } from './task.entity.js';

/** One line of a task's timeline. */
export interface TimelineEntry {
  kind: EventKind;
  source: EventSource;
  detail: Record<string, unknown>;
}

/**
 * A picture or video that is to be stored; `n` 0 is the whole picture of the task, 1 and up are its single pictures.
 */
export interface WantedAsset {
  kind: 'image' | 'video';
  n: number;
  sourceUrl: string;
}

/**
 * A past attempt: a send that another attempt follows. The row is kept because the upstream may accept a past attempt
 * late.
 */
export interface EndedSend {
  attempt: number;
  upstreamId: string;
  /** Id that the upstream gave the task; null if the upstream was proven not to have taken the attempt. */
  upstreamTaskId: string | null;
  sentAt: Date | null;
  why: 'not_taken' | 'failed';
}

/** The columns of a task that an event may change. `id` never changes, and `version` is derived from the change. */
export type TaskFields = Omit<Task, 'on' | 'id' | 'version' | 'queuePosition'>;

/** Event kinds that end a task: exactly one of them stands in the timeline of every ended task. */
const ENDS: ReadonlySet<string> = new Set(['succeeded', 'cancelled', 'failed', 'refused']);

/** What one event did to a task, together with everything that the same statement has to save. */
export interface Change {
  task: Task;
  /** The version that the row must still have (compare-and-set). */
  fromVersion: number;
  /** The fields whose value the event changed. */
  touched: Set<keyof TaskFields>;
  timeline: TimelineEntry[];
  /** Refunded credits, decimal string; "0" when nothing is refunded. */
  refund: string;
  /** Reason that an admin gave for the refund; "" for every other refund. */
  refundNote: string;
  /** Id of the upstream whose slot is freed; null when no slot is freed. */
  freesSlotOf: string | null;
  /** Whether the task stops to count among the running tasks of its account. */
  uncounts: boolean;
  /** Whether clients can see the difference, so that hooks are due. */
  visible: boolean;
  assets: WantedAsset[];
  /** The past attempt, if the task is to be sent again. */
  endedSend: EndedSend | null;
  /** Whether the stored input is deleted because no further attempt needs it. */
  dropsInput: boolean;
}

/** Whether the task ended with this change. */
export function isEnd({ task, timeline }: Change): boolean {
  return isTerminal(task.status) && timeline.some(({ kind }) => ENDS.has(kind));
}

/** Whether the change touches more than the bookkeeping of polls. */
export function isRealChange(change: Change): boolean {
  return change.task.version !== change.fromVersion;
}
