import { inspect } from 'node:util';
import { reply, ScriptedServer } from '../../test/scripted-server.js';
import { imagine } from '../../test/commands.js';
import { SUBMIT_CONTEXT, target } from '../../test/target.js';
import { NEW_API_RUNNING, NOVICEZK_SUCCESS, TRUEAI_SUCCESS } from '../../test/task-bodies.js';
import { useScriptedUpstream } from '../../test/use-scripted-upstream.js';
import { RouteMissingError, UpstreamCallError } from '../port/outcome.js';
import { MidjourneyProxyAdapter } from './midjourney-proxy.adapter.js';

const SENT_AT = Date.UTC(2026, 10, 6, 12);

const { server, adapter, up } = useScriptedUpstream((http) => new MidjourneyProxyAdapter(http));

describe('every call', () => {
  it('carries the secret, asks for plain JSON, and keeps the base path', async () => {
    const nested = target({ baseUrl: `${server.origin}/gate/a`, secret: 's3cret' });
    await adapter.submit(nested, imagine('a fox'), SUBMIT_CONTEXT);
    server.script = reply([]);
    await adapter.fetchMany(nested, ['17']);
    await adapter.listRecent(nested);
    await adapter.fetch(nested, 'a/b c');
    expect(server.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /gate/a/mj/submit/imagine',
      'POST /gate/a/mj/task/list-by-condition',
      'GET /gate/a/mj/task/list',
      'GET /gate/a/mj/task/a%2Fb%20c/fetch',
    ]);
    for (const { headers } of server.received)
      expect(headers).toMatchObject({ 'mj-api-secret': 's3cret', 'accept-encoding': 'identity' });
    expect(server.received.map(({ headers }) => headers['content-type'])).toEqual([
      'application/json',
      'application/json',
      undefined,
      undefined,
    ]);
  });

  it('carries no secret where there is none', async () => {
    await adapter.submit(up, imagine('a fox'), SUBMIT_CONTEXT);
    expect(server.received[0]?.headers).not.toHaveProperty('mj-api-secret');
  });

  it.each([301, 302, 303, 307, 308])(
    'does not follow a redirect (%i), least of all with the secret',
    async (status) => {
      const other = await ScriptedServer.start();
      server.script = reply('', status, { location: `${other.origin}/mj/submit/imagine` });
      const secretive = { ...up, secret: 's3cret' };
      await expect(adapter.submit(secretive, imagine('a fox'), SUBMIT_CONTEXT)).resolves.toEqual({
        kind: 'nothing_done',
        fault: 'redirected',
        scope: 'work',
      });
      await expect(adapter.fetchMany(secretive, ['17'])).rejects.toMatchObject({ fault: 'redirected' });
      await expect(adapter.fetch(secretive, '17')).rejects.toMatchObject({ fault: 'redirected' });
      await expect(adapter.probe(secretive)).rejects.toMatchObject({
        fault: 'redirected',
        redirectsTo: `${other.origin}/mj/submit/imagine`,
      });
      expect(other.connections).toBe(0);
      await other.close();
    },
  );
});

describe('submit', () => {
  it('sends the command once and reads the answer', async () => {
    server.script = reply({ code: 22, result: 17, properties: { numberOfQueues: 2 } });
    await expect(adapter.submit(up, imagine('a fox'), SUBMIT_CONTEXT)).resolves.toEqual({
      kind: 'queued',
      upstreamTaskIds: ['17'],
      ahead: 2,
    });
    expect(server.received.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { prompt: 'a fox', botType: 'MID_JOURNEY', mode: 'FAST', state: SUBMIT_CONTEXT.state },
    ]);
  });

  it('takes the texts that mean full from the upstream’s row', async () => {
    server.script = reply({ code: 9, description: 'queue is jammed, sorry' });
    const outcome = await adapter.submit({ ...up, fullTexts: ['jammed'] }, imagine('a fox'), SUBMIT_CONTEXT);
    expect(outcome).toEqual({ kind: 'full' });
  });
});

describe('fetchMany', () => {
  it('asks for all in one call; an item that cannot be read spoils only itself', async () => {
    server.script = reply([
      TRUEAI_SUCCESS,
      null,
      { status: 'SUCCESS' },
      [],
      'x',
      NEW_API_RUNNING,
      { id: 5, buttons: 7 },
    ]);
    const snapshots = await adapter.fetchMany(up, ['1', '2', '3']);
    expect(snapshots.map(({ upstreamTaskId }) => upstreamTaskId)).toEqual([TRUEAI_SUCCESS.id, NEW_API_RUNNING.id, '5']);
    expect(server.received.map(({ body }) => body)).toEqual(['{"ids":["1","2","3"]}']);
  });

  it('reads a list in an envelope, and a task that is shown twice as it is furthest on', async () => {
    const [running, done] = [
      { id: '17', status: 'IN_PROGRESS', progress: '30%' },
      { id: '17', status: 'SUCCESS' },
    ];
    server.script = reply({ code: 1, data: [done, running] });
    await expect(adapter.fetchMany(up, ['17'])).resolves.toMatchObject([{ upstreamTaskId: '17', status: 'SUCCESS' }]);
  });

  it.each([
    ['an empty body', 200, '', 'unreadable'],
    ['HTML', 200, '<html></html>', 'unreadable'],
    ['an object', 200, { code: 4, description: 'no', result: null }, 'unexpected'],
    ['null', 200, null, 'unexpected'],
    ['an error about the key', 200, { error: { message: 'Invalid token' } }, 'unauthorized'],
    ['nothing at all', 204, '', 'unreadable'],
    ['a wrong secret', 401, { error: { message: 'x' } }, 'unauthorized'],
    ['a bill', 402, '', 'payment_required'],
    ['a ban', 403, '', 'forbidden'],
    ['a limit', 429, [], 'status_4xx'],
    ['a crash', 500, [], 'status_5xx'],
    ['a dead origin', 502, '<html></html>', 'status_5xx'],
  ])('fails on %s', async (_what, status, body, fault) => {
    server.script = reply(body, status);
    const call = adapter.fetchMany(up, ['1']);
    await expect(call).rejects.toBeInstanceOf(UpstreamCallError);
    await expect(call).rejects.toMatchObject({ fault });
  });
});

describe('fetch', () => {
  it('gives the task', async () => {
    server.script = reply(NOVICEZK_SUCCESS);
    await expect(adapter.fetch(up, NOVICEZK_SUCCESS.id)).resolves.toMatchObject({ status: 'SUCCESS' });
  });

  it.each([
    ['204', 204, ''],
    ['an empty 200', 200, ''],
    ['400', 400, { code: 4, description: 'task_no_found ', type: 'upstream_error' }],
    ['404', 404, { code: 3, description: '关联任务不存在或已失效' }],
    ['null', 200, null],
    ['an envelope without a task', 200, { code: 3, description: 'x', result: null }],
  ])('gives null when the upstream says %s', async (_what, status, body) => {
    server.script = reply(body, status);
    await expect(adapter.fetch(up, '17')).resolves.toBeNull();
  });

  // None of these says that the task is gone, and a task that is gone fails.
  it.each([
    [200, '<html></html>', 'unreadable'],
    [302, '', 'unreadable'],
    [401, '', 'unauthorized'],
    [403, '', 'forbidden'],
    [405, '', 'status_4xx'],
    [408, '', 'status_4xx'],
    [429, '', 'status_4xx'],
    [500, '', 'status_5xx'],
    [503, '', 'status_5xx'],
  ])('fails when the upstream answers %i %j', async (status, body, fault) => {
    server.script = reply(body, status);
    await expect(adapter.fetch(up, '17')).rejects.toMatchObject({ fault });
  });
});

describe('listRecent', () => {
  const items = (count: number): object[] => Array.from({ length: count }, (_, n) => ({ id: n + 1, state: `jm:${n}` }));

  it.each([
    ['has no tasks', [], 0, Infinity],
    ['has none, as Go writes it', null, 0, Infinity],
    ['has few', items(99), 99, -Infinity],
    ['shows a full page', items(100), 100, Infinity],
    ['shows all it ever had', items(250), 250, Infinity],
    ['shows one that cannot be read', [...items(3), { state: 'jm:9' }], 3, Infinity],
  ])('of an upstream that %s', async (_what, body, count, reachesBackTo) => {
    server.script = reply(body);
    const recent = await adapter.listRecent(up, { since: new Date(0) });
    expect(recent).toMatchObject({ reachesBackTo });
    expect(recent?.snapshots).toHaveLength(count);
  });

  it('asks a gateway of our own kind for page after page', async () => {
    const tasks = Array.from({ length: 250 }, (_, n) => ({
      id: n + 1,
      state: `jm:${n}`,
      submitTime: SENT_AT - 1_000 * n,
    }));
    server.script = ({ path }, response) => {
      const query = new URL(path, server.origin).searchParams;
      const from = Number(query.get('cursor') ?? 0);
      const limit = Number(query.get('limit') ?? 100);
      if (limit > 100) return void response.writeHead(400).end('{"code":4}');
      const items = tasks.slice(from, from + limit);
      const nextCursor = from + limit < tasks.length ? String(from + limit) : null;
      response.end(JSON.stringify(query.size === 0 ? items : { items, nextCursor }));
    };
    const recent = await adapter.listRecent(up, { since: new Date(SENT_AT - 220_000) });
    expect(recent?.snapshots.map(({ upstreamTaskId }) => upstreamTaskId)).toEqual(tasks.map(({ id }) => String(id)));
    expect(recent?.reachesBackTo).toBe(-Infinity);
    expect(server.received.map(({ path }) => path)).toEqual([
      '/mj/task/list',
      '/mj/task/list?limit=1000',
      '/mj/task/list?limit=100',
      '/mj/task/list?limit=100&cursor=100',
      '/mj/task/list?limit=100&cursor=200',
    ]);
  });

  it('reads 16 MiB of pages at most', async () => {
    const page = { items: [{ id: '0', promptEn: 'x'.repeat(6_000_000) }], nextCursor: 'more' };
    let asked = 0;
    server.script = (_received, response) => {
      asked += 1;
      response.end(JSON.stringify({ ...page, items: [{ ...page.items[0], id: String(asked) }] }));
    };
    const recent = await adapter.listRecent(up, { since: new Date(0) });
    expect([recent?.snapshots.length, asked]).toEqual([2, 3]);
  });

  it.each([
    ['404', 404, ''],
    ['401', 401, {}],
    ['HTML', 200, '<!doctype html><title>new-api</title>'],
    ['an object', 200, { code: 4, description: 'nothing', result: null }],
    ['an error with a list', 200, { code: 4, result: [] }],
    ['an empty body', 200, ''],
  ])('is null where there is no such list: %s', async (_what, status, body) => {
    server.script = reply(body, status);
    await expect(adapter.listRecent(up)).resolves.toBeNull();
  });

  it.each([
    [429, '{}', 'status_4xx'],
    [503, '[]', 'status_5xx'],
  ])('is not known where the upstream answers %i', async (status, body, fault) => {
    server.script = reply(body, status);
    await expect(adapter.listRecent(up)).rejects.toMatchObject({ fault });
  });

  it('may be 16 MiB long, where other answers may not', async () => {
    const task = { id: '17', state: 'jm:1', promptEn: 'x'.repeat(1_000) };
    server.script = reply(Array.from({ length: 6_000 }, (_, n) => ({ ...task, id: String(n + 1) })));
    expect((await adapter.listRecent(up, { since: new Date(0) }))?.snapshots).toHaveLength(6_000);
    await expect(adapter.fetchMany(up, ['1'])).rejects.toMatchObject({ fault: 'unreadable' });
    server.script = reply(Array.from({ length: 17_000 }, (_, n) => ({ ...task, id: String(n + 1) })));
    await expect(adapter.listRecent(up)).rejects.toMatchObject({ fault: 'unreadable' });
  });

  it('fails with the upstream', async () => {
    server.script = reply([], 503);
    await expect(adapter.listRecent(up)).rejects.toMatchObject({ fault: 'status_5xx' });
  });
});

describe('an upstream without a route for many', () => {
  it.each([404, 405, 410, 501])('says so, when it is asked and when it is probed: %i', async (status) => {
    server.script = reply({ error: 'Not Found' }, status);
    await expect(adapter.fetchMany(up, ['17'])).rejects.toBeInstanceOf(RouteMissingError);
    await expect(adapter.fetchMany(up, ['17'])).rejects.toMatchObject({ fault: 'status_4xx' });
    await expect(adapter.probe(up)).resolves.toEqual({ readsBatches: false });
  });

  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [422, 'status_4xx'],
    [429, 'status_4xx'],
  ])('is none that declines for another reason: %i', async (status, fault) => {
    server.script = reply('', status);
    await expect(adapter.fetchMany(up, ['17'])).rejects.not.toBeInstanceOf(RouteMissingError);
    await expect(adapter.probe(up)).rejects.toMatchObject({ fault });
  });

  it.each([
    ['a page', '<!doctype html><title>New API</title>', 'not_found'],
    ['an error about the key', { error: { message: 'Invalid token' } }, 'unauthorized'],
  ])('is none that shows %s', async (_what, body, fault) => {
    server.script = reply(body);
    await expect(adapter.probe(up)).rejects.toMatchObject({ fault });
  });

  it('is one that answers with something else than a list', async () => {
    server.script = reply({ code: 4 });
    await expect(adapter.probe(up)).resolves.toEqual({ readsBatches: false });
  });
});

describe('an error', () => {
  it('never shows the address of the upstream', async () => {
    const host = 'very-private-host.invalid';
    const failures = await Promise.allSettled([
      adapter.fetch(target({ baseUrl: `http://${host}` }), '17'),
      adapter.fetch(target({ baseUrl: `not a url at ${host}` }), '17'),
      adapter.fetch(target({ baseUrl: 'http://127.0.0.1:1' }), '17'),
    ]);
    for (const failure of failures) {
      expect(failure.status).toBe('rejected');
      const shown = inspect(failure, { depth: 10, showHidden: true }).replace(/ at .*/g, '');
      expect(shown).not.toMatch(/private|127\.0\.0\.1/);
    }
  });
});
