import { ADMIN_KEY, AdminClient } from '../../support/admin-client.js';
import { EventReader } from '../../support/event-reader.js';
import { TestGateway } from '../../support/gateway.js';
import { HookReceiver } from '../../support/hook-receiver.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

const RANK: Record<string, number> = { NOT_START: 0, SUBMITTED: 1, IN_PROGRESS: 2, SUCCESS: 3, FAILURE: 3 };

/** Work that fails and is sent again by the gateway, as its client, its hook and its account see it. */
describe('retries', () => {
  let upstream: ScriptedUpstream;
  let receiver: HookReceiver;
  let gateway: TestGateway;
  let admin: AdminClient;
  let key: string;
  let keyId: string;

  beforeEach(async () => {
    upstream = await ScriptedUpstream.start();
    receiver = await HookReceiver.start();
    gateway = await TestGateway.start({ upstreamUrl: upstream.url, environment: { ADMIN_KEY } });
    admin = new AdminClient(gateway);
    const { json } = await admin.post<{ id: string; key: string }>('/keys', { name: 'retrying', credits: '10' });
    [key, keyId] = [json.key, json.id];
  });
  afterEach(async () => {
    await gateway.close();
    await upstream.close();
    await receiver.close();
  });

  const submit = async (body: object): Promise<string> => {
    const headers = { authorization: `Bearer ${key}` };
    const { json } = await gateway.post(
      '/mj/submit/imagine',
      { prompt: 'a fox', notifyHook: receiver.url, ...body },
      headers,
    );
    expect(json).toMatchObject({ code: 1 });
    return String(json['result']);
  };
  const fetchTask = async (id: string): Promise<Record<string, unknown>> =>
    (await gateway.get(`/mj/task/${id}/fetch`, { authorization: `Bearer ${key}` })).json;
  const newest = (): string => [...upstream.tasks.keys()].at(-1) ?? '';
  const fail = (): void => upstream.show(newest(), { status: 'FAILURE', failReason: 'it broke' });
  const draw = (): void =>
    upstream.show(newest(), { status: 'SUCCESS', progress: '100%', imageUrl: `${upstream.url}/a.png` });
  const sentTimes = (n: number): Promise<unknown> =>
    until(`send ${n}`, () => (upstream.submits.length >= n ? true : null));

  it('go on under the same id, never back, and are charged once', async () => {
    const id = await submit({ retries: 1 });
    const events = await EventReader.open(`${gateway.url}/mj/task/${id}/events`, { authorization: `Bearer ${key}` });
    upstream.show(newest(), { status: 'IN_PROGRESS', progress: '60%', imageUrl: `${upstream.url}/preview.png` });
    await until('progress', async () => ((await fetchTask(id))['progress'] === '60%' ? true : null));
    fail();
    await sentTimes(2);
    expect(await fetchTask(id)).toMatchObject({
      status: 'IN_PROGRESS',
      progress: '60%',
      failReason: '',
      failure: null,
    });
    upstream.show(newest(), { status: 'IN_PROGRESS', progress: '10%' });
    draw();
    await until('its end', () => receiver.of(id).find(({ task }) => task.status === 'SUCCESS'));
    expect(await fetchTask(id)).toMatchObject({ status: 'SUCCESS', failure: null });
    await events.ended;
    const seen = events.events.map(({ data }) => JSON.parse(data) as { status: string; progress: string });
    const told = receiver.of(id).map(({ task }) => task);
    for (const list of [seen, told]) {
      list.forEach(({ status, progress }, at) => {
        const before = list[at - 1];
        if (before === undefined) return;
        expect(RANK[status]).toBeGreaterThanOrEqual(RANK[before.status] ?? 0);
        expect(parseInt(progress, 10)).toBeGreaterThanOrEqual(parseInt(before.progress, 10));
      });
    }
    const ledger = await gateway.sql<{ kind: string }>('select kind from ledger where task_id = $1', [id]);
    expect(ledger.map(({ kind }) => kind)).toEqual(['hold']);
    const kinds = await gateway.sql<{ kind: string }>('select kind from task_event where task_id = $1 order by id', [
      id,
    ]);
    expect(kinds.map(({ kind }) => kind)).toContain('retry');
    const [mine, again] = upstream.submits.map(({ body }) => body);
    expect(again).toEqual(mine);
  });

  it('are used up: then it is a failure, refunded, and told once', async () => {
    await admin.patch(`/keys/${keyId}`, { retries: 1 });
    const id = await submit({});
    fail();
    await sentTimes(2);
    fail();
    await until('its end', () => receiver.of(id).find(({ task }) => task.status === 'FAILURE'));
    expect(await fetchTask(id)).toMatchObject({
      status: 'FAILURE',
      progress: '100%',
      failReason: 'it broke',
      failure: { kind: 'upstream_failed', retryable: true, refunded: true },
    });
    expect(receiver.of(id).filter(({ task }) => task.status === 'FAILURE')).toHaveLength(1);
    expect(upstream.submits).toHaveLength(2);
    expect((await admin.get<{ credits: string }>(`/keys/${keyId}`)).json).toMatchObject({ credits: '10.000000' });
  });

  it('are none where nobody asked for them', async () => {
    const id = await submit({});
    fail();
    await until('its end', () => receiver.of(id).find(({ task }) => task.status === 'FAILURE'));
    expect(upstream.submits).toHaveLength(1);
  });

  it('end with a cancel while it waits', async () => {
    const id = await submit({ retries: 2 });
    fail();
    await until('the retry', async () => {
      const [row] = await gateway.sql('select from task where id = $1 and waiting', [id]);
      return row ?? null;
    });
    const cancelled = await gateway.post(`/mj/task/${id}/cancel`, {}, { authorization: `Bearer ${key}` });
    expect(cancelled.json).toMatchObject({ code: 1 });
    expect(await fetchTask(id)).toMatchObject({ status: 'CANCEL', failure: { kind: 'cancelled', refunded: true } });
  });
});
