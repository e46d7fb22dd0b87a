import http from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import type { TaskView } from '../../../libs/wire/src/index.js';
import { TestGateway } from '../../support/gateway.js';
import { HookReceiver } from '../../support/hook-receiver.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

/** Links that look like files, for programs that go by the ending. */
describe('links with a file ending', () => {
  let upstream: ScriptedUpstream;
  let receiver: HookReceiver;
  let plain: TestGateway;
  let ending: TestGateway;
  let picture: Buffer;

  beforeAll(async () => {
    [upstream, receiver] = await Promise.all([ScriptedUpstream.start(), HookReceiver.start()]);
    picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#345' } })
      .png()
      .toBuffer();
    upstream.picture = picture;
    plain = await TestGateway.start({ upstreamUrl: upstream.url });
    const environment = { LINK_ENDINGS: 'true', IMAGE_LINKS: 'signed' };
    ending = await TestGateway.start({ upstreamUrl: upstream.url, environment });
  });

  afterAll(async () => {
    await Promise.all([plain.close(), ending.close()]);
    await Promise.all([upstream.close(), receiver.close()]);
  });

  const drawn = async (gateway: TestGateway, fields: Record<string, unknown> = {}): Promise<TaskView> => {
    upstream.onSubmit = (submit) => ({
      code: 1,
      description: 'ok',
      result: upstream.accept(submit, { status: 'SUCCESS', ...fields }).id,
    });
    const body = { prompt: 'a fox', notifyHook: receiver.url };
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', body);
    return until('the end', async () => {
      const { json: task } = await gateway.get<TaskView>(`/mj/task/${json.result}/fetch`);
      return task.status === 'SUCCESS' ? task : null;
    });
  };

  it.each(['png', 'jpg', 'jpeg', 'webp', 'gif', 'avif', 'mp4', 'webm', 'PNG', 'Jpg'])(
    '.%s leads to the same bytes, of the type that they are',
    async (word) => {
      const { imageUrl, imageUrls } = await drawn(plain);
      for (const link of [imageUrl, ...(imageUrls ?? []).map(({ url }) => url)]) {
        const [bare, named] = await Promise.all([fetch(link), fetch(`${link}.${word}`)]);
        expect([named.status, named.headers.get('content-type')]).toEqual([200, 'image/png']);
        for (const name of ['etag', 'cache-control', 'content-disposition'])
          expect(named.headers.get(name)).toBe(bare.headers.get(name));
        expect(Buffer.from(await named.arrayBuffer())).toEqual(Buffer.from(await bare.arrayBuffer()));
      }
    },
  );

  it('has HEAD, ranges, conditions and a format that is asked for by name', async () => {
    const { imageUrl } = await drawn(plain);
    const link = `${imageUrl}.webp`;
    const head = await fetch(link, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(picture.length)]);
    const part = await fetch(link, { headers: { range: 'bytes=0-9' } });
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, picture.subarray(0, 10)]);
    const same = await fetch(link, { headers: { 'if-none-match': head.headers.get('etag') ?? '' } });
    expect(same.status).toBe(304);
    const small = await fetch(`${imageUrl}.png?format=webp&w=128`);
    expect([small.status, small.headers.get('content-type')]).toEqual([200, 'image/webp']);
  });

  it.each(['.svg', '.html', '.', '.png.png', '.png/1', '/1.exe', '/0.png', '/5.png', '.pn g', '%00.png', '/1.png.jpg'])(
    '%s is none of them: 404',
    async (tail) => {
      const { imageUrl } = await drawn(plain);
      const answer = await fetch(imageUrl + tail);
      expect([answer.status, await answer.json()]).toEqual([
        404,
        expect.objectContaining({ description: 'not_found' }),
      ]);
    },
  );

  it('is not shown unless LINK_ENDINGS says so', async () => {
    const { id, imageUrl } = await drawn(plain);
    expect(imageUrl).toBe(`${plain.url}/mj/image/${id}`);
  });

  it('is shown in every view and hook where it does, signed', async () => {
    const task = await drawn(ending, { imageUrl: `${upstream.url}/a.webp?name=.png` });
    expect(task.imageUrl).toMatch(new RegExp(`^${ending.url}/mj/image/${task.id}\\.webp\\?s=[\\w-]{32}$`));
    expect(task.imageUrls?.map(({ url }) => url.split('?')[0])).toEqual(
      [1, 2, 3, 4].map((n) => `${ending.url}/mj/image/${task.id}/${n}.webp`),
    );
    const links = { imageUrl: task.imageUrl, imageUrls: task.imageUrls };
    const hook = await until('the hook', () =>
      receiver.of(task.id).find(({ task: told }) => told.status === 'SUCCESS'),
    );
    expect(hook.task).toMatchObject(links);
    const listed = await ending.post<TaskView[]>('/mj/task/list-by-condition', { ids: [task.id] });
    expect(listed.json).toEqual([expect.objectContaining(links)]);
    const [, event = '{}'] = /^data: ?(.+)$/m.exec((await ending.get(`/mj/task/${task.id}/events`)).text) ?? [];
    expect(JSON.parse(event)).toMatchObject(links);
  });

  it('needs its signature like any other', async () => {
    const { imageUrl } = await drawn(ending);
    const [bare = ''] = imageUrl.split('?');
    expect((await fetch(imageUrl)).status).toBe(200);
    expect((await fetch(bare)).status).toBe(404);
    expect((await fetch(`${bare}?s=${'A'.repeat(32)}`)).status).toBe(404);
  });

  it('names previews, and goes on being good', async () => {
    upstream.onSubmit = (submit) => {
      const preview = { status: 'IN_PROGRESS', progress: '40%', imageUrl: `${upstream.url}/preview.png` };
      return { code: 1, description: 'ok', result: upstream.accept(submit, preview).id };
    };
    const { json } = await ending.post<{ result: string }>('/mj/submit/imagine', { prompt: 'a fox' });
    const task = await until('the preview', async () => {
      const found = (await ending.get<TaskView>(`/mj/task/${json.result}/fetch`)).json;
      return found.imageUrl === '' ? null : found;
    });
    expect(task.imageUrl).toMatch(/\.png\?v=\d+&s=/);
    expect((await fetch(task.imageUrl)).status).toBe(200);
  });

  it('goes for films, the first of which needs no number', async () => {
    const film = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'), Buffer.alloc(512)]);
    const origin = http.createServer((_, response) => response.setHeader('content-type', 'video/mp4').end(film));
    await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
    const videoUrl = `http://127.0.0.1:${(origin.address() as AddressInfo).port}/film.mp4`;
    const task = await drawn(ending, { action: 'VIDEO', videoUrl });
    const [link = '', query = ''] = task.videoUrl.split('?');
    expect(link).toBe(`${ending.url}/mj/video/${task.id}/1.mp4`);
    expect(task.videoUrls).toEqual([{ url: task.videoUrl }]);
    const first = `${ending.url}/mj/video/${task.id}`;
    for (const url of [task.videoUrl, `${first}/1?${query}`, `${first}.mp4?${query}`, `${first}?${query}`]) {
      const answer = await fetch(url);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'video/mp4']);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(film);
    }
    expect((await fetch(`${first}/2.mp4?${query}`)).status).toBe(404);
    origin.closeAllConnections();
    await new Promise((resolve) => origin.close(resolve));
  });

  it('can be a picture of the next prompt', async () => {
    const { imageUrl } = await drawn(ending);
    await drawn(ending);
    upstream.submits.length = 0;
    const { json } = await ending.post('/mj/submit/imagine', { prompt: 'a vixen', base64Array: [imageUrl] });
    expect(json).toMatchObject({ code: 1 });
    const [sent] = upstream.submits[0]?.body['base64Array'] as string[];
    expect(Buffer.from(sent?.split(',').at(-1) ?? '', 'base64')).toEqual(picture);
    const typed = `${imageUrl} a vixen`;
    const { json: prompted } = await ending.post<{ result: string }>('/mj/submit/imagine', { prompt: typed });
    expect(upstream.submits[1]?.body['prompt']).toBe(typed);
    expect((await ending.get<TaskView>(`/mj/task/${prompted.result}/fetch`)).json.prompt).toBe(typed);
  });
});
