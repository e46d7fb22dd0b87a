import { isForward, isTerminal, TASK_STATUSES } from './task-status.js';

describe('task status', () => {
  it('never leaves a terminal status', () => {
    for (const from of TASK_STATUSES.filter(isTerminal)) {
      for (const to of TASK_STATUSES) expect(isForward(from, to)).toBe(false);
    }
  });

  it('moves forward only', () => {
    expect(isForward('NOT_START', 'MODAL')).toBe(true);
    expect(isForward('MODAL', 'SUBMITTED')).toBe(true);
    expect(isForward('SUBMITTED', 'SUCCESS')).toBe(true);
    expect(isForward('IN_PROGRESS', 'SUBMITTED')).toBe(false);
    expect(isForward('SUBMITTED', 'SUBMITTED')).toBe(false);
  });
});
