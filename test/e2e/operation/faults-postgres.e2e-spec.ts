import pg from 'pg';
import { newApiKey, ApiKeyCache } from '../../../libs/access/src/index.js';
import { Database } from '../../../libs/database/src/index.js';
import { audit } from '../../../libs/tracking/test/audit.js';
import { TestGateway, type Answer } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { ToxicProxy } from '../../support/toxic-proxy.js';
import { until } from '../../support/until.js';

interface Reply {
  code: number;
  description: string;
  result: string | null;
}

const ID = expect.stringMatching(/^\d{16}$/) as unknown as string;
const UNAVAILABLE = { status: 503, json: { code: 4, description: 'database_unavailable', result: null } };

/** What clients and workers see of a Postgres that fails, locks, is full, or loses answers. */
describe('a Postgres that fails', () => {
  let upstream: ScriptedUpstream;
  let link: ToxicProxy;
  let gateway: TestGateway;
  /** Of a key with credits, whose account every open locks. */
  let limited: string;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    gateway = await TestGateway.start({
      upstreamUrl: upstream.url,
      environment: { SUBMIT_TIMEOUT_MS: '5000', SUBMIT_SETTLE_MS: '1000', UPSTREAM_MAX_CONCURRENT: '1000' },
      databaseVia: async (url) => (link = await ToxicProxy.start(url)).url,
    });
    limited = newApiKey();
    const { id } = await gateway.app.get(ApiKeyCache).ensure('limited', limited);
    await gateway.sql(
      `with topup as (insert into ledger (api_key_id, kind, amount) values ($1, 'topup', 1000))
       update account set is_limited = true, has_credit_limit = true, balance = 1000 where api_key_id = $1`,
      [id],
    );
  });
  afterEach(async () => {
    link.heal();
    await gateway.sql('drop function if exists fail cascade');
  });
  afterAll(async () => {
    await gateway.close();
    await link.close();
    await upstream.close();
  });

  const imagine = (prompt: string, headers: Record<string, string> = {}): Promise<Answer<Reply>> =>
    gateway.post<Reply>('/mj/submit/imagine', { prompt }, headers);
  const row = async (prompt: string): Promise<Record<string, unknown>> =>
    (await gateway.sql('select * from task where prompt = $1', [prompt]))[0] ?? {};
  const sendsOf = (prompt: string): number => upstream.submits.filter(({ body }) => body['prompt'] === prompt).length;
  const failOn = async (what: string, code: string, times: number): Promise<void> => {
    await gateway.sql('create sequence if not exists runs');
    await gateway.sql('alter sequence runs restart');
    await gateway.sql(`create function fail() returns trigger language plpgsql as $$ begin
      if nextval('runs') <= ${times} then raise exception using errcode = '${code}', message = 'injected'; end if;
      return new; end $$`);
    await gateway.sql(`create trigger fail before ${what} on task for each row execute function fail()`);
  };
  /** Holds a lock until it is let go. */
  const lock = async (text: string, values: unknown[] = []): Promise<() => Promise<void>> => {
    const client = new pg.Client({ connectionString: gateway.databaseUrl });
    await client.connect();
    await client.query('begin');
    await client.query(text, values);
    return async () => {
      await client.query('rollback');
      await client.end();
    };
  };

  describe('the answer of Postgres to a submit is lost', () => {
    it('when it was opened: 503, nothing sent; with its Idempotency-Key it is never sent either', async () => {
      link.loseAnswerTo('task_open');
      const key = { 'idempotency-key': 'open lost' };
      const first = await imagine('open lost', key);
      expect(first).toMatchObject(UNAVAILABLE);
      expect(first.headers.get('retry-after')).toMatch(/^\d+$/);
      const again = await imagine('open lost', key);
      expect(again).toMatchObject({ status: 409, json: { code: 4 } });
      expect(again.headers.get('retry-after')).toBe('1');
      await gateway.sql("update task set send_deadline = now() - interval '1 s' where prompt = 'open lost'");
      expect((await imagine('open lost', key)).json).toMatchObject({ code: 1, result: ID });
      expect(sendsOf('open lost')).toBe(0);
    });

    it('when it was settled: the client has its id, and it was sent once', async () => {
      link.loseAnswerTo('task_settle');
      const { status, json } = await imagine('settle lost');
      expect({ status, json }).toMatchObject({ status: 200, json: { code: 1, result: ID } });
      expect(await row('settle lost')).toMatchObject({ status: 'SUBMITTED' });
      expect(sendsOf('settle lost')).toBe(1);
    });

    it('for good, from the moment the upstream has it: the client has its id, the task is found later', async () => {
      upstream.onSubmit = (submit) => {
        link.down();
        return { code: 1, description: '', result: upstream.accept(submit).id };
      };
      const { status, json } = await imagine('gone at the settle');
      upstream.onSubmit = (submit) => ({ code: 1, description: '', result: upstream.accept(submit).id });
      expect({ status, json }).toMatchObject({ status: 200, json: { code: 1, result: ID } });
      expect(await imagine('while it is away')).toMatchObject(UNAVAILABLE);
      link.heal();
      expect(await row('gone at the settle')).toMatchObject({ id: json.result, status: 'NOT_START' });
      await gateway.sql("update task set look_up_at = now() where prompt = 'gone at the settle'");
      await until('the look-up', async () => (await row('gone at the settle'))['upstream_task_id']);
      expect(sendsOf('gone at the settle')).toBe(1);
      expect(sendsOf('while it is away')).toBe(0);
    });
  });

  it('a lock on the account: submits of that key are 503 in their time, the rest goes on, and later they work', async () => {
    const { json } = await imagine('before the lock');
    const release = await lock(
      "select from account where api_key_id = (select id from api_key where name = 'limited') for update",
    );
    const submit = (): Promise<Answer<Reply>> =>
      gateway.post<Reply>('/mj/submit/imagine', { prompt: 'locked out' }, { authorization: `Bearer ${limited}` });
    const waiting = Promise.all(Array.from({ length: 40 }, submit));
    let answered = false;
    void waiting.then(() => (answered = true));
    // More requests of that key than there are connections, and nobody else notices.
    for (let round = 0; !answered; round += 1) {
      expect((await gateway.get(`/mj/task/${json.result}/fetch`)).status).toBe(200);
      if (round < 10) expect((await imagine('another key')).json).toMatchObject({ code: 1 });
    }
    for (const one of await waiting) expect(one).toMatchObject(UNAVAILABLE);
    await release();
    expect(sendsOf('locked out')).toBe(0);
    expect((await submit()).json).toMatchObject({ code: 1, result: ID });
  });

  it('a lock on a task: workers go round it, and it ends when the lock is gone', async () => {
    const results = await Promise.all(['locked', 'free', 'free'].map((prompt) => imagine(`task ${prompt}`)));
    const ids = results.map(({ json }) => json.result ?? '');
    const release = await lock('select from task where id = $1 for update', [ids[0]]);
    const rows = await gateway.sql<{ upstream_task_id: string }>(
      'select upstream_task_id from task where id = any($1)',
      [ids],
    );
    for (const { upstream_task_id: id } of rows) upstream.show(id, { status: 'FAILURE', failReason: 'over' });
    const ended = async (id = ''): Promise<unknown> =>
      (await gateway.get(`/mj/task/${id}/fetch`)).json['status'] === 'FAILURE' ? true : null;
    // A batch that was on its way when the lock came gives its tasks back after its lease.
    await gateway.sql('update task_poll set due_at = now() where task_id = any($1)', [ids.slice(1)]);
    for (const id of ids.slice(1)) await until('the end of a free one', () => ended(id));
    expect((await gateway.get(`/mj/task/${ids[0]}/fetch`)).json['status']).not.toBe('FAILURE');
    await release();
    await gateway.sql('update task_poll set due_at = now() where task_id = $1', [ids[0]]);
    await until('the end of the locked one', () => ended(ids[0]));
  });

  it.each(['40P01', '40001'])('%s: unseen when it passes, 503 when it stays, and never sent twice', async (code) => {
    await failOn('insert', code, 2);
    expect((await imagine(`undone twice ${code}`)).json).toMatchObject({ code: 1, result: ID });
    expect(sendsOf(`undone twice ${code}`)).toBe(1);
    await gateway.sql('drop function fail cascade');
    await failOn('insert', code, 99);
    expect(await imagine(`undone always ${code}`)).toMatchObject(UNAVAILABLE);
    expect(sendsOf(`undone always ${code}`)).toBe(0);
    await gateway.sql('drop function fail cascade');
    await failOn('update', code, 4);
    expect(await imagine(`settled late ${code}`)).toMatchObject({ status: 200, json: { code: 1, result: ID } });
    expect(sendsOf(`settled late ${code}`)).toBe(1);
  });

  it('a full disk: submits are 503, reads go on, and all is well when there is room', async () => {
    const { json } = await imagine('before the disk was full');
    await failOn('insert', '53100', 1_000_000);
    const refused = await imagine('no room');
    expect(refused).toMatchObject(UNAVAILABLE);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await gateway.get(`/mj/task/${json.result}/fetch`)).status).toBe(200);
    expect((await gateway.post('/mj/task/list-by-condition', { ids: [json.result] })).json).toHaveLength(1);
    await gateway.sql('drop function fail cascade');
    expect((await imagine('room again')).json).toMatchObject({ code: 1, result: ID });
    expect(sendsOf('no room')).toBe(0);
  });

  it('a column added under a gateway that serves: no request notices', async () => {
    const { json } = await imagine('before the column');
    const all = (): Promise<Answer[]> =>
      Promise.all(
        Array.from({ length: 20 }, (_, at) =>
          at % 2
            ? gateway.get(`/mj/task/${json.result}/fetch`)
            : gateway.post('/mj/submit/imagine', { prompt: 'around it' }),
        ),
      );
    await all();
    for (const table of ['task', 'api_key', 'upstream', 'account'])
      await gateway.sql(`alter table ${table} add column of_a_newer_version text not null default 'x'`);
    const statuses = (await all()).map(({ status }) => status);
    expect(statuses).toEqual(statuses.map(() => 200));
    expect(gateway.logs.filter((line) => line.includes('internal_error'))).toEqual([]);
  });

  it('leaves slots, counts and credits as they must be', async () => {
    const database = new Database({
      url: gateway.databaseUrl,
      connections: { http: 1, work: 1 },
      statementTimeoutMs: 5_000,
    });
    expect(await audit(database)).toEqual({});
    await database.close();
  });
});
