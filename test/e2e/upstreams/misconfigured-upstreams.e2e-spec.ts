import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  AdminUpstreamDto,
  UpstreamTestDto,
} from '../../../apps/gateway/src/admin/upstreams/admin-upstream.dto.js';
import { UpstreamCache } from '#libs/upstream';
import { ADMIN_KEY, AdminClient, type Wire } from '../../support/admin-client.js';
import { TestGateway, type Answer } from '../../support/gateway.js';
import { ScriptedUpstream, type SubmitScript } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

interface Reply {
  code: number;
  description: string;
  result: string | null;
}

type Shown = Wire<AdminUpstreamDto>;

const AMOUNT = '剩余额度: ＄0.012345';

/** Answers a submit so, whatever it is. */
const says =
  (status: number, body: unknown, headers: Record<string, string> = {}): SubmitScript =>
  (_submit, response) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, headers).end(text);
  };

describe('an upstream that does not serve its operator', () => {
  let one: ScriptedUpstream;
  let two: ScriptedUpstream;
  let gateway: TestGateway;
  let admin: AdminClient;
  let accept: SubmitScript;
  let id: string;

  beforeAll(async () => {
    one = await ScriptedUpstream.start();
    two = await ScriptedUpstream.start();
    accept = one.onSubmit;
    gateway = await TestGateway.start({ upstreamUrl: one.url, environment: { ADMIN_KEY } });
    admin = new AdminClient(gateway);
    const [row] = await gateway.sql<{ id: string }>(`select id from upstream where name = 'default'`);
    id = row?.id ?? '';
    await admin.patch(`/upstreams/${id}`, { maxConcurrent: 500 });
  });

  afterAll(async () => {
    await gateway.close();
    await one.close();
    await two.close();
  });

  /** The operator helps: what waits is sent. */
  afterEach(async () => {
    one.onSubmit = accept;
    await helped();
    await until('nothing that waits', async () =>
      (await gateway.sql('select 1 from task where waiting')).length === 0 ? true : null,
    );
    await imagine();
    await until('an upstream that serves', async () => ((await shown()).misconfigured ? null : true));
  });

  const imagine = (fields: object = {}): Promise<Answer<Reply>> =>
    gateway.post<Reply>('/mj/submit/imagine', { prompt: 'a red fox', ...fields });
  const shown = async (): Promise<Shown> => (await admin.get<AdminUpstreamDto>(`/upstreams/${id}`)).json;
  const helped = async (): Promise<void> => {
    expect((await admin.patch(`/upstreams/${id}`, { weight: 1 })).status).toBe(200);
    await gateway.app.get(UpstreamCache).refresh();
  };
  const task = async (taskId: string | null): Promise<Record<string, unknown>> =>
    (await gateway.get(`/mj/task/${taskId}/fetch`)).json;
  const alarms = (): string[] => gateway.logs.filter((line) => line.includes('"alarm"'));

  it.each<[string, number, unknown, string]>([
    ['401', 401, '', 'unauthorized'],
    ['402', 402, { error: { message: 'pay' } }, 'payment_required'],
    ['403', 403, { error: { message: 'x', type: 'new_api_error' } }, 'forbidden'],
    ['404', 404, { error: 'Not Found' }, 'not_found'],
    [
      'code 4 of new-api',
      400,
      { code: 4, description: 'quota_not_enough ', type: 'upstream_error' },
      'payment_required',
    ],
    ['a balance', 403, { error: { message: `用户额度不足, ${AMOUNT}` } }, 'payment_required'],
    ['an error with 200', 200, { error: { message: 'Insufficient balance', type: 'x' } }, 'payment_required'],
    ['code 9 with 200', 200, { code: 9, description: '账号已被封禁' }, 'forbidden'],
    ['a model', 200, { code: 4, description: 'no permission for this model' }, 'forbidden'],
    ['a channel', 400, { code: 4, description: '该渠道已被禁用' }, 'forbidden'],
    [
      'money while it fails',
      500,
      { error: { message: '余额不足', code: 'insufficient_user_quota' } },
      'payment_required',
    ],
    ['a page', 200, '<!doctype html><title>New API</title>', 'not_found'],
  ])('keeps its words to itself, and the task waits: %s', async (_, status, body, lastError) => {
    one.onSubmit = says(status, body);
    const before = alarms().length;
    const first = await imagine();
    expect([first.status, first.json.code]).toEqual([200, 1]);
    expect(first.json.description).toMatch(/^(In queue, \d+ ahead|Submit success)$/);
    await until('an operator who is told', async () => {
      const upstream = await shown();
      if (upstream.lastError !== lastError || !upstream.misconfigured) return null;
      return upstream;
    });
    expect(alarms().length).toBeGreaterThan(before);
    expect(await task(first.json.result)).toMatchObject({ status: 'NOT_START', failReason: '', cost: 0.1 });
    expect(JSON.stringify([first.json, await task(first.json.result)])).not.toContain('额度');
    one.onSubmit = accept;
    await helped();
    expect(await shown()).toMatchObject({ misconfigured: false, circuit: 'closed' });
    await until('a task that is sent', async () =>
      (await task(first.json.result))['status'] === 'SUBMITTED' ? true : null,
    );
  });

  it('gets no work once it says that the key is wrong, and is followed all the same', async () => {
    const running = await imagine();
    const [upstreamTask] = [...one.tasks.keys()].slice(-1);
    one.onSubmit = says(401, { error: { message: 'Invalid token' } });
    await imagine();
    expect(await shown()).toMatchObject({ misconfigured: true, circuit: 'open' });
    const sent = one.submits.length;
    expect((await imagine()).json).toMatchObject({
      code: 1,
      description: expect.stringMatching(/^In queue/) as string,
    });
    expect(one.submits).toHaveLength(sent);
    one.show(upstreamTask ?? '', { status: 'IN_PROGRESS', progress: '45%' });
    await until('progress', async () => ((await task(running.json.result))['progress'] === '45%' ? true : null));
  });

  it.each<[string, number, unknown, number, string]>([
    ['code 24', 403, { code: 24, description: '可能包含敏感词', properties: { bannedWord: 'gore' } }, 24, 'gore'],
    [
      'a banned word with 403',
      403,
      { code: 4, description: 'Banned prompt: your account may be suspended' },
      9,
      'Banned',
    ],
    ['a picture', 400, { code: 4, description: 'Failed to download image: 403 Forbidden' }, 4, 'download image'],
    ['an unknown text', 200, { code: 9, description: '提交失败，系统异常' }, 9, '提交失败'],
  ])('refuses what is for the client to mend: %s', async (_, status, body, code, words) => {
    one.onSubmit = says(status, body);
    const answer = await imagine();
    expect(answer.json.code).toBe(code);
    expect(answer.text).toContain(words);
    expect(await shown()).toMatchObject({ misconfigured: false, circuit: 'closed' });
  });

  it('is not judged by what it quotes of a prompt', async () => {
    const prompt = 'a sign that reads "insufficient balance" and "invalid api key"';
    one.onSubmit = says(400, { code: 4, description: `cannot parse ${prompt}` });
    expect((await imagine({ prompt })).json).toMatchObject({ code: 4 });
    expect(await shown()).toMatchObject({ misconfigured: false, circuit: 'closed' });
  });

  it('shows no client the amounts that stand beside a refusal', async () => {
    one.onSubmit = says(200, { code: 9, description: `可能包含违禁词。${AMOUNT}` });
    const answer = await imagine();
    expect(answer.json).toMatchObject({ code: 9, description: '可能包含违禁词。' });
  });

  describe('in what goes on from a task', () => {
    let parent: string;
    let upstreamParent: string;
    beforeAll(async () => {
      parent = (await imagine()).json.result ?? '';
      upstreamParent = [...one.tasks.keys()].at(-1) ?? '';
      one.show(upstreamParent, {
        status: 'SUCCESS',
        progress: '100%',
        buttons: [1, 2, 3, 4].map((n) => ({
          customId: `MJ::JOB::upsample::${n}::x`,
          label: `U${n}`,
          type: 2,
          style: 2,
        })),
      });
      await until('a parent', async () => ((await task(parent))['status'] === 'SUCCESS' ? true : null));
    });

    const press = (index: number): Promise<Answer<Reply>> =>
      gateway.post<Reply>('/mj/submit/change', { taskId: parent, action: 'UPSCALE', index });

    it('is not available, at once and without its words', async () => {
      one.onSubmit = says(402, { error: { message: `余额不足, ${AMOUNT}` } });
      for (const index of [1, 2]) {
        const answer = await press(index);
        expect(answer.status).toBe(503);
        expect(answer.headers.get('retry-after')).toBe('10');
        expect(answer.json).toMatchObject({ code: 4, description: 'upstream_not_available', result: null });
      }
      expect(await gateway.sql('select 1 from task where parent_id = $1 and not refused', [parent])).toEqual([]);
      expect(await gateway.sql('select 1 from task where parent_id = $1 and cost > 0', [parent])).toEqual([]);
    });

    it.each<[string, number, unknown]>([
      ['404', 404, ''],
      ['code 3', 404, { code: 3, description: '关联任务不存在或已失效' }],
      ['task_not_found', 400, { code: 4, description: 'task_not_found' }],
    ])('has lost the task: that is the matter of this one alone (%s)', async (_, status, body) => {
      one.onSubmit = says(status, body);
      const answer = await press(3);
      expect([4, 9]).toContain(answer.json.code);
      expect(answer.json.description).not.toBe('upstream_not_available');
      expect(await shown()).toMatchObject({ misconfigured: false, circuit: 'closed' });
    });

    it('has no seed for us', async () => {
      one.onSeed = (_id, response) => void response.writeHead(401).end('{"error":{"message":"Invalid token"}}');
      const answer = await gateway.get<Reply>(`/mj/task/${parent}/image-seed`);
      expect([answer.status, answer.json.description]).toEqual([503, 'upstream_not_available']);
      one.onSeed = () => ({ code: 1, result: '4711' });
    });
  });

  it('fails a task there for want of money: its words are hidden, and it may be sent again', async () => {
    const { result } = (await imagine()).json;
    one.show([...one.tasks.keys()].at(-1) ?? '', {
      status: 'FAILURE',
      progress: '100%',
      failReason: `上游账户余额不足, ${AMOUNT}`,
    });
    const failed = await until('a failure', async () => {
      const seen = await task(result);
      return seen['status'] === 'FAILURE' ? seen : null;
    });
    expect(failed).toMatchObject({
      failReason: 'The upstream failed',
      failure: { kind: 'upstream_failed', retryable: true, refunded: true },
    });
    const { result: second } = (await imagine()).json;
    one.show([...one.tasks.keys()].at(-1) ?? '', { status: 'FAILURE', failReason: '[Banned prompt detected] gore' });
    await until('a refusal', async () =>
      (await task(second))['failReason'] === '[Banned prompt detected] gore' ? true : null,
    );
  });

  it('answers uploads in forms of its own, and odd ones never count against it', async () => {
    const upload = (): Promise<Answer<{ code: number; result: unknown }>> =>
      gateway.post('/mj/submit/upload-discord-images', { base64Array: [PIXEL] });
    one.onSubmit = () => ({ code: 1, description: 'ok', result: 'https://cdn.example.com/a.png' });
    expect((await upload()).json).toMatchObject({ code: 1, result: ['https://cdn.example.com/a.png'] });
    one.onSubmit = () => ({ code: '1', data: { urls: ['https://cdn.example.com/b.png'] } });
    expect((await upload()).json).toMatchObject({ code: 1, result: ['https://cdn.example.com/b.png'] });
    one.onSubmit = () => ({ code: 1, result: { pending: true } });
    for (let count = 0; count < 6; count += 1) expect((await upload()).status).toBe(502);
    expect(await shown()).toMatchObject({ circuit: 'closed', misconfigured: false });
  });

  it('leads elsewhere: told within seconds, and where', async () => {
    const server = http.createServer((request, response) => {
      response.writeHead(308, { location: `${one.url}${request.url}` }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const made = await admin.post<{ id: string; redirectsTo?: string; baseUrl: string }>('/upstreams', {
      name: 'moved',
      baseUrl: `${baseUrl}/mj/`,
      priority: 9,
    });
    const redirectsTo = `${one.url}/mj/task/list-by-condition`;
    expect(made.json).toMatchObject({ baseUrl, redirectsTo });
    expect((await admin.post<UpstreamTestDto>(`/upstreams/${made.json.id}/test`, undefined)).json).toMatchObject({
      ok: false,
      error: 'redirected',
      redirectsTo,
    });
    await gateway.app.get(UpstreamCache).refresh();
    const { json } = await imagine();
    expect(json).toMatchObject({ code: 1, description: 'Submit success' });
    expect(await task(json.result)).toMatchObject({ status: 'SUBMITTED' });
    const moved = await until('an upstream that is known to lead elsewhere', async () => {
      const found = (await admin.get<AdminUpstreamDto>(`/upstreams/${made.json.id}`)).json;
      return found.misconfigured && found.lastError === 'redirected' ? found : null;
    });
    expect(moved.circuit).toBe('open');
    expect((await admin.delete(`/upstreams/${made.json.id}`)).status).toBe(200);
    await gateway.app.get(UpstreamCache).refresh();
    server.close();
  });

  it('is left alone for as long as it asks', async () => {
    const pool = gateway.app.get(UpstreamCache);
    one.onSubmit = says(429, '', { 'retry-after': '2' });
    const { json } = await imagine();
    expect(json).toMatchObject({ code: 1, description: expect.stringMatching(/^In queue/) as string });
    expect(pool.available([{ id }], null)).toEqual([]);
    expect(await shown()).toMatchObject({ circuit: 'closed', misconfigured: false });
    const sent = one.submits.length;
    await imagine();
    expect(one.submits).toHaveLength(sent);
  });

  it('is left for another one, at once', async () => {
    const made = await admin.post<{ id: string }>('/upstreams', { name: 'second', baseUrl: two.url });
    await admin.patch(`/upstreams/${id}`, { priority: 5 });
    await gateway.app.get(UpstreamCache).refresh();
    one.onSubmit = says(401, { code: 4, description: '无效的令牌' });
    const before = one.submits.length;
    for (let count = 0; count < 4; count += 1)
      expect((await imagine()).json).toMatchObject({ code: 1, description: 'Submit success' });
    expect([one.submits.length - before, two.submits.length]).toEqual([1, 4]);
    await admin.delete(`/upstreams/${made.json.id}`);
    await admin.patch(`/upstreams/${id}`, { priority: 0 });
  });
});

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
