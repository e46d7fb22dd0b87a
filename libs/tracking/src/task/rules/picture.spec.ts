import type { Snapshot } from '#libs/upstream';
import type { ButtonView } from '#libs/wire';
import { aButton, GRID_BUTTONS } from '../../../test/a-snapshot.js';
import { seen } from '../../../test/an-event.js';
import { aFollowedTask, after } from '../../../test/a-task.js';
import type { Change } from '../change.js';
import type { Task } from '../task.entity.js';
import { toTaskView } from '../task-view.js';

const GRID = 'https://up.test/grid.png';
const NO_GRID = [aButton('MJ::JOB::upsample_v6_2x_subtle::1::0b8c'), aButton('MJ::Outpaint::50::1::0b8c::SOLO')];

const upscales = (count: number): ButtonView[] =>
  Array.from({ length: count }, (_, at) => aButton(`MJ::JOB::upsample::${at + 1}::0b8c`));

function succeed(given: Partial<Task>, snapshot: Partial<Snapshot>): { task: Task; change: Change } {
  const task = aFollowedTask(given);
  const change = task.on(seen({ status: 'SUCCESS', ...snapshot }), after(60_000));
  if (change === null) throw new Error('SUCCESS changed nothing');
  return { task, change };
}

describe('the picture n of a task', () => {
  it('is a quarter of a picture with upsample buttons when the upstream gives no single pictures', () => {
    const { task, change } = succeed({ action: 'UPSCALE' }, { imageUrl: GRID, buttons: GRID_BUTTONS });
    expect(task).toMatchObject({ pictureCount: 4, picturesFrom: 'crop', imageUrl: GRID });
    expect(change.assets).toEqual([{ kind: 'image', n: 0, sourceUrl: GRID }]);
  });

  it("is the upstream's single picture when it gives them, for a grid or not", () => {
    const imageUrls = ['https://up.test/1.png', 'https://up.test/2.png', 'https://up.test/3.png'];
    const { task, change } = succeed({}, { imageUrl: GRID, imageUrls, buttons: GRID_BUTTONS });
    expect(task).toMatchObject({ pictureCount: 3, picturesFrom: 'upstream' });
    expect(change.assets).toEqual([
      { kind: 'image', n: 0, sourceUrl: GRID },
      ...imageUrls.map((sourceUrl, at) => ({ kind: 'image', n: at + 1, sourceUrl })),
    ]);
  });

  it.each(['IMAGINE', 'VARIATION', 'REROLL', 'REMIX', 'BLEND', 'ZOOM', 'PAN', 'EDITS', 'RETEXTURE'] as const)(
    'is a quarter for %s without any buttons',
    (action) => {
      expect(succeed({ action }, { imageUrl: GRID }).task).toMatchObject({ pictureCount: 4, picturesFrom: 'crop' });
    },
  );

  it.each(['UPSCALE', 'UPSCALE_HD', 'DESCRIBE', 'SHORTEN', 'SWAP_FACE', 'INPAINT', 'VIDEO', 'ACTION'] as const)(
    'does not exist for %s without any buttons',
    (action) => {
      expect(succeed({ action }, { imageUrl: GRID }).task).toMatchObject({ pictureCount: 0, picturesFrom: null });
    },
  );

  it('does not exist when the buttons are those of a single picture, whatever the action', () => {
    for (const buttons of [NO_GRID, [aButton('MJ::JOB::video_virtual_upscale::1::0b8c')]]) {
      expect(succeed({}, { imageUrl: GRID, buttons }).task).toMatchObject({ pictureCount: 0, picturesFrom: null });
    }
  });

  it.each([
    [24, 24],
    [6, 6],
    [4, 4],
    [3, 3],
    [2, 2],
    [1, 0],
    [65, 0],
  ])('is one of as many as there are upsample buttons: %i give %i', (buttons, pictures) => {
    const { task } = succeed({}, { imageUrl: GRID, buttons: upscales(buttons) });
    expect(task).toMatchObject({ pictureCount: pictures, picturesFrom: pictures === 0 ? null : 'crop' });
  });

  it("is the upstream's own for a grid of any size", () => {
    const imageUrls = upscales(24).map((_, at) => `https://up.test/${at}.png`);
    expect(succeed({}, { imageUrl: GRID, imageUrls, buttons: upscales(24) }).task).toMatchObject({
      pictureCount: 24,
      picturesFrom: 'upstream',
    });
  });

  it.each([
    ['a fox --draft', 0],
    ['a fox --draft --v 8.2', 0],
    ['a fox \u2014draft', 0],
    ['a fox --draft --v 7', 4],
    ['a fox --drafty', 4],
  ])('of a draft without any buttons does not exist unless its version draws four: %s', (prompt, pictures) => {
    expect(succeed({ prompt }, { imageUrl: GRID }).task.pictureCount).toBe(pictures);
  });

  it('does not exist without a picture to cut', () => {
    const film = 'https://up.test/1.mp4';
    const { task, change } = succeed({}, { buttons: GRID_BUTTONS, imageUrl: null, videoUrls: [film] });
    expect(task).toMatchObject({ pictureCount: 0, picturesFrom: null, imageUrl: null });
    expect(change.assets).toEqual([{ kind: 'video', n: 1, sourceUrl: film }]);
  });
});

describe('the wanted assets of a finished task', () => {
  it('contain every video beside the picture', () => {
    const videoUrls = ['https://up.test/1.mp4', 'https://up.test/2.mp4'];
    const { task, change } = succeed({ action: 'VIDEO' }, { imageUrl: GRID, videoUrls });
    expect(task).toMatchObject({ videoCount: 2, pictureCount: 0 });
    expect(change.assets).toEqual([
      { kind: 'image', n: 0, sourceUrl: GRID },
      { kind: 'video', n: 1, sourceUrl: videoUrls[0] },
      { kind: 'video', n: 2, sourceUrl: videoUrls[1] },
    ]);
  });

  it('contain the first single picture as the whole one when only singles are given', () => {
    const { task } = succeed({}, { imageUrl: null, imageUrls: ['https://up.test/1.png'] });
    expect(task).toMatchObject({ imageUrl: 'https://up.test/1.png', pictureCount: 1, picturesFrom: 'upstream' });
  });

  it.each([
    [['https://up.test/1.png', 'https://up.test/2.png'], 'grid:1,2'],
    [['https://up.test/1.png', null, null, 'https://up.test/4.png'], 'grid:1,-,-,4'],
    [[null, 'https://up.test/2.png'], 'grid:-,2'],
  ])('contain a grid to be composed when several single pictures are given and no whole one: %j', (imageUrls, name) => {
    const { task, change } = succeed({ imageUrl: 'https://up.test/preview.png' }, { imageUrl: null, imageUrls });
    expect(task).toMatchObject({ imageUrl: name, pictureCount: imageUrls.length, picturesFrom: 'upstream' });
    expect(change.assets[0]).toEqual({ kind: 'image', n: 0, sourceUrl: name });
    expect(toTaskView(task, '').imageUrl).toBe(`/mj/image/${task.id}`);
  });

  it('contain the whole picture of the upstream where it gives one, whatever was withheld', () => {
    const { change } = succeed({}, { imageUrl: GRID, imageUrls: [null, 'https://up.test/2.png'] });
    expect(change.assets.map(({ n, sourceUrl }) => [n, sourceUrl])).toEqual([
      [0, GRID],
      [2, 'https://up.test/2.png'],
    ]);
  });

  it('contain no picture of a video that has none, and the task is complete', () => {
    const { task, change } = succeed({ action: 'VIDEO' }, { imageUrl: null, videoUrls: ['https://up.test/1.mp4'] });
    expect(task).toMatchObject({ status: 'SUCCESS', imageUrl: null, pictureCount: 0, videoCount: 1 });
    expect(change.assets).toEqual([{ kind: 'video', n: 1, sourceUrl: 'https://up.test/1.mp4' }]);
    expect(toTaskView(task, '')).toMatchObject({ imageUrl: '', imageUrls: null, videoUrl: `/mj/video/${task.id}/1` });
  });

  it('are none for a failed task', () => {
    const task = aFollowedTask();
    const change = task.on(seen({ status: 'FAILURE', imageUrl: GRID }), after(60_000));
    expect(change?.assets).toEqual([]);
    expect(task).toMatchObject({ pictureCount: 0, picturesFrom: null, videoCount: 0, buttons: null });
  });
});
