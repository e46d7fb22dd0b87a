import type { AdminKeyDto, CreatedKeyDto } from '../../../apps/gateway/src/admin/keys/admin-key.dto.js';
import type { PriceDto } from '../../../apps/gateway/src/admin/settings/price.dto.js';
import type { TaskDossierDto, AdminTaskPageDto } from '../../../apps/gateway/src/admin/tasks/admin-task.dto.js';
import type { KnownRoute } from '../../../apps/gateway/src/http/routes/route-table.js';
import { ADMIN_KEY, AdminClient, expectProblem, type AdminAnswer } from '../../support/admin-client.js';
import { expectError } from '../../support/expect-error.js';
import { TestGateway } from '../../support/gateway.js';
import { requestRaw } from '../../support/raw-request.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { useGateway } from '../../support/use-gateway.js';

const ID = '6240000000000001';

const routesOf = (gateway: TestGateway): KnownRoute[] =>
  gateway.app
    .getHttpAdapter()
    .getInstance()
    .routeTable.all()
    .filter(({ isAdmin }) => isAdmin);
const filled = ({ path }: KnownRoute): string => path.replace(/:\w+/g, ID);

describe('the admin API where no ADMIN_KEY is set', () => {
  const { gateway } = useGateway();

  it('is not there: every route of it is answered like any unknown path, with any key', async () => {
    const routes = routesOf(gateway);
    expect(routes.length).toBeGreaterThan(20);
    for (const authorization of [
      '',
      `Bearer ${gateway.key}`,
      `Bearer ${ADMIN_KEY}`,
      'Bearer null',
      'Bearer undefined',
    ]) {
      for (const route of routes.filter(({ method }) => method !== 'HEAD')) {
        const answer = await requestRaw(gateway.url, route.method, filled(route), { headers: { authorization } });
        expectError(answer, 404, 'not_found');
      }
    }
    expectError(await requestRaw(gateway.url, 'PUT', '/admin/keys'), 404, 'not_found');
    expectError(await requestRaw(gateway.url, 'GET', '/admin/nothing'), 404, 'not_found');
  });

  it('stands in the documentation all the same', async () => {
    const { json } = await gateway.call<{ paths: Record<string, Record<string, { security: unknown }>> }>(
      '/docs-json',
      {},
    );
    const paths = Object.entries(json.paths).filter(([path]) => path.startsWith('/admin/'));
    expect(paths.length).toBeGreaterThan(15);
    for (const [, item] of paths) {
      for (const { security } of Object.values(item)) expect(security).toEqual([{ admin: [] }]);
    }
  });
});

describe('the admin API', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let admin: AdminClient;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    gateway = await TestGateway.start({ upstreamUrl: upstream.url, environment: { ADMIN_KEY } });
    admin = new AdminClient(gateway);
  });

  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  const refused = async (path: string, headers: Record<string, string>, method = 'GET'): Promise<void> => {
    const answer = await requestRaw(gateway.url, method, path, { headers });
    expect({ path, method, headers, status: answer.status }).toMatchObject({ status: 401 });
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="admin"');
    if (method !== 'HEAD') {
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(JSON.parse(answer.text)).toMatchObject({ status: 401, requestId: answer.headers['x-request-id'] });
    }
  };

  it('asks for its key on every route, before it looks at anything else', async () => {
    for (const route of routesOf(gateway)) {
      await refused(filled(route), {}, route.method);
      if (route.method === 'POST') {
        await refused(filled(route), { 'content-type': 'text/plain', 'content-length': '3000000' }, route.method);
      }
    }
  });

  it.each([
    ['a client key', () => ({ authorization: `Bearer ${gateway.key}` })],
    ['a client key beside it', () => ({ 'mj-api-secret': gateway.key })],
    ['it in the header of clients', () => ({ 'mj-api-secret': ADMIN_KEY })],
    ['it without Bearer', () => ({ authorization: ADMIN_KEY })],
    ['half of it', () => ({ authorization: `Bearer ${ADMIN_KEY.slice(0, -1)}` })],
    ['more than it', () => ({ authorization: `Bearer ${ADMIN_KEY}x` })],
    ['nothing', () => ({ authorization: 'Bearer' })],
    ['a login', () => ({ authorization: `Basic ${Buffer.from(`admin:${ADMIN_KEY}`).toString('base64')}` })],
    ['two', () => ({ authorization: `Bearer ${ADMIN_KEY}, Bearer ${ADMIN_KEY}` })],
  ])('does not take %s', async (_, headers) => {
    await refused('/admin/prices', headers());
    await refused(`/admin/prices?authorization=${ADMIN_KEY}`, headers());
  });

  it('takes its key, and clients cannot use it', async () => {
    expect((await admin.get<PriceDto[]>('/prices')).status).toBe(200);
    expect((await gateway.call('/admin/prices', { headers: { authorization: `bearer ${ADMIN_KEY}` } })).status).toBe(
      200,
    );
    const submit = await gateway.post('/mj/submit/imagine', { prompt: 'x' }, { authorization: `Bearer ${ADMIN_KEY}` });
    expect(submit.status).toBe(401);
  });

  it('answers what is not there as a problem', async () => {
    expectProblem(await admin.get('/nothing'), 404, 'not_found');
    expectProblem(await admin.get<TaskDossierDto>(`/tasks/${ID}`), 404, 'not_found');
    expectProblem(await admin.get<TaskDossierDto>('/tasks/abc'), 404, 'not_found');
    expectProblem(await admin.get<AdminKeyDto>('/keys/99999999999999999999'), 404, 'not_found');
    const wrongMethod = await admin.call('DELETE', '/prices');
    expectProblem(wrongMethod, 405, 'method_not_allowed');
    expect(wrongMethod.headers.get('allow')).toBe('GET, HEAD, OPTIONS, PUT');
  });

  it('answers a body that is none as a problem', async () => {
    const post = (body: string, headers: Record<string, string> = {}): Promise<AdminAnswer<unknown>> =>
      admin.call('POST', '/keys', body, headers);
    expectProblem(await post('{"name":'), 400, 'body_is_malformed');
    expectProblem(await post(''), 400, 'body_is_malformed');
    expectProblem(await post('[]'), 400, 'body_is_malformed');
    expectProblem(await post('"x"'), 400, 'body_is_malformed');
    expectProblem(await admin.put<PriceDto[]>('/prices', {}), 400, 'body_is_malformed');
    expectProblem(await post('{"name":"x"}', { 'content-type': 'text/plain' }), 415, 'media_type_not_supported');
    expectProblem(
      await post('{"name":"x"}', { 'content-type': 'application/json; charset=utf-16' }),
      415,
      'media_type_not_supported',
    );
    expectProblem(await post(JSON.stringify({ name: 'x'.repeat(300_000) })), 413, 'body_too_large');
    expectProblem(await post('{"name":"a\\u0000b"}'), 400, 'field_is_invalid', ['name']);
    expectProblem(await post(`{"x":${'['.repeat(30)}${']'.repeat(30)}}`), 400, 'field_is_invalid', ['x']);
  });

  it('names every wrong and unknown field', async () => {
    expectProblem(
      await admin.get<AdminTaskPageDto>('/tasks?limit=0&status=DONE&nothing=1&from=yesterday'),
      400,
      'field_is_invalid',
      ['nothing', 'limit', 'status', 'from'],
    );
    const answer = await admin.post<CreatedKeyDto>('/keys', {
      name: '',
      credits: '1e3',
      modes: [],
      maxConcurrent: 0,
      admin: true,
    });
    expectProblem(answer, 400, 'field_is_invalid');
    const { errors } = JSON.parse(answer.text) as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field).sort()).toEqual(
      ['admin', 'credits', 'maxConcurrent', 'modes', 'name'].sort(),
    );
    expectProblem(await admin.get<AdminTaskPageDto>('/tasks?limit=201'), 400, 'field_is_invalid', ['limit']);
    expectProblem(await admin.get<AdminTaskPageDto>('/tasks?limit=1&limit=2'), 400, 'field_is_invalid', ['limit']);
  });

  it.each(['tasks', 'hooks', 'keys', 'upstreams', 'audit'])(
    'takes no cursor of /%s that it did not give',
    async (list) => {
      for (const cursor of ['x', 'eA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '%00', 'a'.repeat(250)]) {
        expectProblem(await admin.get(`/${list}?cursor=${cursor}`), 400, 'field_is_invalid', ['cursor']);
      }
    },
  );

  it('has not failed once', () => {
    expect(gateway.logs.filter((line) => line.includes('internal_error'))).toEqual([]);
    expect(gateway.logs.join('')).not.toContain(ADMIN_KEY);
  });
});

describe('an address that tries keys', () => {
  it('is refused for a while; the right one works from there', async () => {
    const upstream = await ScriptedUpstream.start();
    const gateway = await TestGateway.start({ upstreamUrl: upstream.url, environment: { ADMIN_KEY } });
    const admin = new AdminClient(gateway);
    try {
      const wrong = (n: number): Promise<AdminAnswer<unknown>> =>
        admin.call('GET', '/prices', undefined, { authorization: `Bearer guess-${n}` });
      for (let n = 1; n <= 20; n += 1) expectProblem(await wrong(n), 401, 'admin_key_is_invalid');
      const refused = await wrong(21);
      expectProblem(refused, 429, 'too_many_requests');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await admin.get<PriceDto[]>('/prices')).status).toBe(200);
      expectProblem(await wrong(22), 429, 'too_many_requests');
      // Who names no key tries none.
      expect((await fetch(`${gateway.url}/admin/prices`)).status).toBe(401);
      expect((await gateway.get('/mj/task/queue')).status).toBe(200);
    } finally {
      await gateway.close();
      await upstream.close();
    }
  });
});
