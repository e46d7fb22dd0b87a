import { DataSource } from 'typeorm';
import { ApiKeyCache, newApiKey } from '../../../libs/access/src/index.js';
import { Task } from '../../../libs/tracking/src/index.js';
import { documentedRoutes, type DocumentedRoute } from '../../support/documented-routes.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

/** As the examples of the document have it; nobody's. */
const EXAMPLE_ID = /6237012345678901/g;
const UNKNOWN = '6240000000000001';

/** What somebody else's id is answered with, on every route that takes one. Made from the API document. */
describe('two tenants', () => {
  const { gateway, upstream } = useGateway();
  let stranger: string;
  const owned: { status: string; id: string }[] = [];

  beforeAll(async () => {
    stranger = newApiKey();
    await gateway.app.get(ApiKeyCache).ensure('stranger', stranger);
    const grid = {
      imageUrl: `${upstream.url}/grid.png`,
      buttons: [{ customId: 'MJ::JOB::upsample::1::h', label: 'U1' }],
    };
    for (const [status, fields] of Object.entries({
      IN_PROGRESS: { progress: '10%' },
      SUCCESS: { progress: '100%', ...grid },
      FAILURE: { failReason: 'no' },
    })) {
      const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: `a ${status} secret` });
      const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
        json.result,
      ]);
      upstream.show(row?.upstream_task_id ?? '', { status, ...fields });
      await until(status, async () => {
        const found = await gateway.get(`/mj/task/${json.result}/fetch`);
        return found.json['status'] === status ? found : null;
      });
      owned.push({ status, id: json.result });
    }
  });

  interface Ask {
    name: string;
    send: (id: string) => Promise<unknown[]>;
  }

  /** One way of asking for each id that a route takes: in its path, and in each of its example bodies. */
  const asksOf = (route: DocumentedRoute): Ask[] => {
    const isInPath = route.path.includes('{id}');
    const bodies = route.examples.map((example) => JSON.stringify(example));
    const naming = isInPath ? [null] : bodies.filter((body) => body.match(EXAMPLE_ID) !== null);
    return naming.map((body) => ({
      name: `${route.method} ${route.path} ${body?.slice(0, 90) ?? ''}`,
      send: async (id) => {
        const answer = await gateway.call(route.path.replace('{id}', id).replace('{n}', '1'), {
          method: route.method,
          headers: {
            authorization: `Bearer ${stranger}`,
            ...(body === null ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === null ? {} : { body: body.replace(EXAMPLE_ID, id) }),
        });
        return [answer.status, answer.text, [...answer.headers.keys()].sort()];
      },
    }));
  };

  it('is judged on every route that there is', () => {
    const known = gateway.app.getHttpAdapter().getInstance().routeTable.all();
    const guarded = known.filter(
      ({ path, method, isPublic }) => path.startsWith('/mj/') && !isPublic && method !== 'HEAD',
    );
    const documented = documentedRoutes().map(({ method, path }) => `${method} ${path}`);
    const wanted = guarded.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(wanted.filter((route) => !documented.includes(route))).toEqual([]);
  });

  it('answers an id of another key byte for byte like an unknown one, whatever became of the task', async () => {
    const asks = documentedRoutes()
      .filter(({ isGuarded }) => isGuarded)
      .flatMap(asksOf);
    const paths = new Set(asks.map(({ name }) => name.split(' ')[1]));
    // Those that are known to take one: the document must not have lost them.
    for (const path of ['action', 'change', 'simple-change', 'modal', 'video'])
      expect(paths).toContain(`/mj/submit/${path}`);
    for (const path of ['{id}/fetch', '{id}/events', '{id}/image-seed', '{id}/cancel', 'list-by-condition'])
      expect(paths).toContain(`/mj/task/${path}`);
    const before = upstream.submits.length;
    for (const { name, send } of asks) {
      const unknown = await send(UNKNOWN);
      for (const { status, id } of owned) expect([name, status, await send(id)]).toEqual([name, status, unknown]);
    }
    expect(upstream.submits.length).toBe(before);
    expect([upstream.seeds, upstream.cancels]).toEqual([[], []]);
  });

  it('finds nothing by a key that is not given, rather than the first there is', async () => {
    const tasks = gateway.app.get(DataSource).getRepository(Task);
    for (const id of [undefined, null])
      await expect(tasks.findOneBy({ id: id as unknown as string })).rejects.toThrow(/undefined|null/i);
  });

  it('leaves nothing of the stranger behind, and the owner untouched', async () => {
    const [counted] = await gateway.sql<{ tasks: string; keys: string }>(
      'select count(*) as tasks, count(distinct api_key_id) as keys from task',
    );
    expect(counted).toEqual({ tasks: String(owned.length), keys: '1' });
    for (const { status, id } of owned) {
      expect((await gateway.get(`/mj/task/${id}/fetch`)).json).toMatchObject({ id, status });
    }
  });

  it('gives of a list of ids only the own ones', async () => {
    const headers = { authorization: `Bearer ${stranger}` };
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'mine' }, headers);
    const ids = [...owned.map(({ id }) => id), json.result, UNKNOWN];
    for (const path of ['/mj/task/list-by-condition', '/mj/task/list-by-ids']) {
      const { text } = await gateway.post(path, { ids }, headers);
      expect((JSON.parse(text) as { id: string }[]).map(({ id }) => id)).toEqual([json.result]);
    }
    const list = await gateway.get<{ id: string }[]>('/mj/task/list', headers);
    expect(list.json.map(({ id }) => id)).toEqual([json.result]);
    expect((await gateway.get('/mj/task/queue', headers)).text).not.toMatch(
      new RegExp(owned.map(({ id }) => id).join('|')),
    );
  });
});
