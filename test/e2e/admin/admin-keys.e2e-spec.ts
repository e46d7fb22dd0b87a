import type { AuditEntryDto } from '../../../apps/gateway/src/admin/audit/audit.dto.js';
import type {
  AdminKeyDto,
  KeyPageDto,
  CreatedKeyDto,
  MovedCreditsDto,
  RotatedSecretDto,
} from '../../../apps/gateway/src/admin/keys/admin-key.dto.js';
import { ADMIN_KEY, expectProblem, type AdminAnswer, type Wire } from '../../support/admin-client.js';
import { type Answer } from '../../support/gateway.js';
import { isSignedBy } from '../../support/hook-receiver.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

describe('keys through the admin API', () => {
  const { gateway, upstream, receiver, admin } = useGateway({ environment: { ADMIN_KEY } });

  const make = async (terms: object = {}): Promise<Wire<CreatedKeyDto>> => {
    const answer = await admin.post<CreatedKeyDto>('/keys', { name: 'bob', ...terms });
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
    return answer.json;
  };
  const submitWith = (key: string, body: object = {}): Promise<Answer> =>
    gateway.post('/mj/submit/imagine', { prompt: 'x', ...body }, { authorization: `Bearer ${key}` });
  const audits = (id: string): Promise<Wire<AuditEntryDto>[]> => admin.all<AuditEntryDto>(`/audit?target=key:${id}`);

  it('are made, and shown once', async () => {
    const made = await make({
      credits: '10',
      maxConcurrent: 3,
      modes: ['fast', 'RELAX'],
      actions: ['IMAGINE'],
      defaultMode: 'relax',
    });
    expect(made).toMatchObject({
      id: expect.stringMatching(/^\d+$/),
      name: 'bob',
      key: expect.stringMatching(/^sk-[0-9A-Za-z]{43}$/),
      webhookSecret: expect.stringMatching(/^whsec_/),
      credits: '10.000000',
      maxConcurrent: 3,
      requestsPerMinute: null,
      modes: ['FAST', 'RELAX'],
      defaultMode: 'RELAX',
      revokedAt: null,
    });
    expect(made.key.startsWith(made.prefix)).toBe(true);
    const read = await admin.get<AdminKeyDto>(`/keys/${made.id}`);
    const { key, webhookSecret, ...rest } = made;
    expect(read.json).toEqual(rest);
    expect(read.json).toMatchObject({ spent: '0.000000', held: '0.000000', running: 0, lastUsedAt: null });
    expect((await admin.get<KeyPageDto>('/keys')).text).not.toContain(key);
    const submit = await submitWith(key);
    expect(submit.json).toMatchObject({ code: 1 });
    await until('its hold', async () =>
      (await admin.get<AdminKeyDto>(`/keys/${made.id}`)).json.held === '0.050000' ? true : null,
    );
    expect((await admin.get<AdminKeyDto>(`/keys/${made.id}`)).json).toMatchObject({ credits: '9.950000', running: 1 });
    const written = JSON.stringify(await audits(made.id));
    expect(written).toContain('"credits":"10"');
    expect(written).not.toContain(key);
    expect(written).not.toContain(webhookSecret);
    expect(gateway.logs.join('')).not.toContain(key);
  });

  it('may be bound to kinds of upstreams', async () => {
    const made = await make({ upstreamKinds: ['MIDJOURNEY-PROXY'] });
    expect(made).toMatchObject({ upstreamKinds: ['midjourney-proxy'] });
    expect((await submitWith(made.key)).json).toMatchObject({ code: 1 });
    // No upstream of these kinds is there.
    const free = await make({ upstreamKinds: ['apimart', 'youchuan'] });
    const refused = await submitWith(free.key);
    expect(refused.json).toMatchObject({ code: 3 });
    expect((await admin.get<AdminKeyDto>(`/keys/${free.id}`)).json).toMatchObject({ held: '0.000000', running: 0 });
    const patched = await admin.patch<AdminKeyDto>(`/keys/${free.id}`, { upstreamKinds: null });
    expect(patched.json).toMatchObject({ upstreamKinds: null });
  });

  it('are listed newest first, page by page', async () => {
    const { id } = await make({ name: 'the newest' });
    const all = await admin.all<AdminKeyDto>('/keys');
    expect(all[0]).toMatchObject({ id, name: 'the newest' });
    const ids = all.map((key) => Number(key.id));
    expect(ids).toEqual([...ids].sort((one, other) => other - one));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are changed: what is left out stays, null takes a limit away', async () => {
    const { id } = await make({ credits: '5', maxConcurrent: 2, notifyHook: `${receiver.url}/hook?token=s3cret` });
    const changed = await admin.patch<AdminKeyDto>(`/keys/${id}`, { maxConcurrent: null, name: ' rob ', credits: 7.5 });
    expect(changed).toMatchObject({ status: 200, json: { name: 'rob', maxConcurrent: null, credits: '7.500000' } });
    expect((await admin.patch<AdminKeyDto>(`/keys/${id}`, { credits: null })).json).toMatchObject({
      credits: null,
      name: 'rob',
    });
    expect((await admin.patch<AdminKeyDto>(`/keys/${id}`, { notifyHook: null })).json).toMatchObject({
      notifyHook: null,
    });
    const written = await audits(id);
    expect(written.map(({ route }) => route)).toEqual([
      'PATCH /admin/keys/:id',
      'PATCH /admin/keys/:id',
      'PATCH /admin/keys/:id',
      'POST /admin/keys',
    ]);
    expect(JSON.stringify(written)).not.toContain('s3cret');
    expectProblem(await admin.patch<AdminKeyDto>('/keys/999999', { name: 'x' }), 404, 'not_found');
    expectProblem(await admin.patch<AdminKeyDto>(`/keys/${id}`, { name: null }), 400, 'field_is_invalid', ['name']);
    expectProblem(await admin.patch<AdminKeyDto>(`/keys/${id}`, { key: 'x' }), 400, 'field_is_invalid', ['key']);
  });

  it.each([
    [{ credits: '-1' }, 'credits'],
    [{ maxConcurrent: '0' }, 'maxConcurrent'],
    [{ requestsPerMinute: 1.5 }, 'requestsPerMinute'],
    [{ queueLimit: -1 }, 'queueLimit'],
    [{ dailyTasks: 0 }, 'dailyTasks'],
    [{ monthlySpend: '0' }, 'monthlySpend'],
    [{ modes: ['FAST', 'SLOW'] }, 'modes'],
    [{ modes: 'FAST' }, 'modes'],
    [{ upstreamKinds: ['discord'] }, 'upstreamKinds'],
    [{ upstreamKinds: [] }, 'upstreamKinds'],
    [{ actions: [] }, 'actions'],
    [{ ipAllow: ['10.0.0.0/33'] }, 'ipAllow'],
    [{ ipAllow: ['example.test'] }, 'ipAllow'],
    [{ credits: '1000000000.000001' }, 'credits'],
    [{ expiresAt: 'soon' }, 'expiresAt'],
    [{ expiresAt: '2026-02-30T00:00:00Z' }, 'expiresAt'],
    [{ expiresAt: '2027-02-29' }, 'expiresAt'],
    [{ expiresAt: '2026-12-01T24:00:01Z' }, 'expiresAt'],
    [{ expiresAt: 1795340000000 }, 'expiresAt'],
    [{ defaultMode: 'SLOW' }, 'defaultMode'],
    [{ modes: ['FAST'], defaultMode: 'TURBO' }, 'defaultMode'],
    [{ notifyHook: 'ftp://x.test' }, 'notifyHook'],
    [{ notifyHook: 'http://10.1.2.3/' }, 'notifyHook'],
    [{ notifyEvents: 'some' }, 'notifyEvents'],
    [{ name: 5 }, 'name'],
    [{ id: '7' }, 'id'],
  ])('are not made with %j', async (terms, field) => {
    expectProblem(await admin.post<CreatedKeyDto>('/keys', { name: 'bob', ...terms }), 400, 'field_is_invalid', [
      field,
    ]);
  });

  it('take addresses as ranges of one', async () => {
    const { id } = await make({ ipAllow: ['203.0.113.7', '2001:db8::/32', '203.0.113.7'] });
    expect((await admin.get<AdminKeyDto>(`/keys/${id}`)).json.ipAllow).toEqual(['203.0.113.7/32', '2001:db8::/32']);
  });

  it('get credits and give some, never below nothing', async () => {
    const { id } = await make({ credits: '1' });
    const given = await admin.post<MovedCreditsDto>(`/keys/${id}/credits`, { amount: '2.5', note: 'invoice 1' });
    expect(given).toMatchObject({
      status: 200,
      json: {
        kind: 'topup',
        amount: '2.500000',
        note: 'invoice 1',
        balance: '3.500000',
        at: expect.stringMatching(/Z$/),
      },
    });
    expect(
      (await admin.post<MovedCreditsDto>(`/keys/${id}/credits`, { amount: '-3', note: 'back' })).json,
    ).toMatchObject({
      kind: 'adjust',
      balance: '0.500000',
    });
    expectProblem(
      await admin.post<MovedCreditsDto>(`/keys/${id}/credits`, { amount: '-0.500001', note: 'x' }),
      409,
      'state_forbids',
    );
    expectProblem(
      await admin.post<MovedCreditsDto>(`/keys/${id}/credits`, { amount: '0', note: 'x' }),
      400,
      'field_is_invalid',
      ['amount'],
    );
    expectProblem(await admin.post<MovedCreditsDto>(`/keys/${id}/credits`, { amount: '1' }), 400, 'field_is_invalid', [
      'note',
    ]);
    expectProblem(await admin.post('/keys/999999/credits', { amount: '1', note: 'x' }), 404, 'not_found');
    const rows = await gateway.sql<{ kind: string; note: string }>(
      'select kind, note from ledger where api_key_id = $1 order by id',
      [id],
    );
    expect(rows.map(({ note }) => note)).toEqual(['opening credits', 'invoice 1', 'back']);
    expect(await audits(id)).toHaveLength(3);
  });

  it('are moved by a thousand million at a time, to no more than a balance can be', async () => {
    const { id } = await make({ credits: '1000000000' });
    const move = (amount: string): Promise<AdminAnswer<unknown>> =>
      admin.post<MovedCreditsDto>(`/keys/${id}/credits`, { amount, note: 'n' });
    for (const amount of ['1000000000.000001', '-1000000001', '999999999999']) {
      expectProblem(await move(amount), 400, 'field_is_invalid', ['amount']);
    }
    expect(await move('1000000000')).toMatchObject({ status: 200, json: { balance: '2000000000.000000' } });
    await gateway.sql(
      `with topped as (insert into ledger (api_key_id, kind, amount) values ($1, 'topup', 997999999999) returning *)
      update account a set balance = balance + t.amount from topped t where a.api_key_id = t.api_key_id`,
      [id],
    );
    const before = await audits(id);
    expectProblem(await move('1'), 409, 'state_forbids');
    expect(await move('0.5')).toMatchObject({ status: 200, json: { balance: '999999999999.500000' } });
    expect(await audits(id)).toHaveLength(before.length + 1);
  });

  it('are shown, and can be named and drawn on, where the ledger is past what a balance can be', async () => {
    const { id } = await make({ name: 'past' });
    await gateway.sql(
      `insert into ledger (api_key_id, kind, amount) select $1, 'topup', 600000000000 from generate_series(1, 2)`,
      [id],
    );
    const path = `/keys/${id}`;
    expect(await admin.get<AdminKeyDto>(path)).toMatchObject({ status: 200, json: { credits: null } });
    expect((await admin.get<KeyPageDto>('/keys')).status).toBe(200);
    expect(await admin.patch<AdminKeyDto>(path, { name: 'far past' })).toMatchObject({ json: { name: 'far past' } });
    const before = await audits(id);
    expectProblem(await admin.patch<AdminKeyDto>(path, { name: 'limited', maxConcurrent: 1 }), 409, 'state_forbids');
    expectProblem(await admin.post(`${path}/credits`, { amount: '1', note: 'n' }), 409, 'state_forbids');
    expect((await admin.get<AdminKeyDto>(path)).json).toMatchObject({ name: 'far past', maxConcurrent: null });
    expect(await audits(id)).toEqual(before);
    expect(await admin.post<MovedCreditsDto>(`${path}/credits`, { amount: '-1', note: 'n' })).toMatchObject({
      status: 200,
      json: { balance: '1199999999999.000000' },
    });
  });

  it('moved by many at once add up', async () => {
    const { id } = await make({ credits: '0' });
    await Promise.all(
      Array.from({ length: 10 }, () =>
        admin.post<MovedCreditsDto>(`/keys/${id}/credits`, { amount: '0.1', note: 'n' }),
      ),
    );
    expect((await admin.get<AdminKeyDto>(`/keys/${id}`)).json.credits).toBe('1.000000');
  });

  it('are revoked for good', async () => {
    const { id, key } = await make();
    expect((await submitWith(key)).status).toBe(200);
    const revoked = await admin.post<AdminKeyDto>(`/keys/${id}/revoke`);
    expect(revoked).toMatchObject({ status: 200, json: { revokedAt: expect.stringMatching(/Z$/) } });
    const read = (): Promise<Answer> => gateway.get('/mj/task/queue', { authorization: `Bearer ${key}` });
    await until('the end of the key', async () => ((await read()).status === 401 ? true : null));
    expect((await admin.post<AdminKeyDto>(`/keys/${id}/revoke`)).json.revokedAt).toBe(revoked.json.revokedAt);
    expectProblem(await admin.post('/keys/999999/revoke'), 404, 'not_found');
  });

  it('change their webhook secret, and hooks carry both signatures', async () => {
    const { id, key, webhookSecret } = await make({ notifyHook: `${receiver.url}/rotated`, notifyEvents: 'terminal' });
    const rotated = await admin.post<RotatedSecretDto>(`/keys/${id}/rotate-webhook-secret`);
    expect(rotated).toMatchObject({
      status: 200,
      json: { webhookSecret: expect.stringMatching(/^whsec_/), oldSignsUntil: expect.stringMatching(/Z$/) },
    });
    expect(rotated.json.webhookSecret).not.toBe(webhookSecret);
    upstream.onSubmit = (submit) => ({
      code: 1,
      result: upstream.accept(submit, { status: 'SUCCESS', progress: '100%' }).id,
    });
    const { json } = await submitWith(key);
    const [hook] = await until('the hook', () => {
      const hooks = receiver.of(String(json['result']));
      return hooks.length > 0 ? hooks : null;
    });
    if (hook === undefined) throw new Error('no hook came');
    expect(isSignedBy(hook, webhookSecret)).toBe(true);
    expect(isSignedBy(hook, rotated.json.webhookSecret)).toBe(true);
    expect(JSON.stringify(await audits(id))).not.toContain('whsec_');
    expectProblem(await admin.post('/keys/999999/rotate-webhook-secret'), 404, 'not_found');
  });
});
