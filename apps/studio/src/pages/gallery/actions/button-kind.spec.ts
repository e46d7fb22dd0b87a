import { buttonKind } from './button-kind.ts';

const JOB = '9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11';

describe('buttonKind', () => {
  it.each([
    [`MJ::JOB::upsample::3::${JOB}`, { group: 'upscale', name: 'upscale', index: 3 }],
    [`MJ::JOB::video_virtual_upscale::2::${JOB}`, { group: 'upscale', name: 'upscale', index: 2 }],
    [`MJ::JOB::upsample_v7_2x_creative::1::${JOB}::SOLO`, { group: 'upscale', name: 'upscaleCreative', index: 1 }],
    [`MJ::JOB::upsample_v5_4x::1::${JOB}::SOLO`, { group: 'upscale', name: 'upscale4x', index: 1 }],
    [`MJ::JOB::variation::4::${JOB}`, { group: 'vary', name: 'vary', index: 4 }],
    [`MJ::JOB::low_variation::1::${JOB}::SOLO`, { group: 'vary', name: 'varySubtle', index: 1 }],
    [`MJ::JOB::reroll::0::${JOB}::SOLO`, { group: 'again', name: 'reroll', index: null }],
    [`MJ::Outpaint::75::1::${JOB}::SOLO`, { group: 'zoom', name: 'zoom15', index: 1 }],
    [`MJ::CustomZoom::${JOB}`, { group: 'zoom', name: 'customZoom', index: null }],
    [`MJ::Inpaint::1::${JOB}::SOLO`, { group: 'edit', name: 'region', index: 1 }],
    [`MJ::JOB::pan_up::1::${JOB}::SOLO`, { group: 'pan', name: 'panUp', index: 1 }],
    [`MJ::JOB::animate_low::1::${JOB}::SOLO`, { group: 'animate', name: 'animateLow', index: 1 }],
    [`MJ::JOB::animate_high_extend::1::${JOB}`, { group: 'animate', name: 'extendHigh', index: 1 }],
    [`MJ::JOB::video::low::${JOB}::x::manual`, { group: 'animate', name: 'animateLowManual', index: null }],
    ['MJ::Job::PicReader::2', { group: 'prompt', name: 'imaginePrompt', index: 2 }],
    ['MJ::Job::PicReader::all', { group: 'prompt', name: 'imagineAll', index: null }],
    ['MJ::Picread::Retry', { group: 'again', name: 'describeAgain', index: null }],
    ['MJ::Job::PromptAnalyzer::5', { group: 'prompt', name: 'imaginePrompt', index: 5 }],
    ['MJ::BOOKMARK::x', { group: 'other', name: 'favourite', index: null }],
  ])('%s', (customId, kind) => {
    expect(buttonKind(customId)).toEqual(kind);
  });

  it.each(['', '::', 'MJ', 'MJ::JOB', 'MJ::JOB::brand_new::1', '__proto__::constructor', 'MJ::Outpaint::33::1'])(
    'has an answer for %j, without words for it',
    (customId) => {
      expect(buttonKind(customId).name).toBeNull();
    },
  );
});
