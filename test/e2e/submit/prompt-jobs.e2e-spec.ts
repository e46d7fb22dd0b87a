import type { CreatedKeyDto } from '../../../apps/gateway/src/admin/keys/admin-key.dto.js';
import { ADMIN_KEY } from '../../support/admin-client.js';
import { type Answer } from '../../support/gateway.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

interface Reply {
  code: number;
  description: string;
  result: string | null;
  properties: { tasks?: string[]; jobs?: number; numberOfQueues?: number; field?: string };
}

/** Prompts that are several jobs: expanded into tasks, refused, or passed on at the price of all. */
describe('prompts that are several jobs', () => {
  const { gateway, upstream, receiver, admin } = useGateway({
    environment: { ADMIN_KEY, UPSTREAM_MAX_CONCURRENT: '500' },
  });

  beforeEach(() => {
    upstream.submits.length = 0;
    upstream.onSubmit = (submit) => ({ code: 1, result: upstream.accept(submit).id });
  });

  const keyWith = async (terms: object): Promise<{ id: string; key: string }> =>
    (await admin.post<CreatedKeyDto>('/keys', { name: 'bob', ...terms })).json;
  const imagine = (body: object, key = gateway.key, headers: Record<string, string> = {}): Promise<Answer<Reply>> =>
    gateway.post<Reply>('/mj/submit/imagine', body, { authorization: `Bearer ${key}`, ...headers });
  const rows = (ids: readonly string[]): Promise<Record<string, unknown>[]> =>
    gateway.sql(
      `select id, prompt, action, mode, state, price::float, jobs, batch_id, request_id from task where id = any($1::bigint[])
       order by array_position($1::bigint[], id)`,
      [ids],
    );
  const prompts = (): unknown[] => upstream.submits.map(({ body }) => body['prompt']);
  const balance = async (id: string): Promise<unknown> =>
    (await admin.get<{ credits: string }>(`/keys/${id}`)).json.credits;
  const totals = async (): Promise<unknown> =>
    (await gateway.sql('select count(*)::int as tasks, (select count(*)::int from ledger) as moves from task'))[0];

  describe('expanded, as every key does by itself', () => {
    it('are a task each: prompt, price, hook and state of its own; one answer names them', async () => {
      const { id: keyId, key } = await keyWith({ credits: '10' });
      const body = {
        prompt: 'a {red, blue} fox --ar 3:2',
        state: 'mine',
        notifyHook: receiver.url,
        notifyEvents: 'terminal',
      };
      const { json } = await imagine(body, key);
      const ids = json.properties.tasks ?? [];
      expect(json).toEqual({
        code: 1,
        description: 'Submit success',
        result: ids.join(','),
        properties: { tasks: ids, jobs: 2 },
      });
      expect(await rows(ids)).toMatchObject([
        { prompt: 'a red fox --ar 3:2', state: 'mine', price: 0.1, jobs: 1, batch_id: null },
        { prompt: 'a blue fox --ar 3:2', state: 'mine', price: 0.1, jobs: 1, batch_id: ids[0] },
      ]);
      expect(prompts()).toEqual(['a red fox --ar 3:2', 'a blue fox --ar 3:2']);
      expect(upstream.submits.map(({ body: sent }) => sent['state'])).toEqual(ids.map((id) => `jm:${id}`));
      expect(await balance(keyId)).toBe('9.800000');
      for (const id of ids) {
        const [row] = await gateway.sql<{ up: string }>('select upstream_task_id as up from task where id = $1', [id]);
        upstream.show(row?.up ?? '', { status: 'SUCCESS', progress: '100%' });
      }
      const hooks = await until('both hooks', () => {
        const told = receiver.hooks.map(({ task }) => task);
        return told.length === 2 ? told : null;
      });
      expect(hooks.map(({ id }) => id).sort()).toEqual([...ids].sort());
      expect(hooks.map((task) => task['state'])).toEqual(['mine', 'mine']);
    });

    it.each<[string, string[]]>([
      ['a fox --repeat 3', ['a fox', 'a fox', 'a fox']],
      ['a fox —repeat 2 --ar 1:1', ['a fox --ar 1:1', 'a fox --ar 1:1']],
      ['a {b {1, 2}, c} x --r 2', ['a b 1 x', 'a b 1 x', 'a b 2 x', 'a b 2 x', 'a c x', 'a c x']],
      ['a {red\\, pale, blue} fox', ['a red, pale fox', 'a blue fox']],
    ])('%s', async (prompt, expected) => {
      const { json } = await imagine({ prompt });
      expect(json).toMatchObject({ code: 1, properties: { jobs: expected.length } });
      expect((await rows(json.properties.tasks ?? [])).map((row) => row['prompt'])).toEqual(expected);
      expect(prompts().sort()).toEqual([...expected].sort());
    });

    it('have modes and kinds of their own', async () => {
      const { json } = await imagine({ prompt: 'a fox {--fast, —turbo, --video 1 --fast}' });
      expect(await rows(json.properties.tasks ?? [])).toMatchObject([
        { mode: 'FAST', action: 'IMAGINE', price: 0.1 },
        { mode: 'TURBO', action: 'IMAGINE', price: 0.2 },
        { mode: 'FAST', action: 'VIDEO', price: 0.8 },
      ]);
      expect(prompts().sort()).toEqual(['a fox --fast', 'a fox --turbo', 'a fox --video 1 --fast']);
    });

    it('take the pictures of the submit with them', async () => {
      const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
      await imagine({ prompt: 'a {red, blue} fox', base64Array: [png] });
      expect(upstream.submits.map(({ body }) => body['base64Array'])).toEqual([
        [`data:image/png;base64,${png}`],
        [`data:image/png;base64,${png}`],
      ]);
    });

    it('are one piece of work to an Idempotency-Key', async () => {
      const body = { prompt: 'a {red, green, blue} fox' };
      const headers = { 'idempotency-key': 'series' };
      const first = await imagine(body, gateway.key, headers);
      const again = await imagine(body, gateway.key, headers);
      expect(again.json).toEqual(first.json);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect((await imagine({ prompt: 'a {red, green} fox' }, gateway.key, headers)).status).toBe(422);
      expect(upstream.submits).toHaveLength(3);
      // An answer that was not kept is made of the rows.
      await gateway.sql('update task set answer = null where id = $1', [first.json.properties.tasks?.[0]]);
      expect((await imagine(body, gateway.key, headers)).json).toEqual(first.json);
      const many = await Promise.all(
        Array.from({ length: 8 }, () =>
          imagine({ prompt: 'a fox --repeat 4' }, gateway.key, { 'idempotency-key': 'many' }),
        ),
      );
      const results = new Set(many.map(({ json }) => json.result).filter((result) => result !== null));
      expect(results.size).toBe(1);
      expect(upstream.submits).toHaveLength(7);
    });

    it.each<[string, object, number, object]>([
      ['credits', { credits: '0.35' }, 400, { code: 4, description: 'quota_not_enough' }],
      ['concurrency', { maxConcurrent: 3 }, 429, { code: 30 }],
      ['tasks of the day', { dailyTasks: 3 }, 429, { code: 30 }],
    ])('are opened all or not at all: %s', async (_, terms, status, expected) => {
      const { key } = await keyWith(terms);
      const before = await totals();
      const answer = await imagine({ prompt: 'a {1, 2, 3, 4} fox' }, key);
      expect({ status: answer.status, json: answer.json }).toMatchObject({
        status,
        json: { ...expected, result: null },
      });
      expect(await totals()).toEqual(before);
      expect(upstream.submits).toEqual([]);
      expect((await imagine({ prompt: 'a {1, 2, 3} fox' }, key)).json).toMatchObject({ code: 1 });
    });

    it('count as one submit of the minute', async () => {
      const { key } = await keyWith({ requestsPerMinute: 1 });
      expect((await imagine({ prompt: 'a {1, 2, 3, 4} fox' }, key)).json.code).toBe(1);
      expect((await imagine({ prompt: 'a fox' }, key)).status).toBe(429);
    });

    it('wait where there is no room', async () => {
      await gateway.sql('update upstream_load set max_concurrent = running + 1');
      const { json } = await imagine({ prompt: 'a {red, blue, green} fox' });
      expect(json).toMatchObject({ code: 1, description: 'Submit success', properties: { jobs: 3 } });
      const queued = await imagine({ prompt: 'a fox --repeat 2' });
      expect(queued.json).toMatchObject({
        code: 1,
        description: 'In queue, 2 ahead',
        properties: { numberOfQueues: 2, jobs: 2 },
      });
      await gateway.sql('update upstream_load set max_concurrent = 500');
      await until('all of them', () => (upstream.submits.length === 5 ? true : null));
    });

    it('are declined as a whole where the upstream declines the first, once, and cost nothing', async () => {
      const { id: keyId, key } = await keyWith({ credits: '1' });
      upstream.onSubmit = () => ({
        code: 24,
        description: 'x',
        properties: { promptEn: 'a red fox', bannedWord: 'fox' },
      });
      const { json } = await imagine({ prompt: 'a {red, blue} fox' }, key, { 'idempotency-key': 'banned' });
      expect(json).toMatchObject({ code: 24, result: null });
      expect(upstream.submits).toHaveLength(1);
      expect(await balance(keyId)).toBe('1.000000');
      upstream.onSubmit = (submit) => ({ code: 1, result: upstream.accept(submit).id });
      expect((await imagine({ prompt: 'a {red, blue} fox' }, key, { 'idempotency-key': 'banned' })).json.code).toBe(1);
    });

    it('hide no banned word among their options', async () => {
      await gateway.sql("insert into banned_word (word) values ('gore')");
      await until('the word', async () => ((await imagine({ prompt: 'gore' })).json.code === 24 ? true : null));
      upstream.submits.length = 0;
      expect((await imagine({ prompt: 'some {g,b}ore' })).json).toMatchObject({ code: 24, result: null });
      expect(upstream.submits).toEqual([]);
      await gateway.sql('delete from banned_word');
    });
  });

  describe('that may not be', () => {
    const refused = async (body: object, key: string, description: string, jobs: number): Promise<void> => {
      const before = await totals();
      const { status, json } = await imagine(body, key);
      expect({ status, json }).toEqual({
        status: 400,
        json: { code: 4, description, result: null, properties: { field: 'prompt', jobs } },
      });
      expect(await totals()).toEqual(before);
      expect(upstream.submits).toEqual([]);
    };

    it.each(['expand', 'refuse', 'pass'])('more than 40: %s', async (promptExpansion) => {
      const { key } = await keyWith({ promptExpansion });
      await refused({ prompt: 'a fox --repeat 41' }, key, 'too_many_jobs', 41);
      await refused({ prompt: `a {${'x,'.repeat(20)}y} fox --repeat 2` }, key, 'too_many_jobs', 42);
    });

    it.each(['expand', 'refuse', 'pass'])('several in relax mode: %s', async (promptExpansion) => {
      const { key } = await keyWith({ promptExpansion });
      const { key: relaxed } = await keyWith({ promptExpansion, defaultMode: 'RELAX' });
      await refused({ prompt: 'a fox --repeat 2', mode: 'RELAX' }, key, 'prompt_is_several_jobs', 2);
      await refused({ prompt: 'a {red, blue} fox --relax' }, key, 'prompt_is_several_jobs', 2);
      await refused({ prompt: 'a {red, blue} fox' }, relaxed, 'prompt_is_several_jobs', 2);
      await refused({ prompt: 'a fox {--fast, —relax}' }, key, 'prompt_is_several_jobs', 2);
      expect((await imagine({ prompt: 'a {red} fox', mode: 'RELAX' }, key)).json.code).toBe(1);
    });

    it('any of a key that refuses them', async () => {
      const { key } = await keyWith({ promptExpansion: 'refuse' });
      await refused({ prompt: 'a {red, blue} fox --repeat 2' }, key, 'prompt_is_several_jobs', 4);
      expect((await imagine({ prompt: 'a {red\\, blue} fox --repeat 1' }, key)).json.code).toBe(1);
    });
  });

  describe('passed as they are', () => {
    it('cost and count what they are', async () => {
      const { id: keyId, key } = await keyWith({
        promptExpansion: 'pass',
        credits: '1',
        maxConcurrent: 5,
        dailyTasks: 7,
      });
      const running = async (): Promise<number> =>
        (await gateway.sql<{ running: number }>('select running from upstream_load'))[0]?.running ?? -1;
      const slots = await running();
      const { json } = await imagine({ prompt: 'a {red, blue} fox --repeat 2' }, key);
      expect(json).toMatchObject({ code: 1, result: expect.stringMatching(/^\d{16}$/), properties: { jobs: 4 } });
      expect(prompts()).toEqual(['a {red, blue} fox --repeat 2']);
      expect(await rows([json.result ?? ''])).toMatchObject([
        { prompt: 'a {red, blue} fox --repeat 2', price: 0.4, jobs: 4 },
      ]);
      expect(await balance(keyId)).toBe('0.600000');
      expect(await running()).toBe(slots + 4);
      expect((await admin.get<{ running: number }>(`/keys/${keyId}`)).json.running).toBe(4);
      expect((await imagine({ prompt: 'a fox --repeat 2' }, key)).status).toBe(429);
      expect((await imagine({ prompt: 'a fox' }, key)).json.code).toBe(1);
      const [row] = await gateway.sql<{ up: string }>('select upstream_task_id as up from task where id = $1', [
        json.result,
      ]);
      upstream.show(row?.up ?? '', { status: 'FAILURE', failReason: 'no' });
      await until('the refund', async () => ((await balance(keyId)) === '0.900000' ? true : null));
      expect(await running()).toBe(slots + 1);
      // Five of the day are used up.
      expect((await imagine({ prompt: 'a {1, 2, 3} fox' }, key)).status).toBe(429);
      expect((await imagine({ prompt: 'a {1, 2} fox' }, key)).json.code).toBe(1);
    });

    it('carry no speed that is not billed', async () => {
      const { key } = await keyWith({ promptExpansion: 'pass' });
      const { json } = await imagine({ prompt: 'a fox {--turbo, —fast, --tile}' }, key);
      expect(prompts()).toEqual(['a fox {,, --tile}']);
      expect(await rows([json.result ?? ''])).toMatchObject([{ mode: 'FAST', price: 0.3 }]);
    });
  });
});
