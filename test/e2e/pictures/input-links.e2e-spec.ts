import { InputPictures } from '../../../libs/assets/src/index.js';
import { TestGateway } from '../../support/gateway.js';
import { noise } from '../../support/kept-picture.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

const CORS = /^(?:access-control-|vary$)/;

/** Pictures of submits at links, as upstreams fetch them. */
describe('links of inputs', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let replica: TestGateway;
  let picture: Buffer;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    const environment = { PUBLIC_URL: 'https://mj.example', TRUST_PROXY: '127.0.0.0/8', LOG_LEVEL: 'debug' };
    gateway = await TestGateway.start({ upstreamUrl: upstream.url, environment });
    replica = await TestGateway.start({ upstreamUrl: upstream.url, environment, replicaOf: gateway });
    picture = await noise(500);
  });

  afterAll(async () => {
    await replica?.close();
    await gateway?.close();
    await upstream?.close();
  });

  async function task(): Promise<{ taskId: string; upstreamId: string }> {
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'a fox' });
    const [row] = await gateway.sql<{ upstream_id: string }>('select upstream_id from task where id = $1', [
      json.result,
    ]);
    return { taskId: json.result, upstreamId: row?.upstream_id ?? '' };
  }

  /** The path of a link. */
  async function published(bytes = picture): Promise<{ path: string; taskId: string }> {
    const of = await task();
    const url = await gateway.app.get(InputPictures, { strict: false }).publish({ ...of, bytes });
    expect(url.startsWith('https://mj.example/mj/input/')).toBe(true);
    return { path: new URL(url).pathname, taskId: of.taskId };
  }

  const ask = (path: string, init: RequestInit & { from?: string; of?: TestGateway } = {}): Promise<Response> => {
    const { from = '192.0.2.1', of = gateway, headers = {}, ...rest } = init;
    return fetch(of.url + path, { ...rest, headers: { 'x-forwarded-for': from, ...(headers as object) } });
  };
  const corsOf = ({ headers }: Response): string[] => [...headers.keys()].filter((name) => CORS.test(name));

  it('are served without a key by every replica, closed to browsers and caches', async () => {
    const { path } = await published();
    for (const one of [gateway, replica]) {
      const answer = await ask(path, { of: one, headers: { origin: 'https://page.example', cookie: 'a=b' } });
      expect(answer.status).toBe(200);
      expect(picture.equals(Buffer.from(await answer.arrayBuffer()))).toBe(true);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'image/png',
        'content-length': String(picture.length),
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
      });
      expect(corsOf(answer)).toEqual([]);
      expect(answer.headers.has('set-cookie')).toBe(false);
    }
  });

  it('answer HEAD and ranges', async () => {
    const { path } = await published();
    const head = await ask(path, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), head.headers.get('content-type')]).toEqual([
      200,
      String(picture.length),
      'image/png',
    ]);
    expect(await head.text()).toBe('');
    const part = await ask(path, { headers: { range: 'bytes=300000-600000' } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 300000-600000/${picture.length}`);
    expect(picture.subarray(300_000, 600_001).equals(Buffer.from(await part.arrayBuffer()))).toBe(true);
    const behind = await ask(path, { headers: { range: `bytes=${picture.length}-` } });
    expect(behind.status).toBe(416);
    expect(behind.headers.get('content-range')).toBe(`bytes */${picture.length}`);
    await behind.arrayBuffer();
  });

  it('tell pages of other origins nothing, not even in a preflight or an error', async () => {
    const { path } = await published();
    const headers = { origin: 'https://page.example', 'access-control-request-method': 'GET' };
    for (const answer of [
      await ask(path, { method: 'OPTIONS', headers }),
      await ask(path, { method: 'POST', headers }),
      await ask('/mj/input/none.png', { headers }),
    ]) {
      expect(corsOf(answer)).toEqual([]);
      await answer.arrayBuffer();
    }
  });

  it('end with their time, and an hour after their task', async () => {
    const [old, ended] = [await published(), await published()];
    await gateway.sql('update input_picture set expires_at = now() where task_id = $1', [old.taskId]);
    const row = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      ended.taskId,
    ]);
    upstream.show(row[0]?.upstream_task_id ?? '', { status: 'FAILURE', failReason: 'no' });
    await until('the end of the task', async () => {
      const rows = await gateway.sql('select 1 from task where id = $1 and finished_at is not null', [ended.taskId]);
      return rows.length > 0 ? true : null;
    });
    expect((await ask(ended.path, { method: 'HEAD' })).status).toBe(200);
    await gateway.sql(
      "update task set submitted_at = submitted_at - interval '2 hours', finished_at = finished_at - interval '61 minutes' where id = $1",
      [ended.taskId],
    );
    for (const { path } of [old, ended]) {
      for (const one of [gateway, replica]) {
        const answer = await ask(path, { of: one });
        expect(answer.status).toBe(404);
        expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
        expect(await answer.json()).toMatchObject({ code: 4, description: 'not_found' });
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
    }
  });

  it('have 60 misses a minute for an address; hits are not counted', async () => {
    const { path } = await published();
    const wrong = path.replace(/.\.png$/, (end) => `${end.startsWith('A') ? 'B' : 'A'}.png`);
    const status = async (asked: string, from: string): Promise<number> => {
      const answer = await ask(asked, { from, method: 'HEAD' });
      return answer.status;
    };
    for (let n = 0; n < 70; n += 1) expect(await status(path, '192.0.2.7')).toBe(200);
    for (let n = 0; n < 60; n += 1) {
      const name = [wrong, '/mj/input/x.png', `${path}.png`, path.replace('.png', '.jpg')][n % 4] ?? '';
      expect(await status(name, '192.0.2.7')).toBe(404);
    }
    const refused = await ask(wrong, { from: '192.0.2.7' });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(corsOf(refused)).toEqual([]);
    expect(await status(wrong, '192.0.2.8')).toBe(404);
    expect(await status('/mj/image/6240000000000001', '192.0.2.7')).toBe(404);
  });

  it('show that an upstream reaches them, and stand in no log', async () => {
    await gateway.sql('update upstream set links_fetched_at = null');
    const { path, taskId } = await published();
    expect(await gateway.sql('select 1 from upstream where links_fetched_at is not null')).toEqual([]);
    await (await ask(path)).arrayBuffer();
    await until('the note', async () => {
      const rows = await gateway.sql(
        'select 1 from upstream u join task t on t.upstream_id = u.id where t.id = $1 and u.links_fetched_at is not null',
        [taskId],
      );
      return rows.length > 0 ? true : null;
    });
    const [, token = ''] = /input\/([\w-]+)/.exec(path) ?? [];
    expect(token).toHaveLength(32);
    expect(gateway.logs.join('')).toContain('/mj/input/:name');
    expect(gateway.logs.join('')).not.toContain(token);
    const view = await gateway.get(`/mj/task/${taskId}/fetch`);
    expect(view.text).not.toContain('/mj/input/');
  });
});
