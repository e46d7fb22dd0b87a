import { TASK_STATUSES, isTerminal } from '#libs/wire';
import { GRID_BUTTONS } from '../../test/a-snapshot.js';
import { OUTCOMES, seen, settled } from '../../test/an-event.js';
import { aFinishedTask, aFollowedTask, aTask, aModal, after, SUBMITTED_AT } from '../../test/a-task.js';
import type { Task } from './task.entity.js';
import { toTaskView } from './task-view.js';

const BASE = 'https://gateway.test';
const KEYS = [
  ...['id', 'action', 'status', 'prompt', 'promptEn', 'description', 'state', 'submitTime', 'startTime', 'finishTime'],
  ...['imageUrl', 'imageUrls', 'videoUrl', 'videoUrls', 'progress', 'failReason', 'buttons', 'properties', 'botType'],
  ...['mode', 'parentId', 'customId', 'maskBase64', 'seed', 'failure', 'cost', 'queuePosition'],
].sort();

const STATES: [string, Task][] = [
  ['opened', aTask()],
  ['window', aModal()],
  ['submitted', aFollowedTask()],
  ['succeeded', aFinishedTask('SUCCESS')],
  ['failed', aFinishedTask('FAILURE')],
  ['cancelled', aFinishedTask('CANCEL')],
];

describe('the task object', () => {
  it.each(STATES)('has every key and no other: %s', (_, task) => {
    const view = toTaskView(task, BASE);
    expect(Object.keys(view).sort()).toEqual(KEYS);
    expect(view).not.toHaveProperty('code');
    expect(JSON.stringify(view)).not.toContain('undefined');
    for (const key of ['id', 'state', 'prompt', 'promptEn', 'failReason', 'parentId', 'seed', 'customId'] as const)
      expect(typeof view[key]).toBe('string');
  });

  it.each(STATES)('keeps the invariants that clients rely on: %s', (_, task) => {
    const view = toTaskView(task, BASE);
    expect(view.progress === '100%').toBe(isTerminal(view.status));
    expect(view.failReason !== '').toBe(view.status === 'FAILURE');
    expect(view.buttons === null).toBe(view.status !== 'SUCCESS');
    expect(view.failure === null).toBe(view.status !== 'FAILURE' && view.status !== 'CANCEL');
    expect([view.imageUrl, view.imageUrls, view.videoUrl, view.videoUrls]).toEqual(['', null, '', null]);
    expect(view.finishTime > 0).toBe(isTerminal(view.status));
  });

  it('is tested in every status except the one in between', () => {
    const covered = new Set(STATES.map(([, { status }]) => status));
    expect(TASK_STATUSES.filter((status) => !covered.has(status))).toEqual(['IN_PROGRESS']);
  });

  it('has times in ms, and 0 for a time that has not come', () => {
    expect(toTaskView(aTask(), BASE)).toMatchObject({
      submitTime: SUBMITTED_AT.getTime(),
      startTime: 0,
      finishTime: 0,
    });
    const { startTime, finishTime } = toTaskView(aFinishedTask('SUCCESS'), BASE);
    expect([startTime, finishTime]).toEqual([after(1_000).getTime(), after(60_000).getTime()]);
  });

  it('links the preview under a new URL with each version, and the final picture under a permanent one', () => {
    const task = aFollowedTask({ status: 'IN_PROGRESS', imageUrl: 'https://up.test/p.png', version: 7 });
    expect(toTaskView(task, BASE).imageUrl).toBe(`${BASE}/mj/image/${task.id}?v=7`);
    task.on(seen({ status: 'SUCCESS', imageUrl: 'https://up.test/a.png' }), after(60_000));
    expect(toTaskView(task, BASE).imageUrl).toBe(`${BASE}/mj/image/${task.id}`);
  });

  it('shows no picture of a task that failed or was cancelled', () => {
    for (const status of ['FAILURE', 'CANCEL'] as const)
      expect(toTaskView(aFinishedTask(status, { imageUrl: 'https://up.test/p.png' }), BASE).imageUrl).toBe('');
  });

  it('numbers the single pictures and the videos from 1', () => {
    const task = aFinishedTask('SUCCESS', { pictureCount: 2, picturesFrom: 'upstream', videoCount: 2 });
    const view = toTaskView(task, BASE);
    expect(view.imageUrls).toEqual([
      { url: `${BASE}/mj/image/${task.id}/1` },
      { url: `${BASE}/mj/image/${task.id}/2` },
    ]);
    expect(view.videoUrl).toBe(`${BASE}/mj/video/${task.id}/1`);
    expect(view.videoUrls).toEqual([
      { url: `${BASE}/mj/video/${task.id}/1` },
      { url: `${BASE}/mj/video/${task.id}/2` },
    ]);
  });

  it('has an empty list of buttons after a SUCCESS without any', () => {
    expect(toTaskView(aFinishedTask('SUCCESS', { buttons: null }), BASE).buttons).toEqual([]);
  });

  it('has its keys and those of its buttons in a fixed order', () => {
    const buttons = GRID_BUTTONS.map(({ style, type, label, emoji, customId }) => ({
      style,
      emoji,
      type,
      customId,
      label,
    }));
    const task = aFinishedTask('SUCCESS', { buttons });
    const same = aFinishedTask('SUCCESS', { buttons: GRID_BUTTONS });
    expect(JSON.stringify(toTaskView(task, BASE))).toBe(JSON.stringify(toTaskView(same, BASE)));
  });

  it('has message id and hash only if they are known', () => {
    expect(toTaskView(aTask(), BASE).properties).toEqual({ finalPrompt: '', finalZhPrompt: '' });
    expect(toTaskView(aTask({ messageId: '1', messageHash: 'h', finalPrompt: 'p' }), BASE).properties).toEqual({
      finalPrompt: 'p',
      finalZhPrompt: '',
      messageId: '1',
      messageHash: 'h',
    });
  });

  it('reports the failure code, whether a retry may help, and whether it was refunded', () => {
    const failure = (overrides: Partial<Task>): unknown =>
      toTaskView(aFinishedTask('FAILURE', overrides), BASE).failure;
    expect(failure({ failCode: 'timeout' })).toEqual({ kind: 'timeout', retryable: true, refunded: true });
    expect(failure({ failCode: 'banned' })).toEqual({ kind: 'banned', retryable: false, refunded: true });
    expect(failure({ failCode: 'timeout', cost: '0.100000' })).toMatchObject({ refunded: false });
    expect(failure({ failReason: '' })).toMatchObject({ kind: 'timeout' });
    expect(toTaskView(aFinishedTask('FAILURE', { failReason: '' }), BASE).failReason).not.toBe('');
    expect(toTaskView(aFinishedTask('SUCCESS'), BASE).cost).toBe(0.1);
    expect(toTaskView(aFinishedTask('FAILURE'), BASE).cost).toBe(0);
  });

  it('has a queue position only if the read counted one', () => {
    expect(toTaskView(aTask(), BASE).queuePosition).toBeNull();
    expect(toTaskView(Object.assign(aTask(), { queuePosition: 3 }), BASE).queuePosition).toBe(3);
  });
});

describe('the task object never shows', () => {
  it('an id, host or link of the upstream, from submit to end', () => {
    const task = aTask();
    const views: string[] = [];
    const happen = (event: Parameters<Task['on']>[0], at: number): void => {
      task.on(event, after(at));
      views.push(JSON.stringify(toTaskView(task, BASE)));
    };
    const link = 'https://secret-upstream.test/x.png';
    happen(settled({ ...OUTCOMES.accepted, upstreamTaskIds: ['upstream-id-1'] }), 1_000);
    const said = { upstreamTaskId: 'upstream-id-1', imageUrl: link, promptEn: `${link} a cat`, description: link };
    happen(seen({ ...said, status: 'IN_PROGRESS', progress: 10, finalPrompt: `a cat <${link}>` }), 5_000);
    happen(seen({ ...said, status: 'SUCCESS', imageUrls: [link], videoUrls: [link], buttons: GRID_BUTTONS }), 9_000);
    expect(views).toHaveLength(3);
    for (const view of views) {
      expect(view).not.toMatch(/secret-upstream/);
      expect(view).not.toMatch(/upstream-id-1/);
      expect(view).not.toMatch(/jm:/);
    }
  });

  it('an address in the text of a failure', () => {
    const task = aFollowedTask();
    task.on(
      seen({ status: 'FAILURE', failReason: 'job 1234567890123456 at node3.secret-upstream.test:8080' }),
      after(9_000),
    );
    expect(toTaskView(task, BASE).failReason).toBe('job at');
  });
});
