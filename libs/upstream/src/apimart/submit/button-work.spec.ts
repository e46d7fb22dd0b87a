import { actionWork, command, type ActionWork } from '../../../test/commands.js';
import type { Work } from '../../port/command.js';
import { toSubmitRequest } from './submit-request.js';

const TERMS = { defaultVersion: '8.2', modelVersions: null };
const INLINE = 'data:image/png;base64,iVBORw0KGgo=';
const JOB = '3d2a9a4e-58b1-4a1c-8a55-0f6b7c1e2d90';
const TASK = 'task_01K8';

function sent(work: Work): unknown {
  const request = toSubmitRequest(TERMS, command(work), { state: 'jm:1', pushUrl: null });
  if (request === null) return null;
  const { speed, metadata, ...body } = request.body;
  expect([speed, metadata]).toEqual(['fast', { state: 'jm:1' }]);
  return [request.path.replace('/v1/midjourney/generations', ''), body];
}

function pressed(customId: string, more: Partial<ActionWork> = {}): unknown {
  return sent(actionWork({ upstreamTaskId: TASK, customId, ...more }));
}

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

  it('presses a button that the gateway made by the number of its picture', () => {
    expect(pressed('MJ::JOB::upsample::2::made')).toEqual(['/upscale', { task_id: TASK, index: 2 }]);
    expect(pressed('MJ::JOB::variation::4::made')).toEqual(['/variation', { task_id: TASK, index: 4 }]);
    expect(pressed('MJ::JOB::reroll::0::made::SOLO')).toEqual(['/reroll', { task_id: TASK }]);
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
