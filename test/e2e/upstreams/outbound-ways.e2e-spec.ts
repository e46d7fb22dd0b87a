import sharp from 'sharp';
import type { AdminUpstreamDto } from '../../../apps/gateway/src/admin/upstreams/admin-upstream.dto.js';
import type { TaskView } from '../../../libs/wire/src/index.js';
import { ADMIN_KEY } from '../../support/admin-client.js';
import { TestGateway } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { SocksServer } from '../../support/socks-server.js';
import { until } from '../../support/until.js';

/** An operator behind a wall: SOCKS to the upstream, a mirror of the CDN. */
describe('ways out that an operator chose', () => {
  let upstream: ScriptedUpstream;
  let mirror: ScriptedUpstream;
  let socks: SocksServer;
  let gateway: TestGateway;
  let guarded: TestGateway;
  let picture: Buffer;

  beforeAll(async () => {
    [upstream, mirror, socks] = await Promise.all([
      ScriptedUpstream.start(),
      ScriptedUpstream.start(),
      SocksServer.start(),
    ]);
    picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#345' } })
      .png()
      .toBuffer();
    mirror.picture = picture;
    const environment = { ADMIN_KEY, PICTURE_HOST_REWRITE: `cdn.acme.io=${new URL(mirror.url).host}` };
    gateway = await TestGateway.start({ upstreamUrl: upstream.url, environment });
    guarded = await TestGateway.start({ upstreamUrl: upstream.url, environment: { ...environment, EGRESS_ALLOW: '' } });
  });

  afterAll(async () => {
    await Promise.all([gateway.close(), guarded.close()]);
    await Promise.all([upstream.close(), mirror.close(), socks.close()]);
  });

  const drawn = async (on: TestGateway, imageUrl: string): Promise<TaskView> => {
    upstream.onSubmit = (submit) => ({
      code: 1,
      description: 'ok',
      result: upstream.accept(submit, { status: 'SUCCESS', imageUrl }).id,
    });
    const { json } = await on.post<{ result: string }>('/mj/submit/imagine', { prompt: 'a fox' });
    return until('the end', async () => {
      const { json: task } = await on.get<TaskView>(`/mj/task/${json.result}/fetch`);
      return task.status === 'SUCCESS' ? task : null;
    });
  };
  const bytesOf = async (url: string): Promise<Buffer> => Buffer.from(await (await fetch(url)).arrayBuffer());

  it('pictures come from the host that stands for theirs, and their links stay', async () => {
    const task = await drawn(gateway, 'http://cdn.acme.io/a?ex=1.png');
    expect(task.imageUrl).toBe(`${gateway.url}/mj/image/${task.id}`);
    expect(await bytesOf(task.imageUrl)).toEqual(picture);
    const rows = await gateway.sql('select source_url from asset where task_id = $1', [task.id]);
    expect(rows).toEqual([{ source_url: 'http://cdn.acme.io/a?ex=1.png' }]);
  });

  it('so do pictures that a client links to', async () => {
    upstream.submits.length = 0;
    upstream.onSubmit = (submit) => ({ code: 1, description: 'ok', result: upstream.accept(submit).id });
    const body = { prompt: 'a fox', base64Array: ['http://cdn.acme.io/b.png'] };
    expect((await gateway.post('/mj/submit/imagine', body)).json).toMatchObject({ code: 1 });
    const [sent] = upstream.submits[0]?.body['base64Array'] as string[];
    expect(Buffer.from(sent?.split(',').at(-1) ?? '', 'base64')).toEqual(picture);
  });

  it('that host is judged like any other', async () => {
    const { imageUrl } = await drawn(guarded, 'http://cdn.acme.io/c.png');
    expect((await fetch(imageUrl)).status).toBe(502);
  });

  it('an upstream is reached through SOCKS 5, its pictures too', async () => {
    socks.login = { username: 'al', password: 'p@w' };
    const admin = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
    const listed = await gateway.call<{ items: AdminUpstreamDto[] }>('/admin/upstreams', { headers: admin });
    const id = listed.json.items[0]?.id ?? '';
    const change = (proxyUrl: string | null): Promise<{ status: number }> =>
      gateway.call(`/admin/upstreams/${id}`, {
        method: 'PATCH',
        headers: admin,
        body: JSON.stringify({ proxyUrl }),
      });
    expect((await change('socks4://127.0.0.1:1080')).status).toBe(400);
    expect((await change(socks.url('socks5h', 'al:p%40w'))).status).toBe(200);
    const { host } = new URL(upstream.url);
    upstream.picture = picture;
    const seen = await until('the proxy', async () => {
      const task = await drawn(gateway, `${upstream.url}/d.png`);
      return socks.asked.length === 0 ? null : task;
    });
    expect(new Set(socks.asked)).toEqual(new Set([host]));
    expect(new Set(socks.logins)).toEqual(new Set(['al p@w']));
    expect(await bytesOf(seen.imageUrl)).toEqual(picture);
    expect(await gateway.sql("select from upstream where encode(proxy_url, 'escape') like '%p%40w%'")).toEqual([]);
    expect((await change(null)).status).toBe(200);
  });
});
