import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Headers, type Json, SimulatorRig } from './test/simulator-rig.js';

const rig = new SimulatorRig();
afterEach(() => rig.end());

it('keeps what it accepted over a restart: the finished, the running, the waiting and the windows', async () => {
  await rig.start({ runMs: 0, concurrency: 1 });
  const grid = await rig.imagine('sea --seed 9 [sim:small]');
  const opened = (await rig.press(grid, 'V1', { enableRemix: true })).result as string;
  const before = await rig.picture(grid.imageUrl as string);
  const running = (await rig.post('/mj/submit/imagine', { prompt: 'x [sim:slow=60000]' })).result as string;
  const waiting = (await rig.post('/mj/submit/imagine', { prompt: 'y' })).result as string;
  const began = (await rig.task(running)).startTime as number | null;
  await rig.stop();
  await rig.start({ runMs: 0, concurrency: 1 });
  expect(await rig.picture(`${rig.url}/pictures/${grid.id as string}.png`)).toEqual(before);
  expect(await rig.task(opened)).toMatchObject({ status: 'MODAL' });
  expect(await rig.task(waiting)).toMatchObject({ status: 'NOT_START' });
  if (began !== null) expect(await rig.task(running)).toMatchObject({ startTime: began });
  await rig.post(`/mj/task/${running}/cancel`, {});
  expect(await rig.ended(waiting)).toMatchObject({ status: 'SUCCESS' });
  await rig.post('/mj/submit/modal', { taskId: opened });
  expect(await rig.ended(opened)).toMatchObject({ status: 'SUCCESS' });
});

it('asks for its secret on the wire, not for pictures', async () => {
  await rig.start({ secret: 'k', runMs: 0 });
  const refused = await rig.read('/mj/task/list');
  expect(refused.status).toBe(401);
  const shown: Headers[] = [{ 'mj-api-secret': 'k' }, { authorization: 'k' }, { authorization: 'Bearer k' }];
  for (const headers of shown) {
    expect((await fetch(`${rig.url}/mj-fast/mj/task/list`, { headers })).status).toBe(200);
  }
  const { result } = await rig.post('/mj/submit/imagine', { prompt: 'x [sim:small]' }, { 'mj-api-secret': 'k' });
  await sleep(5);
  await rig.picture(`${rig.url}/pictures/${result as string}.png`);
  expect((await rig.read('/health')).status).toBe(200);
});

describe('notifyHook', () => {
  let receiver: Server;
  const got: Json[] = [];
  beforeEach(async () => {
    got.length = 0;
    receiver = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        got.push(JSON.parse(text) as Json);
        response.end();
      });
    });
    await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready));
  });
  afterEach(() => receiver.close());

  it('is told of every step forward, in order', async () => {
    // A work is SUBMITTED for 6 % of its time, within which the first hook has to be written.
    await rig.start({ runMs: 2_000 });
    const { port } = receiver.address() as AddressInfo;
    const { result } = await rig.post('/mj/submit/imagine', {
      prompt: 'fox',
      notifyHook: `http://127.0.0.1:${port}/hook`,
    });
    while (got.at(-1)?.status !== 'SUCCESS') await sleep(10);
    expect(got.every(({ id }) => id === result)).toBe(true);
    expect(got[0]).toMatchObject({ status: 'SUBMITTED', progress: '0%' });
    const percents = got.map(({ progress }) => Number.parseInt(progress as string, 10));
    expect(percents).toEqual([...percents].sort((one, other) => one - other));
    expect(got.length).toBeGreaterThan(3);
  });

  it('may be anything at all', async () => {
    await rig.start({ runMs: 20 });
    const { result } = await rig.post('/mj/submit/imagine', { prompt: 'fox', notifyHook: 'no url' });
    expect(await rig.ended(result as string)).toMatchObject({ status: 'SUCCESS' });
  });
});

it('does not parse the body that a gateway sends with a GET, and is strict about JSON elsewhere', async () => {
  await rig.start({ runMs: 0 });
  const { port } = new URL(rig.url);
  const { request } = await import('node:http');
  const status = await new Promise<number>((answered, failed) => {
    const call = request(
      {
        port,
        path: '/mj/task/1/fetch',
        method: 'GET',
        headers: { 'content-type': 'application/json', 'content-length': 4 },
      },
      (response) => {
        response.resume();
        answered(response.statusCode ?? 0);
      },
    );
    call.on('error', failed);
    call.end('null');
  });
  expect(status).toBe(204);
  const broken = await fetch(`${rig.url}/mj/submit/imagine`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"prompt":',
  });
  expect([broken.status, ((await broken.json()) as Json).success]).toEqual([200, false]);
});
