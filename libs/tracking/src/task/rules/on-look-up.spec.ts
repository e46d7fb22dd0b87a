import {
  denied,
  found,
  inconclusive,
  OUTCOMES,
  provenAbsent,
  settled,
  takenLate,
  SETTLE_MS,
  TIMEOUT_MS,
} from '../../../test/an-event.js';
import { aTask, after } from '../../../test/a-task.js';
import type { Task } from '../task.entity.js';

/** Deadline of the send: 30 s after the submit. */
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

  it('may have ended at its upstream already', () => {
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

  it('is SUBMITTED when its upstream has not begun', () => {
    const task = anUnknown();
    task.on(found({ status: 'NOT_START' }), after(40_000));
    expect(task).toMatchObject({ status: 'SUBMITTED', progress: 0 });
  });

  it('may be a modal, which holds nothing', () => {
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

describe('a look-up that does not find the task', () => {
  it('does not count while the send may still be in flight', () => {
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

describe('two look-ups that prove that its upstream did not take it', () => {
  /** A task whose sender recorded that its connection is closed. */
  function aClosed(overrides: Partial<Task> = {}): Task {
    return anUnknown({ sendEndedAt: after(2_000), upstreamId: '7', ...overrides });
  }

  it('queue the task again: its price is held, its slot is freed, and the past attempt is stored', () => {
    const task = aClosed();
    expect(task.on(provenAbsent(), after(DEADLINE))?.timeline).toMatchObject([
      { kind: 'denied', detail: { isProven: true } },
    ]);
    const change = task.on(provenAbsent(), after(DEADLINE + 30_000));
    expect(task).toMatchObject({ status: 'NOT_START', waiting: true, waitUntil: null, upstreamId: null, resends: 1 });
    expect(task).toMatchObject({
      cost: '0.100000',
      isCounted: true,
      hasSlot: false,
      lookUpAt: null,
      sendEndedAt: null,
    });
    expect(task).toMatchObject({ sentAt: null, sendDeadline: null, lookUpNoes: 0, provenNoes: 0, lastNoAt: null });
    expect(change).toMatchObject({ refund: '0', freesSlotOf: '7', uncounts: false, dropsInput: false, visible: false });
    expect(change?.endedSend).toEqual({
      attempt: 1,
      upstreamId: '7',
      upstreamTaskId: null,
      sentAt: task.submittedAt,
      why: 'not_taken',
    });
    expect(change?.timeline).toMatchObject([{ kind: 'resend', source: 'reconciler', detail: { attempt: 1 } }]);
  });

  it.each([
    ['less than 30 s apart', DEADLINE, DEADLINE + 29_999],
    ['the first before the send was over', DEADLINE - 1, DEADLINE + 29_998],
  ])('do not when they are %s', (_, first, second) => {
    const task = aClosed();
    task.on(provenAbsent(), after(first));
    task.on(provenAbsent(), after(second));
    expect(task).toMatchObject({ ...UNTOUCHED, waiting: false });
  });

  it('need another one when the first look-up proved nothing', () => {
    const task = aClosed();
    task.on(denied(), after(DEADLINE));
    task.on(provenAbsent(), after(DEADLINE + 30_000));
    expect(task).toMatchObject({ ...UNTOUCHED, waiting: false, provenNoes: 1 });
    task.on(provenAbsent(), after(DEADLINE + 60_000));
    expect(task).toMatchObject({ waiting: true, resends: 1 });
  });

  it('end the task when the second look-up proves nothing', () => {
    const task = aClosed();
    task.on(provenAbsent(), after(DEADLINE));
    task.on(denied(), after(DEADLINE + 30_000));
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown' });
  });

  it.each([
    ['no closed connection was recorded', { sendEndedAt: null }],
    ['its resends are used up', { resends: 3 }],
  ])('end the task when %s', (_, overrides) => {
    const task = aClosed(overrides);
    task.on(provenAbsent(), after(DEADLINE));
    const change = task.on(provenAbsent(), after(DEADLINE + 30_000));
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown', cost: '0' });
    expect(change).toMatchObject({ endedSend: null, dropsInput: true });
  });

  it("leave a follow-up bound to its parent's upstream", () => {
    const task = aClosed({ parentId: '6240000000000001' });
    task.on(provenAbsent(), after(DEADLINE));
    task.on(provenAbsent(), after(DEADLINE + 30_000));
    expect(task).toMatchObject({ waiting: true, upstreamId: '7' });
  });

  it('change nothing that the client sees', () => {
    const task = aClosed({ notifyHook: 'https://hooks.test/' });
    task.on(provenAbsent(), after(DEADLINE));
    expect(task.on(provenAbsent(), after(DEADLINE + 30_000))?.visible).toBe(false);
  });
});

describe('a task that waits to be sent again, when its upstream took it after all', () => {
  const tookLate = (overrides: Partial<Task> = {}): Task => {
    const task = aTask({ waiting: true, hasSlot: false, upstreamId: null, resends: 1, ...overrides });
    task.on(takenLate({ upstreamTaskId: 'up-9', status: 'IN_PROGRESS', progress: 20 }), after(DEADLINE));
    return task;
  };

  it('adopts the late acceptance and is not sent', () => {
    const task = tookLate();
    expect(task).toMatchObject({ status: 'IN_PROGRESS', waiting: false, upstreamId: '7', upstreamTaskId: 'up-9' });
    expect(task).toMatchObject({ cost: '0.100000', hasSlot: false });
    expect(task.nextPollAt).not.toBeNull();
  });

  it.each([
    ['it is being sent', { waiting: false }],
    ['it was never sent before', { resends: 0 }],
    ['it has an upstream id already', { waiting: false, upstreamTaskId: 'up-1' }],
  ])('does not adopt it when %s', (_, overrides) => {
    expect(tookLate(overrides)).toMatchObject({ version: 0, status: 'NOT_START' });
  });
});

describe('an unknown answer', () => {
  it('keeps the input if the task may be sent again', () => {
    const task = aTask();
    const change = task.on(settled(OUTCOMES.unknown, { mayResend: true }), after(2_000));
    expect(task.sendEndedAt).toEqual(after(2_000));
    expect(change?.dropsInput).toBe(false);
  });

  it('drops the input otherwise', () => {
    const task = aTask();
    expect(task.on(settled(OUTCOMES.unknown), after(2_000))?.dropsInput).toBe(true);
    expect(task.sendEndedAt).toBeNull();
  });
});

describe('an inconclusive look-up', () => {
  it('is repeated until the grace period is over, then the task ends with unknown outcome', () => {
    const task = anUnknown();
    const change = task.on(inconclusive(after(95_000)), after(DEADLINE + SETTLE_MS - 1));
    expect(change).toMatchObject({ timeline: [], visible: false });
    expect(task).toMatchObject({ ...UNTOUCHED, lookUpAt: after(95_000), version: 1 });

    const end = task.on(inconclusive(), after(DEADLINE + SETTLE_MS));
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown', cost: '0', lookUpAt: null });
    expect(end).toMatchObject({ refund: '0.100000' });
    expect(end?.timeline.map(({ kind }) => kind)).toEqual(['unconfirmed', 'failed']);
  });

  it('pauses the grace period while the upstream cannot be asked', () => {
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

  it('extends the grace period by the gap between two look-ups', () => {
    const task = anUnknown({ lookUpNoes: 1, lastNoAt: after(DEADLINE + 2 * SETTLE_MS) });
    task.on(inconclusive(), after(DEADLINE + 3 * SETTLE_MS));
    expect(task.status).toBe('NOT_START');
    task.on(inconclusive(), after(DEADLINE + 3 * SETTLE_MS + 30_000));
    expect(task.status).toBe('FAILURE');
  });

  it('extends the grace period by its own length after a first not-found', () => {
    const task = anUnknown({ lookUpNoes: 1, lastNoAt: after(DEADLINE) });
    task.on(inconclusive(), after(DEADLINE + SETTLE_MS));
    expect(task.status).toBe('NOT_START');
    task.on(inconclusive(), after(DEADLINE + 2 * SETTLE_MS));
    expect(task.status).toBe('FAILURE');
  });
});
