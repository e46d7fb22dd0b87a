import { command, imagineWork, videoWork, type VideoWork, type Terms } from '../../../test/commands.js';
import type { Work } from '../../port/command.js';
import { toSubmitRequest } from './submit-request.js';

const TERMS = { defaultVersion: '8.2', modelVersions: null };
const LINK = 'https://images.example.com/a.png';
const INLINE = 'data:image/png;base64,iVBORw0KGgo=';
const TASK = 'task_01K8';

function sent(work: Work, terms: Partial<Terms> = {}): unknown {
  const request = toSubmitRequest(TERMS, command(work, terms), { state: 'jm:1', pushUrl: null });
  if (request === null) return null;
  const { speed, metadata, ...body } = request.body;
  expect([speed, metadata]).toEqual(['fast', { state: 'jm:1' }]);
  return [request.path.replace('/v1/midjourney/generations', ''), body];
}

describe('the request of an imagine', () => {
  it.each([
    ['names a version', 'a fox', 'a fox --v 8.2'],
    ['keeps the version of the client', 'a fox --v 7 --ar 3:2', 'a fox --v 7 --ar 3:2'],
    ['keeps Niji', 'a fox --niji 6', 'a fox --niji 6'],
    ['takes the mode out', 'a fox --turbo --v 7', 'a fox --v 7'],
  ])('%s', (_what, prompt, expected) => {
    expect(sent(imagineWork(prompt))).toEqual(['', { prompt: expected }]);
  });

  it.each([
    ['a fox --v 8', { version: '8.2' }],
    ['a fox --v 8.1', {}],
  ])('gives %s its successor in a field', (prompt, fields) => {
    expect(sent(imagineWork(prompt))).toEqual(['', { prompt, ...fields }]);
  });

  it.each([
    ['its link', `${LINK} it runs --video 1 --motion low --bs 2 --raw`, [], LINK],
    ['its picture', 'it runs --video 1 --motion low --bs 2 --raw', [INLINE], INLINE],
  ])('with --video is a video of %s', (_what, prompt, images, image) => {
    const body = { image_urls: [image], prompt: 'it runs --raw', animate_mode: 'manual', motion: 'low', batch_size: 2 };
    expect(sent(imagineWork(prompt, images))).toEqual(['/video', body]);
  });

  it('with --video may end as it begins, or otherwise', () => {
    const body = { image_urls: [INLINE], animate_mode: 'manual', video_type: 'vid_1.1_i2v_start_end_480' };
    expect(sent(imagineWork('--video --loop', [INLINE]))).toEqual(['/video', { ...body, end_url: INLINE }]);
    expect(sent(imagineWork(`--video --end ${LINK}`, [INLINE]))).toEqual(['/video', { ...body, end_url: LINK }]);
    expect(sent(imagineWork('it runs --video'))).toBeNull();
  });

  it('is for Niji where its bot is asked', () => {
    const asked = sent(imagineWork('a fox'), { botType: 'NIJI_JOURNEY' });
    expect(asked).toEqual(['', { prompt: 'a fox --niji 7' }]);
  });

  it('has its pictures as links or inline, in their order', () => {
    const images = [LINK, INLINE];
    expect(sent(imagineWork('a fox --v 7', images))).toEqual(['', { prompt: 'a fox --v 7', image_urls: images }]);
  });

  it.each(['RELAX', 'FAST', 'TURBO'] as const)('has the mode that is billed as its speed: %s', (mode) => {
    const imagine = command(imagineWork('a fox --turbo'), { mode });
    expect(toSubmitRequest(TERMS, imagine, { state: 'jm:1', pushUrl: null })?.body).toMatchObject({
      prompt: 'a fox --v 8.2',
      speed: mode.toLowerCase(),
    });
  });
});

describe('the request of work on pictures', () => {
  const blend = (images: string[]): Work => ({ kind: 'blend', images, dimensions: 'PORTRAIT' });
  it.each([2, 4])('blends %i', (count) => {
    const images = Array<string>(count).fill(LINK);
    expect(sent(blend(images))).toEqual(['/blend', { image_urls: images, dimensions: 'PORTRAIT' }]);
  });

  it('blends five as an imagine of pictures alone', () => {
    const images = Array<string>(5).fill(INLINE);
    expect(sent(blend(images))).toEqual(['', { prompt: '--ar 2:3 --v 8.2', image_urls: images }]);
  });

  it.each([
    ['inline', INLINE, null],
    ['by link', null, LINK],
  ])('describes a picture %s', (_how, image, link) => {
    expect(sent({ kind: 'describe', image, link, language: null })).toEqual([
      '/describe',
      { image_urls: [image ?? link] },
    ]);
  });

  it('edits', () => {
    const images: [string, string] = [INLINE, LINK];
    expect(sent({ kind: 'edits', prompt: 'of glass --v 7', images })).toEqual([
      '/edits',
      { prompt: 'of glass --v 7', image_urls: images },
    ]);
  });
});

describe('the request of a video', () => {
  const video = (more: Partial<VideoWork>): Work => videoWork({ image: INLINE, ...more });
  const usual = { image_urls: [INLINE], animate_mode: 'manual' };

  it.each([
    ['a picture alone', {}, usual],
    [
      'all that a client may say',
      { prompt: 'it runs --fast', motion: 'low', batchSize: 2, videoType: 'vid_1.1_i2v_720' },
      { ...usual, prompt: 'it runs', motion: 'low', batch_size: 2, video_type: 'vid_1.1_i2v_720' },
    ],
    [
      'what its prompt says',
      { prompt: 'it runs --motion low --bs 4 --raw' },
      { ...usual, prompt: 'it runs --raw', motion: 'low', batch_size: 4 },
    ],
    [
      'a link in its prompt',
      { image: null, prompt: `${LINK} it runs` },
      { ...usual, image_urls: [LINK], prompt: 'it runs' },
    ],
    [
      'what its fields say, whatever its prompt does',
      { prompt: '--motion low --bs 4', motion: 'high', batchSize: 1 },
      { ...usual, motion: 'high', batch_size: 1 },
    ],
    ['an end', { endImage: LINK }, { ...usual, end_url: LINK, video_type: 'vid_1.1_i2v_start_end_480' }],
    [
      'an end, high',
      { endImage: LINK, videoType: 'vid_1.1_i2v_720' },
      { ...usual, end_url: LINK, video_type: 'vid_1.1_i2v_start_end_720' },
    ],
    [
      'a loop, which ends as it begins',
      { loop: true },
      { ...usual, end_url: INLINE, video_type: 'vid_1.1_i2v_start_end_480' },
    ],
  ] as [string, Partial<VideoWork>, object][])('of %s', (_what, more, body) => {
    expect(sent(video(more))).toEqual(['/video', body]);
  });

  it.each([
    ['goes on from a clip', { image: null, extend: { upstreamTaskId: TASK, index: 0 } }],
    ['has no picture', { image: null }],
  ] as [string, Partial<VideoWork>][])('is none where it %s', (_what, more) => {
    expect(sent(video(more))).toBeNull();
  });
});
