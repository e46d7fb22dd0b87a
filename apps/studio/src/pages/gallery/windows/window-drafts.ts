import type { MaskHistory } from '../../../components/mask-editor/mask-history.ts';

/** What was put into a window that has not been confirmed. */
export interface WindowDraft {
  prompt?: string;
  mask?: MaskHistory;
}

const MOST_KEPT = 12;
const drafts = new Map<string, WindowDraft>();

/** What was put into a task's window before it was closed; kept until the page is left. */
export function draftOf(taskId: string): WindowDraft {
  return drafts.get(taskId) ?? {};
}

/** Keeps something of a window; the windows that were left longest ago are forgotten. */
export function keepDraft(taskId: string, draft: WindowDraft): void {
  const kept = { ...draftOf(taskId), ...draft };
  drafts.delete(taskId);
  drafts.set(taskId, kept);
  const [oldest] = drafts.keys();
  if (drafts.size > MOST_KEPT && oldest !== undefined) drafts.delete(oldest);
}

/** Forgets a window that was confirmed or cancelled. */
export function dropDraft(taskId: string): void {
  drafts.delete(taskId);
}
