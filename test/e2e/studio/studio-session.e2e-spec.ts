import { ADMIN_KEY } from '../../support/admin-client.js';
import { StudioBrowser, type BrowserAnswer } from '../../support/studio-browser.js';
import { useGateway } from '../../support/use-gateway.js';

describe('signing in to Studio', () => {
  const { gateway, admin } = useGateway({ environment: { ADMIN_KEY, LOG_LEVEL: 'debug' } });

  const signedIn = async (key = gateway.key): Promise<StudioBrowser> => {
    const browser = new StudioBrowser(gateway);
    const answer = await browser.signIn({ key });
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
    return browser;
  };
  const newKey = async (terms: Record<string, unknown> = {}): Promise<{ id: string; key: string }> =>
    (await admin.post<{ id: string; key: string }>('/keys', { name: 'client', ...terms })).json;
  const ticket = async (body: Record<string, unknown> = {}): Promise<string> => {
    const { status, json } = await admin.post<{ url: string }>('/studio-tickets', body);
    expect(status).toBe(201);
    return json.url.split('#ticket=')[1] ?? '';
  };
  const expectProblem = (answer: BrowserAnswer, status: number, code: string): void => {
    expect({ status: answer.status, json: answer.json }).toMatchObject({
      status,
      json: { type: `urn:journeyman:problem:${code}`, status },
    });
  };
  const expectMjError = (answer: BrowserAnswer, status: number, description: string): void => {
    expect({ status: answer.status, json: answer.json }).toMatchObject({ status, json: { code: 4, description } });
  };

  describe('as a client', () => {
    it('exchanges a key for a cookie that no script reads, and never shows either', async () => {
      const browser = new StudioBrowser(gateway);
      const answer = await browser.signIn({ key: gateway.key });
      expect(answer.json).toEqual({
        role: 'client',
        keyId: expect.stringMatching(/^\d+$/),
        keyName: 'default',
        expiresAt: expect.stringMatching(/^2\d{3}-/),
        sql: false,
        version: expect.stringMatching(/^\d+\./),
      });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('set-cookie')).toMatch(
        /^journeyman_session=jss_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/,
      );
      expect(answer.text).not.toContain(browser.token);
      const rows = await gateway.sql<{ row: string }>('select to_json(s)::text as row from studio_session s');
      expect(rows.map(({ row }) => row).join()).not.toContain(browser.token);
    });

    it('may do what its key may, and nothing under /admin', async () => {
      const { id, key } = await newKey();
      const browser = await signedIn(key);
      const submitted = await browser.post('/mj/submit/imagine', { prompt: 'a fox' });
      expect(submitted.json).toMatchObject({ code: 1 });
      const [task] = await gateway.sql<{ api_key_id: string }>('select api_key_id from task where id = $1', [
        submitted.json['result'],
      ]);
      expect(task?.api_key_id).toBe(id);
      expect((await browser.get(`/mj/task/${String(submitted.json['result'])}/fetch`)).status).toBe(200);
      for (const path of ['/admin/keys', '/admin/sessions', '/admin/audit', '/admin/nothing']) {
        expect([path, [401, 404].includes((await browser.get(path)).status)]).toEqual([path, true]);
      }
      expectProblem(await browser.get('/admin/keys'), 401, 'admin_key_is_invalid');
      expectProblem(await browser.post('/admin/keys', { name: 'mine' }), 401, 'admin_key_is_invalid');
      expectProblem(await browser.post('/admin/studio-tickets', {}), 401, 'admin_key_is_invalid');
      expectProblem(await browser.call('PATCH', '/studio/session', { keyId: '1' }), 403, 'admin_session_is_needed');
      expect((await browser.get('/metrics')).status).toBe(401);
    });

    it('is held to the addresses and the expiry of its key', async () => {
      const elsewhere = await newKey({ ipAllow: ['203.0.113.9'] });
      expectProblem(await new StudioBrowser(gateway).signIn({ key: elsewhere.key }), 403, 'address_not_allowed');
      const { id, key } = await newKey();
      const browser = await signedIn(key);
      await gateway.sql(`update api_key set ip_allow = '{203.0.113.9/32}', expires_at = now() where id = $1`, [id]);
      // Caches of keys and sessions are half as old as a change may take.
      await untilStatus(() => browser.get('/mj/task/list'), 403);
      expectProblem(await browser.get('/studio/session'), 403, 'address_not_allowed');
      await gateway.sql(`update api_key set ip_allow = null where id = $1`, [id]);
      await untilStatus(() => browser.get('/mj/task/list'), 200);
      expectMjError(await browser.post('/mj/submit/imagine', { prompt: 'a fox' }), 401, 'invalid_api_key');
    });

    it('ends when it signs out, and the browser forgets it', async () => {
      const browser = await signedIn();
      const answer = await browser.call('DELETE', '/studio/session');
      expect(answer.status).toBe(204);
      expect(answer.headers.get('set-cookie')).toMatch(/^journeyman_session=; .*Max-Age=0$/);
      const after = await browser.get('/studio/session');
      expectProblem(after, 401, 'session_has_ended');
      expect(after.headers.get('set-cookie')).toMatch(/^journeyman_session=; .*Max-Age=0$/);
      expectMjError(await browser.get('/mj/task/list'), 401, 'session_has_ended');
    });

    it('ends when its key is revoked, and keeps others', async () => {
      const { id, key } = await newKey();
      const [browser, other] = [await signedIn(key), await signedIn()];
      expect((await admin.post(`/keys/${id}/revoke`)).status).toBe(200);
      await untilStatus(() => browser.get('/mj/task/list'), 401);
      expectProblem(await browser.get('/studio/session'), 401, 'session_has_ended');
      expect((await other.get('/studio/session')).status).toBe(200);
      await untilStatus(() => new StudioBrowser(gateway).signIn({ key }), 401);
    });

    it('ends by age and for want of use', async () => {
      const browser = await signedIn();
      await gateway.sql(`update studio_session set ends_at = now() - interval '1 s' where role = 'client'`);
      await untilStatus(() => browser.get('/studio/session'), 401);
    });

    it('has at most 50 sessions of a key: the oldest makes room', async () => {
      const { id, key } = await newKey();
      const first = await signedIn(key);
      for (let n = 0; n < 50; n += 1) await signedIn(key);
      const [row] = await gateway.sql<{ n: number }>(
        'select count(*)::integer as n from studio_session where api_key_id = $1',
        [id],
      );
      expect(row?.n).toBe(50);
      await untilStatus(() => first.get('/studio/session'), 401);
    });
  });

  describe('as admin', () => {
    it('may do under /admin what ADMIN_KEY may, and acts under /mj for the key it chooses', async () => {
      const { id, key } = await newKey();
      const browser = await signedIn(ADMIN_KEY);
      expect((await browser.get('/studio/session')).json).toMatchObject({
        role: 'admin',
        keyId: null,
        keyName: null,
        sql: true,
      });
      expect((await browser.get('/admin/keys')).status).toBe(200);
      expect((await browser.post('/admin/keys', { name: 'by cookie' })).status).toBe(201);
      expectMjError(await browser.get('/mj/task/list'), 401, 'session_has_no_key');
      const changed = await browser.call('PATCH', '/studio/session', { keyId: id });
      expect(changed.json).toMatchObject({ role: 'admin', keyId: id, keyName: 'client' });
      const submitted = await browser.post('/mj/submit/imagine', { prompt: 'an owl' });
      const seen = await gateway.get(`/mj/task/${String(submitted.json['result'])}/fetch`, {
        authorization: `Bearer ${key}`,
      });
      expect(seen.status).toBe(200);
      const { json } = await admin.get<{ items: { target: string; route: string; detail: object }[] }>('/audit');
      expect(json.items).toContainEqual(
        expect.objectContaining({ route: 'PATCH /studio/session', detail: { keyId: id } }),
      );
      expect(JSON.stringify(json)).not.toMatch(/js[st]_[\w-]{20}/);
      for (const keyId of ['999999', 'x', '']) {
        expectProblem(await browser.call('PATCH', '/studio/session', { keyId }), 400, 'field_is_invalid');
      }
      expectProblem(await browser.call('PATCH', '/studio/session', {}), 400, 'field_is_invalid');
      await admin.post(`/keys/${id}/revoke`);
      await untilStatus(() => browser.get('/mj/task/list'), 401);
      expect((await browser.get('/admin/keys')).status).toBe(200);
      expect((await browser.call('PATCH', '/studio/session', { keyId: null })).json).toMatchObject({ keyId: null });
    });

    it('opens neither metrics nor the details of health', async () => {
      const browser = await signedIn(ADMIN_KEY);
      for (const path of ['/metrics', '/health/details']) expect((await browser.get(path)).status).toBe(401);
    });

    it('is listed without its token, and revoked by another', async () => {
      const [browser, other] = [await signedIn(ADMIN_KEY), await signedIn(ADMIN_KEY)];
      type Listed = { id: string; role: string; isCurrent: boolean; address: string; revokedAt: string | null };
      const { json, text } = await browser.get('/admin/sessions?limit=2');
      const items = json['items'] as Listed[];
      expect(items.map(({ role, isCurrent }) => [role, isCurrent])).toEqual([
        ['admin', false],
        ['admin', true],
      ]);
      expect(items[0]?.address).toMatch(/127\.0\.0\.1/);
      expect(text).not.toMatch(/jss_|tokenHash|credential/);
      const revoked = await browser.call('POST', `/admin/sessions/${items[0]?.id ?? ''}/revoke`);
      expect(revoked.json).toMatchObject({ id: items[0]?.id, revokedAt: expect.any(String) });
      expectProblem(await other.get('/admin/keys'), 401, 'session_has_ended');
      expect((await browser.get('/admin/keys')).status).toBe(200);
      for (const id of ['999999', 'x', '1%20or%201']) {
        expectProblem(await browser.call('POST', `/admin/sessions/${id}/revoke`), 404, 'not_found');
      }
      expect((await admin.all<Listed>('/sessions', 3)).length).toBeGreaterThan(2);
    });

    it('makes no links by a session, which could go on for ever by them', async () => {
      const browser = await signedIn(ADMIN_KEY);
      expectProblem(await browser.post('/admin/studio-tickets', {}), 403, 'admin_key_is_needed');
    });
  });

  describe('by a link', () => {
    it('signs in as admin acting for a key, with the ticket where no server sees it', async () => {
      const { id } = await newKey();
      const { json } = await admin.post<{ url: string; expiresAt: string }>('/studio-tickets', { keyId: id });
      const url = new URL(json.url);
      expect(url.origin + url.pathname).toBe(`${gateway.url}/studio`);
      expect(url.hash).toMatch(/^#ticket=jst_[\w-]{43}$/);
      const browser = new StudioBrowser(gateway);
      const answer = await browser.signIn({ ticket: url.hash.slice('#ticket='.length) });
      expect(answer.json).toMatchObject({ role: 'admin', keyId: id, keyName: 'client' });
      expect((await browser.get('/mj/task/list')).status).toBe(200);
      expect((await browser.get('/admin/keys')).status).toBe(200);
    });

    it('lets exactly one of many in who bring it at once, and nobody later', async () => {
      const once = await ticket();
      const answers = await Promise.all(
        Array.from({ length: 12 }, () => new StudioBrowser(gateway).signIn({ ticket: once })),
      );
      expect(answers.filter(({ status }) => status === 200).length).toBe(1);
      const losers = answers.filter(({ status }) => status !== 200);
      for (const loser of losers) expect(loser.headers.get('set-cookie')).toBeNull();
    });

    it('is too old after its ten minutes', async () => {
      const { json } = await admin.post<{ url: string; expiresAt: string }>('/studio-tickets', {});
      const [row] = await gateway.sql<{ s: number }>(
        'select extract(epoch from expires_at - created_at)::integer as s from studio_ticket order by created_at desc limit 1',
      );
      expect(row?.s).toBe(600);
      await gateway.sql(`update studio_ticket set expires_at = now() - interval '1 ms'`);
      const late = await new StudioBrowser(gateway).signIn({ ticket: json.url.split('=')[1] ?? '' });
      expectProblem(late, 401, 'sign_in_failed');
    });

    it('is made for no key that is unknown', async () => {
      expect((await admin.post('/studio-tickets', { keyId: '999999' })).status).toBe(400);
    });
  });

  describe('what a foreign page tries', () => {
    it('is refused every write without the header, in all spellings', async () => {
      const browser = await signedIn(ADMIN_KEY);
      const client = await signedIn();
      for (const header of ['', '0', 'true', '1, 1', '1,1']) {
        const headers = { 'x-journeyman-studio': header };
        expectProblem(await browser.post('/admin/keys', { name: 'x' }, headers), 403, 'studio_header_is_missing');
        expectMjError(
          await client.post('/mj/submit/imagine', { prompt: 'a fox' }, headers),
          403,
          'studio_header_is_missing',
        );
        for (const method of ['DELETE', 'PATCH']) {
          expectProblem(
            await browser.call(method, '/studio/session', method === 'PATCH' ? { keyId: null } : undefined, headers),
            403,
            'studio_header_is_missing',
          );
        }
      }
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
        const simple = { 'x-journeyman-studio': '', 'content-type': type };
        expect((await browser.post('/admin/keys', '{"name":"x"}', simple)).status).toBe(403);
        expect((await client.post('/mj/submit/imagine', '{"prompt":"x"}', simple)).status).toBe(403);
      }
      for (const override of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
        const headers = { [override]: 'DELETE' };
        expect((await browser.get('/studio/session?_method=DELETE', headers)).status).toBe(200);
        expect((await browser.get('/studio/session')).status).toBe(200);
      }
      expect((await browser.call('HEAD', '/admin/keys')).status).toBe(200);
    });

    it('cannot sign a browser in with a key of its own', async () => {
      const browser = new StudioBrowser(gateway);
      const body = JSON.stringify({ key: gateway.key });
      for (const [type, status] of [
        ['application/json', 403],
        ['text/plain', 415],
        ['application/x-www-form-urlencoded', 415],
      ] as const) {
        const headers = { 'x-journeyman-studio': '', 'content-type': type };
        const answer = await browser.call('POST', '/studio/session', body, headers);
        expect([type, answer.status, answer.headers.get('set-cookie')]).toEqual([type, status, null]);
      }
    });

    it('is not allowed the header by a preflight, nor the answers with a cookie', async () => {
      const preflight = await fetch(`${gateway.url}/admin/keys`, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://evil.test',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x-journeyman-studio',
        },
      });
      expect(preflight.headers.get('access-control-allow-headers')).not.toContain('x-journeyman-studio');
      const browser = await signedIn();
      const answer = await browser.get('/mj/task/list', { origin: 'https://evil.test' });
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    });

    it.each(['cross-site', 'same-site'])('has its cookie left out where the browser says %s', async (site) => {
      const browser = await signedIn(ADMIN_KEY);
      const headers = { 'sec-fetch-site': site };
      expectProblem(await browser.get('/admin/keys', headers), 401, 'admin_key_is_invalid');
      expectMjError(await browser.get('/mj/task/list', headers), 401, 'invalid_api_key');
      const refused = await browser.get('/studio/session', headers);
      expectProblem(refused, 401, 'session_has_ended');
      expect(refused.headers.get('set-cookie')).toBeNull();
      for (const own of ['same-origin', 'none']) {
        expect((await browser.get('/admin/keys', { 'sec-fetch-site': own })).status).toBe(200);
      }
    });

    it('cannot plant a session: signing in makes a new token, and ends the one before', async () => {
      const browser = await signedIn();
      const planted = browser.token;
      await browser.signIn({ key: ADMIN_KEY });
      expect(browser.token).not.toBe(planted);
      browser.token = planted;
      expectProblem(await browser.get('/studio/session'), 401, 'session_has_ended');
      const unknown = new StudioBrowser(gateway);
      unknown.token = `jss_${'A'.repeat(43)}`;
      await unknown.signIn({ key: gateway.key });
      expect(unknown.token).not.toBe(`jss_${'A'.repeat(43)}`);
    });
  });

  describe('cookies beside other things', () => {
    it('are not looked at where the request carries a key', async () => {
      const browser = await signedIn(ADMIN_KEY);
      const wrong = { authorization: 'Bearer sk-wrong' };
      expectMjError(await browser.get('/mj/task/list', wrong), 401, 'invalid_api_key');
      expectProblem(await browser.get('/admin/keys', wrong), 401, 'admin_key_is_invalid');
      expectProblem(await browser.get('/admin/keys', { 'mj-api-secret': 'x' }), 401, 'admin_key_is_invalid');
      expectProblem(await browser.get('/studio/session', wrong), 401, 'session_has_ended');
      const right = {
        authorization: `Bearer ${gateway.key}`,
        cookie: 'journeyman_session=x',
        'x-journeyman-studio': '',
      };
      expect((await browser.post('/mj/submit/imagine', { prompt: 'a fox' }, right)).json).toMatchObject({ code: 1 });
      const asAdmin = { ...right, authorization: `Bearer ${ADMIN_KEY}` };
      expect((await browser.post('/admin/keys', { name: 'x' }, asAdmin)).status).toBe(201);
    });

    it('are refused where two differ, and count where they are one', async () => {
      const [one, two] = [await signedIn(), await signedIn()];
      const both = `journeyman_session=${one.token ?? ''}; journeyman_session=${two.token ?? ''}`;
      expectMjError(await one.get('/mj/task/list', { cookie: both }), 401, 'session_has_ended');
      const twice = `a=b; journeyman_session=${one.token ?? ''};journeyman_session=${one.token ?? ''}; c`;
      expect((await one.get('/mj/task/list', { cookie: twice })).status).toBe(200);
      for (const cookie of [
        'journeyman_session=',
        'journeyman_session=x',
        'journeyman_session',
        'xjourneyman_session=1',
      ]) {
        expect([cookie, (await one.get('/mj/task/list', { cookie })).status]).toEqual([cookie, 401]);
      }
    });

    it('mean nothing on public routes', async () => {
      const browser = new StudioBrowser(gateway);
      browser.token = `jss_${'A'.repeat(43)}`;
      expect((await browser.get('/health/live')).status).toBe(200);
      expect((await browser.get('/mj/image/1')).status).toBe(404);
    });
  });

  describe('bodies', () => {
    it.each([{}, { key: 'sk-x', ticket: 'jst_x' }, { key: 1 }, { key: '' }, { key: 'sk-x', more: 1 }, []])(
      'such as %j are told what is wrong',
      async (body) => {
        const answer = await new StudioBrowser(gateway).call('POST', '/studio/session', body);
        expect({ status: answer.status, type: answer.headers.get('content-type') }).toEqual({
          status: 400,
          type: 'application/problem+json; charset=utf-8',
        });
      },
    );

    it('may hold no key longer than any that is issued', async () => {
      const answer = await new StudioBrowser(gateway).signIn({ key: 'x'.repeat(900) });
      expectProblem(answer, 401, 'sign_in_failed');
    });
  });

  it('writes neither key nor ticket nor token to the log', async () => {
    const once = await ticket();
    const browser = new StudioBrowser(gateway);
    await browser.signIn({ ticket: once });
    await browser.get('/mj/task/list?x=1');
    const logs = gateway.logs.join('');
    expect(logs).toContain('"route":"/studio/session"');
    for (const secret of [once, browser.token ?? '', gateway.key, ADMIN_KEY]) expect(logs).not.toContain(secret);
    expect(logs).not.toMatch(/js[st]_[\w-]{20}/);
  });

  /** Asks again until the answer has this status: the caches of keys and sessions are some seconds old at most. */
  async function untilStatus(ask: () => Promise<BrowserAnswer>, status: number): Promise<void> {
    for (const giveUp = performance.now() + 10_000; performance.now() < giveUp;) {
      if ((await ask()).status === status) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    expect((await ask()).status).toBe(status);
  }
});
