import http from 'node:http';
import pg from 'pg';
import { ApiKeyAdmin } from '../../../libs/access/src/index.js';
import { Database, DatabaseUnavailableError } from '../../../libs/database/src/index.js';
import { PublicTasks } from '../../../libs/tracking/src/index.js';
import type { TaskView } from '../../../libs/wire/src/index.js';
import { ListAnswers } from '../../../apps/gateway/src/task/list-answers.js';
import { ADMIN_KEY } from '../../support/admin-client.js';
import { samplesOf, sumOf } from '../../support/exposition.js';
import { TestGateway, type Answer } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

const MANY = 600;
/** What a task has at the most of what its client typed, and of what an upstream makes of it. */
const FAT = 'ä"\\\n'.repeat(2_000);

/** In a schema before pg_catalog: what looks for a state by its hash sleeps a second for each task that it looks at. */
const SLOW_STATES = `
  create schema slow;
  create function slow.hashtextextended(text, bigint) returns bigint language plpgsql as $$ begin
    perform pg_sleep(1);
    return pg_catalog.hashtextextended($1, $2);
  end $$`;

describe('lists whose cost a client steers', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let greedy: { id: string; plain: string };
  const ids: string[] = [];

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    gateway = await TestGateway.start({
      upstreamUrl: upstream.url,
      environment: { ADMIN_KEY, UPSTREAM_MAX_CONCURRENT: '1000' },
      databaseVia: async (url) => {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        await client.query(SLOW_STATES);
        await client.query(
          `alter database ${new URL(url).pathname.slice(1)} set search_path = slow, pg_catalog, public`,
        );
        await client.end();
        return url;
      },
    });
    const { key, plain } = await gateway.app.get(ApiKeyAdmin).create({ name: 'greedy' });
    greedy = { id: key.id, plain };
    for (let n = 1; n <= MANY; n += 1) ids.push(String(6_240_000_000_000_000 + n));
    await gateway.sql(
      `insert into task (id, api_key_id, action, mode, bot_type, status, progress, base_url, submitted_at, finished_at, prompt, prompt_en,
         final_prompt, state, waiting, wait_until)
       select id, $1::bigint, 'IMAGINE', 'FAST', 'MID_JOURNEY', case when n % 2 = 0 then 'SUCCESS' else 'NOT_START' end,
         case when n % 2 = 0 then 100 else 0 end, '', now() - n * interval '1 s', case when n % 2 = 0 then now() end, $2 || n, $2, $2,
         'a state', n % 2 = 1, case when n % 2 = 1 then now() + interval '1 day' end
       from unnest($3::bigint[]) with ordinality as t (id, n)`,
      [greedy.id, FAT, ids],
    );
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  const asGreedy = (): Record<string, string> => ({ authorization: `Bearer ${greedy.plain}` });
  const permits = async (of: string, state: string): Promise<number | null> => {
    const { text } = await gateway.call('/metrics', { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    return sumOf(samplesOf(text), 'journeyman_permits', { class: of, state });
  };
  const nothingIsHeld = (): Promise<true> =>
    until('all permits to be given back', async () => {
      const sums = await Promise.all(
        ['list_answers', 'list_reads', 'admin_searches'].flatMap((of) => [permits(of, 'held'), permits(of, 'waiting')]),
      );
      return sums.every((sum) => sum === 0) ? true : null;
    });
  const byIds = (wanted: unknown[]): Promise<Answer<TaskView[]>> =>
    gateway.post<TaskView[]>('/mj/task/list-by-condition', { ids: wanted }, asGreedy());
  const fetched = async (id: string): Promise<string> => (await gateway.get(`/mj/task/${id}/fetch`, asGreedy())).text;

  it('cost nobody else a submit, a fetch or a list, and are no outage, however many there are and however long they take', async () => {
    const slow = Array.from({ length: 80 }, () => gateway.get('/mj/task/list?state=slow', asGreedy()));
    let isOver = false;
    const answers = Promise.all(slow).finally(() => (isOver = true));
    await until('the reads', async () => ((await permits('list_reads', 'held')) === 2 ? true : null));
    expect(await permits('list_answers', 'held')).toBe(8);
    let rounds = 0;
    for (; !isOver; rounds += 1) {
      const { json } = await gateway.post<{ code: number; result: string }>('/mj/submit/imagine', { prompt: 'a fox' });
      expect(json).toMatchObject({ code: 1 });
      expect((await gateway.get(`/mj/task/${json.result}/fetch`)).status).toBe(200);
      expect((await gateway.get('/mj/task/list?limit=1')).status).toBe(200);
    }
    expect(rounds).toBeGreaterThan(0);
    const kinds = (await answers).map(({ status, json, headers }) => ({
      status,
      said: json['description'],
      retries: headers.has('retry-after'),
    }));
    const slowOne = { status: 503, said: 'took_too_long', retries: true };
    const refused = { status: 429, said: 'Too many tasks or requests', retries: true };
    expect(kinds).toEqual(expect.arrayContaining([slowOne, refused]));
    for (const kind of kinds) expect([slowOne, refused]).toContainEqual(kind);
    await nothingIsHeld();
    expect(gateway.logs.filter((line) => line.includes('"alarm"'))).toEqual([]);
    expect(gateway.logs.filter((line) => line.includes('task_list_own_state took longer'))).toHaveLength(1);
  });

  it('wait for nobody who has left', async () => {
    const left = Array.from({ length: 20 }, () => new AbortController());
    const asked = left.map(({ signal }) =>
      fetch(`${gateway.url}/mj/task/list?state=slow`, { headers: asGreedy(), signal }).then(
        () => null,
        () => null,
      ),
    );
    await until('those that wait', async () => ((await permits('list_answers', 'waiting')) === 12 ? true : null));
    for (const each of left) each.abort();
    await Promise.all(asked);
    await until('the places of those that waited', async () =>
      (await permits('list_answers', 'waiting')) === 0 ? true : null,
    );
    await nothingIsHeld();
  });

  it.each<[string, string, object | null]>([
    ['a list', '/mj/task/list', null],
    ['the queue', '/mj/task/queue', null],
    ['a list by ids', '/mj/task/list-by-condition', { ids: ['6240000000000001'] }],
    ['statistics', '/admin/stats', null],
  ])('end at Postgres when their client leaves: %s', async (_, path, body) => {
    const noted = jest.spyOn(gateway.app.get(Database).cancelled, 'note');
    const other = new pg.Client({ connectionString: gateway.databaseUrl });
    await other.connect();
    await other.query('begin');
    await other.query('lock table task in access exclusive mode');
    const underWay = async (): Promise<number> => {
      const [row] = await gateway.sql<{ n: number }>(`select count(*)::int as n from pg_stat_activity
        where application_name = 'journeyman-http' and state = 'active' and datname = current_database()`);
      return row?.n ?? 0;
    };
    const client = new AbortController();
    const asked = fetch(gateway.url + path, {
      method: body === null ? 'GET' : 'POST',
      headers: {
        ...(path.startsWith('/admin') ? { authorization: `Bearer ${ADMIN_KEY}` } : asGreedy()),
        'content-type': 'application/json',
      },
      body: body === null ? null : JSON.stringify(body),
      signal: client.signal,
    }).catch(() => null);
    await until('the statement', async () => ((await underWay()) === 1 ? true : null));
    client.abort();
    await asked;
    // The table is locked still.
    await until('its end', async () => ((await underWay()) === 0 ? true : null));
    await nothingIsHeld();
    await other.query('rollback');
    await other.end();
    // It was not ended for its length, after five seconds.
    expect(noted).not.toHaveBeenCalled();
  });

  it('give what fetch gives, byte for byte, in the order asked, each once', async () => {
    const wanted = [
      ...ids.slice(100),
      '6240000000999999',
      ids[3],
      ...ids.slice(0, 100),
      ids[200],
      'no id',
      Number(ids[7]),
    ];
    const run = jest.spyOn(gateway.app.get(Database), 'run');
    const { status, text, json, headers } = await byIds(wanted);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    const order = [...ids.slice(100), ids[3], ...ids.slice(0, 100)].filter((id, at, all) => all.indexOf(id) === at);
    expect(json.map(({ id }) => id)).toEqual(order);
    // In pieces of half a megabyte of texts.
    expect(run.mock.calls.filter(([{ name }]) => name === 'task_find_shown_many').length).toBeGreaterThan(10);
    const some = [0, 1, 99, 300, MANY - 1].map((at) => order[at] ?? '');
    const whole = JSON.stringify(json);
    expect(text).toBe(whole);
    for (const id of some) expect(whole).toContain(await fetched(id));
    await nothingIsHeld();
  });

  it('come in pages and as a queue like that, too', async () => {
    const page = await gateway.get<{ items: TaskView[]; nextCursor: string }>('/mj/task/list?limit=100', asGreedy());
    expect(page.json.items.map(({ id }) => id)).toEqual(ids.slice(0, 100));
    for (const at of [0, 50, 99]) expect(page.text).toContain(await fetched(ids[at] ?? ''));
    const next = await gateway.get<{ items: TaskView[] }>(
      `/mj/task/list?limit=2&cursor=${page.json.nextCursor}`,
      asGreedy(),
    );
    expect(next.json.items.map(({ id }) => id)).toEqual(ids.slice(100, 102));
    const queue = await gateway.get<TaskView[]>('/mj/task/queue', asGreedy());
    expect(queue.json.map(({ id }) => id)).toEqual(ids.filter((_, at) => at % 2 === 0).reverse());
    expect(queue.json.map(({ queuePosition }) => queuePosition)).toEqual(queue.json.map((_, at) => at));
    const admin = await gateway.call<{ items: { id: string }[] }>(`/admin/tasks?limit=200&keyId=${greedy.id}`, {
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    expect(admin.json.items.map(({ id }) => id)).toEqual(ids.slice(0, 200));
    await nothingIsHeld();
  });

  it('read no further than their client does, and hold no connection while it does not', async () => {
    const run = jest.spyOn(gateway.app.get(Database), 'run');
    const body = JSON.stringify({ ids });
    const request = http.request(`${gateway.url}/mj/task/list-by-condition`, {
      method: 'POST',
      headers: { ...asGreedy(), 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    const answered = new Promise<http.IncomingMessage>((resolve) => request.once('response', resolve));
    request.end(body);
    const answer = await answered;
    answer.pause();
    const reads = (): number => run.mock.calls.filter(([{ name }]) => name === 'task_find_shown_many').length;
    let before = -1;
    // What the kernel takes of either side is read on; then nothing is.
    await until('the reads to stop', async () => {
      const now = reads();
      const isStill = now === before && (await permits('list_reads', 'held')) === 0;
      before = now;
      return isStill ? true : null;
    });
    expect(await permits('list_answers', 'held')).toBe(1);
    expect(gateway.app.get(Database).connections().http.busy).toBe(0);
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    expect((JSON.parse(Buffer.concat(chunks).toString('utf8')) as TaskView[]).map(({ id }) => id)).toEqual(ids);
    await nothingIsHeld();
  });

  it('are cut off from a client that takes nothing, and give back what they held', async () => {
    const { send } = ListAnswers.prototype;
    jest.spyOn(ListAnswers.prototype, 'send').mockImplementation(async function (this: ListAnswers, ...asked) {
      await send.apply(this, asked);
      // Instead of the minute that lists have.
      asked[0].life.stallTimeoutMs = 500;
    });
    const body = JSON.stringify({ ids });
    const request = http.request(`${gateway.url}/mj/task/list-by-condition`, {
      method: 'POST',
      headers: { ...asGreedy(), 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    const answered = new Promise<http.IncomingMessage>((resolve) => request.once('response', resolve));
    request.end(body);
    const answer = await answered;
    answer.pause();
    await nothingIsHeld();
    expect(gateway.app.get(Database).connections().http.busy).toBe(0);
    await expect(answer.toArray()).rejects.toThrow('aborted');
  });

  it('end the connection where they cannot be finished: half an answer is none', async () => {
    const { findMany } = PublicTasks.prototype;
    let calls = 0;
    jest.spyOn(PublicTasks.prototype, 'findMany').mockImplementation(function (this: PublicTasks, ...asked) {
      calls += 1;
      return calls < 3 ? findMany.apply(this, asked) : Promise.reject(new DatabaseUnavailableError(new Error('away')));
    });
    const answer = await fetch(`${gateway.url}/mj/task/list-by-condition`, {
      method: 'POST',
      headers: { ...asGreedy(), 'content-type': 'application/json' },
      body: JSON.stringify({ ids }),
    });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    await nothingIsHeld();
  });

  it('are answered as a failure where already the first piece cannot be read', async () => {
    jest.spyOn(PublicTasks.prototype, 'findMany').mockRejectedValue(new DatabaseUnavailableError(new Error('away')));
    expect(await byIds(ids)).toMatchObject({ status: 503, json: { code: 4, description: 'database_unavailable' } });
    await nothingIsHeld();
  });
});
