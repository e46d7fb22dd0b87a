import { UpstreamAdmin, UpstreamCache, type UpstreamInput, type UpstreamPatch } from '#libs/upstream';
import { TestGateway } from '../../support/gateway.js';
import { ScriptedUpstream, type SubmitScript } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

interface Reply {
  code: number;
  description: string;
  result: string | null;
}

const FULL: SubmitScript = () => ({ code: 23, description: '队列已满，请稍后尝试', result: null });
const NO_ACCOUNT: SubmitScript = () => ({ code: 3, description: '无可用的账号实例', result: null });

/** Several upstreams behind one gateway: who gets what, and what a client notices when one is gone. */
describe('a pool of upstreams', () => {
  let one: ScriptedUpstream;
  let two: ScriptedUpstream;
  let gateway: TestGateway;
  let ids: { one: string; two: string };

  beforeEach(async () => {
    one = await ScriptedUpstream.start();
    two = await ScriptedUpstream.start();
    gateway = await TestGateway.start({ upstreamUrl: one.url, environment: { QUEUE_LIMIT: '3' } });
    const [row] = await gateway.sql<{ id: string }>(`select id from upstream where name = 'default'`);
    ids = { one: row?.id ?? '', two: await add({ name: 'second', baseUrl: two.url }) };
  });

  afterEach(async () => {
    await gateway.close();
    await one.close();
    await two.close();
  });

  const add = async (input: UpstreamInput): Promise<string> => {
    const made = await gateway.app.get(UpstreamAdmin).create(input);
    if (made.kind !== 'created') throw new Error(made.kind);
    await gateway.app.get(UpstreamCache).refresh();
    return made.upstream.id;
  };
  const change = async (id: string, patch: UpstreamPatch): Promise<void> => {
    expect(await gateway.app.get(UpstreamAdmin).change(id, patch)).toMatchObject({ kind: 'changed' });
    await gateway.app.get(UpstreamCache).refresh();
  };
  const imagine = async (fields: object = {}): Promise<{ status: number; json: Reply }> =>
    gateway.post<Reply>('/mj/submit/imagine', { prompt: 'a red fox', ...fields });
  const circuitOf = async (id: string): Promise<string | undefined> =>
    (await gateway.app.get(UpstreamAdmin).find(id))?.circuit;
  const upstreamOf = async (taskId: string | null): Promise<string> => {
    const [row] = await gateway.sql<{ upstream_id: string }>('select upstream_id from task where id = $1', [taskId]);
    return row?.upstream_id ?? '';
  };

  it('shares work by weight, and fills a higher priority first', async () => {
    await change(ids.one, { maxConcurrent: 40, weight: 3 });
    await change(ids.two, { maxConcurrent: 40 });
    for (let at = 0; at < 16; at += 1) expect((await imagine()).json.code).toBe(1);
    expect(one.submits.length + two.submits.length).toBe(16);
    expect(Math.abs(one.submits.length - 12)).toBeLessThanOrEqual(1);

    const before = two.submits.length;
    await change(ids.two, { priority: 10, maxConcurrent: before + 3 });
    for (let at = 0; at < 5; at += 1) await imagine();
    expect(two.submits.length - before).toBe(3);
  });

  it('gives work its place among what waits for the same upstreams', async () => {
    await change(ids.one, { modes: ['FAST'] });
    await change(ids.two, { modes: ['RELAX'] });
    one.onSubmit = two.onSubmit = FULL;
    const places: unknown[] = [];
    const waiting: string[] = [];
    for (const mode of ['RELAX', 'RELAX', 'FAST']) {
      const { result, properties } = (
        await gateway.post<Reply & { properties: object }>('/mj/submit/imagine', {
          prompt: 'a red fox',
          mode,
        })
      ).json;
      places.push(properties);
      waiting.push(result ?? '');
    }
    expect(places).toEqual([{ numberOfQueues: 0 }, { numberOfQueues: 1 }, { numberOfQueues: 0 }]);
    const { json } = await gateway.get<{ id: string; queuePosition: number }[]>('/mj/task/queue');
    expect(json.map(({ id, queuePosition }) => [id, queuePosition])).toEqual([
      [waiting[0], 0],
      [waiting[1], 1],
      [waiting[2], 0],
    ]);
  });

  it('sends each upstream only modes and actions that it takes', async () => {
    await change(ids.one, { modes: ['RELAX'] });
    await change(ids.two, { actions: ['DESCRIBE'] });
    expect((await imagine({ mode: 'RELAX' })).json.code).toBe(1);
    expect([one.submits.length, two.submits.length]).toEqual([1, 0]);
    expect((await imagine({ mode: 'FAST' })).json).toMatchObject({ code: 3 });
    const described = await gateway.post<Reply>('/mj/submit/describe', { link: 'https://example.com/a.png' });
    expect(described.json.code).toBe(1);
    expect([one.submits.length, two.submits.length]).toEqual([1, 1]);
  });

  it('loses no submit to a dead upstream, and soon asks it no more', async () => {
    await change(ids.one, { priority: 10 });
    await one.close();
    const codes: number[] = [];
    for (let at = 0; at < 12; at += 1) codes.push((await imagine()).json.code);
    expect(codes).toEqual(Array.from({ length: 12 }, () => 1));
    expect(two.submits).toHaveLength(12);
    expect(await circuitOf(ids.one)).toBe('open');
    const moved = await gateway.sql(`select task_id from task_event where kind = 'moved'`);
    expect(moved).toHaveLength(5);
    const health = await until('its health in the row', async () => {
      const found = await gateway.app.get(UpstreamAdmin).find(ids.one);
      return found?.lastError === 'connect' ? found : null;
    });
    expect(health.lastErrorAt).toBeInstanceOf(Date);
  });

  it('comes back to one that answers again', async () => {
    await change(ids.two, { enabled: false });
    one.onSubmit = (_, response) => void response.destroy();
    for (let at = 0; at < 5; at += 1) await imagine();
    expect(await circuitOf(ids.one)).toBe('open');
    expect((await imagine()).json).toMatchObject({ code: 1, description: expect.stringMatching(/^In queue/) });
    const sent = one.submits.length;
    one.onSubmit = (submit) => ({ code: 1, description: '提交成功', result: one.accept(submit).id });
    await until('a closed circuit', async () => ((await circuitOf(ids.one)) === 'closed' ? true : null));
    await until('what has waited', () => (one.submits.length > sent ? true : null));
  });

  it.each([
    ['full', FULL],
    ['without an account', NO_ACCOUNT],
  ])('goes elsewhere at once where one is %s', async (_, script) => {
    await change(ids.one, { priority: 10 });
    one.onSubmit = script;
    const { json } = await imagine();
    expect(json.code).toBe(1);
    expect(await upstreamOf(json.result)).toBe(ids.two);
    expect([one.submits.length, two.submits.length]).toEqual([1, 1]);
    expect(one.submits[0]?.body['state']).toBe(two.submits[0]?.body['state']);
    const slots = await gateway.sql('select running from upstream_load order by upstream_id');
    expect(slots).toEqual([{ running: 0 }, { running: 1 }]);
    expect(await circuitOf(ids.one)).toBe('closed');
  });

  it.each([
    ['banned', { code: 24, description: 'x', properties: { promptEn: 'x', bannedWord: 'x' } }, 24],
    ['refused', { code: 9, description: 'no' }, 9],
  ])('does not take what is %s elsewhere', async (_, body, code) => {
    await change(ids.one, { priority: 10 });
    one.onSubmit = () => body;
    expect((await imagine()).json.code).toBe(code);
    expect(two.submits).toEqual([]);
  });

  it('holds a key to its waiting line where all are full, and charges nothing beyond it', async () => {
    one.onSubmit = two.onSubmit = FULL;
    const answers = await Promise.all(Array.from({ length: 8 }, () => imagine()));
    const codes = answers.map(({ json }) => json.code).sort((a, b) => a - b);
    expect(codes).toEqual([1, 1, 1, 23, 23, 23, 23, 23]);
    expect(await gateway.sql('select sum(cost)::float as cost from task')).toEqual([{ cost: 0.3 }]);
  });

  it('sends a follow-up where its parent is, or not at all', async () => {
    await change(ids.one, { priority: 10 });
    const { json } = await imagine();
    const [upstreamId = ''] = [...one.tasks.keys()];
    one.show(upstreamId, {
      status: 'SUCCESS',
      imageUrl: `${one.url}/a.png`,
      buttons: [{ customId: 'MJ::JOB::upsample::1::3d2a9a4e-58b1-4a1c-8a55-0f6b7c1e2d90', label: 'U1' }],
    });
    await until('the parent', async () =>
      (await gateway.get(`/mj/task/${json.result}/fetch`)).json['status'] === 'SUCCESS' ? true : null,
    );
    const upscale = (): Promise<{ status: number; headers: Headers; json: Reply }> =>
      gateway.post<Reply>('/mj/submit/change', { taskId: json.result, action: 'UPSCALE', index: 1 });
    const refused = { code: 4, description: 'upstream_not_available' };

    await change(ids.one, { enabled: false });
    const off = await upscale();
    expect([off.status, off.headers.has('retry-after')]).toEqual([503, true]);
    expect(off.json).toMatchObject(refused);

    await change(ids.one, { enabled: true });
    await gateway.sql(`update upstream set circuit_until = now() + interval '1 hour' where id = $1`, [ids.one]);
    await gateway.app.get(UpstreamCache).refresh();
    expect((await upscale()).json).toMatchObject(refused);
    expect(two.submits).toEqual([]);

    await gateway.sql('update upstream set circuit_until = null');
    await gateway.app.get(UpstreamCache).refresh();
    expect((await upscale()).json.code).toBe(1);
    expect([one.submits.length, two.submits.length]).toEqual([2, 0]);
  });

  it('follows the tasks of an upstream that was retired, and gives it no new ones', async () => {
    await change(ids.one, { priority: 10 });
    const { json } = await imagine();
    await gateway.app.get(UpstreamAdmin).retire(ids.one);
    await gateway.app.get(UpstreamCache).refresh();
    await imagine();
    expect([one.submits.length, two.submits.length]).toEqual([1, 1]);
    const [upstreamId = ''] = [...one.tasks.keys()];
    one.show(upstreamId, { status: 'SUCCESS', imageUrl: `${one.url}/a.png` });
    await until('its end', async () =>
      (await gateway.get(`/mj/task/${json.result}/fetch`)).json['status'] === 'SUCCESS' ? true : null,
    );
  });

  it('keeps tasks apart whose upstreams gave them the same id', async () => {
    const answer: SubmitScript = () => ({ code: 1, description: 'ok', result: '1795000000000777' });
    one.onSubmit = two.onSubmit = answer;
    await change(ids.one, { maxConcurrent: 1, priority: 10 });
    const [first, second] = [(await imagine()).json.result, (await imagine()).json.result];
    expect([await upstreamOf(first), await upstreamOf(second)]).toEqual([ids.one, ids.two]);
    one.show('1795000000000777', { status: 'SUCCESS', imageUrl: `${one.url}/a.png` });
    two.show('1795000000000777', { status: 'FAILURE', failReason: 'no' });
    const ended = (id: string | null, status: string): Promise<true> =>
      until(status, async () => ((await gateway.get(`/mj/task/${id}/fetch`)).json['status'] === status ? true : null));
    await ended(first, 'SUCCESS');
    await ended(second, 'FAILURE');
  });

  it('writes every submit down within seconds', async () => {
    await change(ids.one, { priority: 10 });
    one.onSubmit = FULL;
    await imagine();
    const rows = await until('both calls', async () => {
      const found = await gateway.sql(
        `select upstream_id, result, calls from upstream_call where operation = 'submit' order by id`,
      );
      return found.length === 2 ? found : null;
    });
    expect(rows).toEqual([
      { upstream_id: ids.one, result: 'full', calls: 1 },
      { upstream_id: ids.two, result: 'accepted', calls: 1 },
    ]);
  });
});

/** An upstream that has no list-by-condition and no list. */
describe('an upstream that answers for one task at a time', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    upstream.onPoll = (_, response) => ((response.statusCode = 404), { error: 'Not Found' });
    gateway = await TestGateway.start({ upstreamUrl: upstream.url });
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  it('has its tasks followed to their end', async () => {
    const { json } = await gateway.post<Reply>('/mj/submit/imagine', { prompt: 'a red fox' });
    const [id = ''] = [...upstream.tasks.keys()];
    upstream.show(id, { status: 'SUCCESS', imageUrl: `${upstream.url}/a.png` });
    await until('its end', async () =>
      (await gateway.get(`/mj/task/${json.result}/fetch`)).json['status'] === 'SUCCESS' ? true : null,
    );
    expect(await gateway.sql('select reads_batches from upstream')).toEqual([{ reads_batches: false }]);
  });
});
