import { readTask } from './task-body.js';

const ID = 'task_01K8ABCDEFGHJKMNPQRSTVWXYZ';
const JOB = '3d2a9a4e-58b1-4a1c-8a55-0f6b7c1e2d90';
const CDN = 'https://cdn.test/x';
const links = [0, 1, 2, 3].map((n) => `${CDN}/0_${n}.png`);

const GRID = {
  id: ID,
  status: 'SUCCESS',
  action: 'IMAGINE',
  mode: 'RELAX',
  progress: '100%',
  prompt: 'a fox --v 7',
  description: '',
  grid_image_url: `${CDN}/grid.png`,
  image_urls: links,
  video_url: '',
  video_urls: [],
  buttons: [{ customId: `MJ::JOB::upsample::1::${JOB}`, label: 'U1', style: 2 }],
  fail_reason: '',
  cost: 0.045,
  created: 1_762_430_011,
};

const read = (body: object): ReturnType<typeof readTask> => readTask(body, ID, 'https://api.test');

describe('a task in the form for Midjourney', () => {
  it('is read with all its fields', () => {
    expect(read(GRID)).toEqual({
      upstreamTaskId: ID,
      state: null,
      status: 'SUCCESS',
      progress: 100,
      prompt: 'a fox --v 7',
      promptEn: '',
      finalPrompt: '',
      finalZhPrompt: '',
      description: '',
      failReason: '',
      imageUrl: `${CDN}/grid.png`,
      imageUrls: links,
      videoUrls: [],
      buttons: [{ customId: `MJ::JOB::upsample::1::${JOB}`, emoji: '', label: 'U1', type: 2, style: 2 }],
      messageId: null,
      messageHash: null,
      seed: null,
      submitTime: 1_762_430_011_000,
    });
  });

  it.each([
    ['NOT_START', 'NOT_START'],
    ['SUBMITTED', 'SUBMITTED'],
    ['in_progress', 'IN_PROGRESS'],
    ['MODAL', 'MODAL'],
    ['FAILURE', 'FAILURE'],
    ['CANCEL', 'CANCEL'],
    ['CANCELLED', 'CANCEL'],
    ['pending', 'SUBMITTED'],
    ['processing', 'IN_PROGRESS'],
    ['completed', 'SUCCESS'],
    ['failed', 'FAILURE'],
    ['cancelled', 'CANCEL'],
    ['new word', null],
  ])('has the status %s as %s', (status, expected) => {
    expect(read({ status })?.status).toBe(expected);
  });

  it('has nothing where every field is missing, null or empty', () => {
    const nothing = { imageUrl: null, imageUrls: [], videoUrls: [], buttons: [], progress: null, submitTime: null };
    for (const empty of [undefined, null, '', 0]) {
      const bare = Object.fromEntries(Object.keys(GRID).map((name) => [name, empty]));
      expect(read({ ...bare, status: 'IN_PROGRESS' })).toMatchObject({ ...nothing, progress: empty === 0 ? 0 : null });
    }
    expect(read({ ...GRID, grid_image_url: '', image_urls: [null, '', null, null] })).toMatchObject({ imageUrls: [] });
  });

  it('keeps the place of a picture that is missing', () => {
    const found = read({ ...GRID, image_urls: [links[0], null, '', links[3]] });
    expect(found?.imageUrls).toEqual([links[0], null, null, links[3]]);
  });

  it('takes the only picture for the whole', () => {
    const found = read({ ...GRID, grid_image_url: '', image_urls: [links[0]] });
    expect(found).toMatchObject({ imageUrl: links[0], imageUrls: [links[0]] });
  });

  it.each([
    ['video_urls', { video_urls: [`${CDN}/0.mp4`, `${CDN}/1.mp4`], video_url: `${CDN}/0.mp4` }, 2],
    ['video_url', { video_url: `${CDN}/0.mp4` }, 1],
    ['image_urls', { image_urls: [`${CDN}/0.mp4`] }, 1],
  ])('finds its videos in %s', (_where, fields, count) => {
    const found = read({ ...GRID, grid_image_url: '', image_urls: [], ...fields });
    expect(found?.videoUrls).toHaveLength(count);
    expect(found?.imageUrls).toEqual([]);
  });

  it('shows no id of the vendor’s tasks', () => {
    const buttons = [
      { customId: `MJ::CustomZoom::${ID}`, label: 'Custom Zoom', style: 2 },
      { customId: 'MJ::JOB::reroll::0::task_01OTHER::SOLO', label: `of ${ID}`, style: 2 },
    ];
    const found = read({
      ...GRID,
      buttons,
      status: 'FAILURE',
      prompt: `a fox ${ID}`,
      description: ID,
      fail_reason: `${ID} timed out`,
    });
    expect(found?.buttons.map(({ customId }) => customId)).toEqual([
      'MJ::CustomZoom::self',
      'MJ::JOB::reroll::0::other::SOLO',
    ]);
    const { upstreamTaskId, ...shown } = found ?? { upstreamTaskId: '' };
    expect(upstreamTaskId).toBe(ID);
    expect(JSON.stringify(shown)).not.toContain('task_');
  });

  it.each([
    ['ours', { state: 'jm:6240000000000017' }, 'jm:6240000000000017'],
    ['another’s', { state: 'other' }, null],
    ['no text', { state: 17 }, null],
    ['no object', 'jm:1', null],
  ])('has the mark of its metadata where that is %s', (_what, metadata, state) => {
    expect(read({ ...GRID, metadata })?.state).toBe(state);
  });

  it.each([[null], [[]], ['x'], [{}], [{ status: 7 }]])('is none: %j', (body) => {
    expect(readTask(body, ID, 'https://api.test')).toBeNull();
  });
});

describe('a task in the unified form', () => {
  it('is read', () => {
    const images = [{ url: links, expires_at: 1_762_500_000 }];
    const found = read({ id: ID, status: 'completed', progress: 100, result: { images }, created: 1_762_430_011 });
    expect(found).toMatchObject({ status: 'SUCCESS', progress: 100, imageUrl: null, imageUrls: links, buttons: [] });
  });

  it('says why it failed', () => {
    const found = read({ id: ID, status: 'failed', error: { code: 1, message: 'Task timeout' } });
    expect(found).toMatchObject({ status: 'FAILURE', failReason: 'Task timeout' });
  });

  it('has its videos', () => {
    const videos = [{ url: [`${CDN}/0.mp4`], expires_at: 1 }];
    expect(read({ status: 'completed', result: { images: [], videos } })?.videoUrls).toEqual([`${CDN}/0.mp4`]);
  });
});
