import { absent, seen } from '../../test/an-event.js';
import { aFollowedTask, after } from '../../test/a-task.js';
import type { Task } from './task.entity.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Polls the task every `every` ms with the same snapshot, until it ends or `until` is over. */
function pollTo(task: Task, { from, until, every }: { from: number; until: number; every: number }): void {
  for (let at = from; at <= until && task.finishedAt === null; at += every) {
    task.on(seen({ status: 'IN_PROGRESS', progress: 10 }), after(at));
  }
}

describe('the deadline of a task', () => {
  it('ends the task in FAILURE timeout, refunded, when its upstream answered all along', () => {
    const task = aFollowedTask({ deadlineAt: after(HOUR) });
    pollTo(task, { from: 5_000, until: HOUR - 1, every: 30_000 });
    expect(task.status).toBe('IN_PROGRESS');
    const change = task.on(seen({ status: 'IN_PROGRESS', progress: 90 }), after(HOUR));
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'timeout', progress: 100, cost: '0' });
    expect(change).toMatchObject({ refund: '0.100000', freesSlotOf: '7', uncounts: true });
  });

  it.each([HOUR, 30 * HOUR, 400 * HOUR])('yields to a SUCCESS that comes after %d ms', (age) => {
    const task = aFollowedTask({ deadlineAt: after(HOUR), polledAt: after(age - 1_000) });
    task.on(seen({ status: 'SUCCESS', progress: 99 }), after(age));
    expect(task).toMatchObject({ status: 'SUCCESS', cost: '0.100000' });
  });

  it('does not follow the times that an upstream reports', () => {
    const task = aFollowedTask();
    task.on(seen({ status: 'IN_PROGRESS', submitTime: 1 }), after(5_000));
    expect(task).toMatchObject({ status: 'IN_PROGRESS', submittedAt: after(0), deadlineAt: after(HOUR) });
  });

  it('does not run during an outage of the upstream or of the gateway', () => {
    const task = aFollowedTask({ deadlineAt: after(HOUR) });
    pollTo(task, { from: 5_000, until: 10 * MINUTE, every: 10_000 });
    const outage = 5 * HOUR;
    task.on(seen({ status: 'IN_PROGRESS', progress: 10 }), after(10 * MINUTE + outage));
    expect(task.status).toBe('IN_PROGRESS');
    const left = Number(task.deadlineAt) - after(10 * MINUTE + outage).getTime();
    expect(left).toBeGreaterThan(45 * MINUTE);
    expect(left).toBeLessThanOrEqual(55 * MINUTE);
    pollTo(task, { from: 10 * MINUTE + outage, until: 70 * MINUTE + outage, every: 30_000 });
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'timeout' });
  });

  it('does not run while the answers leave the task out', () => {
    const task = aFollowedTask({ deadlineAt: after(HOUR), polledAt: after(50 * MINUTE) });
    for (let at = 51; at <= 58; at += 1) task.on(absent(), after(at * MINUTE));
    task.on(seen({ status: 'IN_PROGRESS' }), after(61 * MINUTE));
    expect(task.status).toBe('IN_PROGRESS');
  });

  it('is not extended by the usual interval of polls', () => {
    const task = aFollowedTask({ deadlineAt: after(2 * HOUR) });
    pollTo(task, { from: 5_000, until: 90 * MINUTE, every: 29_000 });
    expect(task.deadlineAt).toEqual(after(2 * HOUR));
  });
});
