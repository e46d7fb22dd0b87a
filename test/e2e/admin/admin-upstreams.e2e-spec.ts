import type { AuditEntryDto } from '../../../apps/gateway/src/admin/audit/audit.dto.js';
import type {
  UpstreamPageDto,
  AdminUpstreamDto,
  UpstreamTestDto,
} from '../../../apps/gateway/src/admin/upstreams/admin-upstream.dto.js';
import { ADMIN_KEY, AdminClient, expectProblem, type Wire } from '../../support/admin-client.js';
import { TestGateway } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

const SECRET = 'upstream-secret-4711';

describe('upstreams through the admin API', () => {
  let upstream: ScriptedUpstream;
  let second: ScriptedUpstream;
  let gateway: TestGateway;
  let admin: AdminClient;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    second = await ScriptedUpstream.start();
    gateway = await TestGateway.start({ upstreamUrl: upstream.url, environment: { ADMIN_KEY } });
    admin = new AdminClient(gateway);
  });

  afterAll(async () => {
    await gateway.close();
    await upstream.close();
    await second.close();
  });

  const add = async (more: object = {}): Promise<Wire<AdminUpstreamDto>> => {
    const answer = await admin.post<AdminUpstreamDto>('/upstreams', {
      name: 'second',
      baseUrl: `${second.url}/mj/`,
      ...more,
    });
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
    return answer.json;
  };

  it('are added, get work, and never show their secret', async () => {
    const made = await add({ secret: SECRET, priority: 5, timeouts: { submitMs: 9_000 }, modes: ['turbo'] });
    expect(made).toMatchObject({
      id: expect.stringMatching(/^\d+$/),
      name: 'second',
      kind: 'midjourney-proxy',
      baseUrl: second.url,
      hasSecret: true,
      weight: 1,
      priority: 5,
      maxConcurrent: 12,
      enabled: true,
      modes: ['TURBO'],
      actions: null,
      timeouts: { submitMs: 9_000, pollMs: null },
      running: 0,
      circuit: 'closed',
      lastOkAt: null,
      lastError: null,
      retiredAt: null,
    });
    const before = second.submits.length;
    await until('work for it', async () => {
      await gateway.post('/mj/submit/imagine', { prompt: 'x', mode: 'TURBO' });
      return second.submits.length > before ? true : null;
    });
    expect(second.submits.at(-1)?.headers['mj-api-secret']).toBe(SECRET);
    const everything = [
      (await admin.get<UpstreamPageDto>('/upstreams')).text,
      (await admin.get<AdminUpstreamDto>(`/upstreams/${made.id}`)).text,
      JSON.stringify(await admin.all<AuditEntryDto>('/audit')),
      gateway.logs.join(''),
      JSON.stringify(made),
    ].join('');
    expect(everything).not.toContain(SECRET);
    expect((await admin.all<AuditEntryDto>(`/audit?target=upstream:${made.id}`))[0]).toMatchObject({
      detail: { secret: 'set' },
    });
    expect((await admin.delete<AdminUpstreamDto>(`/upstreams/${made.id}`)).status).toBe(200);
  });

  it('show what waits for them, and their calls and errors of the last hour', async () => {
    const { id } = await add({ name: 'busy', modes: ['RELAX'], maxConcurrent: 1 });
    expect(await gateway.sql('select 1 from task where upstream_id = $1', [id])).toEqual([]);
    await gateway.sql(
      `insert into upstream_call (at, upstream_id, operation, result, calls, total_ms, max_ms) values
         (now(), $1, 'poll', 'ok', 7, 7, 1), (now(), $1, 'submit', 'status_500', 1, 5, 5), (now(), $1, 'list', 'timeout', 2, 5, 5),
         (now(), $1, 'submit', 'circuit_open', 3, 0, 0), (now() - interval '2 hours', $1, 'submit', 'status_500', 9, 9, 1)`,
      [id],
    );
    const shown = { id, waiting: 0, callsLastHour: 10, errorsLastHour: 3 };
    expect((await admin.all<AdminUpstreamDto>('/upstreams')).find((one) => one.id === id)).toMatchObject(shown);
    expect((await admin.get<AdminUpstreamDto>(`/upstreams/${id}`)).json).toMatchObject(shown);
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'waits', mode: 'RELAX' });
    await gateway.sql(
      `update task set waiting = true, has_slot = false, wait_until = now() + interval '1 hour', upstream_id = $2 where id = $1`,
      [json.result, id],
    );
    expect((await admin.get<AdminUpstreamDto>(`/upstreams/${id}`)).json).toMatchObject({ ...shown, waiting: 1 });
    expect((await admin.delete<AdminUpstreamDto>(`/upstreams/${id}`)).json).toMatchObject({ waiting: 1 });
  });

  it('are changed, switched off and retired', async () => {
    const { id } = await add({ name: 'changing' });
    expect(
      (await admin.patch<AdminUpstreamDto>(`/upstreams/${id}`, { weight: 3, maxConcurrent: 4, enabled: false })).json,
    ).toMatchObject({
      weight: 3,
      maxConcurrent: 4,
      enabled: false,
      name: 'changing',
    });
    expect(
      (await admin.patch<AdminUpstreamDto>(`/upstreams/${id}`, { secret: 'x', timeouts: { pollMs: 500 } })).json,
    ).toMatchObject({
      hasSecret: true,
      timeouts: { pollMs: 500 },
    });
    expect((await admin.patch<AdminUpstreamDto>(`/upstreams/${id}`, { secret: null })).json).toMatchObject({
      hasSecret: false,
    });
    expectProblem(
      await admin.patch<AdminUpstreamDto>(`/upstreams/${id}`, { baseUrl: upstream.url }),
      400,
      'field_is_invalid',
      ['baseUrl'],
    );
    expectProblem(await admin.patch<AdminUpstreamDto>(`/upstreams/${id}`, { name: 'default' }), 409, 'name_is_taken');
    expectProblem(
      await admin.post<AdminUpstreamDto>('/upstreams', { name: 'changing', baseUrl: second.url }),
      409,
      'name_is_taken',
    );
    const retired = await admin.delete<AdminUpstreamDto>(`/upstreams/${id}`);
    expect(retired).toMatchObject({
      status: 200,
      json: { id, enabled: false, retiredAt: expect.stringMatching(/Z$/) },
    });
    expectProblem(await admin.patch<AdminUpstreamDto>(`/upstreams/${id}`, { enabled: true }), 409, 'state_forbids');
    expect((await admin.all<AdminUpstreamDto>('/upstreams')).map((one) => one.id)).toContain(id);
    expect((await admin.all<AuditEntryDto>(`/audit?target=upstream:${id}`)).map(({ route }) => route)).toEqual([
      'DELETE /admin/upstreams/:id',
      'PATCH /admin/upstreams/:id',
      'PATCH /admin/upstreams/:id',
      'PATCH /admin/upstreams/:id',
      'POST /admin/upstreams',
    ]);
  });

  it('keep their kind, and tell it with what it can do', async () => {
    const { id } = await add({ name: 'kinds', modelVersions: ['7', ' Niji-7.0 '], followUps: 'rebase' });
    expect((await admin.get<AdminUpstreamDto>(`/upstreams/${id}`)).json).toMatchObject({
      kind: 'midjourney-proxy',
      modelVersions: ['7', 'niji 7'],
      defaultVersion: null,
      followUps: 'rebase',
      misconfigured: false,
      capabilities: { cancels: true, takesInlinePictures: true, actions: expect.arrayContaining(['IMAGINE']) },
    });
    for (const kind of ['midjourney-proxy', 'youchuan', null]) {
      const answer = await admin.patch<AdminUpstreamDto>(`/upstreams/${id}`, { kind });
      expectProblem(answer, 400, 'field_is_invalid', ['kind']);
    }
    expect((await admin.patch<AdminUpstreamDto>(`/upstreams/${id}`, { defaultVersion: '7' })).json).toMatchObject({
      defaultVersion: '7',
    });
    await admin.delete(`/upstreams/${id}`);
    const vendor = await add({
      name: 'vendor',
      kind: 'YouChuan',
      secret: 'app|s3cret',
      baseUrl: `${second.url}/v1/tob`,
    });
    expect(vendor).toMatchObject({
      ...{ kind: 'youchuan', baseUrl: second.url, acceptsNotifyHook: true, readsBatches: false, pushes: true },
      capabilities: { takesInlinePictures: false, opensWindows: false, modes: ['FAST', 'TURBO'] },
    });
    expectProblem(await admin.patch(`/upstreams/${vendor.id}`, { secret: 'app' }), 400, 'field_is_invalid', ['secret']);
    await admin.delete(`/upstreams/${vendor.id}`);
  });

  it.each([
    [{ baseUrl: 'ftp://x.test' }, 'baseUrl'],
    [{ baseUrl: 'http://user:password@x.test' }, 'baseUrl'],
    [{ baseUrl: 'http://x.test/?key=1' }, 'baseUrl'],
    [{ baseUrl: 'http://x.test/mj?' }, 'baseUrl'],
    [{ baseUrl: 'http://x.test/#mj' }, 'baseUrl'],
    [{ name: '' }, 'name'],
    [{ kind: 'other' }, 'kind'],
    [{ defaultVersion: 'latest' }, 'defaultVersion'],
    [{ modelVersions: [] }, 'modelVersions'],
    [{ modelVersions: ['8.2', 'x'] }, 'modelVersions'],
    [{ defaultVersion: '8.2', modelVersions: ['7'] }, 'defaultVersion'],
    [{ followUps: 'loose' }, 'followUps'],
    [{ kind: 'youchuan' }, 'secret'],
    [{ kind: 'youchuan', secret: 'app' }, 'secret'],
    [{ kind: 'legnext', secret: '' }, 'secret'],
    [{ kind: 'apimart', secret: 'key', acceptsNotifyHook: true }, 'acceptsNotifyHook'],
    [{ kind: 'apimart', secret: 'key', modelVersions: ['6'] }, 'modelVersions'],
    [{ weight: 0 }, 'weight'],
    [{ maxConcurrent: 0 }, 'maxConcurrent'],
    [{ timeouts: { submitMs: 5 } }, 'timeouts.submitMs'],
    [{ timeouts: { other: 5 } }, 'timeouts.other'],
    [{ timeouts: 5 }, 'timeouts'],
    [{ secret: 'ä' }, 'secret'],
    [{ fullTexts: [''] }, 'fullTexts'],
    [{ enabled: 'maybe' }, 'enabled'],
  ])('are not added with %j', async (terms, field) => {
    const body = { name: 'wrong', baseUrl: second.url, ...terms };
    expectProblem(await admin.post<AdminUpstreamDto>('/upstreams', body), 400, 'field_is_invalid', [field]);
  });

  it('are tested with a harmless read', async () => {
    const { id } = await add({ name: 'tested' });
    const before = second.submits.length;
    expect(await admin.post<UpstreamTestDto>(`/upstreams/${id}/test`)).toMatchObject({
      status: 200,
      json: { ok: true, latencyMs: expect.any(Number), links: 'unreachable', linksReason: 'no_public_url' },
    });
    expect(second.submits).toHaveLength(before);
    const { json: nowhere } = await admin.post<AdminUpstreamDto>('/upstreams', {
      name: 'nowhere',
      baseUrl: 'http://127.0.0.1:9',
    });
    const failed = await admin.post<UpstreamTestDto>(`/upstreams/${nowhere.id}/test`);
    expect(failed).toMatchObject({ status: 200, json: { ok: false, error: 'connect' } });
    expect(failed.text).not.toContain('127.0.0.1');
  });

  it('that are unknown are not found', async () => {
    for (const id of ['999999', 'x', '99999999999999999999']) {
      expectProblem(await admin.get<AdminUpstreamDto>(`/upstreams/${id}`), 404, 'not_found');
      expectProblem(await admin.patch<AdminUpstreamDto>(`/upstreams/${id}`, { weight: 2 }), 404, 'not_found');
      expectProblem(await admin.delete<AdminUpstreamDto>(`/upstreams/${id}`), 404, 'not_found');
      expectProblem(await admin.post<UpstreamTestDto>(`/upstreams/${id}/test`), 404, 'not_found');
    }
  });
});
