import { ApiKeyAdmin } from '../../../libs/access/src/index.js';
import { TaskWatch } from '../../../libs/tracking/src/index.js';
import { EventReader } from '../../support/event-reader.js';
import { TestGateway } from '../../support/gateway.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

/** Many tasks in one stream of events. */
describe('a stream of many tasks', () => {
  const { gateway, upstream } = useGateway({ environment: { UPSTREAM_MAX_CONCURRENT: '100' } });
  const open: EventReader[] = [];

  afterEach(async () => {
    for (const reader of open.splice(0)) await reader.leave();
    await until('nothing to be watched', () => {
      const watch = gateway.app.get(TaskWatch);
      return watch.size === 0 && watch.permitsTaken === 0 ? true : null;
    });
  });

  const submit = async (prompt: string, at = gateway): Promise<{ id: string; upstreamId: string }> => {
    const { json } = await at.post<{ result: string }>('/mj/submit/imagine', { prompt });
    const [row] = await at.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      json.result,
    ]);
    return { id: json.result, upstreamId: row?.upstream_task_id ?? '' };
  };
  const stream = async (query: string, at = gateway, key = at.key): Promise<EventReader> => {
    const reader = await EventReader.open(`${at.url}/mj/task/events${query}`, { authorization: `Bearer ${key}` });
    open.push(reader);
    return reader;
  };
  const last = (reader: EventReader, id: string): { id: string; data: string } | null =>
    reader.events.filter((event) => event.id.startsWith(`${id}-`)).at(-1) ?? null;
  const lastStatus = (reader: EventReader, id: string): unknown =>
    (JSON.parse(last(reader, id)?.data ?? '{}') as Record<string, unknown>)['status'];

  it('sends each as fetch shows it, follows all of them, and ends with the last', async () => {
    const [one, two] = [await submit('one'), await submit('two')];
    const reader = await stream(`?ids=${one.id},${two.id},6240000000000001,x,${one.id}`);
    expect([reader.status, reader.headers['content-type']]).toEqual([200, 'text/event-stream']);
    await until('both', () => (last(reader, one.id) !== null && last(reader, two.id) !== null ? true : null));
    expect(reader.events).toHaveLength(2);
    const [row] = await gateway.sql<{ version: number }>('select version from task where id = $1', [one.id]);
    expect(last(reader, one.id)).toEqual({
      id: `${one.id}-${String(row?.version)}`,
      data: (await gateway.get(`/mj/task/${one.id}/fetch`)).text,
    });
    upstream.show(one.upstreamId, { status: 'SUCCESS' });
    await until('the first end', () => (lastStatus(reader, one.id) === 'SUCCESS' ? true : null));
    expect(reader.hasEnded).toBe(false);
    upstream.show(two.upstreamId, { status: 'FAILURE', failReason: 'no' });
    await reader.ended;
    expect(lastStatus(reader, two.id)).toBe('FAILURE');
    expect(reader.text.endsWith('event: end\ndata: {}\n\n')).toBe(true);
    const again = await stream(`?ids=${one.id}`);
    await again.ended;
    expect(again.events).toEqual([last(again, one.id), { id: '', data: '{}' }]);
  });

  it('without ids follows what is unfinished, and what any replica opens later, until the client leaves', async () => {
    const before = await submit('before');
    const reader = await stream('');
    await until('what was there', () => last(reader, before.id));
    const other = await TestGateway.start({ upstreamUrl: upstream.url, replicaOf: gateway });
    try {
      const { id, upstreamId } = await submit('later', other);
      upstream.show(upstreamId, { status: 'SUCCESS' });
      await until('the newcomer and its end', () => (lastStatus(reader, id) === 'SUCCESS' ? true : null));
    } finally {
      await other.close();
    }
    upstream.show(before.upstreamId, { status: 'SUCCESS' });
    await until('the end', () => (lastStatus(reader, before.id) === 'SUCCESS' ? true : null));
    expect(reader.hasEnded).toBe(false);
    const ids = reader.events.map((event) => event.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shows nobody the tasks of another key', async () => {
    const { id } = await submit('mine');
    const { plain } = await gateway.app.get(ApiKeyAdmin).create({ name: 'stranger' });
    const named = await stream(`?ids=${id}`, gateway, plain);
    await named.ended;
    expect(named.events.filter((event) => event.id !== '')).toEqual([]);
    const all = await stream('', gateway, plain);
    await until('its beginning', () => (all.text !== '' ? true : null));
    const own = await gateway.post<{ result: string }>(
      '/mj/submit/imagine',
      { prompt: 'own' },
      { authorization: `Bearer ${plain}` },
    );
    await until('its own', () => last(all, own.json.result));
    expect(all.events.every((event) => event.id.startsWith(own.json.result))).toBe(true);
  });

  it('of a key that is revoked ends with the reason', async () => {
    const admin = gateway.app.get(ApiKeyAdmin);
    const { key, plain } = await admin.create({ name: 'revoked' });
    const reader = await stream('', gateway, plain);
    await until('its beginning', () => (reader.text !== '' ? true : null));
    await admin.revoke(key.id);
    await reader.ended;
    expect(reader.text).toContain('event: error\ndata: {"code":4,"description":"invalid_api_key"');
  });

  it('refuses more than 200 ids, and says so of the field', async () => {
    const { status, json } = await gateway.get(`/mj/task/events?ids=${Array(201).fill('1').join(',')}`);
    expect([status, json]).toMatchObject([400, { description: 'too_many_ids', properties: { field: 'ids' } }]);
    expect((await gateway.get('/mj/task/events?ids=1&ids=2')).json['properties']).toEqual({ field: 'ids' });
  });

  it('ends at shutdown', async () => {
    const own = await TestGateway.start({ upstreamUrl: upstream.url });
    const { id } = await submit('shut down', own);
    const readers = [await stream('', own), await stream(`?ids=${id}`, own)];
    for (const reader of readers) await until('the first event', () => last(reader, id));
    await own.close();
    await Promise.all(readers.map((reader) => reader.ended));
    expect(readers.map((reader) => reader.hasEnded)).toEqual([true, true]);
  });
});
