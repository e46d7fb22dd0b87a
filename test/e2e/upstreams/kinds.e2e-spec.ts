import sharp, { type Metadata } from 'sharp';
import type { Simulator } from '../../../apps/simulator/src/simulator.js';
import { UPSTREAM_KINDS, type UpstreamKind } from '../../../libs/upstream/src/index.js';
import type { TaskView } from '../../../libs/wire/src/index.js';
import type { TestGateway } from '../../support/gateway.js';
import { startKindGateway, type KindGateway } from '../../support/kind-gateway.js';
import { until } from '../../support/until.js';

/** Work that a kind does not have. */
const LACKS: Record<UpstreamKind, readonly string[]> = {
  'midjourney-proxy': [],
  youchuan: ['describe', 'shorten', 'swap'],
  legnext: ['swap'],
  apimart: ['shorten', 'retexture', 'swap'],
};
const VERSION: Partial<Record<UpstreamKind, string>> = { apimart: '--v 7', legnext: '--v 7' };

interface Reply {
  code: number;
  description: string;
  result: string | null;
  properties?: Record<string, unknown>;
}

/** The same clients, in front of each kind of upstream: nothing tells them which one did their work. */
describe.each(UPSTREAM_KINDS)('clients of an upstream of kind %s', (kind) => {
  let started: KindGateway;
  let gateway: TestGateway;
  let simulator: Simulator;
  let red: string;
  let blue: string;

  beforeAll(async () => {
    started = await startKindGateway(kind);
    ({ gateway, simulator } = started);
    [red, blue] = (await Promise.all(['#cc3322', '#2244cc'].map(pictureOf))) as [string, string];
  });

  afterAll(() => started.close());

  const pictureOf = async (background: string): Promise<string> => {
    const png = await sharp({ create: { width: 96, height: 64, channels: 3, background } })
      .png()
      .toBuffer();
    return `data:image/png;base64,${png.toString('base64')}`;
  };
  const prompt = (text: string): string => `${text} ${VERSION[kind] ?? ''}`.trim();
  const ended = (id: string): Promise<TaskView> =>
    until(`the end of ${id}`, async () => {
      const { json } = await gateway.get<TaskView>(`/mj/task/${id}/fetch`);
      return json.progress === '100%' ? json : null;
    });
  const post = async (route: string, body: object): Promise<Reply> =>
    (await gateway.post<Reply>(`/mj/${route}`, body)).json;
  const done = async (route: string, body: object): Promise<TaskView> => {
    const reply = await post(route, body);
    expect(reply).toMatchObject({ code: 1, result: expect.stringMatching(/^\d{16}$/) });
    const task = await ended(reply.result ?? '');
    expect(task).toMatchObject({ status: 'SUCCESS', failReason: '', failure: null });
    expectNoVendor(task);
    return task;
  };
  /** No address, name or task id of the vendor is seen; a job id may stand in a customId. */
  const expectNoVendor = (task: TaskView): void => {
    const text = JSON.stringify(task);
    expect(text).not.toContain(simulator.url);
    expect(text).not.toMatch(/task_[0-9A-Z]{10}|youchuan|legnext|apimart|tob\//i);
    // Of the /mj wire the message and its hash are passed on; other kinds have none.
    const properties = kind === 'midjourney-proxy' ? {} : task.properties;
    expect(JSON.stringify({ ...task, properties, buttons: null, customId: '' })).not.toMatch(
      /\b[0-9a-f]{24}\b|[0-9a-f]{8}-[0-9a-f]{4}-/,
    );
  };
  const button = ({ buttons }: TaskView, pattern: RegExp): string => {
    const found = buttons?.find(({ customId, label }) => pattern.test(customId) || pattern.test(label));
    if (found === undefined) throw new Error(`no button ${String(pattern)} in ${JSON.stringify(buttons)}`);
    return found.customId;
  };
  const picture = async (url: string): Promise<Metadata> => {
    const answer = await fetch(url);
    expect([url, answer.status]).toEqual([url, 200]);
    return sharp(Buffer.from(await answer.arrayBuffer())).metadata();
  };

  it('draw a grid, see its four pictures, and go on from it in every way', async () => {
    const grid = await done('submit/imagine', { prompt: prompt('a lighthouse') });
    expect(grid.imageUrls).toHaveLength(4);
    const whole = await picture(grid.imageUrl);
    const single = await picture(grid.imageUrls?.[1]?.url ?? '');
    expect(Number(whole.width)).toBeGreaterThanOrEqual(Number(single.width));
    const upscaled = await done('submit/change', { taskId: grid.id, action: 'UPSCALE', index: 2 });
    expect(upscaled).toMatchObject({ action: 'UPSCALE', parentId: grid.id });
    await picture(upscaled.imageUrl);
    expect((await post('submit/simple-change', { content: `${grid.id} u2` })).result).toBe(upscaled.id);
    for (const content of ['V1', 'R']) {
      const next = await done('submit/simple-change', { content: `${grid.id} ${content}` });
      expect(next.imageUrls).toHaveLength(4);
    }
    const varied = await done('submit/action', {
      taskId: upscaled.id,
      customId: button(upscaled, /::low_variation::/),
    });
    expect(varied).toMatchObject({ action: 'LOW_VARIATION', parentId: upscaled.id });
    for (const pattern of [/Outpaint::50/, /::pan_left::/, /::upsample_/])
      await picture(
        (await done('submit/action', { taskId: upscaled.id, customId: button(upscaled, pattern) })).imageUrl,
      );
  });

  it('confirm a window with a mask, twice at once, and one picture is made', async () => {
    const grid = await done('submit/imagine', { prompt: prompt('a quiet harbour') });
    const single = await done('submit/action', { taskId: grid.id, customId: button(grid, /::upsample::1::/) });
    const opened = await post('submit/action', { taskId: single.id, customId: button(single, /Inpaint/) });
    expect(opened).toMatchObject({ code: 21, description: 'Waiting for window confirm', properties: { remix: true } });
    expect(opened.properties?.['finalPrompt']).toBe('');
    if (kind === 'youchuan' || kind === 'legnext') {
      const bare = await gateway.post<Reply>('/mj/submit/modal', { taskId: opened.result, prompt: 'a red boat' });
      expect([bare.status, bare.json]).toMatchObject([
        400,
        { code: 4, description: 'base64_is_invalid', properties: { field: 'maskBase64' } },
      ]);
    }
    const mask = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    const confirm = {
      taskId: opened.result,
      prompt: 'a red boat',
      maskBase64: `data:image/png;base64,${mask.toString('base64')}`,
    };
    const replies = await Promise.all([post('submit/modal', confirm), post('submit/modal', confirm)]);
    expect(replies.map(({ code, result }) => [code, result])).toEqual([
      [1, opened.result],
      [1, opened.result],
    ]);
    const painted = await ended(opened.result ?? '');
    expect(painted).toMatchObject({ status: 'SUCCESS', action: 'INPAINT', parentId: single.id });
    expectNoVendor(painted);
    await picture(painted.imageUrl);
  });

  it('see the end of a confirmed window whose answer was lost', async () => {
    const grid = await done('submit/imagine', { prompt: prompt('a stone bridge') });
    const single = await done('submit/action', { taskId: grid.id, customId: button(grid, /::upsample::1::/) });
    const opened = await post('submit/action', { taskId: single.id, customId: button(single, /CustomZoom/) });
    expect(opened).toMatchObject({ code: 21 });
    const text = prompt('a stone bridge [sim:accept-500]');
    expect(await post('submit/modal', { taskId: opened.result, prompt: `${text} --zoom 2` })).toMatchObject({
      code: 1,
      result: opened.result,
    });
    const zoomed = await ended(opened.result ?? '');
    expect(zoomed).toMatchObject({ status: 'SUCCESS', action: 'CUSTOM_ZOOM', parentId: single.id });
    await picture(zoomed.imageUrl);
  });

  it('send pictures: blend, edits, a prompt with a picture, an upload that goes back into a prompt', async () => {
    const blended = await done('submit/blend', { base64Array: [red, blue], dimensions: 'LANDSCAPE' });
    const { width, height } = await picture(blended.imageUrl);
    expect(Number(width) / Number(height)).toBeCloseTo(1.5, 1);
    await picture((await done('submit/edits', { prompt: 'of straw', image: red })).imageUrl);
    await done('submit/imagine', { prompt: prompt('in these colours'), base64Array: [blue] });
    const uploaded = await gateway.post<{ code: number; result: string[] }>('/mj/submit/upload-discord-images', {
      base64Array: [red],
    });
    expect(uploaded.json).toMatchObject({ code: 1, result: [expect.stringMatching(/^http/)] });
    await picture(uploaded.json.result[0] ?? '');
    // The prompt holds the link of the upload, which may be the upstream's own.
    const again = await post('submit/imagine', { prompt: prompt(`${uploaded.json.result[0]} in these colours`) });
    expect(await ended(again.result ?? '')).toMatchObject({ status: 'SUCCESS' });
  });

  it('make a film from a picture', async () => {
    const film = await done('submit/video', { prompt: 'it turns', image: red, motion: 'high' });
    expect(film.videoUrls?.length).toBeGreaterThanOrEqual(1);
    const answer = await fetch(film.videoUrl);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'video/mp4']);
  });

  it.each([
    ['describe', 'submit/describe', () => ({ base64: red })],
    ['shorten', 'submit/shorten', () => ({ prompt: 'please create a peaceful, serene picture of a calm sea' })],
    ['retexture', 'submit/retexture', () => ({ prompt: 'of straw', image: red })],
    ['swap', 'insight-face/swap', () => ({ sourceBase64: red, targetBase64: blue })],
  ])('get %s done, or code 3 where the kind has none, and nothing is charged', async (work, route, body) => {
    if (!LACKS[kind].includes(work)) {
      await done(route, body());
      return;
    }
    const [before] = await gateway.sql<{ tasks: string }>('select count(*) as tasks from task');
    expect(await post(route, body())).toMatchObject({ code: 3, description: 'No usable account', result: null });
    const [after] = await gateway.sql<{ tasks: string }>('select count(*) as tasks from task');
    expect(after).toEqual(before);
  });

  it('read a seed of digits', async () => {
    const grid = await done('submit/imagine', { prompt: prompt('a windmill') });
    if (kind === 'apimart') return;
    const { json } = await gateway.get<Reply>(`/mj/task/${grid.id}/image-seed`);
    expect(json).toMatchObject({ code: 1, result: expect.stringMatching(/^\d+$/) });
  });
});
