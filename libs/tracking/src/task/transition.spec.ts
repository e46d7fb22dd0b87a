import { isTerminal, TASK_STATUSES } from '#libs/wire';
import {
  absent,
  denied,
  found,
  inconclusive,
  inputLost,
  missing,
  OUTCOMES,
  queueTimedOut,
  seen,
  settled,
} from '../../test/an-event.js';
import { aFinishedTask, aFollowedTask, aTask, aWaitingTask, aModal, after } from '../../test/a-task.js';
import type { TaskEvent } from './event.js';
import { Task } from './task.entity.js';

const LATER = after(120_000);
const copyOf = (task: Task): Task => Object.assign(new Task(), task);

const EVENTS: [string, TaskEvent][] = [
  ...Object.values(OUTCOMES).map((outcome): [string, TaskEvent] => [`settled: ${outcome.kind}`, settled(outcome)]),
  ...[null, ...TASK_STATUSES].map((status): [string, TaskEvent] => [`snapshot: ${status}`, seen({ status })]),
  ['absent', absent()],
  ['missing', missing()],
  ['found', found()],
  ['denied', denied()],
  ['inconclusive', inconclusive()],
  ['queue_timed_out', queueTimedOut()],
  ['input_lost', inputLost()],
];
/** Events that leave a line in the timeline of a finished task. */
const LATE_NEWS = new Set(['settled: accepted', 'settled: queued', 'settled: exists', 'settled: window']);

describe.each(['SUCCESS', 'FAILURE', 'CANCEL'] as const)('a task that ended in %s', (status) => {
  it.each(EVENTS)('is not changed by %s', (name, event) => {
    const task = aFinishedTask(status);
    const before = copyOf(task);
    const change = task.on(event, LATER);
    const isNews = LATE_NEWS.has(name) || (status === 'FAILURE' && name === 'snapshot: SUCCESS');
    expect(change !== null).toBe(isNews);
    expect(task).toEqual({ ...before, version: isNews ? before.version + 1 : before.version });
    if (change !== null) {
      expect(change).toMatchObject({ refund: '0', freesSlotOf: null, uncounts: false, visible: false, assets: [] });
      expect(change.timeline.map(({ kind }) => kind)).toEqual([
        name.startsWith('settled') ? 'late_acceptance' : 'late_success',
      ]);
    }
  });
});

describe('a finished task whose acceptance comes late', () => {
  it.each(['accepted', 'queued', 'exists', 'window'] as const)('keeps the id of %s', (kind) => {
    const task = aFinishedTask('FAILURE', { upstreamTaskId: null, failCode: 'outcome_unknown' });
    task.on(settled(OUTCOMES[kind]), LATER);
    expect(task).toMatchObject({ upstreamTaskId: 'up-1', status: 'FAILURE', cost: '0', nextPollAt: null });
  });
});

describe('an event that does not apply is ignored', () => {
  const none = ['snapshot: SUCCESS', 'snapshot: FAILURE', 'snapshot: IN_PROGRESS', 'absent', 'missing'];
  it.each(EVENTS.filter(([name]) => none.includes(name)))('%s: by a task that no upstream works on', (_, event) => {
    for (const task of [aTask(), aWaitingTask(), aModal()]) {
      const before = copyOf(task);
      expect(task.on(event, LATER)).toBeNull();
      expect(task).toEqual(before);
    }
  });

  const settles = EVENTS.filter(([name]) => /^settled|found|denied|inconclusive/.test(name));
  it.each(settles)('%s: by a task whose upstream id is known', (_, event) => {
    const task = aFollowedTask();
    expect(task.on(event, LATER)).toBeNull();
    expect(task).toEqual(aFollowedTask());
  });

  it.each(settles)('%s: by a task that waits', (_, event) => {
    const task = aWaitingTask();
    expect(task.on(event, LATER)).toBeNull();
    expect(task).toEqual(aWaitingTask());
  });

  it('queue_timed_out: by a task that was sent since', () => {
    expect(aTask().on(queueTimedOut(), LATER)).toBeNull();
  });
});

describe('an end without the upstream', () => {
  it.each([
    ['missing', aFollowedTask(), missing(), 'missing'],
    ['queue_timed_out', aWaitingTask(), queueTimedOut(), 'queue_timeout'],
    ['input_lost', aTask(), inputLost(), 'input_unavailable'],
  ] as const)('%s: is a FAILURE that releases everything', (_, given, event, failCode) => {
    const task = copyOf(given);
    const change = task.on(event, LATER);
    expect(task).toMatchObject({ status: 'FAILURE', progress: 100, failCode, refused: false, cost: '0' });
    expect(task).toMatchObject({ hasSlot: false, isCounted: false, waiting: false, waitUntil: null });
    expect(task).toMatchObject({ nextPollAt: null, lookUpAt: null, finishedAt: LATER, version: given.version + 1 });
    expect(task.failReason).not.toBe('');
    expect(change).toMatchObject({
      fromVersion: given.version,
      refund: '0.100000',
      freesSlotOf: given.hasSlot ? '7' : null,
      uncounts: true,
      visible: true,
      dropsInput: true,
      timeline: [{ kind: 'failed', source: event.source, detail: { failCode } }],
    });
  });
});

describe('the clock of this process', () => {
  it('never puts an end or a start before the submit, whose time has microseconds that the clock lacks', () => {
    for (const now of [after(-5_000), after(0)]) {
      const task = aTask();
      task.on(settled(OUTCOMES.accepted), now);
      task.on(seen({ status: 'SUCCESS' }), now);
      expect(task).toMatchObject({ startedAt: after(1), finishedAt: after(1) });
      expect(isTerminal(task.status)).toBe(true);
    }
  });
});
