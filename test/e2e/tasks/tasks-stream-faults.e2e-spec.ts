import { connect, type Socket } from 'node:net';
import { ApiKeyAdmin } from '../../../libs/access/src/index.js';
import { TaskWatch } from '../../../libs/tracking/src/index.js';
import { EventReader } from '../../support/event-reader.js';
import { TestGateway } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { ToxicProxy } from '../../support/toxic-proxy.js';
import { until } from '../../support/until.js';

/** Streams of many tasks while something is amiss. */
describe('a stream of many tasks, in trouble,', () => {
  let upstream: ScriptedUpstream;
  let link: ToxicProxy;
  let gateway: TestGateway;
  const readers: EventReader[] = [];
  const sockets: Socket[] = [];

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    gateway = await TestGateway.start({
      upstreamUrl: upstream.url,
      environment: { UPSTREAM_MAX_CONCURRENT: '2' },
      databaseVia: async (url) => (link = await ToxicProxy.start(url)).url,
    });
  });
  afterEach(async () => {
    link.heal();
    for (const reader of readers.splice(0)) await reader.leave();
    for (const socket of sockets.splice(0)) socket.destroy();
    await until('every place to be free', () => {
      const watch = gateway.app.get(TaskWatch);
      return watch.size === 0 && watch.permitsTaken === 0 ? true : null;
    });
  });
  afterAll(async () => {
    await gateway.close();
    await link.close();
    await upstream.close();
  });

  const submit = async (prompt: string, key = gateway.key): Promise<string> => {
    const { json } = await gateway.post<{ result: string }>(
      '/mj/submit/imagine',
      { prompt },
      { authorization: `Bearer ${key}` },
    );
    return json.result;
  };
  const end = async (id: string): Promise<void> => {
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      id,
    ]);
    upstream.show(row?.upstream_task_id ?? '', { status: 'SUCCESS' });
  };
  const stream = async (query: string, key = gateway.key): Promise<EventReader> => {
    const reader = await EventReader.open(`${gateway.url}/mj/task/events${query}`, { authorization: `Bearer ${key}` });
    readers.push(reader);
    return reader;
  };
  const seen = (reader: EventReader, id: string): Record<string, unknown>[] =>
    reader.events
      .filter((event) => event.id.startsWith(`${id}-`))
      .map(({ data }) => JSON.parse(data) as Record<string, unknown>);

  it('outlives the database, and then tells what has changed', async () => {
    const id = await submit('outlives');
    const all = await stream('');
    const named = await stream(`?ids=${id}`);
    for (const reader of [all, named])
      await until('the first event', () => (seen(reader, id).length > 0 ? true : null));
    link.down();
    await until('the outage to be known', async () =>
      (await gateway.get(`/mj/task/${id}/fetch`)).status === 503 ? true : null,
    );
    expect((await stream(`?ids=${id}`)).status).toBe(503);
    expect((await stream('')).status).toBe(503);
    link.heal();
    await until('the database', async () => ((await gateway.get(`/mj/task/${id}/fetch`)).status === 200 ? true : null));
    await end(id);
    for (const reader of [all, named])
      await until('the end', () => (seen(reader, id).at(-1)?.['status'] === 'SUCCESS' ? true : null));
    await named.ended;
    expect([named.hasEnded, all.hasEnded]).toEqual([true, false]);
    for (const reader of [all, named])
      expect(new Set(reader.events.map((event) => event.id)).size).toBe(reader.events.length);
  });

  it('tells how a task moves on in the queue', async () => {
    const running = [await submit('first'), await submit('second')];
    const waiting = [await submit('third'), await submit('fourth'), await submit('fifth')];
    const last = waiting[2] ?? '';
    const reader = await stream('');
    const place = (): unknown => seen(reader, last).at(-1)?.['queuePosition'];
    await until('its place', () => (place() === 2 ? true : null));
    await end(running[0] ?? '');
    await until('the next place', () => (place() === 1 ? true : null));
    for (const id of [running[1] ?? '', ...waiting]) {
      await until('its turn', async () => {
        const { json } = await gateway.get(`/mj/task/${id}/fetch`);
        return json['status'] === 'NOT_START' ? null : true;
      });
      await end(id);
    }
    await until('the end', () => (seen(reader, last).at(-1)?.['status'] === 'SUCCESS' ? true : null));
    expect(place()).toBeNull();
  });

  it('is one of 100 of its key, and says so where all are taken', async () => {
    const { plain } = await gateway.app.get(ApiKeyAdmin).create({ name: 'crowd' });
    await Promise.all(Array.from({ length: 100 }, () => stream('', plain)));
    const refused = await stream('', plain);
    await refused.ended;
    expect([refused.status, refused.headers['retry-after'], JSON.parse(refused.text)]).toEqual([
      429,
      '5',
      { code: 30, description: 'Too many tasks or requests', result: null },
    ]);
    expect((await stream('')).status).toBe(200);
    await readers[0]?.leave();
    await until('a place', async () => ((await stream('', plain)).status === 200 ? true : null));
  });

  it('lets clients that read nothing delay nobody', async () => {
    const { plain } = await gateway.app.get(ApiKeyAdmin).create({ name: 'deaf' });
    const id = await submit('deaf', plain);
    const { hostname, port } = new URL(gateway.url);
    for (let n = 0; n < 50; n += 1) {
      const socket = connect(Number(port), hostname);
      sockets.push(socket.on('error', () => undefined).pause());
      socket.write(`GET /mj/task/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${plain}\r\n\r\n`);
    }
    const watch = gateway.app.get(TaskWatch);
    await until('all of them', () => (watch.permitsTaken === 50 ? true : null));
    const others = await stream('', plain);
    await until('its beginning', () => (seen(others, id).length > 0 ? true : null));
    await gateway.sql(`update task set version = version + 1, prompt_en = repeat('x', 100000) where id = $1`, [id]);
    await until('the change', () => (String(seen(others, id).at(-1)?.['promptEn']).length === 100_000 ? true : null));
    await end(id);
    await until('the end', () => (seen(others, id).at(-1)?.['status'] === 'SUCCESS' ? true : null));
  });
});
