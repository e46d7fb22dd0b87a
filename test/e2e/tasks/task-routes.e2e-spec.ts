import { ApiKeyCache, newApiKey } from '../../../libs/access/src/index.js';
import { UpstreamCache } from '../../../libs/upstream/src/index.js';
import { type Answer } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

type View = Record<string, unknown> & { id: string; status: string };

/** What can be asked about tasks besides a plain fetch: waits, lists, seeds, cancellations. */
describe('task routes', () => {
  const { gateway, upstream, receiver } = useGateway({ environment: { UPSTREAM_MAX_CONCURRENT: '100' } });
  let otherKey: string;

  beforeAll(async () => {
    otherKey = newApiKey();
    await gateway.app.get(ApiKeyCache).ensure('other', otherKey);
  });

  const accept = (): ScriptedUpstream['onSubmit'] => (submit) => ({ code: 1, result: upstream.accept(submit).id });
  beforeEach(() => {
    upstream.onSubmit = accept();
    upstream.onSeed = () => ({ code: 1, description: '成功', result: '1234567890' });
    upstream.onCancel = () => ({ code: 1, description: '成功' });
    upstream.seeds.length = upstream.cancels.length = 0;
  });

  const upstreamIdOf = async (id: string): Promise<string> => {
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      id,
    ]);
    return row?.upstream_task_id ?? '';
  };
  const submit = async (prompt: string, more: object = {}): Promise<{ id: string; upstreamId: string }> => {
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt, ...more });
    return { id: json.result, upstreamId: await upstreamIdOf(json.result) };
  };
  const fetchTask = (id: string, headers: Record<string, string> = {}, query = ''): Promise<Answer<View>> =>
    gateway.get<View>(`/mj/task/${id}/fetch${query}`, headers);
  const reads = (id: string, status: string): Promise<View> =>
    until(`${status} of ${id}`, async () => {
      const { json } = await fetchTask(id);
      return json.status === status ? json : null;
    });
  const succeeded = async (prompt: string): Promise<{ id: string; upstreamId: string }> => {
    const task = await submit(prompt);
    upstream.show(task.upstreamId, { status: 'SUCCESS', progress: '100%' });
    await reads(task.id, 'SUCCESS');
    return task;
  };
  const cancel = (id: string, headers: Record<string, string> = {}): Promise<Answer> =>
    gateway.call(`/mj/task/${id}/cancel`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}`, ...headers },
    });
  const moves = async (id: string): Promise<[string, number][]> => {
    const rows = await gateway.sql<{ kind: string; amount: string }>(
      'select kind, amount from ledger where task_id = $1 order by id',
      [id],
    );
    return rows.map(({ kind, amount }) => [kind, Number(amount)]);
  };
  const isUpstreamUsable = (): boolean => {
    const pool = gateway.app.get(UpstreamCache);
    return pool.all().every(({ id }) => pool.isUsable(id));
  };
  const REFUNDED = [
    ['hold', -0.1],
    ['refund', 0.1],
  ];

  describe('fetch', () => {
    it('carries an ETag, and says when to come back until it has ended', async () => {
      const { id, upstreamId } = await submit('tagged');
      const first = await fetchTask(id);
      const etag = first.headers.get('etag') ?? '';
      expect(etag).toMatch(/^"[\w-]+"$/);
      expect(first.headers.get('retry-after')).toBe('2');
      const same = await fetchTask(id, { 'if-none-match': `"x", W/${etag}` });
      expect([same.status, same.text, same.headers.get('etag'), same.headers.get('retry-after')]).toEqual([
        304,
        '',
        etag,
        '2',
      ]);
      upstream.show(upstreamId, { status: 'SUCCESS' });
      await reads(id, 'SUCCESS');
      const ended = await fetchTask(id, { 'if-none-match': etag });
      expect(ended.status).toBe(200);
      expect(ended.headers.get('etag')).not.toBe(etag);
      expect(ended.headers.get('retry-after')).toBeNull();
    });

    it.each([
      ['?wait=60', {}, null],
      ['', { prefer: 'respond-async, wait=60' }, 'wait=60'],
    ])('%s %j is answered at the next change', async (query, headers, applied) => {
      const { id, upstreamId } = await submit('waited for');
      const answer = fetchTask(id, headers, query);
      upstream.show(upstreamId, { status: 'IN_PROGRESS', progress: '40%' });
      const { json, status, headers: given } = await answer;
      expect(status).toBe(200);
      expect(json).toMatchObject({ status: 'IN_PROGRESS', progress: '40%' });
      expect(given.get('preference-applied')).toBe(applied);
    });

    it('holds while If-None-Match is what the task still is, and answers 304 when the time is up', async () => {
      const { id } = await submit('still');
      const etag = (await fetchTask(id)).headers.get('etag') ?? '';
      const before = await fetchTask(id, { 'if-none-match': etag, prefer: 'wait=1' });
      expect([before.status, before.headers.get('preference-applied')]).toEqual([304, 'wait=1']);
      expect((await fetchTask(id, { 'if-none-match': '"other"', prefer: 'wait=60' })).status).toBe(200);
    });

    it('answers as it stands when the time is up, and at once when it has ended', async () => {
      const { id, upstreamId } = await submit('unmoved');
      expect((await fetchTask(id, {}, '?wait=1')).json.status).toBe('SUBMITTED');
      upstream.show(upstreamId, { status: 'FAILURE', failReason: 'no' });
      await reads(id, 'FAILURE');
      const ended = await fetchTask(id, { prefer: 'wait=60' });
      expect([ended.json.status, ended.headers.get('preference-applied')]).toEqual(['FAILURE', 'wait=60']);
    });

    it.each(['0', '61', 'x', '1.5', '', '-1', '5&wait=6'])('?wait=%s is refused', async (wait) => {
      const { id } = await submit('patience');
      const answer = await fetchTask(id, {}, `?wait=${wait}`);
      expect({ status: answer.status, json: answer.json }).toMatchObject({
        status: 400,
        json: { code: 4, description: 'bind_request_body_failed', properties: { field: 'wait' } },
      });
    });

    it('ignores a Prefer that it cannot meet', async () => {
      const { id } = await submit('preference');
      const answer = await fetchTask(id, { prefer: 'wait=0' });
      expect([answer.status, answer.headers.get('preference-applied')]).toEqual([200, null]);
    });
  });

  describe('Prefer: wait on a submit', () => {
    it('shows the task once it has ended', async () => {
      upstream.onSubmit = (request) => ({ code: 1, result: upstream.accept(request, { status: 'SUCCESS' }).id });
      const answer = await gateway.post<{ result: string; task: View }>(
        '/mj/submit/imagine',
        { prompt: 'at once' },
        { prefer: 'wait=60' },
      );
      expect(answer.json).toMatchObject({ code: 1, task: { id: answer.json.result, status: 'SUCCESS' } });
      expect(answer.json.task).toEqual((await fetchTask(answer.json.result)).json);
      expect(answer.headers.get('preference-applied')).toBe('wait=60');
    });

    it('shows it as it stands after the wait', async () => {
      const { json } = await gateway.post('/mj/submit/imagine', { prompt: 'slow' }, { prefer: 'wait=1' });
      expect(json).toMatchObject({ code: 1, task: { status: 'SUBMITTED' } });
    });

    it('does not wait for a window, which waits for its client', async () => {
      upstream.onSubmit = (request) => ({
        code: 21,
        description: 'Waiting for window confirm',
        result: upstream.accept(request).id,
        properties: { remix: true, finalPrompt: 'x' },
      });
      const { json } = await gateway.post('/mj/submit/imagine', { prompt: 'window' }, { prefer: 'wait=60' });
      expect(json).toMatchObject({ code: 21, task: { status: 'MODAL' } });
    });

    it.each([
      [{ prefer: 'wait=61' }, { code: 1, result: '1' }],
      [{ prefer: 'wait=60' }, { code: 24, properties: { promptEn: 'x', bannedWord: 'x' } }],
    ])('shows none with %j and %j', async (headers, reply) => {
      if (reply.code !== 1) upstream.onSubmit = () => reply;
      const answer = await gateway.post('/mj/submit/imagine', { prompt: 'none' }, headers);
      expect(answer.json).toMatchObject({ code: reply.code });
      expect(answer.json).not.toHaveProperty('task');
      expect(answer.headers.get('preference-applied')).toBeNull();
    });
  });

  describe('list', () => {
    const page = (
      query: string,
      headers: Record<string, string> = {},
    ): Promise<Answer<{ items: View[]; nextCursor: string | null }>> => gateway.get(`/mj/task/list?${query}`, headers);

    it('shows the newest first, in pages that neither repeat nor leave out, also within a microsecond', async () => {
      const ids = (await Promise.all(Array.from({ length: 7 }, () => submit('page', { state: 'paged' })))).map(
        ({ id }) => id,
      );
      await gateway.sql(
        "update task set submitted_at = date_trunc('second', submitted_at) + interval '7 microseconds', started_at = now() where state = 'paged'",
      );
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const { json } = await page(`state=paged&limit=3&cursor=${cursor}`);
        expect(json.items.length).toBeLessThanOrEqual(3);
        seen.push(...json.items.map(({ id }) => id));
        cursor = json.nextCursor;
      }
      const expected = await gateway.sql<{ id: string }>(
        "select id from task where state = 'paged' order by submitted_at desc, id desc",
      );
      expect(seen).toEqual(expected.map(({ id }) => id));
      expect([...seen].sort()).toEqual([...ids].sort());
    });

    it('gives the objects that fetch gives, and filters', async () => {
      const { id } = await submit('filtered', { state: 'one of a kind', mode: 'RELAX' });
      const { json } = await page('limit=9&state=one%20of%20a%20kind&mode=relax&action=IMAGINE&status=submitted');
      expect(json).toEqual({ items: [(await fetchTask(id)).json], nextCursor: null });
      expect((await page('limit=9&state=one%20of%20a%20kind&mode=FAST')).json).toEqual({ items: [], nextCursor: null });
    });

    it('is an array of the newest 100 unless a page is asked for, by filters as well', async () => {
      const { id } = await succeeded('bare');
      const plain = newApiKey();
      await gateway.app.get(ApiKeyCache).ensure('listed', plain);
      const headers = { authorization: `Bearer ${plain}` };
      expect((await page('', headers)).text).toBe('[]');
      const ids = (
        await gateway.sql<{ id: string }>(
          `insert into task select (jsonb_populate_record(t, jsonb_build_object(
             'id', (t.id::bigint + n)::text, 'upstream_task_id', null, 'idem_key', null,
             'api_key_id', (select id from api_key where name = 'listed'),
             'state', case when n % 50 = 1 then 'bare' else 'other' end))).*
           from task t, generate_series(1, 103) n where t.id = $1 returning id`,
          [id],
        )
      ).map((row) => row.id);
      const newest = (await page('limit=100', headers)).json;
      const bare = await gateway.get<View[]>('/mj/task/list', headers);
      expect(bare.json).toEqual(newest.items);
      expect(bare.json).toHaveLength(100);
      for (const query of [
        'state=bare',
        'state=bare&limit=&cursor=',
        'state=bare&status=success&mode=&action=imagine',
      ]) {
        const { json } = await gateway.get<View[]>(`/mj/task/list?${query}`, headers);
        expect([query, json.map(({ id }) => id).sort()]).toEqual([query, [ids[0], ids[50], ids[100]].sort()]);
      }
      expect((await page('state=none&limit=1', headers)).json).toEqual({ items: [], nextCursor: null });
      expect((await gateway.get('/mj/task/list?state=none', headers)).text).toBe('[]');
      expect((await page(`cursor=${newest.nextCursor ?? ''}`, headers)).json.items).toHaveLength(3);
    });

    it('has 20 to a page unless told, and shows none that was declined', async () => {
      upstream.onSubmit = () => ({ code: 4, description: 'no' });
      await gateway.post('/mj/submit/imagine', { prompt: 'declined', state: 'declined' });
      expect((await page('state=declined')).text).toBe('[]');
      upstream.onSubmit = accept();
      await Promise.all(Array.from({ length: 21 }, () => submit('many', { state: 'many' })));
      const { json } = await page('state=many&limit=1');
      const rest = (await page(`state=many&cursor=${json.nextCursor ?? ''}`)).json;
      expect([rest.items.length, rest.nextCursor]).toEqual([20, null]);
    });

    it.each([
      ['limit=0', 'limit'],
      ['limit=101', 'limit'],
      ['limit=ten', 'limit'],
      ['limit=1&limit=2', 'limit'],
      ['status=DONE', 'status'],
      ['action=PAINT', 'action'],
      ['mode=SLOW', 'mode'],
      ['state=a%00', 'state'],
      ['cursor=abc', 'cursor'],
    ])('%s is refused', async (query, field) => {
      const answer = await page(query);
      expect({ status: answer.status, json: answer.json }).toMatchObject({
        status: 400,
        json: { code: 4, description: 'bind_request_body_failed', properties: { field } },
      });
    });

    it("takes no other key's cursor and shows no other key's task", async () => {
      await submit('mine', { state: 'mine' });
      await submit('mine', { state: 'mine' });
      const { json } = await page('limit=1&state=mine');
      const other = { authorization: `Bearer ${otherKey}` };
      expect((await page('limit=2&state=mine', other)).json).toEqual({ items: [], nextCursor: null });
      expect((await page(`cursor=${json.nextCursor ?? ''}`, other)).json).toMatchObject({
        description: 'bind_request_body_failed',
        properties: { field: 'cursor' },
      });
    });
  });

  describe('queue', () => {
    it("shows this key's unfinished tasks, oldest first, with their places", async () => {
      const keyed = { authorization: `Bearer ${otherKey}` };
      const add = async (prompt: string): Promise<string> =>
        (await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt }, keyed)).json.result;
      const running = await add('queue: running');
      const ended = await add('queue: ended');
      upstream.show(await upstreamIdOf(ended), { status: 'SUCCESS' });
      await until('its end', async () =>
        (await gateway.get<View>(`/mj/task/${ended}/fetch`, keyed)).json.status === 'SUCCESS' ? true : null,
      );
      upstream.onSubmit = () => ({ code: 23, description: 'full' });
      const waiting = [await add('queue: first'), await add('queue: second')];
      const { json } = await gateway.get<View[]>('/mj/task/queue', keyed);
      expect(json.map(({ id, queuePosition }) => [id, queuePosition])).toEqual([
        [running, null],
        [waiting[0], 0],
        [waiting[1], 1],
      ]);
      expect(json[1]).toEqual((await gateway.get(`/mj/task/${String(waiting[0])}/fetch`, keyed)).json);
      const third = await gateway.post<{ result: string; task: View }>(
        '/mj/submit/imagine',
        { prompt: 'queue: third' },
        { ...keyed, prefer: 'wait=1' },
      );
      expect(third.json.task.queuePosition).toBe(2);
      await Promise.all([...waiting, third.json.result].map((id) => cancel(String(id), keyed)));
      expect((await gateway.get<View[]>('/mj/task/queue', keyed)).json.map(({ id }) => id)).toEqual([running]);
    });
  });

  describe('image-seed', () => {
    const seed = (id: string): Promise<Answer> => gateway.get(`/mj/task/${id}/image-seed`);

    it('is asked for once, however many want it, and then kept', async () => {
      const { id, upstreamId } = await succeeded('seeded');
      const before = (await fetchTask(id)).headers.get('etag');
      upstream.onSeed = (_, response) => {
        setTimeout(() => response.setHeader('content-type', 'application/json').end('{"code":1,"result":42}'), 200);
        return undefined;
      };
      const answers = await Promise.all([seed(id), seed(id), seed(id)]);
      expect(answers.map(({ text }) => text)).toEqual(Array(3).fill('{"code":1,"description":"","result":"42"}'));
      expect((await seed(id)).json).toEqual({ code: 1, description: '', result: '42' });
      expect(upstream.seeds).toEqual([upstreamId]);
      const shown = await fetchTask(id);
      expect(shown.json['seed']).toBe('42');
      expect(shown.headers.get('etag')).not.toBe(before);
    });

    it('is told to no receiver: the last hook of a task is its end', async () => {
      const { id, upstreamId } = await submit('seeded quietly', { notifyHook: receiver.url });
      upstream.show(upstreamId, { status: 'SUCCESS' });
      await until('the terminal hook', () => receiver.of(id).find(({ task }) => task.status === 'SUCCESS'));
      await seed(id);
      const [row] = await gateway.sql<{ late: boolean }>(
        'select d.told_seq < t.version as late from hook_delivery d join task t on t.id = d.task_id where t.id = $1',
        [id],
      );
      expect(row?.late).toBe(true);
      expect(receiver.of(id).at(-1)?.task['seed']).toBe('');
    });

    it.each([
      ['a refusal', () => ({ code: 3, description: 'no seed at http://10.0.0.1/x' }), 200, 9, 'no seed at'],
      [
        'a refusal by status',
        (_: string, response) => ((response.statusCode = 404), { code: 3, description: 'gone' }),
        200,
        9,
        'gone',
      ],
      ['a refusal without words', () => ({ code: 9 }), 200, 9, 'The upstream gave no seed'],
      ['an error', (_: string, response) => ((response.statusCode = 500), {}), 502, 5, 'upstream_unreachable'],
      ['nonsense', () => ({ code: 1, result: 'http://10.0.0.1/' }), 502, 5, 'upstream_unreachable'],
      ['a broken connection', (_: string, response) => (response.destroy(), undefined), 502, 5, 'upstream_unreachable'],
    ] satisfies [string, ScriptedUpstream['onSeed'], number, number, string][])(
      '%s is said',
      async (_, script, status, code, description) => {
        const { id } = await succeeded('seedless');
        upstream.onSeed = script;
        const answer = await seed(id);
        expect([answer.status, answer.json]).toEqual([status, { code, description, result: null }]);
        upstream.onSeed = () => ({ code: 1, result: '7' });
        expect((await seed(id)).json).toMatchObject({ code: 1, result: '7' });
      },
    );

    it('is asked for twice where it is refused, and then not again for a while', async () => {
      const { id, upstreamId } = await succeeded('never');
      upstream.onSeed = () => ({ code: 3, description: 'no seed' });
      for (let times = 0; times < 5; times += 1) {
        expect((await seed(id)).json).toEqual({ code: 9, description: 'no seed', result: null });
      }
      expect(upstream.seeds).toEqual([upstreamId, upstreamId]);
    });

    it.each(['DESCRIBE', 'SHORTEN', 'UPLOAD', 'SWAP_FACE'])(
      'of %s there is none, and nobody is asked',
      async (action) => {
        const { id } = await succeeded(`seedless ${action}`);
        await gateway.sql('update task set action = $2 where id = $1', [id, action]);
        const { status, headers, json } = await seed(id);
        expect([status, json]).toEqual([200, { code: 9, description: 'The upstream gave no seed', result: null }]);
        expect(headers.get('retry-after')).toBeNull();
        expect(upstream.seeds).toEqual([]);
      },
    );

    it('of an upstream that was removed there is none any more', async () => {
      const { id } = await succeeded('orphaned');
      const [row] = await gateway.sql<{ id: string }>(
        `insert into upstream (name, base_url, enabled, retired_at)
          values ('gone', 'http://127.0.0.1:1', false, now()) returning id`,
      );
      await gateway.sql('update task set upstream_id = $2 where id = $1', [id, row?.id]);
      const answer = await until('the refusal', async () => {
        const found = await seed(id);
        return found.status === 200 ? found : null;
      });
      expect(answer.json).toEqual({ code: 9, description: 'The upstream gave no seed', result: null });
      expect(upstream.seeds).toEqual([]);
      await gateway.sql('delete from task_event where task_id = $1', [id]);
      await gateway.sql('delete from task where id = $1', [id]);
      await gateway.sql('delete from upstream where id = $1', [row?.id]);
    });

    it('wants a task that has succeeded, and an upstream that may be asked', async () => {
      const { id } = await submit('unfinished');
      expect((await seed(id)).json).toMatchObject({ code: 4, description: 'task_status_not_success' });
      const { id: done } = await succeeded('without upstream');
      await gateway.sql("update upstream set circuit_until = now() + interval '1 hour'");
      await until('the closed upstream', () => (isUpstreamUsable() ? null : true));
      const refused = await seed(done);
      expect({ status: refused.status, json: refused.json }).toMatchObject({
        status: 503,
        json: { code: 4, description: 'upstream_not_available' },
      });
      expect(refused.headers.get('retry-after')).toBe('10');
      expect(upstream.seeds).toEqual([]);
      await gateway.sql('update upstream set circuit_until = null');
      await until('the open upstream', () => (isUpstreamUsable() ? true : null));
    });
  });

  describe('cancel', () => {
    it('ends a waiting task at once, refunded, and tells its receiver', async () => {
      upstream.onSubmit = () => ({ code: 23, description: 'full' });
      const { id } = await submit('waiting', { notifyHook: receiver.url });
      const answer = await cancel(id, { 'content-type': 'application/json' });
      expect([answer.status, answer.json]).toEqual([200, { code: 1, description: 'Submit success', result: id }]);
      expect((await fetchTask(id)).json).toMatchObject({
        status: 'CANCEL',
        progress: '100%',
        failReason: '',
        cost: 0,
        failure: { kind: 'cancelled', refunded: true },
      });
      expect(await moves(id)).toEqual(REFUNDED);
      await until('the hook', () => receiver.of(id).find(({ task }) => task.status === 'CANCEL'));
      expect(upstream.cancels).toEqual([]);
      expect((await cancel(id)).json).toMatchObject({ code: 4, description: 'task_is_finished' });
      expect(await gateway.sql('select from task_input where task_id = $1', [id])).toEqual([]);
    });

    it('asked for by many at once, it happens once and all are answered', async () => {
      upstream.onSubmit = () => ({ code: 23, description: 'full' });
      const { id } = await submit('waiting for many');
      const answers = await Promise.all(Array.from({ length: 5 }, () => cancel(id)));
      expect(answers.some(({ json }) => json['code'] === 1)).toBe(true);
      expect(answers.every(({ json }) => json['code'] === 1 || json['description'] === 'task_is_finished')).toBe(true);
      expect(await moves(id)).toEqual(REFUNDED);
    });

    it('ends a window at once, free', async () => {
      upstream.onSubmit = (request) => ({
        code: 21,
        result: upstream.accept(request).id,
        properties: { remix: true, finalPrompt: 'x' },
      });
      const { id } = await submit('a window');
      expect((await cancel(id)).json).toMatchObject({ code: 1, result: id });
      expect((await fetchTask(id)).json).toMatchObject({ status: 'CANCEL', cost: 0 });
      expect(await moves(id)).toEqual(REFUNDED);
    });

    it('asks the upstream once, whose FAILURE then reads CANCEL; refunded, for nothing had begun', async () => {
      const { id, upstreamId } = await submit('with the upstream');
      upstream.onCancel = (_, response) => (response.end(), undefined);
      expect((await cancel(id)).json).toMatchObject({ code: 1, result: id });
      expect((await cancel(id)).json).toMatchObject({ code: 1, result: id });
      expect(upstream.cancels).toEqual([upstreamId]);
      expect((await fetchTask(id)).json).toMatchObject({ status: 'SUBMITTED' });
      upstream.show(upstreamId, { status: 'FAILURE', failReason: '取消任务' });
      expect(await reads(id, 'CANCEL')).toMatchObject({
        failReason: '',
        cost: 0,
        failure: { kind: 'cancelled', refunded: true },
      });
      expect(await moves(id)).toEqual(REFUNDED);
    });

    it('is paid for when the upstream had begun', async () => {
      const { id, upstreamId } = await submit('begun');
      upstream.show(upstreamId, { status: 'IN_PROGRESS', progress: '10%' });
      await reads(id, 'IN_PROGRESS');
      await cancel(id);
      upstream.show(upstreamId, { status: 'CANCEL' });
      expect(await reads(id, 'CANCEL')).toMatchObject({ cost: 0.1, failure: { kind: 'cancelled', refunded: false } });
      expect(await moves(id)).toEqual([['hold', -0.1]]);
    });

    it('leaves a task that succeeds all the same its SUCCESS', async () => {
      const { id, upstreamId } = await submit('too late');
      await cancel(id);
      upstream.show(upstreamId, { status: 'SUCCESS' });
      expect(await reads(id, 'SUCCESS')).toMatchObject({ failure: null, cost: 0.1 });
      expect((await cancel(id)).json).toMatchObject({ code: 4, description: 'task_is_finished' });
    });

    it.each([
      ['declines', () => ({ code: 4, description: 'no' }), null],
      ['has no such route', (_: string, response) => ((response.statusCode = 404), {}), null],
      ['is broken', (_: string, response) => ((response.statusCode = 500), {}), '5'],
      ['shows some page', (_: string, response) => (response.end('<html>'), undefined), null],
    ] satisfies [string, ScriptedUpstream['onCancel'], string | null][])(
      'is not supported where the upstream %s',
      async (_, script, retryAfter) => {
        const { id, upstreamId } = await submit('not to be stopped');
        upstream.onCancel = script;
        const answer = await cancel(id);
        expect([answer.status, answer.json['description'], answer.headers.get('retry-after')]).toEqual([
          400,
          'cancel_not_supported',
          retryAfter,
        ]);
        upstream.show(upstreamId, { status: 'FAILURE', failReason: 'x' });
        expect(await reads(id, 'FAILURE')).toMatchObject({ failure: { kind: 'upstream_failed' } });
      },
    );

    it('is not possible while the task is being sent', async () => {
      let answerNow: () => void = () => undefined;
      upstream.onSubmit = (request, response) => {
        answerNow = () => void response.end(JSON.stringify({ code: 1, result: upstream.accept(request).id }));
        return undefined;
      };
      const sent = submit('being sent');
      const [row] = await until('the row', async () => {
        const rows = await gateway.sql<{ id: string }>("select id from task where prompt = 'being sent'");
        return rows.length > 0 ? rows : null;
      });
      const answer = await cancel(row?.id ?? '');
      expect([answer.json['description'], answer.headers.get('retry-after')]).toEqual(['cancel_not_supported', '5']);
      answerNow();
      await sent;
    });
  });

  it("another key's task looks exactly like an unknown one, on every route", async () => {
    const { id } = await succeeded('private');
    const headers = { authorization: `Bearer ${otherKey}` };
    const routes = ['GET fetch', 'GET fetch?wait=1', 'GET events', 'GET image-seed', 'POST cancel'];
    for (const route of routes) {
      const [method = '', path = ''] = route.split(' ');
      const ask = async (asked: string): Promise<unknown[]> => {
        const answer = await gateway.call(`/mj/task/${asked}/${path}`, { method, headers });
        return [answer.status, answer.text, [...answer.headers.keys()].sort()];
      };
      const unknown = await ask('6240000000000001');
      expect(unknown.slice(0, 1)).toEqual([400]);
      expect(unknown[1]).toContain('task_no_found');
      expect(await ask(id)).toEqual(unknown);
      expect((await ask('not-an-id'))[1]).toBe(unknown[1]);
    }
    expect(upstream.seeds).toEqual([]);
    expect(upstream.cancels).toEqual([]);
  });
});
