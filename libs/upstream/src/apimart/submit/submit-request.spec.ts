import type { SubmitCommand, Work } from '../../port/command.js';
import { toSubmitRequest } from './submit-request.js';

const TERMS = { defaultVersion: '8.2', modelVersions: null };
const LINK = 'https://images.example.com/a.png';
const INLINE = 'data:image/png;base64,iVBORw0KGgo=';
const JOB = '3d2a9a4e-58b1-4a1c-8a55-0f6b7c1e2d90';
const TASK = 'task_01K8';

function command(work: Work, terms: Partial<SubmitCommand> = {}): SubmitCommand {
  const usual = { botType: 'MID_JOURNEY', mode: 'FAST', modeIsChosen: false, accountFilter: null } as const;
  return { ...usual, ...work, ...terms } as SubmitCommand;
}

function sent(work: Work, terms: Partial<SubmitCommand> = {}): unknown {
  const request = toSubmitRequest(TERMS, command(work, terms), { state: 'jm:1', pushUrl: null });
  if (request === null) return null;
  const { speed, metadata, ...body } = request.body;
  expect([speed, metadata]).toEqual(['fast', { state: 'jm:1' }]);
  return [request.path.replace('/v1/midjourney/generations', ''), body];
}

function pressed(customId: string, more: Partial<Extract<Work, { kind: 'action' }>> = {}): unknown {
  return sent({
    kind: 'action',
    upstreamTaskId: TASK,
    customId,
    enableRemix: false,
    chooseSameChannel: false,
    ...more,
  });
}

describe('the request of an imagine', () => {
  it.each([
    ['names a version', 'a fox', 'a fox --v 8.2'],
    ['keeps the version of the client', 'a fox --v 7 --ar 3:2', 'a fox --v 7 --ar 3:2'],
    ['keeps Niji', 'a fox --niji 6', 'a fox --niji 6'],
    ['takes the mode out', 'a fox --turbo --v 7', 'a fox --v 7'],
  ])('%s', (_what, prompt, expected) => {
    expect(sent({ kind: 'imagine', prompt, images: [] })).toEqual(['', { prompt: expected }]);
  });

  it.each([
    ['a fox --v 8', { version: '8.2' }],
    ['a fox --v 8.1', {}],
  ])('gives %s its successor in a field', (prompt, fields) => {
    expect(sent({ kind: 'imagine', prompt, images: [] })).toEqual(['', { prompt, ...fields }]);
  });

  it.each([
    ['its link', `${LINK} it runs --video 1 --motion low --bs 2 --raw`, [], LINK],
    ['its picture', 'it runs --video 1 --motion low --bs 2 --raw', [INLINE], INLINE],
  ])('with --video is a video of %s', (_what, prompt, images, image) => {
    const body = { image_urls: [image], prompt: 'it runs --raw', animate_mode: 'manual', motion: 'low', batch_size: 2 };
    expect(sent({ kind: 'imagine', prompt, images })).toEqual(['/video', body]);
  });

  it('with --video may end as it begins, or otherwise', () => {
    const body = { image_urls: [INLINE], animate_mode: 'manual', video_type: 'vid_1.1_i2v_start_end_480' };
    expect(sent({ kind: 'imagine', prompt: '--video --loop', images: [INLINE] })).toEqual([
      '/video',
      { ...body, end_url: INLINE },
    ]);
    expect(sent({ kind: 'imagine', prompt: `--video --end ${LINK}`, images: [INLINE] })).toEqual([
      '/video',
      { ...body, end_url: LINK },
    ]);
    expect(sent({ kind: 'imagine', prompt: 'it runs --video', images: [] })).toBeNull();
  });

  it('is for Niji where its bot is asked', () => {
    const asked = sent({ kind: 'imagine', prompt: 'a fox', images: [] }, { botType: 'NIJI_JOURNEY' });
    expect(asked).toEqual(['', { prompt: 'a fox --niji 7' }]);
  });

  it('has its pictures as links or inline, in their order', () => {
    const images = [LINK, INLINE];
    expect(sent({ kind: 'imagine', prompt: 'a fox --v 7', images })).toEqual([
      '',
      { prompt: 'a fox --v 7', image_urls: images },
    ]);
  });

  it.each(['RELAX', 'FAST', 'TURBO'] as const)('has the mode that is billed as its speed: %s', (mode) => {
    const imagine = command({ kind: 'imagine', prompt: 'a fox --turbo', images: [] }, { mode });
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
  const video = (more: Partial<Extract<Work, { kind: 'video' }>> = {}): Work => ({
    kind: 'video',
    prompt: '',
    image: INLINE,
    endImage: null,
    loop: false,
    motion: null,
    videoType: null,
    batchSize: null,
    extend: null,
    ...more,
  });
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
  ] as [string, Partial<Extract<Work, { kind: 'video' }>>, object][])('of %s', (_what, more, body) => {
    expect(sent(video(more))).toEqual(['/video', body]);
  });

  it.each([
    ['goes on from a clip', { image: null, extend: { upstreamTaskId: TASK, index: 0 } }],
    ['has no picture', { image: null }],
  ] as [string, Partial<Extract<Work, { kind: 'video' }>>][])('is none where it %s', (_what, more) => {
    expect(sent(video(more))).toBeNull();
  });
});

describe('the request of a follow-up', () => {
  it.each([
    ['UPSCALE', 3, ['/upscale', { task_id: TASK, index: 3 }]],
    ['VARIATION', 1, ['/variation', { task_id: TASK, index: 1 }]],
    ['REROLL', null, ['/reroll', { task_id: TASK }]],
  ] as const)('changes by %s', (action, index, expected) => {
    expect(sent({ kind: 'change', upstreamTaskId: TASK, action, index })).toEqual(expected);
  });

  it.each([
    [`MJ::JOB::upsample::2::${JOB}`, '/upscale', { index: 2 }],
    [`MJ::JOB::upsample_v7_2x_subtle::1::${JOB}::SOLO`, '/upscale', {}],
    [`MJ::JOB::video_virtual_upscale::3::${JOB}`, '/upscale', {}],
    [`MJ::JOB::variation::4::${JOB}`, '/variation', { index: 4 }],
    [`MJ::JOB::low_variation::1::${JOB}::SOLO`, '/low-variation', { index: 1 }],
    [`MJ::JOB::high_variation::1::${JOB}::SOLO`, '/high-variation', { index: 1 }],
    [`MJ::JOB::reroll::0::${JOB}::SOLO`, '/reroll', {}],
    [`MJ::Outpaint::50::1::${JOB}::SOLO`, '/zoom', { zoom_ratio: 2 }],
    [`MJ::Outpaint::75::1::${JOB}::SOLO`, '/zoom', { zoom_ratio: 1.5 }],
    [`MJ::Outpaint::100::1::${JOB}::SOLO`, '/zoom', {}],
    [`MJ::CustomZoom::${JOB}`, '/zoom', {}],
    [`MJ::JOB::pan_left::1::${JOB}::SOLO`, '/pan', { direction: 'left', index: 1 }],
    [`MJ::Inpaint::1::${JOB}::SOLO`, '/inpaint', {}],
  ])('presses %s by its customId', (customId, route, body) => {
    expect(pressed(customId)).toEqual([route, { task_id: TASK, ...body, custom_id: customId }]);
  });

  it('varies subtly where that is asked for, without the customId of the strong one', () => {
    const customId = `MJ::JOB::variation::4::${JOB}`;
    expect(pressed(customId, { strong: false })).toEqual(['/low-variation', { task_id: TASK, index: 4 }]);
    expect(pressed(customId, { strong: true })).toMatchObject(['/variation', { custom_id: customId }]);
  });

  it.each([
    [`MJ::JOB::animate_high::1::${JOB}::SOLO`, { index: 0, motion: 'high' }],
    [`MJ::JOB::animate_low::3::${JOB}::SOLO`, { index: 2, motion: 'low' }],
    [`MJ::JOB::video::low::${JOB}::vid_1.1_i2v_480::auto`, { index: 0, motion: 'low' }],
  ])('animates with %s, where pictures count from 0', (customId, body) => {
    expect(pressed(customId)).toEqual(['/video', { task_id: TASK, ...body, animate_mode: 'auto' }]);
    expect(pressed(customId, { confirmedPrompt: 'it runs' })).toEqual([
      '/video',
      { task_id: TASK, ...body, animate_mode: 'manual', prompt: 'it runs' },
    ]);
  });

  it.each([
    ['remix_strong', '/remix-strong'],
    ['remix_subtle', '/remix-subtle'],
  ])('remixes by %s', (verb, route) => {
    expect(pressed(`MJ::JOB::${verb}::2::${JOB}`, { confirmedPrompt: 'a wolf' })).toEqual([
      route,
      { task_id: TASK, index: 2, prompt: 'a wolf' },
    ]);
  });

  it('imagines what a description found', () => {
    const parent = { prompt: 'a red fox --ar 1:1', seed: null };
    expect(pressed('MJ::Job::PicReader::2', { confirmedPrompt: 'a blue fox', parent })).toEqual([
      '',
      { prompt: 'a blue fox --v 8.2' },
    ]);
  });

  it.each([
    `MJ::JOB::animate_high_extend::1::${JOB}`,
    `MJ::BOOKMARK::${JOB}`,
    `MJ::JOB::remove_background::1::${JOB}`,
    'MJ::Job::PicReader::all',
    'MJ::Picread::Retry',
    'nothing',
  ])('is none for %s', (customId) => {
    expect(pressed(customId)).toBeNull();
  });

  it('goes on from what a window became', () => {
    const upstreamTaskId = `${TASK}~w~task_02~MJ::Inpaint::1::${JOB}`;
    expect(sent({ kind: 'change', upstreamTaskId, action: 'UPSCALE', index: 3 })).toEqual([
      '/upscale',
      { task_id: TASK, index: 3 },
    ]);
    expect(sent({ kind: 'modal', upstreamTaskId, prompt: 'a hat', mask: null })).toEqual([
      '/modal',
      { task_id: TASK, prompt: 'a hat' },
    ]);
  });

  it('confirms a window with a mask', () => {
    expect(sent({ kind: 'modal', upstreamTaskId: TASK, prompt: 'a hat', mask: INLINE })).toEqual([
      '/modal',
      { task_id: TASK, prompt: 'a hat', mask_url: INLINE },
    ]);
    expect(sent({ kind: 'modal', upstreamTaskId: TASK, prompt: 'a fox --zoom 1.8', mask: null })).toEqual([
      '/modal',
      { task_id: TASK, prompt: 'a fox --zoom 1.8' },
    ]);
  });

  describe('with another text', () => {
    const parent = { prompt: 'a fox --v 8.2', seed: null };
    const confirmed = { parent, enableRemix: true, confirmedPrompt: 'a wolf --turbo' };
    it.each([
      ['variation::3', '/remix-strong', 3],
      ['low_variation::1', '/remix-subtle', 1],
      ['high_variation::2', '/remix-strong', 2],
    ])('%s of V8 is a remix', (verb, route, index) => {
      const customId = `MJ::JOB::${verb}::${JOB}`;
      expect(pressed(customId, confirmed)).toEqual([route, { task_id: TASK, index, prompt: 'a wolf' }]);
      const same = { ...confirmed, confirmedPrompt: 'a fox --v 8.2' };
      expect(pressed(customId, same)).toMatchObject([expect.stringContaining('variation'), { custom_id: customId }]);
    });

    it('a reroll is an imagine', () => {
      const customId = `MJ::JOB::reroll::0::${JOB}::SOLO`;
      expect(pressed(customId, confirmed)).toEqual(['', { prompt: 'a wolf --v 8.2' }]);
      const same = { ...confirmed, confirmedPrompt: 'a fox --v 8.2' };
      expect(pressed(customId, same)).toEqual(['/reroll', { task_id: TASK, custom_id: customId }]);
    });
  });

  describe('of a picture that the gateway picked', () => {
    const picked = { upstreamTaskId: `${TASK}~3~624` };
    it.each([
      [`MJ::JOB::low_variation::1::${JOB}::SOLO`, '/low-variation', { index: 3 }],
      [`MJ::JOB::high_variation::1::${JOB}::SOLO`, '/high-variation', { index: 3 }],
      [`MJ::JOB::pan_up::1::${JOB}::SOLO`, '/pan', { direction: 'up', index: 3 }],
      [`MJ::JOB::animate_low::1::${JOB}::SOLO`, '/video', { index: 2, motion: 'low', animate_mode: 'auto' }],
      [`MJ::JOB::remix_subtle::1::${JOB}`, '/remix-subtle', { index: 3 }],
    ])('%s names the picture in its grid', (customId, route, body) => {
      expect(pressed(customId, picked)).toEqual([route, { task_id: TASK, ...body }]);
    });

    it.each([`MJ::JOB::upsample::1::${JOB}`, `MJ::JOB::upsample_v7_2x_subtle::1::${JOB}`, `MJ::CustomZoom::${JOB}`])(
      '%s has no route',
      (customId) => {
        expect(pressed(customId, picked)).toBeNull();
      },
    );

    it('changes', () => {
      const change = { kind: 'change', ...picked, index: 1 } as const;
      expect(sent({ ...change, action: 'VARIATION' })).toEqual(['/high-variation', { task_id: TASK, index: 3 }]);
      expect(sent({ ...change, action: 'UPSCALE' })).toBeNull();
      expect(sent({ ...change, action: 'REROLL' })).toEqual(['/reroll', { task_id: TASK }]);
    });
  });

  it('gives the vendor its ids back, which its buttons do not show', () => {
    expect(pressed('MJ::CustomZoom::self')).toEqual(['/zoom', { task_id: TASK, custom_id: `MJ::CustomZoom::${TASK}` }]);
    expect(pressed('MJ::CustomZoom::other')).toBeNull();
    expect(pressed('MJ::JOB::upsample::2::other')).toEqual([
      '/upscale',
      { task_id: TASK, index: 2, custom_id: undefined },
    ]);
  });
});
