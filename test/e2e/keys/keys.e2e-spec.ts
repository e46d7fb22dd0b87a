import { ApiKeyAdmin, KeyUsage, type KeyTerms } from '../../../libs/access/src/index.js';
import { TestGateway, type Answer } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

function expectError(answer: Answer, status: number, description: string): void {
  expect(answer).toMatchObject({ status, json: { code: 4, description, result: null } });
}

describe('keys', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let replica: TestGateway;
  let keys: ApiKeyAdmin;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    const environment = { TRUST_PROXY: '127.0.0.0/8' };
    gateway = await TestGateway.start({ upstreamUrl: upstream.url, environment });
    replica = await TestGateway.start({ upstreamUrl: upstream.url, environment, replicaOf: gateway });
    keys = gateway.app.get(ApiKeyAdmin);
  });

  afterAll(async () => {
    await replica.close();
    await gateway.close();
    await upstream.close();
  });

  const make = async (terms: Partial<KeyTerms> = {}): Promise<{ id: string; plain: string }> => {
    const { key, plain } = await keys.create({ name: 'k', ...terms });
    return { id: key.id, plain };
  };
  const as = (plain: string, from?: string): Record<string, string> => ({
    authorization: `Bearer ${plain}`,
    ...(from === undefined ? {} : { 'x-forwarded-for': from }),
  });
  const submit = (plain: string, from?: string): Promise<Answer> =>
    gateway.post('/mj/submit/imagine', { prompt: 'a cat' }, as(plain, from));
  /** Changes hold within 10 s, without anything being told. */
  const becomes = (what: string, status: number, ask: () => Promise<Answer>): Promise<Answer> =>
    until(what, async () => {
      const answer = await ask();
      return answer.status === status ? answer : null;
    });

  it('open the gateway, and what they have is counted on them', async () => {
    const { id, plain } = await make({ credits: '1' });
    expect((await submit(plain)).json).toMatchObject({ code: 1 });
    expect(await keys.find(id)).toMatchObject({ credits: '0.900000', held: '0.100000', spent: '0.000000', running: 1 });
    await gateway.app.get(KeyUsage).flush();
    expect((await keys.find(id))?.lastUsedAt).toBeInstanceOf(Date);
  });

  it('that are revoked open nothing any more, on any replica', async () => {
    const { id, plain } = await make();
    const { json } = await submit(plain);
    const task = `/mj/task/${String(json['result'])}/fetch`;
    const asks = [
      () => submit(plain),
      () => gateway.get(task, as(plain)),
      () => replica.get(task, as(plain)),
      () => replica.post('/mj/task/list-by-condition', { ids: [] }, as(plain)),
    ];
    for (const ask of asks) expect((await ask()).status).toBe(200);
    await keys.revoke(id);
    for (const ask of asks) {
      const answer = await becomes('the revocation', 401, ask);
      expectError(answer, 401, 'invalid_api_key');
      expect(answer.headers.get('ratelimit')).toBeNull();
    }
  });

  it('that have expired read on, and submit nothing', async () => {
    const { id, plain } = await make({ expiresAt: new Date(Date.now() + 3_600_000) });
    const { json } = await submit(plain);
    const task = `/mj/task/${String(json['result'])}`;
    await keys.change(id, { expiresAt: new Date(Date.now() - 1_000) });
    expectError(await becomes('the expiry', 401, () => submit(plain)), 401, 'invalid_api_key');
    for (const path of ['imagine', 'change', 'modal', 'upload-discord-images', 'insight-face/swap']) {
      expectError(await gateway.post(`/mj/submit/${path}`, {}, as(plain)), 401, 'invalid_api_key');
      expectError(await gateway.post(`/mj-fast/mj/submit/${path}`, {}, as(plain)), 401, 'invalid_api_key');
    }
    expectError(await gateway.post('/mj/insight-face/swap', {}, as(plain)), 401, 'invalid_api_key');
    expect((await gateway.get(`${task}/fetch`, as(plain))).json).toMatchObject({ id: json['result'] });
    expect((await gateway.post('/mj/task/list-by-condition', { ids: [json['result']] }, as(plain))).status).toBe(200);
    expect((await gateway.post(`${task}/cancel`, {}, as(plain))).json).not.toMatchObject({
      description: 'invalid_api_key',
    });
  });

  it('that are bound to addresses are of use there only', async () => {
    const { plain } = await make({ ipAllow: ['203.0.113.0/24', '2001:db8:1::/48'] });
    for (const from of ['203.0.113.7', '::ffff:203.0.113.7', '2001:db8:1:2::3', '198.51.100.1, 203.0.113.7']) {
      expect((await submit(plain, from)).status).toBe(200);
    }
    for (const from of [undefined, '203.0.114.7', '2001:db8:2::3', '203.0.113.7, 198.51.100.1']) {
      expectError(await submit(plain, from), 403, 'address_not_allowed');
      expectError(await gateway.get('/mj/task/6240000000000001/fetch', as(plain, from)), 403, 'address_not_allowed');
    }
  });

  it('that are bound to modes and actions may do those only', async () => {
    const { plain } = await make({ modes: ['RELAX'], actions: ['IMAGINE'] });
    expectError(await submit(plain), 400, 'mode_not_allowed');
    expect((await gateway.post('/mj-relax/mj/submit/imagine', { prompt: 'a cat' }, as(plain))).json).toMatchObject({
      code: 1,
    });
    expectError(
      await gateway.post('/mj-relax/mj/submit/shorten', { prompt: 'a' }, as(plain)),
      400,
      'action_not_allowed',
    );
  });

  it('that are guessed get an address told to stop; the right one works from there', async () => {
    const { plain } = await make();
    const from = '192.0.2.77';
    const ask = (key: string, address = from): Promise<Answer> =>
      gateway.get('/mj/task/6240000000000001/fetch', as(key, address));
    for (let n = 0; n < 60; n += 1) expectError(await ask(`sk-guess-${n}`), 401, 'invalid_api_key');
    const stopped = await ask('sk-guess-60');
    expectError(stopped, 429, 'too_many_requests');
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(0);
    expectError(await ask(plain), 400, 'task_no_found');
    expectError(await ask('sk-guess-61', '192.0.2.78'), 401, 'invalid_api_key');
    const none = await gateway.call('/mj/task/6240000000000001/fetch', { headers: { 'x-forwarded-for': from } });
    expectError(none, 401, 'invalid_api_key');
  });
});
