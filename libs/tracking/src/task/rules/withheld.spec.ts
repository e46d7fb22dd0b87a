import fc from 'fast-check';
import type { Snapshot } from '#libs/upstream';
import { seen } from '../../../test/an-event.js';
import { GRID_BUTTONS } from '../../../test/a-snapshot.js';
import { aFollowedTask, aFinishedTask, aTask, after } from '../../../test/a-task.js';
import type { Change } from '../change.js';
import type { Task } from '../task.entity.js';
import { toTaskView } from '../task-view.js';

const GRID = 'https://up.test/grid.png';
const url = (n: number): string => `https://up.test/${n}.png`;

function succeed(given: Partial<Task>, snapshot: Partial<Snapshot>): { task: Task; change: Change } {
  const task = aFollowedTask(given);
  const change = task.on(seen({ status: 'SUCCESS', ...snapshot }), after(60_000));
  if (change === null) throw new Error('SUCCESS changed nothing');
  return { task, change };
}

describe('a picture that was moderated away', () => {
  it('keeps its place: the others stand under their own numbers, and the price stays', () => {
    const imageUrls = [url(1), url(2), null, url(4)];
    const { task, change } = succeed({}, { imageUrl: GRID, imageUrls, buttons: GRID_BUTTONS });
    expect(task).toMatchObject({ status: 'SUCCESS', pictureCount: 4, withheld: [3], cost: '0.100000' });
    expect(change.assets.map(({ n }) => n)).toEqual([0, 1, 2, 4]);
    expect(change.refund).toBe('0');
    const view = toTaskView(task, 'https://gw.test');
    expect(view.properties.withheld).toEqual([3]);
    expect(view.imageUrls?.map((link) => link.url)).toEqual(
      [1, 2, 4].map((n) => `https://gw.test/mj/image/${task.id}/${n}`),
    );
    // An upstream may show buttons for it, which would lead nowhere.
    expect(view.buttons).toEqual(GRID_BUTTONS.filter(({ customId }) => !customId.includes('::3::')));
  });

  it('is not told of where there is none', () => {
    const { task, change } = succeed({}, { imageUrl: GRID, imageUrls: [url(1), url(2)] });
    expect(task.withheld).toBeNull();
    expect(change.touched.has('withheld')).toBe(false);
    expect(toTaskView(task, 'https://gw.test').properties).not.toHaveProperty('withheld');
  });

  it('is none of an alias less than of its original', () => {
    const original = aFinishedTask('SUCCESS', { pictureCount: 4, picturesFrom: 'upstream', withheld: [2] });
    const alias = aTask({ aliasOf: original.id });
    alias.on({ kind: 'followed', source: 'poller', original }, after(70_000));
    expect(alias).toMatchObject({ status: 'SUCCESS', withheld: [2] });
  });

  it('is shown by no preview of a running task', () => {
    const task = aFollowedTask();
    task.on(seen({ status: 'IN_PROGRESS', imageUrls: [null, url(2)] }), after(5_000));
    expect(task).toMatchObject({ imageUrl: url(2), withheld: null });
  });
});

describe('a task whose pictures were all moderated away', () => {
  it.each([
    ['IMAGINE', null],
    ['ACTION', null],
    ['IMAGINE', GRID],
  ] as const)('fails at once, refunded, and says why: %s with the whole picture %s', (action, imageUrl) => {
    const { task, change } = succeed({ action }, { imageUrl, imageUrls: [null, null, null, null] });
    expect(task).toMatchObject({
      status: 'FAILURE',
      failCode: 'upstream_failed',
      failReason: 'Every picture was withheld by moderation',
      cost: '0',
      withheld: null,
    });
    expect(change).toMatchObject({ refund: '0.100000', visible: true, freesSlotOf: '7', assets: [] });
  });

  it('is tried again if its client asked for retries', () => {
    const { task } = succeed({ retries: 1, retriesLeft: 1 }, { imageUrl: null, imageUrls: [null] });
    expect(task).toMatchObject({ status: 'SUBMITTED', waiting: true });
  });

  it.each(['DESCRIBE', 'SHORTEN'] as const)('is none that finds a text: %s', (action) => {
    expect(succeed({ action }, { imageUrl: null, imageUrls: [null] }).task.status).toBe('SUCCESS');
  });
});

it('every number is either a link or withheld, whatever was moderated away', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 64 }), (shown) => {
      const { task } = succeed({}, { imageUrl: GRID, imageUrls: shown.map((is, at) => (is ? url(at + 1) : null)) });
      if (!shown.includes(true)) return expect(task.status).toBe('FAILURE');
      const view = toTaskView(task, '');
      const linked = (view.imageUrls ?? []).map((link) => Number(link.url.split('/').at(-1)));
      const all = [...linked, ...(view.properties.withheld ?? [])].sort((a, b) => a - b);
      expect(all).toEqual(shown.map((_, at) => at + 1));
    }),
  );
});
