import sharp from 'sharp';
import { ApimartRig, buttonWords } from './test/apimart-rig.js';
import { type Json, plainSquare } from './test/simulator-rig.js';

const rig = new ApimartRig();
afterEach(() => rig.end());

const base64Of = async (side: number, colour: string): Promise<string> =>
  (await plainSquare(side, colour)).toString('base64');

describe('APIMart: an imagine', () => {
  it('is read in both forms, with four pictures and the buttons of its model', async () => {
    await rig.start({ runMs: 0 });
    const { http, json } = await rig.submit('', { prompt: 'a red fox --ar 3:2 [sim:small]' });
    expect([http, json]).toEqual([
      200,
      { code: 200, data: [{ status: 'submitted', task_id: expect.stringMatching(/^task_[0-9A-HJKMNP-TV-Z]{26}$/) }] },
    ]);
    const id = (json.data as Json[])[0]?.task_id as string;
    const task = await rig.finished(id);
    expect(task).toMatchObject({
      id,
      action: 'IMAGINE',
      progress: '100%',
      mode: 'RELAX',
      prompt: 'a red fox --ar 3:2',
    });
    expect(task).toMatchObject({ fail_reason: '', video_url: '', video_urls: [], cost: 0.045 });
    expect(task).not.toHaveProperty('metadata');
    expect(Object.keys((task.buttons as Json[])[0] ?? {})).toEqual(['customId', 'label', 'style']);
    expect((task.buttons as Json[]).map(({ label }) => label as string)).toEqual([
      'U1',
      'U2',
      'U3',
      'U4',
      '🔄',
      'V1',
      'V2',
      'V3',
      'V4',
    ]);
    const sides = await sharp(await rig.picture(task.grid_image_url as string)).metadata();
    expect(sides.width / sides.height).toBeCloseTo(1.5, 1);
    for (const url of task.image_urls as string[])
      expect((await sharp(await rig.picture(url)).metadata()).format).toBe('png');
    expect(await rig.unified(id)).toMatchObject({
      status: 'completed',
      progress: 100,
      result: { images: [{ url: task.image_urls as string[], expires_at: expect.any(Number) }] },
      cost: 0.045,
      estimated_time: expect.any(Number),
    });
  });

  it('goes through pending and processing, and fails with a reason and its money back', async () => {
    await rig.start({ runMs: 0, concurrency: 1 });
    const running = await rig.begin('/imagine', { prompt: 'slowly [sim:slow=3600000]', speed: 'turbo' });
    const waiting = await rig.begin('/imagine', { prompt: 'next' });
    expect(await rig.midjourney(running)).toMatchObject({ mode: 'TURBO', buttons: [], image_urls: [] });
    expect(await rig.midjourney(waiting)).toMatchObject({ status: 'NOT_START', progress: '0%' });
    expect(await rig.unified(waiting)).toMatchObject({ status: 'pending', result: { images: [] } });
    await rig.stop();
    await rig.start({ runMs: 0, concurrency: 2 });
    expect(await rig.finished(waiting)).toMatchObject({ status: 'SUCCESS' });
    const failed = await rig.done('', { prompt: 'x [sim:fail]' });
    expect(failed).toMatchObject({ status: 'FAILURE', fail_reason: 'No available upstream', cost: 0 });
    expect(await rig.unified(failed.id as string)).toMatchObject({ status: 'failed', cost: 0 });
    const banned = await rig.done('', { prompt: 'x [sim:fail=Banned prompt detected]' });
    expect(banned).toMatchObject({ fail_reason: 'Banned prompt detected' });
  });

  it.each([
    [{ size: '16:9', prompt: 'x --ar 1:1' }, 'x --ar 16:9'],
    [{ version: '8.2', prompt: 'x --v 7 --seed 4', seed: 9 }, 'x --v 8.2 --seed 9'],
    [{ niji: true, version: '6', prompt: 'x --v 7' }, 'x --niji 6'],
    [{ hd: true, prompt: 'x' }, 'x --hd --v 8.1'],
    [{ negative_prompt: 'cars, people', prompt: 'x --no cats --s 5' }, 'x --s 5 --no cars, people'],
    [
      { sref: ['https://a/1', 'https://a/2'], sw: 50, prompt: 'x --sref 3' },
      'x --sw 50 --sref https://a/1 https://a/2',
    ],
    [{ raw: true, tile: true, chaos: 3, extra: '--exp 5', prompt: 'x' }, 'x --chaos 3 --tile --raw --exp 5'],
  ])('writes structured fields into its prompt: %j', async (body, prompt) => {
    await rig.start({ runMs: 60_000 });
    const { prompt: read } = await rig.midjourney(await rig.begin('', body));
    const flags = (text: string): string[] => text.split(/ (?=--)/).sort();
    expect(flags((read as string).replace('--c 3', '--chaos 3'))).toEqual(flags(prompt));
  });

  it('of V8 lacks what V8 lacks, and gives metadata back only when asked', async () => {
    await rig.start({ runMs: 0, apimart: { echoesMetadata: true } });
    const metadata = { order: 'n-1' };
    const task = await rig.done('', { prompt: 'a lake [sim:small]', version: '8.1', metadata });
    expect(task).toMatchObject({ metadata });
    expect(buttonWords(task)).toEqual([
      'MJ::JOB::reroll::0',
      ...[1, 2, 3, 4].map((n) => `MJ::JOB::variation::${n}`),
      ...['left', 'right', 'up', 'down'].map((word) => `MJ::JOB::pan_${word}::1`),
    ]);
    await rig.stop();
    await rig.start({ runMs: 0 });
    expect(await rig.done('', { prompt: 'x [sim:metadata]', metadata })).toMatchObject({ metadata });
    expect(await rig.done('', { prompt: 'x', metadata })).not.toHaveProperty('metadata');
    const wrapped = await rig.midjourney(await rig.begin('', { prompt: 'x [sim:wrapped]' }));
    expect(wrapped).toMatchObject({ code: 200, data: { action: 'IMAGINE' } });
  });
});

describe('APIMart: blend, describe, edits and video', () => {
  it('draw from links and base64', async () => {
    await rig.start({ runMs: 0 });
    const fast = { 'x-simulator-fault': 'small=96' };
    const [red, blue] = [await base64Of(80, '#d02020'), `data:image/png;base64,${await base64Of(60, '#2020d0')}`];
    const blend = await rig.done('/blend', { image_urls: [red, blue], dimensions: 'SQUARE', size: '2:3' }, fast);
    const { width, height } = await sharp(await rig.picture(blend.grid_image_url as string)).metadata();
    expect(width / height).toBeCloseTo(2 / 3, 1);
    const link = (blend.image_urls as string[])[0];
    const edits = await rig.done('/edits', { prompt: 'a castle', image_urls: [link], speed: 'fast' }, fast);
    expect(edits).toMatchObject({ action: 'EDITS', mode: 'FAST', status: 'SUCCESS' });
    const seen = await rig.done('/describe', { image_urls: [blue] });
    expect(seen.prompt).toMatch(/^1️⃣ .*blue[^]*\n\n4️⃣ /u);
    expect(seen).toMatchObject({ action: 'DESCRIBE', description: seen.prompt as string, image_urls: [] });
  });

  it('describe and cut U pictures out while all places are taken', async () => {
    await rig.start({ runMs: 0, concurrency: 1, queue: 1 });
    const grid = await rig.done('', { prompt: 'sea [sim:small]' });
    await rig.begin('', { prompt: 'slowly [sim:slow=3600000]' });
    const waits = await rig.begin('/variation', { task_id: grid.id, index: 1 });
    expect(await rig.submit('/reroll', { task_id: grid.id })).toMatchObject({ http: 429 });
    expect(await rig.done('/upscale', { task_id: grid.id, index: 1 })).toMatchObject({ status: 'SUCCESS' });
    const seen = await rig.done('/describe', { image_urls: [await base64Of(20, '#d02020')] });
    expect(seen).toMatchObject({ status: 'SUCCESS' });
    expect(await rig.midjourney(waits)).toMatchObject({ status: 'NOT_START' });
  });

  it('refuse a picture above 12 MiB', async () => {
    await rig.start({ runMs: 0 });
    const large = Buffer.alloc(12 * 1024 * 1024 + 3).toString('base64');
    const { http, json } = await rig.submit('/describe', { image_urls: [large] });
    expect([http, json]).toMatchObject([400, { error: { message: expect.stringContaining('image_urls[0]') } }]);
  });

  it('animate a picture by a number that counts from 0', async () => {
    await rig.start({ runMs: 0 });
    const grid = await rig.done('', { prompt: 'sea [sim:small]' });
    const film = await rig.done('/video', { task_id: grid.id, index: 3, batch_size: 2, video_type: 'vid_1.1_i2v_720' });
    expect(film).toMatchObject({ action: 'VIDEO', cost: 0.8, image_urls: [] });
    expect(film.video_urls).toHaveLength(2);
    expect(film.video_url).toBe((film.video_urls as string[])[0]);
    expect((await fetch(film.video_url as string)).headers.get('content-type')).toBe('video/mp4');
    expect(await rig.unified(film.id as string)).toMatchObject({
      result: { images: [], videos: [{ url: film.video_urls as string[] }] },
    });
    const image = await base64Of(40, '#0a0');
    const still = { image_urls: [image], end_url: image, video_type: 'vid_1.1_i2v_start_end_480', motion: 'low' };
    expect(await rig.done('/video', still)).toMatchObject({ status: 'SUCCESS', cost: 0.2 });
    const clip = `MJ::JOB::video_virtual_upscale::2::${'0'.repeat(36)}`;
    expect((await rig.done('/upscale', { task_id: film.id, custom_id: clip })).video_urls).toHaveLength(1);
  });

  it.each([
    ['', { prompt: ' ' }, 'prompt'],
    ['', { prompt: 'x', speed: 'warp' }, 'speed'],
    ['', { prompt: 'x', image_urls: ['!!'] }, 'image_urls[0]'],
    ['', { prompt: 'x', hd: true, version: '7' }, 'hd'],
    ['', { prompt: 'x', stop: 50, version: '7' }, 'stop'],
    ['', { prompt: 'x', niji: true, version: '8.1' }, 'version'],
    ['', { prompt: 'x', stylize: 1001 }, 'stylize'],
    ['', { prompt: 'x', size: 'wide' }, 'size'],
    ['', { prompt: {} }, 'prompt'],
    ['', { prompt: 'x', metadata: [] }, 'metadata'],
    ['/blend', { image_urls: ['x'] }, 'image_urls'],
    ['/blend', { image_urls: ['a', 'b', 'c', 'd', 'e'] }, 'image_urls'],
    ['/blend', { image_urls: ['a', 'b'], dimensions: 'ROUND' }, 'dimensions'],
    ['/describe', {}, 'image_urls'],
    ['/edits', { prompt: 'x' }, 'image_urls'],
    ['/video', {}, 'image_urls'],
    ['/video', { image_urls: ['a'], batch_size: 3 }, 'batch_size'],
    ['/video', { image_urls: ['a'], video_type: 'vid_1.1_i2v_extend_480' }, 'video_type'],
    ['/video', { image_urls: ['a'], video_type: 'vid_1.1_i2v_start_end_480' }, 'end_url'],
    ['/video', { image_urls: ['a'], animate_mode: 'auto' }, 'animate_mode'],
    ['/upscale', {}, 'index'],
    ['/reroll', {}, 'task_id'],
    ['/pan', { task_id: 'x', direction: 'inwards' }, 'direction'],
    ['/remix-strong', { task_id: 'x' }, 'index'],
  ])('%s refuses %j', async (path, body, field) => {
    await rig.start();
    const { http, json } = await rig.submit(path, body);
    expect([http, json]).toEqual([
      400,
      { error: { code: 400, type: 'invalid_request_error', message: expect.stringContaining(field) } },
    ]);
    expect(await rig.accepted('')).toMatchObject({ count: 0 });
  });
});
