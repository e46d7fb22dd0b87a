import { SessionUsage } from '../../../apps/gateway/src/studio/session/session-usage.js';
import { ADMIN_KEY, AdminClient } from '../../support/admin-client.js';
import { EventReader } from '../../support/event-reader.js';
import { TestGateway } from '../../support/gateway.js';
import { StudioBrowser } from '../../support/studio-browser.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

const OTHER_ADMIN_KEY = 'adm-other-0123456789abcdefghij';
/** Nothing is submitted there. */
const NO_UPSTREAM = 'http://127.0.0.1:9';

describe('sessions of Studio', () => {
  const { gateway, upstream, admin } = useGateway({ environment: { ADMIN_KEY, TRUST_PROXY: '127.0.0.0/8,::1/128' } });
  const replicas: TestGateway[] = [];
  afterAll(async () => {
    for (const replica of replicas) await replica.close();
  });

  const signedIn = async (key: string, at: TestGateway = gateway): Promise<StudioBrowser> => {
    const browser = new StudioBrowser(at);
    expect((await browser.signIn({ key })).status).toBe(200);
    return browser;
  };
  const replica = async (environment: Record<string, string>): Promise<TestGateway> => {
    const started = await TestGateway.start({ upstreamUrl: upstream.url, replicaOf: gateway, environment });
    replicas.unshift(started);
    return started;
  };
  const at = (other: TestGateway, { token }: StudioBrowser): StudioBrowser =>
    Object.assign(new StudioBrowser(other), { token });

  it('end with the ADMIN_KEY that they were signed in with, and so do its links', async () => {
    const [browser, client] = [await signedIn(ADMIN_KEY), await signedIn(gateway.key)];
    const { json } = await admin.post<{ url: string }>('/studio-tickets', {});
    const rotated = await replica({ ADMIN_KEY: OTHER_ADMIN_KEY });
    expect((await at(rotated, browser).get('/admin/keys')).status).toBe(401);
    expect((await at(rotated, browser).get('/studio/session')).status).toBe(401);
    expect((await at(rotated, client).get('/mj/task/list')).status).toBe(200);
    const late = await new StudioBrowser(rotated).signIn({ ticket: json.url.split('#ticket=')[1] ?? '' });
    expect(late.status).toBe(401);
    expect((await new StudioBrowser(rotated).signIn({ key: ADMIN_KEY })).status).toBe(401);
    expect((await browser.get('/admin/keys')).status).toBe(200);
  });

  it('hold on every replica, and end on every one when they are revoked', async () => {
    const other = await replica({ ADMIN_KEY });
    const browser = await signedIn(ADMIN_KEY);
    expect((await at(other, browser).get('/admin/keys')).status).toBe(200);
    await browser.call('DELETE', '/studio/session');
    await until(
      'the other replica to refuse it',
      async () => (await at(other, browser).get('/admin/keys')).status === 401 || null,
    );
  });

  it('end the streams that they have open', async () => {
    const browser = await signedIn(gateway.key);
    const { json } = await browser.post('/mj/submit/imagine', { prompt: 'a fox' });
    const path = `/mj/task/${String(json['result'])}/events`;
    const stream = await EventReader.open(gateway.url + path, { cookie: `journeyman_session=${browser.token ?? ''}` });
    expect(stream.status).toBe(200);
    const kept = await EventReader.open(gateway.url + path, { authorization: `Bearer ${gateway.key}` });
    await browser.call('DELETE', '/studio/session');
    await stream.ended;
    expect(stream.text).toContain('session_has_ended');
    expect(kept.hasEnded).toBe(false);
    await kept.leave();
  }, 30_000);

  it('are marked Secure where the browser uses https, by the word of a trusted proxy or of the browser', async () => {
    const cookie = async (headers: Record<string, string>): Promise<string> => {
      const answer = await new StudioBrowser(gateway).call('POST', '/studio/session', { key: gateway.key }, headers);
      return answer.headers.get('set-cookie') ?? '';
    };
    expect(await cookie({})).not.toContain('Secure');
    expect(await cookie({ 'x-forwarded-proto': 'http' })).not.toContain('Secure');
    expect(await cookie({ 'x-forwarded-proto': 'https' })).toContain('; Secure');
    expect(await cookie({ forwarded: 'proto=https' })).toContain('; Secure');
    expect(await cookie({ origin: 'https://mj.example' })).toContain('; Secure');
  });

  it('are used for a week longer each time, up to their age, and removed a week after their end', async () => {
    const browser = await signedIn(gateway.key);
    const { keyId } = (await browser.get('/studio/session')).json;
    await gateway.sql(
      `update studio_session set last_used_at = now() - interval '6 days', ends_at = now() + interval '1 day',
        expires_at = now() + interval '3 days' where api_key_id = $1`,
      [keyId],
    );
    const other = await replica({ ADMIN_KEY });
    expect((await at(other, browser).get('/mj/task/list')).status).toBe(200);
    const usage = other.app.get(SessionUsage);
    await usage.flush();
    const times = await gateway.sql<{ capped: boolean; used: boolean }>(
      `select ends_at = expires_at as capped, last_used_at > now() - interval '1 min' as used from studio_session
        where api_key_id = $1 order by last_used_at desc limit 1`,
      [keyId],
    );
    expect(times).toEqual([{ capped: true, used: true }]);
    await gateway.sql(`update studio_session set ends_at = now() - interval '8 days' where api_key_id = $1`, [keyId]);
    await gateway.sql(
      `insert into studio_ticket (token_hash, credential, expires_at) values ('x', 'y', now() - interval '1 s')`,
    );
    const before = await gateway.sql<{ id: string }>('select id from studio_session where ends_at > now()');
    await usage.removeEnded();
    const left = await gateway.sql<{ id: string }>('select id from studio_session');
    expect(left.map(({ id }) => id)).toEqual(expect.arrayContaining(before.map(({ id }) => id)));
    expect(await gateway.sql('select 1 from studio_session where api_key_id = $1', [keyId])).toEqual([]);
    expect(await gateway.sql(`select 1 from studio_ticket where token_hash = 'x'`)).toEqual([]);
  });
});

describe('who guesses at Studio', () => {
  const { gateway } = useGateway({ environment: { ADMIN_KEY } });

  it('is told to wait after 20 wrong keys or links, while the right ones pass', async () => {
    const browser = new StudioBrowser(gateway);
    expect((await new StudioBrowser(gateway).signIn({ key: gateway.key })).status).toBe(200);
    const wrong = (n: number): Promise<{ status: number; headers: Headers }> =>
      n % 2 === 0
        ? browser.signIn({ key: `sk-${'0'.repeat(40)}${n}` })
        : browser.signIn({ ticket: `jst_${'A'.repeat(41)}${10 + n}` });
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => wrong(n)));
    expect(answers.filter(({ status }) => status === 401).length).toBe(20);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBe(20);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await new StudioBrowser(gateway).signIn({ key: ADMIN_KEY })).status).toBe(200);
    expect((await new StudioBrowser(gateway).signIn({ key: gateway.key })).status).toBe(200);
  });

  it('is told to wait after 60 unknown cookies, while sessions that are known go on', async () => {
    const known = new StudioBrowser(gateway);
    await known.signIn({ key: ADMIN_KEY });
    const guesses = await Promise.all(
      Array.from({ length: 80 }, async (_, n) => {
        const guess = Object.assign(new StudioBrowser(gateway), { token: `jss_${'A'.repeat(41)}${10 + n}` });
        return (await guess.get(n % 2 === 0 ? '/mj/task/list' : '/admin/keys')).status;
      }),
    );
    expect(guesses.filter((status) => status === 401).length).toBe(60);
    expect(guesses.filter((status) => status === 429).length).toBe(20);
    expect((await known.get('/admin/keys')).status).toBe(200);
  });
});

describe('a gateway for anybody', () => {
  const { gateway } = useGateway({ environment: { ANONYMOUS: 'true' } });

  it('takes nobody for anonymous whose session has ended', async () => {
    const browser = new StudioBrowser(gateway);
    expect((await browser.get('/mj/task/list')).status).toBe(200);
    await browser.signIn({ key: gateway.key });
    await browser.call('DELETE', '/studio/session');
    expect((await browser.get('/mj/task/list')).status).toBe(401);
    expect((await browser.call('POST', '/studio/session', { key: ADMIN_KEY })).status).toBe(401);
    expect((await browser.get('/admin/sessions')).status).toBe(404);
  });
});

describe('a gateway without Studio', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start({ upstreamUrl: NO_UPSTREAM, environment: { ADMIN_KEY, STUDIO: 'off' } });
  });
  afterAll(() => gateway.close());

  it('has none of its routes, and looks at no cookie', async () => {
    const browser = Object.assign(new StudioBrowser(gateway), { token: `jss_${'A'.repeat(43)}` });
    for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) {
      const body = method === 'POST' ? { key: gateway.key } : undefined;
      expect([method, (await browser.call(method, '/studio/session', body)).status]).toEqual([method, 404]);
    }
    expect((await browser.get('/studio')).status).toBe(404);
    const admin = new AdminClient(gateway);
    expect((await admin.get('/sessions')).status).toBe(404);
    expect((await admin.post('/studio-tickets', {})).status).toBe(404);
    expect((await browser.get('/mj/task/list')).json).toMatchObject({ description: 'invalid_api_key' });
    expect((await browser.get('/admin/keys')).status).toBe(401);
  });
});
