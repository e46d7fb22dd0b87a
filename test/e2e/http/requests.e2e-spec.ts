import { type Answer } from '../../support/gateway.js';
import { useGateway } from '../../support/use-gateway.js';

/** What is answered before any upstream is asked: keys, bad input, routes, idempotency. */
describe('requests', () => {
  const { gateway, upstream } = useGateway({ environment: { EGRESS_ALLOW: '' } });

  beforeEach(() => void (upstream.submits.length = 0));

  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

  describe('keys', () => {
    it.each([
      [{}],
      [{ authorization: 'Bearer sk-wrong' }],
      [{ authorization: 'Bearer' }],
      [{ 'mj-api-secret': 'midjourney-proxy' }],
    ])('refuses %j', async (headers) => {
      const answer = await gateway.call('/mj/task/6240000000000001/fetch', { headers });
      expect(answer.status).toBe(401);
      expect(answer.json).toMatchObject({
        code: 4,
        description: 'invalid_api_key',
        result: null,
        error: { type: 'invalid_request_error', code: 'invalid_api_key' },
      });
    });

    it('refuses two different keys, takes the same twice, and knows three headers', async () => {
      const ask = (headers: Record<string, string>): Promise<number> =>
        gateway.call('/mj/task/6240000000000001/fetch', { headers }).then(({ status }) => status);
      const { key } = gateway;
      expect(await ask({ authorization: `Bearer ${key}`, 'mj-api-secret': 'sk-other' })).toBe(401);
      expect(await ask({ authorization: `Bearer ${key}`, 'mj-api-secret': key })).toBe(400);
      expect(await ask({ authorization: key })).toBe(400);
      expect(await ask({ authorization: 'midjourney-proxy', 'mj-api-secret': key })).toBe(400);
    });

    it('is asked for before the body is read', async () => {
      const answer = await gateway.call('/mj/submit/imagine', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: 'x'.repeat(5_000_000),
      });
      expect(answer.status).toBe(401);
    });
  });

  describe('bad input names what is wrong, and nothing is sent', () => {
    it.each([
      ['{"prompt":', 'bind_request_body_failed'],
      ['[]', 'bind_request_body_failed'],
      ['null', 'bind_request_body_failed'],
      ['{"prompt":{"$gt":1}}', 'bind_request_body_failed'],
      ['{"prompt":"a","base64Array":"x"}', 'bind_request_body_failed'],
      ['{"prompt":"a\\u0000"}', 'bind_request_body_failed'],
      ['{"prompt":"a\\ud800"}', 'bind_request_body_failed'],
      ['{"prompt":"a","__proto__":{"x":1}}', 'bind_request_body_failed'],
      [`{"prompt":"a","x":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 'bind_request_body_failed'],
      ['{}', 'prompt_is_required'],
      ['{"prompt":null}', 'prompt_is_required'],
      ['{"prompt":" \\n "}', 'prompt_is_required'],
      [JSON.stringify({ prompt: 'x'.repeat(8_193) }), 'prompt_is_too_long'],
      [JSON.stringify({ prompt: 'x', state: 's'.repeat(4_097) }), 'state_is_too_long'],
      ['{"prompt":"a","mode":"SLOW"}', 'mode_is_invalid'],
      ['{"prompt":"a","notifyHook":"http://127.0.0.1/"}', 'notify_hook_is_invalid'],
      ['{"prompt":"a","notifyHook":"http://169.254.169.254/latest"}', 'notify_hook_is_invalid'],
      ['{"prompt":"a","notifyHook":"gopher://x.io/"}', 'notify_hook_is_invalid'],
      ['{"prompt":"a","base64Array":["!!!"]}', 'base64_is_invalid'],
      ['{"prompt":"a","base64Array":["data:text/html;base64,PGh0bWw+"]}', 'base64_is_invalid'],
      [`{"prompt":"a","base64Array":["data:image/png;base64,${png.slice(0, 40)}"]}`, 'base64_is_invalid'],
      [JSON.stringify({ prompt: 'a', base64Array: ['A'.repeat(14_100_000)] }), 'image_too_large'],
    ])('imagine %.60s → %s', async (body, description) => {
      const answer = await gateway.post('/mj/submit/imagine', body);
      expect({ status: answer.status, json: answer.json }).toMatchObject({
        status: 400,
        json: { code: 4, description, result: null },
      });
      expect(upstream.submits).toEqual([]);
    });

    it.each([
      ['{}', 'task_id_is_required'],
      ['{"taskId":"6240000000000001"}', 'custom_id_is_required'],
      ['{"taskId":"6240000000000001","customId":"abc"}', 'unknown_action'],
      ['{"taskId":"6240000000000001","customId":"MJ::JOB::upsample"}', 'index_parse_failed'],
      ['{"taskId":"6240000000000001","customId":"MJ::JOB::upsample::1::h"}', 'task_not_found'],
      ['{"taskId":"\' or 1=1","customId":"MJ::JOB::upsample::1::h"}', 'task_not_found'],
    ])('action %s → %s', async (body, description) => {
      const answer = await gateway.post('/mj/submit/action', body);
      expect({ status: answer.status, json: answer.json }).toMatchObject({
        status: 400,
        json: { code: 4, description, result: null },
      });
    });

    it('refuses a follow-up of a task that has no result yet', async () => {
      const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'young' });
      const answer = await gateway.post('/mj/submit/action', {
        taskId: json.result,
        customId: 'MJ::JOB::upsample::1::h',
      });
      expect(answer.json).toMatchObject({ code: 4, description: 'task_status_not_success' });
    });

    it('knows sizes and media types', async () => {
      const large = await gateway.post('/mj/task/list-by-condition', JSON.stringify({ ids: ['x'.repeat(300_000)] }));
      expect({ status: large.status, json: large.json }).toMatchObject({
        status: 413,
        json: { code: 4, description: 'request_body_too_large' },
      });
      const text = await gateway.post('/mj/submit/imagine', 'prompt=a', { 'content-type': 'text/plain' });
      expect({ status: text.status, json: text.json }).toMatchObject({
        status: 415,
        json: { code: 4, description: 'media_type_not_supported' },
      });
      const ids = Array.from({ length: 10_001 }, () => 1);
      expect((await gateway.post('/mj/task/list-by-condition', { ids })).json).toMatchObject({
        code: 4,
        description: 'too_many_ids',
      });
    });

    it.each(['/mj/nothing', '/other/mj/task/1/fetch', '/mj/task//fetch', '/', '/mj/%00', '/%ff'])(
      'GET %s is 404 or 400 JSON',
      async (path) => {
        const answer = await gateway.get(path);
        expect([400, 404]).toContain(answer.status);
        expect(answer.json).toMatchObject({ code: 4, description: expect.stringMatching(/\S$/), result: null });
      },
    );
  });

  describe('modes', () => {
    it.each([
      ['/mj/submit/imagine', { prompt: 'a' }, 'FAST', 'a'],
      ['/mj-turbo/mj/submit/imagine', { prompt: 'a' }, 'TURBO', 'a --turbo'],
      ['/relax/mj/submit/imagine', { prompt: 'a --turbo --ar 1:1' }, 'RELAX', 'a --ar 1:1 --relax'],
      ['/mj-turbo/mj/submit/imagine', { prompt: 'a --fast', mode: 'relax' }, 'RELAX', 'a --relax'],
      ['/mj/submit/imagine', { prompt: 'a --turbo' }, 'TURBO', 'a --turbo'],
    ])('%s %j bills and sends %s', async (path, body, mode, sent) => {
      const { json } = await gateway.post<{ result: string }>(path, body);
      const [row] = await gateway.sql<{ mode: string; price: string }>('select mode, price from task where id = $1', [
        json.result,
      ]);
      expect(row?.mode).toBe(mode);
      expect(Number(row?.price)).toBe({ RELAX: 0.05, FAST: 0.1, TURBO: 0.2 }[mode]);
      expect(upstream.submits[0]?.body).toMatchObject({ mode, prompt: sent });
    });
  });

  describe('Idempotency-Key', () => {
    const submit = (key: string, body: object, path = '/mj/submit/imagine'): Promise<Answer> =>
      gateway.post(path, body, { 'idempotency-key': key });

    it('gives the first answer again, on every prefix of the same mode', async () => {
      const first = await submit('k-1', { prompt: 'once', state: 's' });
      const again = await submit('"k-1"', { state: 's', prompt: 'once' }, '/mj-fast/mj/submit/imagine');
      expect(again.json).toEqual(first.json);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(first.headers.get('idempotent-replayed')).toBeNull();
      expect(upstream.submits).toHaveLength(1);
    });

    it('refuses another body or mode', async () => {
      await submit('k-2', { prompt: 'once' });
      for (const answer of [
        await submit('k-2', { prompt: 'other' }),
        await submit('k-2', { prompt: 'once' }, '/mj-turbo/mj/submit/imagine'),
      ]) {
        expect({ status: answer.status, json: answer.json }).toMatchObject({
          status: 422,
          json: { code: 4, description: 'idempotency_key_reused' },
        });
      }
    });

    it('sends once however many come at once', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => submit('k-3', { prompt: 'many' })));
      expect(upstream.submits).toHaveLength(1);
      const accepted = answers.filter(({ status }) => status === 200).map(({ json }) => json['result']);
      expect(new Set(accepted).size).toBe(1);
      expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    });

    it('is free again after a refusal', async () => {
      const accept = upstream.onSubmit;
      upstream.onSubmit = () => ({ code: 24, properties: { promptEn: 'x', bannedWord: 'x' } });
      expect((await submit('k-4', { prompt: 'x' })).json).toMatchObject({ code: 24 });
      upstream.onSubmit = accept;
      expect((await submit('k-4', { prompt: 'x' })).json).toMatchObject({ code: 1 });
    });
  });

  it('answers preflights and lets any origin read', async () => {
    const preflight = await gateway.call('/mj/submit/imagine', {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,mj-api-secret',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('mj-api-secret');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('echoes a sane request id and makes one otherwise', async () => {
    expect((await gateway.get('/health/live', { 'x-request-id': 'abc-1' })).headers.get('x-request-id')).toBe('abc-1');
    expect((await gateway.get('/health/live', { 'x-request-id': 'a b' })).headers.get('x-request-id')).toMatch(
      /^[0-9a-f-]{36}$/,
    );
  });

  it('is ready', async () => {
    expect((await gateway.call('/health/ready', {})).json).toEqual({ status: 'ok', problems: [] });
  });

  it('logs no key', () => {
    expect(gateway.logs.join('')).not.toContain(gateway.key);
  });
});
