import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { startSimulator, type Simulator } from '../../../apps/simulator/src/simulator.js';
import type { TaskView } from '../../../libs/wire/src/index.js';
import { TestGateway } from '../../support/gateway.js';
import { until } from '../../support/until.js';

/** Every submit route once, through an upstream that really does the work, to its end. */
describe('submits through the simulator', () => {
  let folder: string;
  let simulator: Simulator;
  let gateway: TestGateway;
  let red: string;
  let blue: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journeyman-submits-'));
    simulator = await startSimulator({ dir: folder, runMs: 400 });
    gateway = await TestGateway.start({
      upstreamUrl: simulator.url,
      environment: { UPSTREAM_MAX_CONCURRENT: '100' },
    });
    [red, blue] = (await Promise.all(['#cc3322', '#2244cc'].map(pictureOf))) as [string, string];
  });

  afterAll(async () => {
    await gateway.close();
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  });

  const pictureOf = async (background: string): Promise<string> => {
    const png = await sharp({ create: { width: 96, height: 64, channels: 3, background } })
      .png()
      .toBuffer();
    return `data:image/png;base64,${png.toString('base64')}`;
  };
  const ended = (id: string): Promise<TaskView> =>
    until(`the end of ${id}`, async () => {
      const { json } = await gateway.get<TaskView>(`/mj/task/${id}/fetch`);
      return json.progress === '100%' ? json : null;
    });
  const done = async (path: string, body: object): Promise<TaskView> => {
    const { status, json } = await gateway.post<{ code: number; description: string; result: string }>(path, body);
    expect({ status, json }).toMatchObject({
      status: 200,
      json: { code: 1, result: expect.stringMatching(/^\d{16}$/) },
    });
    const task = await ended(json.result);
    expect(task).toMatchObject({ status: 'SUCCESS', failReason: '', failure: null });
    return task;
  };
  const sides = async (url: string): Promise<{ width: number; height: number }> => {
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    const { width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    return { width: Number(width), height: Number(height) };
  };

  it('imagine, and its grid changed in every way', async () => {
    const grid = await done('/mj/submit/imagine', { prompt: 'a lighthouse' });
    const single = await done('/mj/submit/change', { taskId: grid.id, action: 'UPSCALE', index: 2 });
    expect(single).toMatchObject({ action: 'UPSCALE', parentId: grid.id });
    const again = await gateway.post('/mj/submit/simple-change', { content: `${grid.id} u2` });
    expect(again.json['result']).toBe(single.id);
    const varied = await done('/mj/submit/simple-change', { content: `${grid.id} V1` });
    const redrawn = await done('/mj/submit/change', { taskId: Number(grid.id), action: 'reroll' });
    const pressed = await done('/mj/submit/action', {
      taskId: grid.id,
      customId: grid.buttons?.find(({ label }) => label === 'V3')?.customId,
    });
    expect([varied, redrawn, pressed].map(({ action }) => action)).toEqual(['VARIATION', 'REROLL', 'VARIATION']);
    for (const { imageUrls } of [varied, redrawn, pressed]) expect(imageUrls).toHaveLength(4);
  });

  it('blend', async () => {
    const task = await done('/mj/submit/blend', { base64Array: [red, blue], dimensions: 'LANDSCAPE' });
    expect(task).toMatchObject({ action: 'BLEND', description: '/blend', prompt: '' });
    const { width, height } = await sides(task.imageUrl);
    expect(width / height).toBeCloseTo(1.5, 1);
  });

  it('describe: four prompts, and buttons', async () => {
    const task = await done('/mj/submit/describe', { base64: red });
    expect(task).toMatchObject({ action: 'DESCRIBE', description: '/describe' });
    expect(task.promptEn).toMatch(/^1️⃣ .+\n\n2️⃣ /u);
    expect(task).toMatchObject({ prompt: task.promptEn, properties: { finalPrompt: task.promptEn } });
    expect(task.buttons?.map(({ customId }) => customId)).toContain('MJ::Job::PicReader::1');
  });

  it('shorten: the text reaches the client in all its places', async () => {
    const prompt = 'please create a peaceful, serene and beautiful picture of a sunset over the calm sea --ar 3:2';
    const task = await done('/mj/submit/shorten', { prompt });
    expect(task).toMatchObject({ action: 'SHORTEN', imageUrl: '' });
    const found = task.properties.finalPrompt;
    expect(found).toContain('## Shortened prompts');
    expect(task).toMatchObject({ prompt: found, promptEn: found, description: found });
    expect(task.buttons?.map(({ customId }) => customId)).toContain('MJ::Job::PromptAnalyzer::1');
  });

  it.each([
    ['edits', 'EDITS', '/edit of straw'],
    ['edit', 'EDITS', '/edit of straw'],
    ['retexture', 'RETEXTURE', '/retexture of straw'],
  ])('%s', async (route, action, description) => {
    const task = await done(`/mj/submit/${route}`, { prompt: 'of straw', image: red });
    expect(task).toMatchObject({ action, description, prompt: 'of straw' });
    expect(task.imageUrls).toHaveLength(4);
    const { width, height } = await sides(task.imageUrl);
    expect(width / height).toBeCloseTo(1.5, 1);
  });

  it('video, and one clip of it extended', async () => {
    const task = await done('/mj/submit/video', { prompt: 'it turns', image: red, batchSize: 2, motion: 'high' });
    expect(task).toMatchObject({ action: 'VIDEO', description: '/video it turns' });
    expect(task.videoUrls).toHaveLength(2);
    expect(task.videoUrl).toBe(task.videoUrls?.[0]?.url);
    const longer = await done('/mj/submit/video', { taskId: task.id, action: 'extend', index: 1 });
    expect(longer).toMatchObject({ action: 'VIDEO', parentId: task.id, prompt: 'it turns' });
    expect(longer.videoUrl).not.toBe('');
  });

  it('upload: the links work, and go back into a prompt', async () => {
    const { json } = await gateway.post<{ code: number; result: string[] }>('/mj/submit/upload-discord-images', {
      base64Array: [red, blue],
    });
    expect(json).toMatchObject({ code: 1, result: [expect.any(String), expect.any(String)] });
    await expect(sides(json.result[0] ?? '')).resolves.toEqual({ width: 96, height: 64 });
    const task = await done('/mj/submit/imagine', { prompt: `${json.result[0]} in these colours` });
    expect(task.prompt).toContain(json.result[0]);
    const described = await done('/mj/submit/describe', { link: json.result[1] });
    expect(described.action).toBe('DESCRIBE');
  });

  it('face swap, as JSON and as a form', async () => {
    const task = await done('/mj/insight-face/swap', { sourceBase64: red, targetBase64: blue });
    expect(task).toMatchObject({ action: 'SWAP_FACE', botType: 'INSIGHT_FACE' });
    await sides(task.imageUrl);
    const form = new FormData();
    form.append('sourceBase64', new Blob([Buffer.from(red.split(',')[1] ?? '', 'base64')]), 'face.png');
    form.append('targetBase64', blue);
    const { json } = await gateway.call<{ result: string }>('/mj/insight-face/swap', {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}` },
      body: form,
    });
    expect((await ended(json.result)).status).toBe('SUCCESS');
  });

  it('adds up: every hold stands in the ledger, no slot is left', async () => {
    const wrong = await gateway.sql(
      'select t.id from task t left join ledger l on l.task_id = t.id group by t.id having t.cost <> -coalesce(sum(l.amount), 0)',
    );
    expect(wrong).toEqual([]);
    expect(await gateway.sql('select running from upstream_load')).toEqual([{ running: 0 }]);
  });
});
