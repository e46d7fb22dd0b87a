import type { Snapshot } from '#libs/upstream';
import { aButton, GRID_BUTTONS } from '../../../test/a-snapshot.js';
import { seen } from '../../../test/an-event.js';
import { aFollowedTask, after } from '../../../test/a-task.js';
import type { Change } from '../change.js';
import type { Task } from '../task.entity.js';

const GRID = 'https://up.test/grid.png';
const NO_GRID = [aButton('MJ::JOB::upsample_v6_2x_subtle::1::0b8c'), aButton('MJ::Outpaint::50::1::0b8c::SOLO')];

function succeed(given: Partial<Task>, snapshot: Partial<Snapshot>): { task: Task; change: Change } {
  const task = aFollowedTask(given);
  const change = task.on(seen({ status: 'SUCCESS', ...snapshot }), after(60_000));
  if (change === null) throw new Error('SUCCESS changed nothing');
  return { task, change };
}

describe('what /n means', () => {
  it('is a quarter of a picture with upsample buttons, where the upstream gives no picture of its own', () => {
    const { task, change } = succeed({ action: 'UPSCALE' }, { imageUrl: GRID, buttons: GRID_BUTTONS });
    expect(task).toMatchObject({ pictureCount: 4, picturesFrom: 'crop', imageUrl: GRID });
    expect(change.assets).toEqual([{ kind: 'image', n: 0, sourceUrl: GRID }]);
  });

  it("is the upstream's picture where it gives them, a grid or not", () => {
    const imageUrls = ['https://up.test/1.png', 'https://up.test/2.png', 'https://up.test/3.png'];
    const { task, change } = succeed({}, { imageUrl: GRID, imageUrls, buttons: GRID_BUTTONS });
    expect(task).toMatchObject({ pictureCount: 3, picturesFrom: 'upstream' });
    expect(change.assets).toEqual([
      { kind: 'image', n: 0, sourceUrl: GRID },
      ...imageUrls.map((sourceUrl, at) => ({ kind: 'image', n: at + 1, sourceUrl })),
    ]);
  });

  it.each(['IMAGINE', 'VARIATION', 'REROLL', 'BLEND', 'ZOOM', 'PAN', 'EDITS', 'RETEXTURE'] as const)(
    'is a quarter for %s where there are no buttons at all',
    (action) => {
      expect(succeed({ action }, { imageUrl: GRID }).task).toMatchObject({ pictureCount: 4, picturesFrom: 'crop' });
    },
  );

  it.each(['UPSCALE', 'UPSCALE_HD', 'DESCRIBE', 'SHORTEN', 'SWAP_FACE', 'INPAINT', 'VIDEO', 'ACTION'] as const)(
    'is nothing for %s where there are no buttons at all',
    (action) => {
      expect(succeed({ action }, { imageUrl: GRID }).task).toMatchObject({ pictureCount: 0, picturesFrom: null });
    },
  );

  it('is nothing where the buttons are those of a single picture, whatever the action', () => {
    for (const buttons of [NO_GRID, [aButton('MJ::JOB::video_virtual_upscale::1::0b8c')]]) {
      expect(succeed({}, { imageUrl: GRID, buttons }).task).toMatchObject({ pictureCount: 0, picturesFrom: null });
    }
  });

  it('is nothing where there are more than four: they are laid out nobody knows how', () => {
    const buttons = Array.from({ length: 24 }, (_, at) => aButton(`MJ::JOB::upsample::${at + 1}::0b8c`));
    expect(succeed({}, { imageUrl: GRID, buttons }).task).toMatchObject({ pictureCount: 0, picturesFrom: null });
    const imageUrls = buttons.map((_, at) => `https://up.test/${at}.png`);
    expect(succeed({}, { imageUrl: GRID, imageUrls, buttons }).task).toMatchObject({
      pictureCount: 24,
      picturesFrom: 'upstream',
    });
  });

  it('is nothing where there is no picture to cut', () => {
    const film = 'https://up.test/1.mp4';
    const { task, change } = succeed({}, { buttons: GRID_BUTTONS, imageUrl: null, videoUrls: [film] });
    expect(task).toMatchObject({ pictureCount: 0, picturesFrom: null, imageUrl: null });
    expect(change.assets).toEqual([{ kind: 'video', n: 1, sourceUrl: film }]);
  });
});

describe('what is kept', () => {
  it('is every video beside the picture', () => {
    const videoUrls = ['https://up.test/1.mp4', 'https://up.test/2.mp4'];
    const { task, change } = succeed({ action: 'VIDEO' }, { imageUrl: GRID, videoUrls });
    expect(task).toMatchObject({ videoCount: 2, pictureCount: 0 });
    expect(change.assets).toEqual([
      { kind: 'image', n: 0, sourceUrl: GRID },
      { kind: 'video', n: 1, sourceUrl: videoUrls[0] },
      { kind: 'video', n: 2, sourceUrl: videoUrls[1] },
    ]);
  });

  it('is the first single picture as the whole one, where only singles are given', () => {
    const { task } = succeed({}, { imageUrl: null, imageUrls: ['https://up.test/1.png'] });
    expect(task).toMatchObject({ imageUrl: 'https://up.test/1.png', pictureCount: 1, picturesFrom: 'upstream' });
  });

  it('is nothing of a failed task', () => {
    const task = aFollowedTask();
    const change = task.on(seen({ status: 'FAILURE', imageUrl: GRID }), after(60_000));
    expect(change?.assets).toEqual([]);
    expect(task).toMatchObject({ pictureCount: 0, picturesFrom: null, videoCount: 0, buttons: null });
  });
});
