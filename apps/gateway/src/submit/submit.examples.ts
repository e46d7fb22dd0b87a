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
      base64Array: [
        'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      ],
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
