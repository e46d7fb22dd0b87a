/** Plain pictures of 8 px a side: small enough to read past, and real. */
const ORANGE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mM4EaCBFTEMLQkAaplQAbIh774AAAAASUVORK5CYII=';
const BLUE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mPQiDqBFTEMLQkAFKhSgeoBy7EAAAAASUVORK5CYII=';

/** Bodies that Swagger UI offers: they work as they are, but for ids, which are of the reader's own tasks. */
export const IMAGINE_EXAMPLES = {
  prompt: { summary: 'A prompt', value: { prompt: 'a red fox in the snow, soft morning light --ar 3:2' } },
  terms: {
    summary: 'With a mode and a text of your own',
    value: { prompt: 'a lighthouse in a storm, oil on canvas', mode: 'RELAX', state: 'order-77' },
  },
  picture: {
    summary: 'With a reference picture',
    value: {
      prompt: 'in these colours',
      base64Array: [ORANGE],
    },
  },
};

export const ACTION_EXAMPLES = {
  upscale: {
    summary: 'U1 of a finished grid',
    value: { taskId: '6237012345678901', customId: 'MJ::JOB::upsample::1::9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11' },
  },
  variation: {
    summary: 'V1 of a finished grid',
    value: { taskId: '6237012345678901', customId: 'MJ::JOB::variation::1::9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11' },
  },
  reroll: {
    summary: 'The same prompt again',
    value: { taskId: '6237012345678901', customId: 'MJ::JOB::reroll::0::9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11::SOLO' },
  },
};

export const SHORTEN_EXAMPLES = {
  prompt: {
    summary: 'A long prompt',
    value: { prompt: 'please create a peaceful, serene and beautiful picture of a sunset over the calm sea' },
  },
};

export const CHANGE_EXAMPLES = {
  upscale: { summary: 'U1', value: { taskId: '6237012345678901', action: 'UPSCALE', index: 1 } },
  variation: { summary: 'V3', value: { taskId: '6237012345678901', action: 'VARIATION', index: 3 } },
  reroll: { summary: 'The same prompt again', value: { taskId: '6237012345678901', action: 'REROLL' } },
};

export const SIMPLE_CHANGE_EXAMPLES = {
  upscale: { summary: 'U1', value: { content: '6237012345678901 U1' } },
  reroll: { summary: 'The same prompt again', value: { content: '6237012345678901 R' } },
};

export const BLEND_EXAMPLES = {
  two: { summary: 'Two pictures', value: { base64Array: [ORANGE, BLUE] } },
  wide: { summary: 'A wide one', value: { base64Array: [ORANGE, BLUE], dimensions: 'LANDSCAPE' } },
};

export const DESCRIBE_EXAMPLES = {
  picture: { summary: 'A picture', value: { base64: ORANGE } },
  link: { summary: 'A link', value: { link: 'https://images.example.com/fox.png', language: 'zh_cn' } },
};

export const EDITS_EXAMPLES = {
  picture: { summary: 'A picture', value: { prompt: 'the same, in autumn leaves', image: ORANGE } },
  link: {
    summary: 'A link',
    value: { prompt: 'the same, in autumn leaves', image: 'https://images.example.com/fox.png' },
  },
};

export const RETEXTURE_EXAMPLES = {
  picture: { summary: 'A picture', value: { prompt: 'made of woven straw', image: ORANGE } },
};

export const VIDEO_EXAMPLES = {
  prompt: { summary: 'A prompt', value: { prompt: 'a paper boat drifts down a stream', motion: 'low', batchSize: 1 } },
  picture: {
    summary: 'A first frame',
    value: { prompt: 'the light changes', image: ORANGE, motion: 'high', videoType: 'vid_1.1_i2v_480' },
  },
  extend: {
    summary: 'The first clip of a finished video goes on',
    value: { taskId: '6237012345678901', action: 'extend', index: 0 },
  },
};

export const UPLOAD_EXAMPLES = {
  one: { summary: 'A picture', value: { base64Array: [ORANGE] } },
};

export const SWAP_EXAMPLES = {
  pictures: { summary: 'Two pictures', value: { sourceBase64: ORANGE, targetBase64: BLUE } },
};
