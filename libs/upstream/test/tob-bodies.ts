/** A job of Youchuan as submits, reads and callbacks give it. */
export function youchuanJob(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: '66f0c0ffee00c0ffee00c0ff',
    text: 'a fox --v 7',
    urls: [0, 1, 2, 3].map((at) => `https://cdn.example/66f0/${at}.png`),
    status: 2,
    comment: '执行成功',
    cost: { jobId: '66f0c0ffee00c0ffee00c0ff', fastCost: 1, relaxCost: 0, feeCost: 0, costAt: '2026-10-01T08:00:00Z' },
    audits: ['', '', '', ''],
    seed: 1234567,
    ...overrides,
  };
}

export const RUNNING_YOUCHUAN_JOB = youchuanJob({
  urls: null,
  status: 1,
  comment: 'Running',
  cost: null,
  audits: null,
});

/** A task of LegNext. `output` overrides parts of it. */
export function legnextJob(
  overrides: Record<string, unknown> = {},
  output: Record<string, unknown> = {},
): Record<string, unknown> {
  const all = [0, 1, 2, 3];
  return {
    job_id: '0b6f3f0e-4f0c-4a2e-9a39-6d7b3f0c1a2b',
    model: 'midjourney',
    task_type: 'diffusion',
    status: 'completed',
    config: { service_mode: 'public', webhook_config: { endpoint: '', secret: '' } },
    input: null,
    output: {
      image_url: 'https://cdn.example/0b6f/grid.png',
      image_urls: all.map((at) => `https://cdn.example/0b6f/${at}.png`),
      seed: '1904',
      available_actions: {
        edit: all,
        inpaint: all,
        outpaint: all,
        pan: all,
        remix: all,
        reroll: true,
        upscale: all,
        variation: all,
      },
      ...output,
    },
    meta: { created_at: '2026-10-01T08:00:00Z', started_at: '0001-01-01T00:00:00Z', ended_at: '' },
    detail: null,
    logs: [],
    error: { code: 0, raw_message: '', message: '', detail: null },
    ...overrides,
  };
}

export const PENDING_LEGNEXT_JOB = legnextJob({ status: 'pending', output: null });
