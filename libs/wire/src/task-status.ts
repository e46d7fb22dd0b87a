/** Every status a task can show, in the words of the /mj contract. */
export const TASK_STATUSES = [
  'NOT_START',
  'MODAL',
  'SUBMITTED',
  'IN_PROGRESS',
  'SUCCESS',
  'FAILURE',
  'CANCEL',
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export type TerminalStatus = Extract<TaskStatus, 'SUCCESS' | 'FAILURE' | 'CANCEL'>;

const RANK: Record<TaskStatus, number> = {
  NOT_START: 0,
  MODAL: 1,
  SUBMITTED: 2,
  IN_PROGRESS: 3,
  SUCCESS: 4,
  FAILURE: 4,
  CANCEL: 4,
};

/** A terminal status is terminal for ever. */
export function isTerminal(status: TaskStatus): status is TerminalStatus {
  return RANK[status] === 4;
}

/** Whether a task in `from` may be shown as `to` later: forward only, never out of a terminal status. */
export function isForward(from: TaskStatus, to: TaskStatus): boolean {
  return RANK[to] > RANK[from];
}
