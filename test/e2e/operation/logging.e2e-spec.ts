import sharp from 'sharp';
import { ADMIN_KEY, AdminClient } from '../../support/admin-client.js';
import { TestGateway, type Answer } from '../../support/gateway.js';
import { HookReceiver } from '../../support/hook-receiver.js';
import { requestRaw } from '../../support/raw-request.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { ToxicProxy } from '../../support/toxic-proxy.js';
import { until } from '../../support/until.js';

type Line = Record<string, unknown> & { level: number; time: string };

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const UPSTREAM_SECRET = 'canary-upstream-secret-5b1f';
const WEBHOOK_SECRET = `whsec_${Buffer.from('canary-webhook-secret-of-32-byte').toString('base64')}`;
const HOOK_TOKEN = 'canary-hook-token-77aa';
const PROMPT = 'canary prompt of a purple giraffe';

const linesOf = (gateway: TestGateway): Line[] => gateway.logs.map((line) => JSON.parse(line) as Line);

describe('the log', () => {
  let upstream: ScriptedUpstream;
  let receiver: HookReceiver;
  let link: ToxicProxy;
  let gateway: TestGateway;
  let picture: string;

  const start = async (level: string): Promise<void> => {
    gateway = await TestGateway.start({
      upstreamUrl: upstream.url,
      environment: {
        ADMIN_KEY,
        UPSTREAM_SECRET,
        WEBHOOK_SECRET,
        LOG_LEVEL: level,
        SUBMIT_TIMEOUT_MS: '1000',
        IMAGE_LINKS: 'signed',
      },
      databaseVia: async (url) => (link = await ToxicProxy.start(url)).url,
    });
  };

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    receiver = await HookReceiver.start();
    const noise = {
      create: {
        width: 96,
        height: 96,
        channels: 3,
        background: '#fff',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    } as const;
    picture = (await sharp(noise).png().toBuffer()).toString('base64');
  });

  afterEach(async () => {
    upstream.onSubmit = (submit) => ({ code: 1, description: '', result: upstream.accept(submit).id });
    upstream.onPoll = (ids) => ids.map((id) => upstream.tasks.get(id)).filter((task) => task !== undefined);
    await gateway.close();
    await link.close();
  });

  afterAll(async () => {
    await upstream.close();
    await receiver.close();
  });

  const hookUrl = (): string =>
    `${receiver.url.replace('//', '//user:canary-password@')}/services/${HOOK_TOKEN}?key=${HOOK_TOKEN}`;
  const imagine = (body: object, headers: Record<string, string> = {}): Promise<Answer<{ result: string }>> =>
    gateway.post('/mj/submit/imagine', body, headers);
  const failWith = (code: string): Promise<unknown> =>
    gateway.sql(`create or replace function fail() returns trigger language plpgsql as $$ begin
      raise exception using errcode = '${code}', message = 'injected', detail = 'Failing row contains ' || new::text;
      end $$; create or replace trigger fail before insert on task for each row execute function fail()`);

  /** Everything that a day may bring, each with secrets in it. Gives the secrets that were made on the way. */
  const mixedLoad = async (): Promise<string[]> => {
    const admin = new AdminClient(gateway);
    const hook = `${receiver.url}/services/${HOOK_TOKEN}?key=${HOOK_TOKEN}`;
    const submit = { prompt: PROMPT, base64Array: [`data:image/png;base64,${picture}`, picture], notifyHook: hook };
    const { json } = await imagine(submit);
    await imagine({ ...submit, notifyHook: hookUrl() });
    await imagine({ ...submit, base64Array: [picture.slice(0, -400)] });
    await gateway.post('/mj/submit/imagine', `{"prompt":"${PROMPT}","base64Array":["${picture}"],`);
    await gateway.post('/mj/submit/imagine', { prompt: PROMPT }, { authorization: 'Bearer sk-canary-unknown-key-00' });
    await gateway.get(`/mj/task/${json.result}/fetch?key=${gateway.key}`);
    await requestRaw(gateway.url, 'GET', `/mj/image/${json.result}?s=canary-signature&token=${gateway.key}`);
    await requestRaw(gateway.url, 'POST', `/mj/notify/${json.result}-canary-notify`, { body: '{}' });
    await gateway.get('/mj/%zz');
    // The upstream in all its moods.
    for (const answer of [
      { code: 24, properties: { promptEn: PROMPT, bannedWord: UPSTREAM_SECRET } },
      { code: 4, description: `${PROMPT} at http://user:canary-password@upstream/${HOOK_TOKEN}` },
      { code: 3, description: PROMPT },
    ]) {
      upstream.onSubmit = () => answer;
      await imagine(submit);
    }
    upstream.onSubmit = (_submit, response) => void response.writeHead(500).end(`${PROMPT} ${UPSTREAM_SECRET}`);
    await imagine(submit);
    upstream.onSubmit = (_submit, response) => void response.socket?.destroy();
    await imagine(submit);
    upstream.onPoll = () => [{ id: json.result, status: PROMPT }, UPSTREAM_SECRET, null];
    // Receivers that fail, and the end of a task.
    receiver.answer = () => 500;
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      json.result,
    ]);
    const polls = upstream.polls;
    // What it did may have opened its circuit.
    await gateway.sql('update upstream set circuit_until = null');
    await until('a poll', () => (upstream.polls > polls ? true : null));
    upstream.onPoll = (ids) => ids.map((id) => upstream.tasks.get(id)).filter((task) => task !== undefined);
    upstream.show(row?.upstream_task_id ?? '', {
      status: 'SUCCESS',
      imageUrl: `${upstream.url}/${HOOK_TOKEN}?sig=canary-signature`,
    });
    await until('the end', async () =>
      (await gateway.sql('select from task where id = $1 and finished_at is not null', [json.result])).length > 0
        ? true
        : null,
    );
    await until('a failed hook', async () =>
      (await gateway.sql("select from hook_attempt where class = 'status_5xx'")).length > 0 ? true : null,
    );
    // An operator at work.
    const { json: key } = await admin.post<{ id: string; key: string; webhookSecret: string }>('/keys', {
      name: 'canary',
      notifyHook: hook,
    });
    const { json: rotated } = await admin.post<{ webhookSecret: string }>(`/keys/${key.id}/rotate-webhook-secret`);
    await admin.post('/upstreams', {
      name: 'other',
      baseUrl: 'http://127.0.0.1:1/canary-path',
      secret: `${UPSTREAM_SECRET}-2`,
    });
    await admin.post('/upstreams', { name: 'other', baseUrl: 'nonsense', secret: { canary: UPSTREAM_SECRET } });
    await admin.post('/keys', `{"name": "${UPSTREAM_SECRET}`);
    await gateway.call('/admin/keys', { headers: { authorization: 'Bearer canary-wrong-admin-key' } });
    // Postgres complains, with the row in its words; and goes away.
    for (const code of ['XX000', '23514', '22001']) {
      await failWith(code);
      await imagine(submit, { 'x-request-id': `failed-${code}` });
    }
    await gateway.sql('drop function fail cascade');
    link.down();
    for (let at = 0; at < 5; at += 1) await imagine(submit);
    link.heal();
    await until('an answer', async () => ((await imagine({ prompt: PROMPT })).status === 200 ? true : null));
    return [key.key, key.webhookSecret, rotated.webhookSecret];
  };

  it.each(['info', 'trace'])('holds no secret at %s', async (level) => {
    await start(level);
    const made = await mixedLoad();
    const [secretKey] = await gateway.sql<{ secret: Buffer }>('select secret from webhook_secret limit 1');
    const secrets = [
      ...made,
      ...made.map((secret) => secret.replace(/^(?:sk-|whsec_)/, '')),
      gateway.key,
      gateway.key.slice(3),
      ADMIN_KEY,
      UPSTREAM_SECRET,
      WEBHOOK_SECRET,
      WEBHOOK_SECRET.slice('whsec_'.length),
      Buffer.from(WEBHOOK_SECRET.slice('whsec_'.length), 'base64').toString(),
      HOOK_TOKEN,
      'canary-',
      picture.slice(0, 60),
      picture.slice(200, 260),
      picture.slice(-60),
      secretKey?.secret.toString('base64') ?? 'none',
      new URL(gateway.databaseUrl).password,
      // Prompts are for debug alone.
      ...(level === 'info' ? [PROMPT, 'purple giraffe'] : []),
    ];
    expect(secrets.filter((secret) => secret.length < 7)).toEqual([]);
    const hits = gateway.logs.flatMap((line) =>
      secrets.filter((secret) => line.includes(secret)).map((secret) => ({ secret, line })),
    );
    expect(hits).toEqual([]);
    // It was not silent: what failed stands there, under its request.
    const internal = linesOf(gateway).filter(({ error }) => error === 'internal_error');
    expect(internal.map(({ requestId }) => requestId)).toEqual(['failed-XX000', 'failed-23514', 'failed-22001']);
    expect(internal.every(({ cause }) => String(cause).includes('injected'))).toBe(true);
    expect(linesOf(gateway).filter(({ alarm }) => alarm === 'the database is not available')).toHaveLength(1);
  });

  it('is JSON, a line each, with level, time and who says it', async () => {
    await start('info');
    await imagine({ prompt: 'x' });
    const lines = linesOf(gateway);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line).toMatchObject({ level: expect.any(Number), time: expect.stringMatching(/^\d{4}-.*Z$/) });
      expect(typeof line['context']).toBe('string');
    }
  });

  it('has a line for each request at debug, and none at info', async () => {
    await start('info');
    await imagine({ prompt: 'x' });
    await gateway.get('/mj/task/6240000000000001/fetch');
    expect(linesOf(gateway).filter(({ context }) => context === 'Access')).toEqual([]);
    await gateway.close();
    await link.close();
    await start('debug');
    const { headers } = await imagine({ prompt: 'x' }, { traceparent: TRACEPARENT });
    await gateway.get('/mj/task/6240000000000001/fetch?x=y');
    await requestRaw(gateway.url, 'GET', '/nowhere');
    const access = (): Line[] => linesOf(gateway).filter(({ context }) => context === 'Access');
    await until('the lines', () => (access().length === 3 ? true : null));
    const [submit, fetched, missed] = access();
    expect(submit).toMatchObject({
      requestId: headers.get('x-request-id'),
      traceparent: TRACEPARENT,
      method: 'POST',
      route: '/mj/submit/imagine',
      status: 200,
      ms: expect.any(Number),
      keyId: expect.stringMatching(/^\d+$/),
    });
    expect(fetched).toMatchObject({ route: '/mj/task/:id/fetch', status: 400, requestId: expect.stringMatching(/./) });
    expect(missed).toMatchObject({ method: 'GET', status: 404 });
    expect(missed).not.toHaveProperty('keyId');
  });

  it('has a line for each submit that is taken, with its request and task, and nothing that was typed', async () => {
    await start('info');
    const { json: made } = await new AdminClient(gateway).post<{ key: string }>('/keys', { name: 'alice' });
    const headers = { authorization: `Bearer ${made.key}`, 'x-request-id': 'order-1' };
    const { json } = await imagine({ prompt: PROMPT }, headers);
    await imagine({ prompt: PROMPT }, { ...headers, 'idempotency-key': 'twice', 'x-request-id': 'order-2' });
    await imagine({ prompt: PROMPT }, { ...headers, 'idempotency-key': 'twice', 'x-request-id': 'order-3' });
    upstream.onSubmit = () => ({ code: 23, description: 'full' });
    const { json: waits } = await gateway.post<{ result: string }>(
      '/mj/submit/shorten',
      { prompt: PROMPT },
      { ...headers, 'x-request-id': 'order-4' },
    );
    upstream.onSubmit = () => ({ code: 24, description: '', properties: { bannedWord: 'x' } });
    await imagine({ prompt: PROMPT }, { ...headers, 'x-request-id': 'order-5' });
    await imagine({ prompt: '' }, { ...headers, 'x-request-id': 'order-6' });
    const lines = linesOf(gateway).filter(({ context }) => context === 'Submit');
    expect(lines.map(({ requestId }) => requestId)).toEqual(['order-1', 'order-2', 'order-4']);
    const line = { level: 30, msg: 'submit taken', keyName: 'alice' };
    expect(lines[0]).toMatchObject({ ...line, taskId: json.result, action: 'IMAGINE' });
    expect(lines[2]).toMatchObject({ ...line, taskId: waits.result, action: 'SHORTEN' });
    expect(JSON.stringify(lines)).not.toMatch(/giraffe|sk-/);
  });

  it('names the request everywhere: answer, task, audit, and every line of it', async () => {
    await start('debug');
    const { json, headers } = await imagine({ prompt: 'x' }, { 'x-request-id': 'given-1' });
    expect(headers.get('x-request-id')).toBe('given-1');
    expect(await gateway.sql('select request_id from task where id = $1', [json.result])).toEqual([
      { request_id: 'given-1' },
    ]);
    const admin = new AdminClient(gateway);
    const made = await admin.call('POST', '/keys', { name: 'k' }, { 'x-request-id': 'given-2' });
    expect(made.headers.get('x-request-id')).toBe('given-2');
    expect(await gateway.sql('select request_id, route from audit_log')).toEqual([
      { request_id: 'given-2', route: 'POST /admin/keys' },
    ]);
    await failWith('XX000');
    const failed = await imagine({ prompt: 'x' }, { 'x-request-id': 'given-3', traceparent: TRACEPARENT });
    expect(failed.status).toBe(500);
    await gateway.sql('drop function fail cascade');
    // A task that another key's has the id of: a line from deep inside, far from the request.
    const { json: other } = await admin.post<{ key: string }>('/keys', { name: 'other' });
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      json.result,
    ]);
    upstream.onSubmit = () => ({ code: 1, description: '', result: row?.upstream_task_id });
    await imagine({ prompt: 'y' }, { authorization: `Bearer ${other.key}`, 'x-request-id': 'given-4' });
    await until('the line of the last answer', () =>
      linesOf(gateway).find(({ context, requestId }) => context === 'Access' && requestId === 'given-4'),
    );
    const contextsOf = (id: string): unknown[] =>
      linesOf(gateway)
        .filter(({ requestId }) => requestId === id)
        .map(({ context }) => context);
    expect(contextsOf('given-1')).toEqual(['Submit', 'Access']);
    expect(contextsOf('given-2')).toEqual(['Access']);
    expect(contextsOf('given-3').sort()).toEqual(['Access', 'Http']);
    expect(contextsOf('given-4').sort()).toEqual(['Access', expect.stringMatching(/^(?:SendSettler|TaskSender)$/)]);
    expect(linesOf(gateway).find(({ error }) => error === 'internal_error')).toMatchObject({
      traceparent: TRACEPARENT,
    });
    for (const line of linesOf(gateway).filter(({ context }) => context === 'Http' || context === 'Access'))
      expect(line['requestId']).toEqual(expect.stringMatching(/./));
  });

  it('passes a valid traceparent on to the upstream, and nothing else', async () => {
    await start('info');
    const sent = async (
      headers: Record<string, string>,
      path = '/mj/submit/imagine',
      body: object = { prompt: 'x' },
    ): Promise<unknown> => {
      upstream.submits.length = 0;
      await gateway.post(path, body, headers);
      expect(upstream.submits).toHaveLength(1);
      expect(upstream.submits[0]?.headers).not.toHaveProperty('tracestate');
      expect(JSON.stringify(upstream.submits[0]?.headers)).not.toContain('x-request-id');
      return upstream.submits[0]?.headers['traceparent'];
    };
    expect(await sent({ traceparent: TRACEPARENT, tracestate: 'vendor=1', 'x-request-id': 'mine' })).toBe(TRACEPARENT);
    expect(await sent({})).toBeUndefined();
    expect(await sent({ traceparent: `${TRACEPARENT}-x` })).toBeUndefined();
    expect(await sent({ traceparent: TRACEPARENT }, '/mj/submit/shorten')).toBe(TRACEPARENT);
    expect(await gateway.sql("select from task where to_jsonb(task)::text like '%4bf92f3577b34da6%'")).toEqual([]);
  });
});
