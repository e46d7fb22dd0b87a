import { OUTCOMES, seen, settled } from '../../../test/an-event.js';
import { aFinishedTask, aFollowedTask, aTask, aWaitingTask, aModal, after } from '../../../test/a-task.js';
import { cancelWayOf } from './on-cancel.js';
import type { TaskEvent } from '../event.js';
import type { Task } from '../task.entity.js';

const NOW = after(5_000);
const CANCELLED: TaskEvent = { kind: 'cancelled', source: 'api' };
const ASKED: TaskEvent = { kind: 'cancel_asked', source: 'api' };

/** A task that its upstream was asked to cancel a moment ago. */
function anAskedTask(overrides: Partial<Task> = {}): Task {
  return aFollowedTask({ cancelAskedAt: after(4_000), ...overrides });
}

describe('how a task is cancelled', () => {
  it.each([
    ['waits', aWaitingTask(), 'at_once'],
    ['is a modal', aModal(), 'at_once'],
    ['is an alias', aFollowedTask({ aliasOf: '1' }), 'at_once'],
    ['is being sent', aTask(), 'not_now'],
    ['is of unknown outcome', aTask({ lookUpAt: after(9_000) }), 'not_now'],
    [
      'is a modal that is being confirmed',
      aFollowedTask({ confirmedAt: after(1), sendDeadline: after(9_000) }),
      'not_now',
    ],
    ['is a confirmed modal', aFollowedTask({ confirmedAt: after(1), sendDeadline: after(2_000) }), 'ask'],
    ['is with its upstream', aFollowedTask({ sendDeadline: null }), 'ask'],
    ['was asked to cancel before', anAskedTask(), 'asked'],
    ['succeeded', aFinishedTask('SUCCESS'), 'finished'],
    ['failed', aFinishedTask('FAILURE'), 'finished'],
    ['was cancelled', aFinishedTask('CANCEL'), 'finished'],
  ] as const)('a task that %s', (_, task, way) => {
    expect(cancelWayOf(task, NOW)).toBe(way);
  });
});

describe('a task that no upstream works on', () => {
  it('is cancelled at once and releases credits, slot and count', () => {
    const task = aWaitingTask();
    const change = task.on(CANCELLED, NOW);
    expect(task).toMatchObject({
      status: 'CANCEL',
      failCode: 'cancelled',
      failReason: '',
      progress: 100,
      waiting: false,
    });
    expect(change).toMatchObject({ refund: task.price, uncounts: true, dropsInput: true, visible: true });
    expect(change?.timeline.map(({ kind, source }) => [kind, source])).toEqual([['cancelled', 'api']]);
  });

  it.each([
    ['is being sent', aTask()],
    ['is with its upstream', aFollowedTask()],
    ['has ended', aFinishedTask('SUCCESS')],
  ])('is not a task that %s', (_, task) => {
    expect(task.on(CANCELLED, NOW)).toBeNull();
  });
});

describe('a task that its upstream was asked to stop', () => {
  it('shows clients no difference, sends no hook, and is polled at once', () => {
    const task = aFollowedTask({ quietPolls: 5 });
    const change = task.on(ASKED, NOW);
    expect(task).toMatchObject({ status: 'SUBMITTED', cancelAskedAt: NOW, nextPollAt: NOW, quietPolls: 0 });
    expect(change).toMatchObject({ visible: false, refund: '0', freesSlotOf: null, uncounts: false });
    expect(task.on(ASKED, after(6_000))).toBeNull();
  });

  it.each([
    ['SUBMITTED', 0, true],
    ['NOT_START', 0, true],
    ['SUBMITTED', 5, false],
    ['IN_PROGRESS', 0, false],
    ['IN_PROGRESS', 40, false],
  ] as const)('at %s with %d %%: is refunded (%s) however the upstream ends it', (status, progress, refunded) => {
    for (const end of ['FAILURE', 'CANCEL'] as const) {
      const task = anAskedTask({ status, progress });
      const change = task.on(seen({ status: end, failReason: 'stopped' }), NOW);
      expect(task).toMatchObject({ status: 'CANCEL', failCode: 'cancelled', failReason: '' });
      expect(change?.refund).toBe(refunded ? task.price : '0');
      expect(change).toMatchObject({ freesSlotOf: '7', uncounts: true });
    }
  });

  it('ends in SUCCESS if the upstream finishes it', () => {
    const task = anAskedTask();
    task.on(seen({ status: 'SUCCESS' }), NOW);
    expect(task).toMatchObject({ status: 'SUCCESS', cost: task.price, failCode: null });
  });

  it('is refunded when its upstream cancels it without a request, at any progress', () => {
    const task = aFollowedTask({ status: 'IN_PROGRESS', progress: 40 });
    expect(task.on(seen({ status: 'CANCEL' }), NOW)?.refund).toBe(task.price);
  });

  it('continues while the upstream does not stop it', () => {
    const task = anAskedTask();
    task.on(seen({ status: 'IN_PROGRESS', progress: 20 }), NOW);
    expect(task).toMatchObject({ status: 'IN_PROGRESS', progress: 20, cancelAskedAt: after(4_000) });
  });
});

describe('the seed', () => {
  const seeded: TaskEvent = { kind: 'seeded', source: 'api', seed: '42' };

  it('is stored once, for a task that succeeded', () => {
    const task = aFinishedTask('SUCCESS');
    const { version } = task;
    expect(task.on(seeded, NOW)).toMatchObject({ visible: false, fromVersion: version });
    expect(task).toMatchObject({ seed: '42', version: version + 1, status: 'SUCCESS' });
    expect(task.on({ ...seeded, seed: '43' }, NOW)).toBeNull();
  });

  it.each([aFollowedTask(), aFinishedTask('FAILURE'), aModal()])('is not stored for any other task', (task) => {
    expect(task.on(seeded, NOW)).toBeNull();
  });
});

it('a task cancelled while the answer to its submit was under way stays cancelled', () => {
  const task = aWaitingTask();
  task.on(CANCELLED, NOW);
  task.on(settled(OUTCOMES.accepted), after(6_000));
  expect(task).toMatchObject({ status: 'CANCEL', cost: '0' });
});
