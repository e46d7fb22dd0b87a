import type { TaskAction } from '#libs/wire';
import { aFollowedTask, after } from '../../../test/a-task.js';
import { found, seen } from '../../../test/an-event.js';
import { aTask } from '../../../test/a-task.js';
import type { Task } from '../task.entity.js';

const BARE = { status: 'SUCCESS', imageUrl: null } as const;
const MINUTE = 60_000;

function aRunning(overrides: Partial<Task> = {}): Task {
  return aFollowedTask({ status: 'IN_PROGRESS', progress: 60, ...overrides });
}

/** Polls the task every `everyMs` from `from` to `to`, each time with the same snapshot. */
function pollFrom(task: Task, from: number, to: number, everyMs = 30_000): void {
  for (let ms = from; ms <= to; ms += everyMs) task.on(seen(BARE), after(ms));
}

describe('a SUCCESS without a picture, for an action that makes one', () => {
  it('does not end the task, which is polled again', () => {
    const task = aRunning();
    const change = task.on(seen(BARE), after(5_000));
    expect(task).toMatchObject({
      status: 'IN_PROGRESS',
      progress: 99,
      picturelessSince: after(5_000),
      cost: '0.100000',
    });
    expect(task.nextPollAt?.getTime()).toBeGreaterThan(after(5_000).getTime());
    expect(change).toMatchObject({ visible: true, freesSlotOf: null });
    expect(change?.timeline.map(({ kind }) => kind)).toEqual(['pictureless']);
  });

  it('is noted in the timeline once, and the task is polled less and less', () => {
    const task = aRunning();
    task.on(seen(BARE), after(5_000));
    const pauses = [1, 2, 3, 4, 5, 6].map((n) => {
      const now = after(5_000 + n * 10_000);
      const change = task.on(seen(BARE), now);
      expect(change?.timeline).toEqual([]);
      return (task.nextPollAt?.getTime() ?? 0) - now.getTime();
    });
    expect(pauses.at(-1)).toBeGreaterThan(pauses[0] ?? Infinity);
  });

  it('becomes a SUCCESS once the picture is there', () => {
    const task = aRunning();
    pollFrom(task, 5_000, 9 * MINUTE);
    const change = task.on(seen({ status: 'SUCCESS', imageUrl: 'https://up.test/a.png' }), after(9.5 * MINUTE));
    expect(task).toMatchObject({ status: 'SUCCESS', cost: '0.100000', imageUrl: 'https://up.test/a.png' });
    expect(change?.assets).toHaveLength(1);
  });

  it('becomes a failure after ten minutes, refunded and with a hook', () => {
    const task = aRunning();
    pollFrom(task, 5_000, 5_000 + 9.5 * MINUTE);
    expect(task.status).toBe('IN_PROGRESS');
    const change = task.on(seen(BARE), after(5_000 + 10 * MINUTE));
    expect(task).toMatchObject({
      status: 'FAILURE',
      failCode: 'upstream_failed',
      failReason: 'The upstream finished without a picture',
      cost: '0',
    });
    expect(change).toMatchObject({ refund: '0.100000', visible: true, freesSlotOf: '7' });
  });

  it('does not count an earlier preview as its picture', () => {
    const task = aRunning({ imageUrl: 'https://up.test/preview.png' });
    task.on(seen(BARE), after(5_000));
    expect(task.status).toBe('IN_PROGRESS');
    pollFrom(task, 35_000, 11 * MINUTE);
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'upstream_failed' });
  });

  it('leads to a retry if the client asked for retries', () => {
    const task = aRunning({ retries: 1, retriesLeft: 1 });
    pollFrom(task, 5_000, 11 * MINUTE);
    expect(task).toMatchObject({ status: 'IN_PROGRESS', progress: 99, waiting: true, picturelessSince: null });
  });

  it('has a grace period of ten minutes that does not run during an outage', () => {
    const task = aRunning({ polledAt: after(1_000) });
    task.on(seen(BARE), after(5_000));
    task.on(seen(BARE), after(60 * MINUTE));
    expect(task.status).toBe('IN_PROGRESS');
    pollFrom(task, 60.5 * MINUTE, 71 * MINUTE);
    expect(task.status).toBe('FAILURE');
  });

  it('has its grace period even past the deadline of the task', () => {
    const task = aRunning({ deadlineAt: after(6_000), polledAt: after(3_000) });
    pollFrom(task, 5_000, 9 * MINUTE);
    expect(task.status).toBe('IN_PROGRESS');
  });

  it('can be withdrawn by the upstream, which restarts the grace period', () => {
    const task = aRunning();
    pollFrom(task, 5_000, 9 * MINUTE);
    const change = task.on(seen({ status: 'IN_PROGRESS', progress: 70 }), after(9.5 * MINUTE));
    expect(task).toMatchObject({ status: 'IN_PROGRESS', progress: 99, picturelessSince: null });
    // The lean statement for polls does not write this column, so the change must list it as touched.
    expect(change?.touched.has('picturelessSince')).toBe(true);
    pollFrom(task, 10 * MINUTE, 19 * MINUTE);
    expect(task.status).toBe('IN_PROGRESS');
  });

  it('does not end a task that a look-up finds, either', () => {
    const task = aTask();
    task.on(found(BARE), after(40_000));
    expect(task).toMatchObject({ status: 'IN_PROGRESS', upstreamTaskId: 'up-1', picturelessSince: after(40_000) });
  });
});

it.each<[string, TaskAction, object]>([
  ['finds a text', 'DESCRIBE', {}],
  ['finds a text', 'SHORTEN', {}],
  ['is of unknown kind', 'ACTION', {}],
  ['has videos', 'VIDEO', { videoUrls: ['https://up.test/1.mp4'] }],
  ['has singles', 'IMAGINE', { imageUrls: ['https://up.test/1.png'] }],
])('ends a task whose action %s: %s', (_, action, snapshot) => {
  const task = aRunning({ action });
  task.on(seen({ ...BARE, ...snapshot }), after(5_000));
  expect(task.status).toBe('SUCCESS');
});

describe('a SUCCESS that shows some of its pictures, and no reason why the others are not there', () => {
  const [A, B] = ['https://up.test/a.png', 'https://up.test/b.png'];
  const PART = { status: 'SUCCESS', imageUrl: null, imageUrls: [A, null], isIncomplete: true } as const;
  const part = (): ReturnType<typeof seen> => seen({ ...PART, imageUrls: [...PART.imageUrls] });

  it('is asked again, and becomes whole', () => {
    const task = aRunning();
    task.on(part(), after(5_000));
    expect(task).toMatchObject({ status: 'IN_PROGRESS', progress: 99 });
    task.on(seen({ status: 'SUCCESS', imageUrl: null, imageUrls: [A, B] }), after(10_000));
    expect(task).toMatchObject({ status: 'SUCCESS', pictureCount: 2, withheld: null });
  });

  it('ends with what is there after half a minute', () => {
    const task = aRunning();
    for (let ms = 5_000; ms < 35_000; ms += 10_000) task.on(part(), after(ms));
    expect(task.status).toBe('IN_PROGRESS');
    task.on(part(), after(35_000));
    expect(task).toMatchObject({ status: 'SUCCESS', pictureCount: 2, withheld: [2], cost: '0.100000' });
  });

  it('fails where none came in that time', () => {
    const task = aRunning();
    const none = (): ReturnType<typeof seen> => seen({ ...PART, imageUrls: [null, null] });
    for (let ms = 5_000; ms < 35_000; ms += 10_000) task.on(none(), after(ms));
    expect(task.status).toBe('IN_PROGRESS');
    task.on(none(), after(35_000));
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'upstream_failed', cost: '0' });
  });
});
