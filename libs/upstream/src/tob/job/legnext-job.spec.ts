import { legnextJob } from '../../../test/tob-bodies.js';
import { readLegnextJob } from './legnext-job.js';
import type { TobJob } from './tob-job.js';

const BASE = 'https://up.example/api';
const [A, B, GRID] = ['https://cdn.example/a.png', 'https://cdn.example/b.png', 'https://cdn.example/grid.png'];
const FILM = 'https://cdn.example/a.mp4';

function read(overrides: Record<string, unknown>, output: Record<string, unknown> = {}): TobJob | null {
  return readLegnextJob(legnextJob(overrides, output), BASE);
}

describe('the status', () => {
  it.each([
    ['pending', 'SUBMITTED'],
    ['staged', 'SUBMITTED'],
    ['processing', 'IN_PROGRESS'],
    ['completed', 'SUCCESS'],
    ['Failed', 'FAILURE'],
    ['retrying', null],
    [null, null],
  ])('%s', (status, expected) => {
    expect(read({ status })?.status).toBe(expected);
  });

  it('a task that runs shows nothing yet, whatever its output has', () => {
    expect(read({ status: 'processing' })).toMatchObject({ pictures: [], clips: [], gridUrl: null, offers: null });
    expect(read({ status: 'pending', output: null, meta: null, config: null, error: null })).toMatchObject({
      state: null,
      submitTime: null,
      seed: null,
    });
  });
});

describe('pictures and clips', () => {
  it.each<[string, Record<string, unknown>, Partial<TobJob>]>([
    ['a grid', { image_url: GRID, image_urls: [A, B] }, { gridUrl: GRID, pictures: [A, B] }],
    ['a withheld picture', { image_url: GRID, image_urls: [A, null] }, { gridUrl: null, pictures: [A, null] }],
    ['a withheld picture', { image_url: GRID, image_urls: [A, ''] }, { gridUrl: null, pictures: [A, null] }],
    ['one picture', { image_url: A, image_urls: [A] }, { gridUrl: null, pictures: [A] }],
    ['one picture without a list', { image_url: A, image_urls: null }, { gridUrl: null, pictures: [A] }],
    ['nothing', { image_url: '', image_urls: null }, { gridUrl: null, pictures: [] }],
    ['a film', { image_url: '', image_urls: null, video_url: FILM }, { clips: [FILM], pictures: [] }],
    ['clips', { video_url: '', video_urls: [FILM, null], image_urls: null }, { clips: [FILM, null] }],
    ['clips among pictures', { image_url: null, image_urls: [FILM, FILM] }, { clips: [FILM, FILM], pictures: [] }],
    ['a clip as the picture', { image_url: FILM, image_urls: null }, { clips: [FILM], pictures: [] }],
    [
      'clips and their previews',
      { image_url: A, image_urls: [A, FILM] },
      { clips: [FILM], pictures: [], gridUrl: null },
    ],
    ['objects with links', { image_url: '', image_urls: [{ url: A }, { url: B }] }, { pictures: [A, B] }],
    ['a film and its preview', { image_url: A, image_urls: null, video_urls: [FILM] }, { clips: [FILM] }],
  ])('%s', (_, output, expected) => {
    expect(read({}, output)).toMatchObject(expected);
  });
});

describe('the push address that is echoed', () => {
  it.each([
    ['https://gw.example/mj/notify/6240000000000001-AbC_d', 'jm:6240000000000001'],
    ['https://gw.example/base/mj/notify/6240000000000001-x?a=1', 'jm:6240000000000001'],
    ['https://gw.example/mj/notify/624-x', 'not-ours'],
    ['https://gw.example/mj/notify/6240000000000001', 'not-ours'],
    ['https://other.example/hook', 'not-ours'],
    ['mj/notify/6240000000000001-x', null],
    ['', null],
    [null, null],
  ])('%s', (endpoint, state) => {
    expect(read({ config: { webhook_config: { endpoint } } })?.state).toBe(state);
  });
});

describe('prompts that were found', () => {
  const numbered = '1️⃣ a fox\n\n2️⃣ a red fox';

  it.each([
    [{ promptEn: numbered, description: 'x', finalPrompt: 'a fox', prompts: ['a fox'] }, numbered],
    [{ promptEn: '', description: numbered, finalPrompt: 'a fox' }, numbered],
    [{ promptEn: '', description: '', finalPrompt: '', prompts: ['a fox', ' ', 'a red fox'] }, numbered],
    [{ promptEn: 'a fox', prompts: null }, 'a fox'],
    [{ promptEn: '', prompts: [] }, ''],
  ])('%j', (output, found) => {
    const job = read({ task_type: 'describe', output });
    expect(job).toMatchObject({ found, foundBy: found === '' ? null : 'describe' });
  });

  it('of a shortening are told apart', () => {
    expect(read({ task_type: 'shorten', output: { promptEn: numbered } })).toMatchObject({ foundBy: 'shorten' });
  });
});

it('a failure has the message, and never the words of another server', () => {
  const error = { code: 10_000, raw_message: 'mj-17 said no', message: 'Banned prompt detected', detail: 'mj-17' };
  expect(read({ status: 'failed', output: null, error })).toMatchObject({ failReason: 'Banned prompt detected' });
  expect(JSON.stringify(read({ status: 'failed', output: null, error }))).not.toContain('mj-17');
});

it('dates that stand for none are none', () => {
  expect(read({ meta: { created_at: '0001-01-01T00:00:00Z' } })?.submitTime).toBeNull();
  expect(read({ meta: { created_at: '2026-10-01T08:00:00Z' } })?.submitTime).toBe(Date.UTC(2026, 9, 1, 8));
});

it.each([
  ['from 0', { pan: [0, 1, 2, 3], upscale: [1] }, [2]],
  ['from 1', { pan: [1, 2, 3, 4], upscale: [1] }, [1]],
  ['beyond the last one', { pan: [], upscale: ['0', 9, -1] }, [1]],
])('the pictures of what is possible, counted %s', (_, given, upscale) => {
  const fourth = [A, B, A, B];
  const offers = read({}, { image_urls: fourth, available_actions: given })?.offers;
  expect([...(offers?.pictures.get('upscale') ?? [])]).toEqual(upscale);
});

it.each([
  [true, true],
  [[0], true],
  ['true', true],
  [1, true],
  [false, false],
  [[], false],
  [undefined, false],
])('another draw is possible: %j', (reroll, isPossible) => {
  expect(read({}, { available_actions: { reroll } })?.offers?.reroll).toBe(isPossible);
});

it.each([['0'], [0], [''], [null], ['mj-17'], [{}]])('%j is no seed', (seed) => {
  expect(read({}, { seed })?.seed).toBeNull();
});

it('what is possible counts pictures from 1', () => {
  const offers = read(
    {},
    { available_actions: { pan: [0, 2], variation: null, reroll: false, upscale: ['x', 1] } },
  )?.offers;
  expect(offers?.reroll).toBe(false);
  expect([...(offers?.pictures.get('pan') ?? [])]).toEqual([1, 3]);
  expect([...(offers?.pictures.get('upscale') ?? [])]).toEqual([2]);
  expect([...(offers?.pictures.get('variation') ?? [])]).toEqual([]);
});

it('what is possible with every picture is told by the table of models', () => {
  expect(read({}, { available_actions: { pan: true, reroll: true } })?.offers?.pictures.has('pan')).toBe(false);
});

it.each([[null], [[]], [{}], [{ job_id: '' }], [{ id: 'b2' }]])('%j is no task', (item) => {
  expect(readLegnextJob(item, BASE)).toBeNull();
});
