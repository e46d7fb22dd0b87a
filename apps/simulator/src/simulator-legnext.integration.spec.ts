import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { type Json, plainSquare } from './test/simulator-rig.js';
import { TobRig } from './test/tob-rig.js';

const rig = new TobRig('/api/v1');
afterEach(() => rig.end());

const over = (task: Json): boolean =>
  task.status === 'failed' || (task.status === 'completed' && (task.output as Json).image_urls !== null);
const made = async (path: string, body: Json, isOver = over): Promise<Json> => {
  const begun = await rig.ordered(path, body, { 'x-simulator-fault': 'small=96' });
  expect(begun).toMatchObject({ job_id: expect.any(String), status: 'pending', error: { code: 0 } });
  return rig.until(begun.job_id as string, isOver);
};
const isDone = ({ status }: Json): boolean => status === 'completed';
const outputOf = (task: Json): Json => task.output as Json;

describe('a task at LegNext', () => {
  it('is pending at first, and ends with four pictures, their grid and what can be done with them', async () => {
    await rig.start();
    const callback = `${await rig.serve({})}/called?token=t`;
    const begun = await rig.ordered('diffusion', { text: 'a red fox --ar 3:2 [sim:small=96]', callback });
    expect(begun).toMatchObject({
      job_id: expect.stringMatching(/^[0-9a-f]{8}-/),
      model: 'midjourney',
      task_type: 'diffusion',
      config: { webhook_config: { endpoint: callback, secret: '' } },
      output: { image_url: '', image_urls: null, available_actions: null },
      meta: { started_at: '0001-01-01T00:00:00Z', ended_at: '' },
    });
    const task = await rig.until(begun.job_id as string, over);
    const four = [0, 1, 2, 3];
    expect(outputOf(task)).toMatchObject({
      seed: expect.stringMatching(/^\d+$/),
      available_actions: { edit: four, inpaint: four, pan: four, reroll: true, upscale: four, variation: four },
    });
    const grid = await sharp(await rig.picture(outputOf(task).image_url as string)).metadata();
    expect(grid.width / grid.height).toBeCloseTo(1.5, 1);
    for (const url of outputOf(task).image_urls as string[]) await rig.picture(url);
    while (rig.called.length === 0) await sleep(10);
    expect(rig.called).toMatchObject([{ job_id: begun.job_id as string, status: 'completed' }]);
  });

  it.each<[string, Json]>([
    ['variation', { imageNo: 1, type: 1 }],
    ['upscale', { imageNo: 0, type: 0 }],
    ['reroll', {}],
    ['pan', { imageNo: 0, direction: 1, scale: 1.5 }],
    ['outpaint', { imageNo: 0, scale: 2 }],
    ['remix', { imageNo: 0, remixPrompt: 'a cat', mode: 0 }],
  ])('%s goes on from it', async (path, body) => {
    await rig.start({ runMs: 0 });
    const parent = await made('diffusion', { text: 'a fox' });
    const task = await made(path, { jobId: parent.job_id as string, ...body });
    expect(outputOf(task).image_urls).toHaveLength(path === 'upscale' ? 1 : 4);
  });

  it('blends, describes and shortens', async () => {
    await rig.start({ runMs: 0 });
    const host = await rig.serve({ 'in.png': await plainSquare(64, '#2040c0') });
    const imgUrl = `${host}/in.png`;
    const blended = await made('blend', { imgUrls: [imgUrl, imgUrl], aspect_ratio: '2:3' });
    expect(outputOf(blended).image_urls).toHaveLength(4);
    const described = outputOf(await made('describe', { imgUrl }, isDone));
    expect((described.promptEn as string).split('\n').filter((line) => line !== '')).toHaveLength(4);
    const short = outputOf(await made('shorten', { prompt: 'a very very large red fox in the snow' }, isDone));
    expect(short.prompts).toHaveLength(5);
    const wrong = { error: expect.anything() };
    for (const [path, body] of [
      ['blend', { imgUrls: [imgUrl] }],
      ['blend', { imgUrls: [imgUrl, imgUrl], aspect_ratio: '16:9' }],
      ['describe', {}],
      ['shorten', {}],
    ] as const) {
      const refusal = await rig.refusal(path, body);
      expect(refusal).toMatchObject({ http: 400, code: 400, message: expect.any(String), detail: null });
      expect(refusal).not.toMatchObject(wrong);
    }
  });

  it('gives videos as links of their own, or among the pictures', async () => {
    await rig.start({ runMs: 0 });
    const parent = await made('diffusion', { text: 'a fox' });
    const jobId = parent.job_id as string;
    const film = outputOf(await made('video-diffusion', { jobId, imageNo: 0, prompt: '--bs 2' }, isDone));
    expect(film).toMatchObject({ image_urls: null, video_urls: [expect.stringMatching(/\.mp4$/), expect.any(String)] });
    const among = { jobId, imageNo: 0, prompt: '--bs 1 [sim:video-in-images]' };
    expect(outputOf(await made('video-diffusion', among, isDone))).toMatchObject({
      image_urls: [expect.stringMatching(/\.mp4$/)],
      video_urls: null,
    });
  });

  it('fails for a banned word and for a link that leads nowhere', async () => {
    await rig.start({ runMs: 0 });
    const host = await rig.serve({});
    for (const text of ['gore everywhere', `${host}/none.png a fox`])
      expect(await made('diffusion', { text })).toMatchObject({
        status: 'failed',
        error: { code: expect.any(Number), message: expect.stringMatching(/\w/) },
        output: { image_urls: null },
      });
  });

  it('waits as staged behind the places, is listed with them, and is refused above the queue', async () => {
    await rig.start({ runMs: 60_000, concurrency: 1, queue: 1 });
    const ids: string[] = [];
    for (const text of ['one', 'two']) {
      const begun = await rig.ordered('diffusion', { text });
      expect(begun.status).toBe('pending');
      ids.push(begun.job_id as string);
    }
    expect(await rig.get(`job/${ids[1] ?? ''}`)).toMatchObject({ status: 'staged' });
    const active = await rig.get('account/active_tasks');
    expect(active).toMatchObject({ total_active: 2, concurrent_limit: 1 });
    expect((active.tasks as Json[]).map(({ job_id }) => job_id as string)).toEqual(ids);
    expect(await rig.refusal('diffusion', { text: 'three' })).toMatchObject({ http: 429, error: { code: 429 } });
  });

  it('has two envelopes, and asks for its key', async () => {
    await rig.start({ secret: 's' });
    const key = { 'x-api-key': 's' };
    expect(await rig.refusal('diffusion', { text: 'x' })).toMatchObject({ http: 401, error: { code: 401 } });
    expect(await rig.get('account/balance')).toMatchObject({ http: 401 });
    expect(await rig.get('account/balance', key)).toMatchObject({ http: 200, data: { available_points: 1_000_000 } });
    expect(await rig.refusal('diffusion', { text: 'x [sim:refuse=402]' }, key)).toMatchObject({ error: { code: 402 } });
    const other = 'x [sim:refuse=402][sim:other-envelope]';
    expect(await rig.refusal('diffusion', { text: other }, key)).toMatchObject({ http: 402, code: 402 });
    expect(await rig.get('job/6ad2a7d3-0000-4000-8000-000000000000', key)).toMatchObject({ http: 404, code: 404 });
  });

  it('can leave out dates after all', async () => {
    await rig.start({ runMs: 0 });
    expect((await made('diffusion', { text: 'a fox' })).meta).toMatchObject({ ended_at: expect.stringMatching(/^20/) });
    expect((await made('diffusion', { text: 'a fox [sim:no-dates]' })).meta).toMatchObject({
      started_at: '0001-01-01T00:00:00Z',
      ended_at: '',
    });
  });

  it('withholds pictures, and shows success before its links when that is ordered', async () => {
    await rig.start({ runMs: 0 });
    const task = await made('diffusion', { text: 'a fox [sim:withhold=2][sim:early=1]' });
    expect((outputOf(task).image_urls as unknown[]).map((url) => url !== null)).toEqual([true, false, true, true]);
    expect(outputOf(task).available_actions).toMatchObject({ variation: [0, 2, 3] });
  });
});
