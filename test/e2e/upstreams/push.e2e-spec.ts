import { UpstreamCache } from '../../../libs/upstream/src/index.js';
import { type Answer } from '../../support/gateway.js';
import { requestRaw } from '../../support/raw-request.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

const PUBLIC_URL = 'https://public.test/gw';
const DONE = { status: 'SUCCESS', progress: '100%' };

interface Row extends Record<string, unknown> {
  id: string;
  status: string;
  version: number;
  upstream_task_id: string | null;
  hinted_at: Date | null;
}

/** What an upstream tells us by itself is a reason to ask it, and never more. */
describe('pushes of an upstream', () => {
  // Nothing here is ever polled in time by itself.
  const { gateway, upstream } = useGateway({ environment: { PUBLIC_URL, POLL_MIN_MS: '60000' } });

  beforeEach(() => {
    upstream.onSubmit = (submit) => ({ code: 1, description: '提交成功', result: upstream.accept(submit).id });
  });

  const rowOf = async (prompt: string): Promise<Row> => {
    const [row] = await gateway.sql<Row>('select * from task where prompt = $1', [prompt]);
    if (row === undefined) throw new Error(`no row of ${prompt}`);
    return row;
  };
  const imagine = (prompt: string): Promise<Answer<{ code: number; result: string }>> =>
    gateway.post('/mj/submit/imagine', { prompt });
  /** An accepted task whose next poll is an hour away. */
  const running = async (prompt: string): Promise<Row & { upstream_task_id: string }> => {
    await imagine(prompt);
    await gateway.sql(
      `update task_poll set due_at = now() + interval '1 hour' where task_id in (select id from task where prompt = $1)`,
      [prompt],
    );
    return (await rowOf(prompt)) as Row & { upstream_task_id: string };
  };
  const hookOf = (prompt: string): string =>
    String(upstream.submits.find(({ body }) => body['prompt'] === prompt)?.body['notifyHook']);
  const push = (hook: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    gateway.call(hook.replace(PUBLIC_URL, ''), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const status = (prompt: string, wanted: string): Promise<true> =>
    until(`${prompt} to be ${wanted}`, async () => ((await rowOf(prompt)).status === wanted ? true : null));

  it('are asked for only where the upstream is set to send them', async () => {
    await imagine('without a hook');
    expect(upstream.submits.at(-1)?.body).not.toHaveProperty('notifyHook');
    await gateway.sql('update upstream set accepts_notify_hook = true');
    const pool = gateway.app.get(UpstreamCache);
    await until('the pool to know', () => (pool.all().every((up) => up.acceptsNotifyHook) ? true : null));
    const { json } = await imagine('with a hook');
    expect(hookOf('with a hook')).toMatch(new RegExp(`^${PUBLIC_URL}/mj/notify/${json.result}-[\\w-]{32}$`));
  });

  it('have a task asked for at once', async () => {
    const { upstream_task_id: id } = await running('finished early');
    upstream.show(id, DONE);
    const answer = await push(hookOf('finished early'), upstream.tasks.get(id));
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: 200,
      text: '{"code":1,"description":"","result":null}',
    });
    await status('finished early', 'SUCCESS');
  });

  it('are all heard: the last one of many within a second counts', async () => {
    const { upstream_task_id: id } = await running('many pushes');
    for (let n = 1; n <= 9; n += 1) {
      upstream.show(id, { status: 'IN_PROGRESS', progress: `${n}0%` });
      await push(hookOf('many pushes'), { id, progress: `${n}0%` });
    }
    upstream.show(id, DONE);
    await push(hookOf('many pushes'), { id, ...DONE });
    await status('many pushes', 'SUCCESS');
  });

  it('are not believed', async () => {
    const { upstream_task_id: id } = await running('lied about');
    upstream.show(id, { status: 'IN_PROGRESS', progress: '20%' });
    await push(hookOf('lied about'), {
      id: '1795000000009999',
      status: 'SUCCESS',
      progress: '100%',
      imageUrl: 'http://169.254.169.254/latest',
      failReason: 'x',
      buttons: [],
    });
    await status('lied about', 'IN_PROGRESS');
    expect(await rowOf('lied about')).toMatchObject({ progress: 20, image_url: null, upstream_task_id: id });
  });

  it('count under every prefix, whatever JSON they are', async () => {
    for (const [n, body] of ['null', '[]', '7', '"x"', '{}', '{"id":{"$gt":""}}', '{"id":"\\u0000"}'].entries()) {
      const prompt = `odd body ${n}`;
      const { upstream_task_id: id } = await running(prompt);
      upstream.show(id, DONE);
      const hook = hookOf(prompt).replace('/mj/notify', '/mj-fast/mj/notify');
      expect((await push(hook, body)).status).toBe(200);
      await status(prompt, 'SUCCESS');
    }
  });

  it('need no body at all', async () => {
    const { upstream_task_id: id } = await running('no body');
    upstream.show(id, DONE);
    expect(await requestRaw(gateway.url, 'POST', hookOf('no body').replace(PUBLIC_URL, ''))).toMatchObject({
      status: 200,
    });
    await status('no body', 'SUCCESS');
  });

  it('are nothing under a forged token, and the answer does not say what is wrong with it', async () => {
    const mine = await running('forged');
    const other = await running('forged too');
    const mac = hookOf('forged').slice(-32);
    const tokens = [
      `${other.id}-${mac}`,
      `${mine.id}-${'A'.repeat(32)}`,
      `${mine.id}-${mac.slice(0, 31)}`,
      `${mine.id}-`,
      `6240000000000001-${mac}`,
      mine.id,
      mac,
      'x',
      '%00',
      `${mine.id}-${mac}A`,
    ];
    const answers = await Promise.all(tokens.map((token) => push(`${PUBLIC_URL}/mj/notify/${token}`, { id: '1' })));
    for (const answer of answers) {
      expect({ status: answer.status, text: answer.text }).toEqual({
        status: 404,
        text: '{"code":4,"description":"not_found","result":null}',
      });
    }
    for (const prompt of ['forged', 'forged too']) expect((await rowOf(prompt)).hinted_at).toBeNull();
  });

  it('of a wrong kind or size are refused like everywhere', async () => {
    await running('wrong kind');
    const hook = hookOf('wrong kind');
    expect(await push(hook, '{"id":')).toMatchObject({
      status: 400,
      json: { description: 'bind_request_body_failed' },
    });
    expect(await push(hook, 'id=1', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
    expect(await push(hook, { id: 'x'.repeat(300_000) })).toMatchObject({ status: 413 });
    expect((await rowOf('wrong kind')).hinted_at).toBeNull();
  });

  it('about a finished task do nothing', async () => {
    const { upstream_task_id: id } = await running('over');
    upstream.show(id, DONE);
    await push(hookOf('over'), {});
    await status('over', 'SUCCESS');
    const before = await rowOf('over');
    upstream.show(id, { status: 'FAILURE', failReason: 'late' });
    expect((await push(hookOf('over'), { id, status: 'FAILURE' })).status).toBe(200);
    // Whatever comes of another task's push comes after this one's.
    const { upstream_task_id: next } = await running('after over');
    upstream.show(next, DONE);
    await push(hookOf('after over'), {});
    await status('after over', 'SUCCESS');
    expect(await rowOf('over')).toEqual(before);
  });

  describe('about a task whose submit was not answered', () => {
    it('find it before the answer', async () => {
      let answered = (): void => undefined;
      upstream.onSubmit = (submit, response) => {
        const { id } = upstream.accept(submit, { status: 'IN_PROGRESS', progress: '10%' });
        answered = () => response.end(JSON.stringify({ code: 1, result: id }));
        void push(String(submit.body['notifyHook']), { id });
        return undefined;
      };
      const answer = imagine('pushed early');
      await until('the push', async () => {
        const [row] = await gateway.sql<Row>(
          `select * from task where prompt = 'pushed early' and upstream_task_id is not null`,
        );
        return row ?? null;
      });
      answered();
      expect((await answer).json).toMatchObject({ code: 1, result: (await rowOf('pushed early')).id });
      expect(await sourcesOf('pushed early', 'found')).toEqual(['push']);
      expect(await sourcesOf('pushed early', 'accepted')).toEqual([]);
    });

    it('find what no look-up can: an upstream that echoes no state', async () => {
      const id = await lost('no echo', { state: null, status: 'IN_PROGRESS', progress: '10%' });
      await push(hookOf('no echo'), { id, status: 'IN_PROGRESS' });
      await status('no echo', 'IN_PROGRESS');
      expect(await rowOf('no echo')).toMatchObject({ upstream_task_id: id });
      expect(await sourcesOf('no echo', 'found')).toEqual(['push']);
    });

    it('take no id of another task, and none with a strange state', async () => {
      const other = await running('another one');
      upstream.show(other.upstream_task_id, { state: null });
      const stranger = upstream.accept({ path: '', headers: {}, body: { state: 'hello' } }).id;
      const right = await lost('wrongly named', { state: null });
      const asked = jest.spyOn(upstream.tasks, 'get');
      for (const id of [other.upstream_task_id, stranger, '1795000000008888', right]) {
        await push(hookOf('wrongly named'), { id, status: 'SUCCESS', state: `jm:${other.id}` });
        await until(`the question for ${id}`, () => (asked.mock.calls.some(([seen]) => seen === id) ? true : null));
      }
      asked.mockRestore();
      await until('the right one', async () => (await rowOf('wrongly named')).upstream_task_id);
      expect(await rowOf('wrongly named')).toMatchObject({ upstream_task_id: right });
      expect(await rowOf('another one')).toMatchObject({
        upstream_task_id: other.upstream_task_id,
        version: other.version,
      });
    });

    /** Submits a task that the upstream takes without an answer; gives its id there. */
    async function lost(prompt: string, fields: Record<string, unknown>): Promise<string> {
      let id = '';
      upstream.onSubmit = (submit, response) => {
        ({ id } = upstream.accept(submit, fields));
        response.destroy();
        return undefined;
      };
      expect((await imagine(prompt)).json).toMatchObject({ code: 1 });
      expect(await rowOf(prompt)).toMatchObject({ status: 'NOT_START', upstream_task_id: null });
      return id;
    }

    const sourcesOf = async (prompt: string, kind: string): Promise<string[]> =>
      (
        await gateway.sql<{ source: string }>(
          'select e.source from task_event e join task t on t.id = e.task_id where t.prompt = $1 and e.kind = $2',
          [prompt, kind],
        )
      ).map(({ source }) => source);
  });
});
