import { type Artwork } from '../drawing/canvas.js';

/**
 * What every dialect's tasks have: enough to give them places, to keep them and to draw them. What depends on the clock
 * (status, progress) is not in it: see phaseAt. Times are ms.
 */
export interface WorkRecord {
  readonly id: string;
  /** Who is told of changes; null tells nobody. */
  readonly notifyHook: string | null;
  readonly submitTime: number;
  /** When it began to run; null while it waits in the queue or in a window. */
  readonly startTime: number | null;
  readonly runMs: number;
  readonly cancelledAt: number | null;
  /** Set for a task that opened a window; `confirmedAt` when the window was answered. */
  readonly window: { readonly confirmedAt: number | null } | null;
  readonly artwork: Artwork;
  readonly faults: WorkFaults;
}

/** The ordered faults that concern a task in any dialect, and not the answer to its submit. */
export interface WorkFaults {
  readonly fail?: string;
  readonly stall?: true;
  readonly forget?: true;
  readonly deadPicture?: true;
}

/** Where a task of any dialect is found by its id. */
export interface WorkFinder {
  find(id: string, now: number): WorkRecord | null;
}
