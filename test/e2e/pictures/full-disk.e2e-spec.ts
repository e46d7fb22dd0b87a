import { rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { ADMIN_KEY } from '../../support/admin-client.js';
import { samplesOf, sumOf } from '../../support/exposition.js';
import { TestGateway } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

const AS_ADMIN = { authorization: `Bearer ${ADMIN_KEY}` };
const MP4 = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'), Buffer.alloc(300_000, 7)]);

/** A data folder that cannot be written to: pictures are not kept, and nobody has to go without. */
describe('while the picture store cannot be written to', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let origin: http.Server;
  let originUrl: string;
  let grid: Buffer;
  const answers = new Map<string, http.RequestListener>();

  beforeAll(async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
    grid = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#345', noise } })
      .png()
      .toBuffer();
    origin = http.createServer((request, response) => {
      const answer = answers.get(request.url ?? '');
      if (answer === undefined) response.writeHead(404).end();
      else answer(request, response);
    });
    await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
    originUrl = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
    upstream = await ScriptedUpstream.start();
    gateway = await TestGateway.start({ upstreamUrl: upstream.url, environment: { ADMIN_KEY } });
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
    origin.closeAllConnections();
    await new Promise((resolve) => origin.close(resolve));
  });

  const serve = (path: string, body: Buffer, type: string): string => {
    const headers = { 'content-type': type, 'content-length': body.length };
    answers.set(path, (_, response) => response.writeHead(200, headers).end(body));
    return originUrl + path;
  };
  const success = async (fields: Record<string, unknown>): Promise<string> => {
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'a fox' });
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      json.result,
    ]);
    upstream.show(row?.upstream_task_id ?? '', { status: 'SUCCESS', progress: '100%', action: 'IMAGINE', ...fields });
    await until('the end', async () =>
      (await gateway.sql("select from task where id = $1 and status = 'SUCCESS'", [json.result])).length === 1
        ? true
        : null,
    );
    return json.result;
  };
  const stateOf = async (id: string): Promise<string[]> =>
    (await gateway.sql<{ state: string }>('select state from asset where task_id = $1', [id])).map(
      ({ state }) => state,
    );
  const kept = (id: string): Promise<true> =>
    until('the kept picture', async () => ((await stateOf(id)).every((state) => state === 'kept') ? true : null));
  const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(gateway.url + path, init);
  const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());
  const writable = async (): Promise<number | null> =>
    sumOf(samplesOf((await gateway.call('/metrics', { headers: AS_ADMIN })).text), 'journeyman_picture_store_writable');
  const details = async (): Promise<Record<string, unknown>> =>
    (await gateway.call('/health/details', { headers: AS_ADMIN })).json;
  /** A file where scratch files should be: nothing can be written any more, and everything read. */
  const blocker = (): string => join(gateway.dataFolder, 'pictures', '.incoming');
  const fill = async (): Promise<void> => {
    await rm(blocker(), { recursive: true, force: true });
    await writeFile(blocker(), '');
  };

  let before: string;
  let meanwhile: string;

  beforeAll(async () => {
    before = await success({ imageUrl: serve('/before.png', grid, 'image/png') });
    await kept(before);
    expect(await writable()).toBe(1);
    await fill();
    meanwhile = await success({ imageUrl: serve('/meanwhile.png', grid, 'image/png') });
  });

  it('a new picture comes from its origin, whole, and no cache keeps it', async () => {
    for (const query of ['', '?w=128', '?format=jpeg']) {
      const answer = await get(`/mj/image/${meanwhile}${query}`);
      expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
        200,
        'image/png',
        'no-store',
      ]);
      expect(answer.headers.get('content-length')).toBe(String(grid.length));
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(await bytesOf(answer)).toEqual(grid);
    }
    const head = await get(`/mj/image/${meanwhile}`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(grid.length)]);
  });

  it('a part of it is cut all the same, and so is what was kept before', async () => {
    for (const id of [meanwhile, before]) {
      const answer = await get(`/mj/image/${id}/2?format=webp&w=128`);
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(await sharp(await bytesOf(answer)).metadata()).toMatchObject({ format: 'webp', width: 128, height: 96 });
    }
    const whole = await get(`/mj/image/${before}`);
    expect(whole.headers.get('cache-control')).toContain('immutable');
    expect(await bytesOf(whole)).toEqual(grid);
    const small = await get(`/mj/image/${before}?w=256`);
    expect(await sharp(await bytesOf(small)).metadata()).toMatchObject({ format: 'png', width: 256 });
  });

  it('a film comes too', async () => {
    const id = await success({ videoUrls: [{ url: serve('/film.mp4', MP4, 'video/mp4') }] });
    const answer = await get(`/mj/video/${id}/1`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'video/mp4']);
    expect(await bytesOf(answer)).toEqual(MP4);
  });

  it('what is no picture is still not shown', async () => {
    const id = await success({
      imageUrl: serve('/page.png', Buffer.from('<html>x</html>'.repeat(1_000)), 'image/png'),
    });
    const answer = await get(`/mj/image/${id}`);
    expect([answer.status, await answer.json()]).toEqual([
      502,
      { code: 4, description: 'picture_unavailable', result: null },
    ]);
    const gone = await success({ imageUrl: `${originUrl}/gone.png` });
    expect((await get(`/mj/image/${gone}`)).status).toBe(502);
  });

  it('an origin that breaks off breaks off here too', async () => {
    answers.set('/half.png', (_, response) => {
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': grid.length });
      response.write(grid.subarray(0, 60_000), () => response.destroy());
    });
    const id = await success({ imageUrl: `${originUrl}/half.png` });
    await expect(get(`/mj/image/${id}`).then(bytesOf)).rejects.toThrow();
  });

  it('it is an alarm, a metric, and a line for people; requests may still come', async () => {
    const alarms = gateway.logs.filter((line) => line.includes('"alarm":"pictures cannot be kept"'));
    expect(alarms).toHaveLength(1);
    expect(JSON.parse(alarms[0] ?? '')).toMatchObject({ level: 50, why: expect.stringMatching(/^E[A-Z]+$/) });
    expect(await writable()).toBe(0);
    expect(await details()).toMatchObject({
      status: 'ok',
      pictureStore: {
        isUp: true,
        problem: expect.stringMatching(/^the picture store cannot be written to \(E[A-Z]+\)$/),
      },
    });
    expect((await gateway.call('/health/ready', {})).status).toBe(200);
    // Nothing was fetched in vain, so nothing counts against it.
    const [row] = await gateway.sql<{ attempts: number; last_error: string | null }>(
      'select attempts, last_error from asset where task_id = $1',
      [meanwhile],
    );
    expect(row).toEqual({ attempts: 0, last_error: null });
  });

  it('keeping goes on by itself as soon as it can', async () => {
    await rm(blocker(), { force: true });
    await kept(meanwhile);
    expect(await writable()).toBe(1);
    expect(await details()).toMatchObject({ pictureStore: { isUp: true, problem: null } });
    const answer = await get(`/mj/image/${meanwhile}`);
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(await bytesOf(answer)).toEqual(grid);
    expect(gateway.logs.filter((line) => line.includes('pictures can be kept again'))).toHaveLength(1);
  });
});
