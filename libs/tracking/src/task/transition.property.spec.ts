import fc from 'fast-check';
import { isTerminal } from '#libs/wire';
import { aConfirmedModal, aFollowedTask, aTask, aWaitingTask, SUBMITTED_AT } from '../../test/a-task.js';
import { randomEvents } from '../../test/random-event.js';
import { isRealChange } from './change.js';
import type { TaskEvent } from './event.js';
import { Task } from './task.entity.js';

const RANK = { NOT_START: 0, MODAL: 1, SUBMITTED: 2, IN_PROGRESS: 3, SUCCESS: 4, FAILURE: 4, CANCEL: 4 };
const copyOf = (task: Task): Task => Object.assign(new Task(), task);
const micros = (credits: string): number => Math.round(Number(credits) * 1_000_000);

/** Checks the constraints of the table and the invariants that clients rely on. */
function expectSound(task: Task): void {
  const isOver = isTerminal(task.status);
  expect(task.progress === 100).toBe(isOver);
  expect(task.finishedAt !== null).toBe(isOver);
  expect(task.failReason !== '').toBe(task.status === 'FAILURE');
  expect(task.failCode !== null && task.failCode !== 'cancelled').toBe(task.status === 'FAILURE');
  if (isOver) {
    expect(task).toMatchObject({ hasSlot: false, isCounted: false, waiting: false, nextPollAt: null, lookUpAt: null });
  }
  if (task.waiting) {
    expect(task).toMatchObject({ hasSlot: false, upstreamTaskId: null, nextPollAt: null });
    // Only a retried task can have been seen to begin while it waits.
    if (task.retriesLeft === task.retries) expect(task.status).toBe('NOT_START');
  }
  if (task.nextPollAt !== null) expect(task.upstreamTaskId).not.toBeNull();
  expect(task.pictureCount > 0).toBe(task.picturesFrom !== null);
  const { withheld } = task;
  if (withheld !== null) {
    expect(task).toMatchObject({ status: 'SUCCESS', picturesFrom: 'upstream' });
    expect(withheld.length).toBeGreaterThan(0);
    // A task of which nothing else is left has failed.
    if (task.videoCount === 0) expect(withheld.length).toBeLessThan(task.pictureCount);
    expect(new Set(withheld.filter((n) => n >= 1 && n <= task.pictureCount)).size).toBe(withheld.length);
  }
  expect(task.startedAt === null || task.startedAt > task.submittedAt).toBe(true);
}

/** Changes the row as `task_dispatch` does. */
function dispatch(task: Task, now: Date): void {
  const sendDeadline = new Date(now.getTime() + 30_000);
  const sent = { waiting: false, waitUntil: null, hasSlot: true, upstreamId: '7', sendAttempt: task.sendAttempt + 1 };
  Object.assign(task, sent, { sentAt: now, sendDeadline, lookUpAt: new Date(now.getTime() + 32_000) });
}

describe.each([
  ['is being sent', aTask],
  ['waits', aWaitingTask],
  ['is being sent, and may be retried', () => aTask({ retries: 2, retriesLeft: 2 })],
  ['is being worked on, and may be retried', () => aFollowedTask({ retries: 2, retriesLeft: 2 })],
  ['is a modal whose confirmation is being sent', aConfirmedModal],
])('whatever happens to a task that %s', (_, start) => {
  /** Plays the events, checking each step against the one before. */
  function play(events: readonly { event: TaskEvent; afterMs: number }[], step: Step): void {
    const task = start();
    let now = SUBMITTED_AT.getTime();
    for (const { event, afterMs } of events) {
      now += afterMs;
      // Half of the time the dispatcher takes the waiting task; dispatch is a statement, not an event.
      if (task.waiting && afterMs % 2 === 0) dispatch(task, new Date(now));
      const before = copyOf(task);
      step(before, task, task.on(event, new Date(now)));
    }
  }
  type Step = (before: Task, task: Task, change: ReturnType<Task['on']>) => void;

  it('the task moves forward only and keeps its invariants', () => {
    fc.assert(
      fc.property(randomEvents, (events) =>
        play(events, (before, task) => {
          expectSound(task);
          expect(task.progress).toBeGreaterThanOrEqual(before.progress);
          // The only step back: a declined confirmation leaves a modal that may be confirmed again.
          const isReopened = before.confirmedAt !== null && task.confirmedAt === null && task.status === 'MODAL';
          if (!isReopened) expect(RANK[task.status]).toBeGreaterThanOrEqual(RANK[before.status]);
          if (isTerminal(before.status)) expect(task.status).toBe(before.status);
        }),
      ),
      { numRuns: 300 },
    );
  });

  it('every credit, slot and count that is released was held, and is released once', () => {
    fc.assert(
      fc.property(randomEvents, (events) => {
        let refunds = 0;
        play(events, (before, task, change) => {
          if (change === null) return;
          refunds += micros(change.refund);
          expect(micros(before.cost) - micros(task.cost)).toBe(micros(change.refund));
          expect(refunds).toBeLessThanOrEqual(micros(task.price));
          expect(change.freesSlotOf).toBe(before.hasSlot && !task.hasSlot ? before.upstreamId : null);
          expect(change.uncounts).toBe(before.isCounted && !task.isCounted);
          if (isTerminal(task.status)) expect(refunds).toBe(task.status === 'SUCCESS' ? 0 : micros(task.price));
        });
      }),
      { numRuns: 300 },
    );
  });

  it('a change names every field that has another value', () => {
    fc.assert(
      fc.property(randomEvents, (events) =>
        play(events, (before, task, change) => {
          if (change === null) return;
          const differing = (Object.keys(task) as (keyof Task)[]).filter(
            (field) => field !== 'version' && JSON.stringify(task[field]) !== JSON.stringify(before[field]),
          );
          expect([...change.touched]).toEqual(expect.arrayContaining(differing));
        }),
      ),
      { numRuns: 300 },
    );
  });

  it('every version has a line in the timeline, and only versions change what clients see', () => {
    const shown = ({ status, progress, promptEn, imageUrl, failReason }: Task): unknown[] => [
      status,
      progress,
      promptEn,
      imageUrl,
      failReason,
    ];
    fc.assert(
      fc.property(randomEvents, (events) =>
        play(events, (before, task, change) => {
          if (change === null) expect(task).toEqual(before);
          else {
            expect(change.fromVersion).toBe(before.version);
            expect(task.version).toBe(before.version + (change.timeline.length > 0 ? 1 : 0));
            if (!isRealChange(change)) expect(shown(task)).toEqual(shown(before));
          }
        }),
      ),
      { numRuns: 300 },
    );
  });
});
