import sharp from 'sharp';
import type { TaskView } from '../../../libs/wire/src/index.js';
import { TestGateway } from '../../support/gateway.js';
import { HookReceiver } from '../../support/hook-receiver.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

/** IMAGE_LINKS=signed: an id alone shows nothing. */
describe('signed links', () => {
  let upstream: ScriptedUpstream;
  let receiver: HookReceiver;
  let gateway: TestGateway;
  let task: TaskView;

  beforeAll(async () => {
    [upstream, receiver] = await Promise.all([ScriptedUpstream.start(), HookReceiver.start()]);
    upstream.picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    gateway = await TestGateway.start({ upstreamUrl: upstream.url, environment: { IMAGE_LINKS: 'signed' } });
    const notifyHook = `${receiver.url}/hook`;
    const { json } = await gateway.post('/mj/submit/imagine', { prompt: 'a cat', notifyHook });
    const id = String(json['result']);
    for (const running of upstream.tasks.values()) {
      Object.assign(running, {
        status: 'SUCCESS',
        progress: '100%',
        imageUrl: `${upstream.url}/grid.png`,
        buttons: [],
      });
    }
    task = await until('the end', async () => {
      const found = (await gateway.get<TaskView>(`/mj/task/${id}/fetch`)).json;
      return found.status === 'SUCCESS' ? found : null;
    });
  });

  afterAll(async () => {
    await gateway.close();
    await Promise.all([upstream.close(), receiver.close()]);
  });

  const status = async (url: string): Promise<number> => (await fetch(url)).status;

  it('are in every task object, and show the picture', async () => {
    const links = [task.imageUrl, ...(task.imageUrls ?? []).map(({ url }) => url)];
    expect(links).toHaveLength(5);
    for (const link of links) expect(link).toMatch(/\?s=[\w-]{32}$/);
    expect(await Promise.all(links.map(status))).toEqual([200, 200, 200, 200, 200]);
    expect(await status(`${task.imageUrl}&w=128&format=webp`)).toBe(200);
    const list = (await gateway.get<TaskView[]>('/mj/task/list')).json;
    expect(list[0]?.imageUrl).toBe(task.imageUrl);
  });

  it('are in hooks', async () => {
    const last = await until('the hook', () =>
      receiver.of(task.id).find(({ task: told }) => told.status === 'SUCCESS'),
    );
    expect(last.task['imageUrl']).toBe(task.imageUrl);
  });

  it('are needed: anything else is answered like an unknown picture', async () => {
    const [plain = ''] = task.imageUrl.split('?');
    const unknown = await fetch(`${gateway.url}/mj/image/6200000000000001`);
    for (const link of [plain, `${plain}?s=`, `${plain}?s=${'A'.repeat(32)}`, `${plain}/1`, `${plain}?s=a&s=b`]) {
      const answer = await fetch(link);
      expect([answer.status, await answer.json()]).toEqual([404, await unknown.clone().json()]);
    }
  });

  it('are good for their own task only', async () => {
    const signature = task.imageUrl.split('?s=')[1] ?? '';
    const { json } = await gateway.post('/mj/submit/imagine', { prompt: 'another' });
    expect(await status(`${gateway.url}/mj/image/${String(json['result'])}?s=${signature}`)).toBe(404);
  });
});
