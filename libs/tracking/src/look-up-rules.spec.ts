import { denied, found, inconclusive, SETTLE_MS, TIMEOUT_MS } from '../test/an-event.js';
import { aTask, after } from '../test/a-task.js';
import type { Task } from './task.entity.js';

/** The send may have been answered until 30 s after the submit. */
const DEADLINE = 30_000;
const UNTOUCHED = { status: 'NOT_START', cost: '0.100000', hasSlot: true, isCounted: true, upstreamTaskId: null };

function anUnknown(overrides: Partial<Task> = {}): Task {
  return aTask({ version: 1, ...overrides });
}

describe('a task that a look-up finds', () => {
  it('is shown as its upstream shows it, and is polled', () => {
    const task = anUnknown({ lookUpNoes: 1 });
    const now = after(40_000);
    const change = task.on(found({ status: 'IN_PROGRESS', progress: 30 }), now);
    expect(task).toMatchObject({ status: 'IN_PROGRESS', progress: 30, upstreamTaskId: 'up-1', startedAt: now });
    expect(task).toMatchObject({ lookUpAt: null, deadlineAt: after(40_000 + TIMEOUT_MS), hasSlot: true, version: 2 });
    expect(task.nextPollAt).not.toBeNull();
    expect(change).toMatchObject({ visible: true, dropsInput: true, refund: '0' });
    expect(change?.timeline.map(({ kind }) => kind)).toEqual(['found', 'progress']);
  });

  it('may have ended already', () => {
    const task = anUnknown();
    const change = task.on(found({ status: 'SUCCESS', imageUrl: 'https://up.test/a.png' }), after(40_000));
    expect(task).toMatchObject({
      status: 'SUCCESS',
      progress: 100,
      cost: '0.100000',
      hasSlot: false,
      nextPollAt: null,
    });
    expect(change?.assets).toHaveLength(1);
    expect(change?.timeline.map(({ kind }) => kind)).toEqual(['found', 'succeeded']);
  });

  it('has only just been taken, where its upstream has not begun', () => {
    const task = anUnknown();
    task.on(found({ status: 'NOT_START' }), after(40_000));
    expect(task).toMatchObject({ status: 'SUBMITTED', progress: 0 });
  });

  it('may be a window, which holds nothing', () => {
    const task = anUnknown();
    const change = task.on(found({ status: 'MODAL', finalPrompt: 'a cat' }), after(40_000));
    expect(task).toMatchObject({
      status: 'MODAL',
      upstreamTaskId: 'up-1',
      cost: '0',
      hasSlot: false,
      nextPollAt: null,
    });
    expect(task.lookUpAt).toBeNull();
    expect(change).toMatchObject({ refund: '0.100000', freesSlotOf: '7', uncounts: true });
  });
});

describe('a look-up that says no', () => {
  it('does not count while the send may still be under way', () => {
    const task = anUnknown();
    const change = task.on(denied(after(33_000)), after(DEADLINE - 1));
    expect(change).toMatchObject({ timeline: [], visible: false });
    expect(task).toMatchObject({ ...UNTOUCHED, lookUpNoes: 0, lookUpAt: after(33_000), version: 1 });
  });

  it('ends the task the second time, at least 30 s after the first', () => {
    const task = anUnknown();
    expect(task.on(denied(), after(DEADLINE))?.timeline).toMatchObject([{ kind: 'denied', source: 'reconciler' }]);
    expect(task).toMatchObject({ ...UNTOUCHED, lookUpNoes: 1, version: 2 });

    task.on(denied(), after(DEADLINE + 29_999));
    expect(task).toMatchObject({ ...UNTOUCHED, lookUpNoes: 1, version: 2 });

    const change = task.on(denied(), after(DEADLINE + 30_000));
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown', refused: false, cost: '0' });
    expect(change).toMatchObject({ refund: '0.100000', freesSlotOf: '7', uncounts: true, visible: true });
    expect(change?.timeline.map(({ kind }) => kind)).toEqual(['failed']);
  });
});

describe('a look-up that cannot tell', () => {
  it('is repeated until the settle time is over, then the task ends unconfirmed', () => {
    const task = anUnknown();
    const change = task.on(inconclusive(after(95_000)), after(DEADLINE + SETTLE_MS - 1));
    expect(change).toMatchObject({ timeline: [], visible: false });
    expect(task).toMatchObject({ ...UNTOUCHED, lookUpAt: after(95_000), version: 1 });

    const end = task.on(inconclusive(), after(DEADLINE + SETTLE_MS));
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown', cost: '0', lookUpAt: null });
    expect(end).toMatchObject({ refund: '0.100000' });
    expect(end?.timeline.map(({ kind }) => kind)).toEqual(['unconfirmed', 'failed']);
  });

  it('does not use up its time while its upstream cannot be asked', () => {
    const task = anUnknown();
    task.on(inconclusive(after(0), null), after(DEADLINE + 10 * SETTLE_MS));
    expect(task.status).toBe('NOT_START');
    const askable = after(DEADLINE + 10 * SETTLE_MS);
    task.on(inconclusive(after(0), askable), after(DEADLINE + 11 * SETTLE_MS - 1));
    expect(task.status).toBe('NOT_START');
    task.on(inconclusive(after(0), askable), after(DEADLINE + 11 * SETTLE_MS));
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown' });
  });

  it.each([null, after(DEADLINE + TIMEOUT_MS)])('ends at the latest when a task of its mode would', (askableSince) => {
    const task = anUnknown();
    task.on(inconclusive(after(0), askableSince), after(DEADLINE + TIMEOUT_MS - 1));
    expect(task.status).toBe('NOT_START');
    task.on(inconclusive(after(0), askableSince), after(DEADLINE + TIMEOUT_MS));
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown' });
  });

  it('gives a second no as much time again', () => {
    const task = anUnknown({ lookUpNoes: 1, lastNoAt: after(DEADLINE) });
    task.on(inconclusive(), after(DEADLINE + SETTLE_MS));
    expect(task.status).toBe('NOT_START');
    task.on(inconclusive(), after(DEADLINE + 2 * SETTLE_MS));
    expect(task.status).toBe('FAILURE');
  });
});
