import { connect, type Socket } from 'node:net';
import { TaskWatch } from '../../../libs/tracking/src/index.js';
import { EventReader } from '../../support/event-reader.js';
import { TestGateway, type Answer } from '../../support/gateway.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

/** Tasks as server-sent events. */
describe('a stream of events', () => {
  const { gateway, upstream } = useGateway({ environment: { UPSTREAM_MAX_CONCURRENT: '100' } });
  const open: EventReader[] = [];

  afterEach(async () => {
    for (const reader of open.splice(0)) await reader.leave();
    await until('every wait to end', () => (gateway.app.get(TaskWatch).size === 0 ? true : null));
  });

  const submit = async (prompt: string): Promise<{ id: string; upstreamId: string }> => {
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt });
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      json.result,
    ]);
    return { id: json.result, upstreamId: row?.upstream_task_id ?? '' };
  };
  const stream = async (id: string, headers: Record<string, string> = {}, at = gateway): Promise<EventReader> => {
    const authorization = `Bearer ${at.key}`;
    const reader = await EventReader.open(`${at.url}/mj/task/${id}/events`, { authorization, ...headers });
    open.push(reader);
    return reader;
  };
  const fetchTask = (id: string): Promise<Answer> => gateway.get(`/mj/task/${id}/fetch`);
  const versionOf = async (id: string): Promise<number> =>
    (await gateway.sql<{ version: number }>('select version from task where id = $1', [id]))[0]?.version ?? -1;

  it('shows what fetch shows, as it changes, and ends with the task', async () => {
    const { id, upstreamId } = await submit('streamed');
    const reader = await stream(id, { origin: 'https://app.example' });
    expect(reader.status).toBe(200);
    expect(reader.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': '*',
    });
    await until('the first event', () => reader.last);
    expect(reader.text.startsWith('retry: 3000\n\nid: ')).toBe(true);
    expect(reader.events[0]).toEqual({ id: String(await versionOf(id)), data: (await fetchTask(id)).text });
    upstream.show(upstreamId, { status: 'IN_PROGRESS', progress: '30%' });
    await until('progress', () => (reader.last?.['progress'] === '30%' ? true : null));
    upstream.show(upstreamId, { status: 'SUCCESS' });
    await reader.ended;
    expect(reader.hasEnded).toBe(true);
    expect(reader.events.at(-1)).toEqual({ id: String(await versionOf(id)), data: (await fetchTask(id)).text });
    const ids = reader.events.map((event) => Number(event.id));
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    expect(reader.text.match(/^retry:/gm)).toHaveLength(1);
  });

  it('watching changes nothing', async () => {
    const { id } = await submit('only watched');
    const before = await gateway.sql('select version, status from task where id = $1', [id]);
    const reader = await stream(id);
    await until('the first event', () => reader.last);
    expect(await gateway.sql('select version, status from task where id = $1', [id])).toEqual(before);
  });

  it('goes on after the event that the client had last', async () => {
    const { id, upstreamId } = await submit('resumed');
    const version = await versionOf(id);
    const same = await stream(id, { 'last-event-id': String(version) });
    const older = await stream(id, { 'last-event-id': String(version - 1) });
    const broken = await stream(id, { 'last-event-id': 'x' });
    await until('what was missed', () => older.last ?? null);
    await until('the first event', () => broken.last ?? null);
    expect(same.events).toEqual([]);
    upstream.show(upstreamId, { status: 'IN_PROGRESS', progress: '30%' });
    await until('news', () => (same.last?.['progress'] === '30%' ? true : null));
    expect(same.events).toHaveLength(1);
    upstream.show(upstreamId, { status: 'SUCCESS' });
    await Promise.all([same.ended, older.ended, broken.ended]);
    const ended = await stream(id);
    await ended.ended;
    expect(ended.events).toHaveLength(1);
    expect((await stream(id, { 'last-event-id': String(await versionOf(id)) })).status).toBe(204);
  });

  it('a key has 100 streams and waits; the next stream is refused, the next wait answered at once', async () => {
    const { id, upstreamId } = await submit('crowded');
    await Promise.all(Array.from({ length: 99 }, () => stream(id)));
    const waiting = gateway.get(`/mj/task/${id}/fetch?wait=60`);
    // A stream that comes before the wait would take its place, and the wait would be answered at once.
    await until('the wait', () => (gateway.app.get(TaskWatch).permitsTaken === 100 ? true : null));
    const refused = await stream(id);
    expect(refused.status).toBe(429);
    await refused.ended;
    expect(JSON.parse(refused.text)).toEqual({ code: 30, description: 'Too many tasks or requests', result: null });
    expect(refused.headers['retry-after']).toBe('5');
    const atOnce = await gateway.get(`/mj/task/${id}/fetch`, { prefer: 'wait=60' });
    expect([atOnce.json['status'], atOnce.headers.get('preference-applied')]).toEqual(['SUBMITTED', null]);
    upstream.show(upstreamId, { status: 'SUCCESS' });
    await Promise.all(open.map((reader) => reader.ended));
    expect((await waiting).status).toBe(200);
    const next = await stream(id);
    expect(next.status).toBe(200);
  });

  it('a client that leaves frees its place', async () => {
    const { id } = await submit('left');
    const readers = await Promise.all(Array.from({ length: 100 }, () => stream(id)));
    await Promise.all(readers.map((reader) => reader.leave()));
    await until('its places', () => (gateway.app.get(TaskWatch).size === 0 ? true : null));
    await until('a stream', async () => {
      const reader = await stream(id);
      return reader.status === 200 ? true : null;
    });
  });

  it('ends at shutdown, also for a client that does not read, and so do waits', async () => {
    const own = await TestGateway.start({ upstreamUrl: upstream.url });
    const { json } = await own.post<{ result: string }>('/mj/submit/imagine', { prompt: 'shut down' });
    const reader = await stream(json.result, {}, own);
    const deaf = await deafReader(own, json.result);
    await until('the first event', () => reader.last);
    const wait = own.get<{ status: string }>(`/mj/task/${json.result}/fetch?wait=60`);
    const submitted = own.post('/mj/submit/imagine', { prompt: 'waits at shutdown' }, { prefer: 'wait=60' });
    await until('the submit', () =>
      upstream.submits.some(({ body }) => body['prompt'] === 'waits at shutdown') ? true : null,
    );
    await until('the waits', () => (own.app.get(TaskWatch).size === 2 ? true : null));
    await own.close();
    await reader.ended;
    expect(reader.hasEnded).toBe(true);
    expect((await wait).json.status).toBe('SUBMITTED');
    expect((await submitted).json).toMatchObject({ code: 1, task: { status: 'SUBMITTED' } });
    deaf.destroy();
  });

  /** A client that asks for a stream and never reads a byte of it. */
  async function deafReader({ url, key }: TestGateway, id: string): Promise<Socket> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined).pause();
    await new Promise<void>((done) => socket.once('connect', done));
    socket.write(`GET /mj/task/${id}/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n\r\n`);
    return socket;
  }
});
