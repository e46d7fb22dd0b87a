import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { startSimulator, type Simulator } from '../../../apps/simulator/src/simulator.js';
import type { TaskView } from '../../../libs/wire/src/index.js';
import { ADMIN_KEY, AdminClient } from '../../support/admin-client.js';
import { TestGateway } from '../../support/gateway.js';
import { until } from '../../support/until.js';

const SECRET = 'sk-of-the-simulator';

/** Clients of /mj whose upstream is APIMart, which they do not notice. */
describe('submits through APIMart', () => {
  let folder: string;
  let simulator: Simulator;
  let gateway: TestGateway;
  let red: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journeyman-apimart-'));
    simulator = await startSimulator({ dir: folder, runMs: 200, secret: SECRET });
    gateway = await TestGateway.start({ upstreamUrl: 'http://127.0.0.1:1', environment: { ADMIN_KEY } });
    const admin = new AdminClient(gateway);
    const made = await admin.post('/upstreams', {
      name: 'apimart',
      kind: 'apimart',
      baseUrl: `${simulator.url}/v1`,
      secret: SECRET,
      maxConcurrent: 50,
      priority: 5,
    });
    expect(made).toMatchObject({ status: 201, json: { kind: 'apimart', baseUrl: simulator.url } });
    red = await pictureOf('#cc3322');
  });

  afterAll(async () => {
    await gateway.close();
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function pictureOf(background: string): Promise<string> {
    const png = await sharp({ create: { width: 96, height: 64, channels: 3, background } })
      .png()
      .toBuffer();
    return `data:image/png;base64,${png.toString('base64')}`;
  }

  interface Reply {
    code: number;
    description: string;
    result: string;
  }
  const post = (path: string, body: object): ReturnType<typeof gateway.post<Reply>> => gateway.post<Reply>(path, body);

  /** What clients see of a task at its end, in which no id of the vendor's stands. */
  const ended = (id: string): Promise<TaskView> =>
    until(`the end of ${id}`, async () => {
      const { json, text } = await gateway.get<TaskView>(`/mj/task/${id}/fetch`);
      expect(text).not.toMatch(/task_|apimart/i);
      return json.progress === '100%' ? json : null;
    });

  async function done(path: string, body: object): Promise<TaskView> {
    const { json } = await post(path, body);
    expect(json).toMatchObject({ code: 1 });
    const task = await ended(json.result);
    expect(task).toMatchObject({ status: 'SUCCESS', failReason: '' });
    return task;
  }

  const buttonOf = ({ buttons }: TaskView, text: string): string => {
    const found = buttons?.find(({ customId }) => customId.includes(text))?.customId;
    if (found === undefined) throw new Error(`no ${text} among ${JSON.stringify(buttons)}`);
    return found;
  };
  const press = (task: TaskView, text: string, more: object = {}): Promise<TaskView> =>
    done('/mj/submit/action', { taskId: task.id, customId: buttonOf(task, text), ...more });

  it('a grid of the default version, its pictures, and what follows from them', async () => {
    const grid = await done('/mj/submit/imagine', { prompt: 'a lighthouse [sim:small]' });
    expect(grid.imageUrls).toHaveLength(4);
    const single = await done('/mj/submit/change', { taskId: grid.id, action: 'UPSCALE', index: 2 });
    expect(single).toMatchObject({ action: 'UPSCALE', parentId: grid.id, prompt: 'a lighthouse [sim:small]' });
    const again = await post('/mj/submit/simple-change', { content: `${grid.id} u2` });
    expect(again.json.result).toBe(single.id);
    await press(grid, '::variation::1');
    await press(single, 'low_variation');
    const film = await press(single, 'animate_low');
    expect(film.videoUrls).toHaveLength(1);
    await done('/mj/submit/change', { taskId: grid.id, action: 'REROLL' });
  });

  it('windows of the vendor and of the gateway', async () => {
    const grid = await done('/mj/submit/imagine', { prompt: 'a lighthouse --v 7 [sim:small]' });
    const single = await press(grid, '::upsample::1');
    const inpaint = await post('/mj/submit/action', { taskId: single.id, customId: buttonOf(single, 'MJ::Inpaint') });
    expect(inpaint.json.code).toBe(21);
    await done('/mj/submit/modal', { taskId: inpaint.json.result, prompt: 'a hat', maskBase64: red });
    const reroll = { taskId: grid.id, customId: buttonOf(grid, '::reroll::'), enableRemix: true };
    const opened = await post('/mj/submit/action', reroll);
    expect(opened.json.code).toBe(21);
    const rerolled = await done('/mj/submit/modal', { taskId: opened.json.result, prompt: 'a windmill' });
    expect(rerolled).toMatchObject({ id: opened.json.result, prompt: 'a windmill' });
    await press(single, 'upsample_v7_2x_subtle');
  });

  it('pictures that clients send', async () => {
    const blue = await pictureOf('#2244cc');
    await done('/mj/submit/blend', { base64Array: [red, blue] });
    const found = await done('/mj/submit/describe', { base64: red });
    expect(found.prompt).toMatch(/1️⃣/u);
    await done('/mj/submit/edits', { prompt: 'of glass', image: red });
    const film = await done('/mj/submit/video', { prompt: 'it turns', image: red, motion: 'low', batchSize: 2 });
    expect(film.videoUrls).toHaveLength(2);
  });

  it.each([
    ['moderation', 'http-422', { code: 24 }],
    ['a refusal', 'http-400', { code: 4 }],
  ])('%s is told as such', async (_what, fault, reply) => {
    const { json } = await post('/mj/submit/imagine', { prompt: `a fox [sim:${fault}]` });
    expect(json).toMatchObject(reply);
  });
});
