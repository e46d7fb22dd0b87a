import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Database } from '../../../libs/database/src/index.js';
import { audit } from '../../../libs/tracking/test/audit.js';
import { GatewayProcess, install, type Installation } from '../../support/gateway-process.js';
import { HookReceiver } from '../../support/hook-receiver.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';

const MINUTES_MS = 300_000;

/** Gives a process a clock that is wrong by so much, before its first line runs. */
const withClock = (skewMs: number): string =>
  `--import=data:text/javascript,${encodeURIComponent(
    `const Real = Date; globalThis.Date = class extends Real {
    constructor(...given) { if (given.length === 0) super(Real.now() + ${skewMs}); else super(...given); }
    static now() { return Real.now() + ${skewMs}; } }`,
  )}`;

/** Built gateways as processes, several on one database. */
describe('gateway processes', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  let upstream: ScriptedUpstream;
  let receiver: HookReceiver;
  let installation: Installation;
  const started: GatewayProcess[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.url });
    admin.on('error', () => undefined);
    await admin.connect();
    upstream = await ScriptedUpstream.start();
    receiver = await HookReceiver.start();
    installation = await install(database.url, upstream.url, {
      SUBMIT_TIMEOUT_MS: '2000',
      UPSTREAM_MAX_CONCURRENT: '500',
    });
  });
  afterEach(async () => {
    // What a failed test leaves running.
    for (const gateway of started.splice(0)) await gateway.kill();
    const own = new Database({ url: database.url, connections: { http: 1, work: 1 }, statementTimeoutMs: 5_000 });
    const broken = await audit(own);
    await own.close();
    await admin.end();
    await upstream.close();
    await receiver.close();
    await installation.remove();
    await database.drop();
    expect(broken).toEqual({});
  });

  const start = async (more: Record<string, string> = {}): Promise<GatewayProcess> => {
    const gateway = await GatewayProcess.start({
      ...installation,
      environment: { ...installation.environment, ...more },
    });
    started.push(gateway);
    return gateway;
  };
  /** The task's id; null where it was refused with 503, or its connection ended. */
  const submit = async ({ url }: GatewayProcess, prompt: string): Promise<string | null> => {
    const answer = await fetch(`${url}/mj/submit/imagine`, {
      method: 'POST',
      headers: { authorization: `Bearer ${installation.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ prompt, notifyHook: receiver.url }),
    }).catch(() => null);
    if (answer === null) return null;
    const { result } = (await answer.json()) as { result: string | null };
    expect([200, 503]).toContain(answer.status);
    return answer.status === 200 ? result : null;
  };
  const rows = async <Row extends pg.QueryResultRow>(text: string): Promise<Row[]> =>
    (await admin.query<Row>(text)).rows;
  const finishAll = (): void => {
    for (const [id] of upstream.tasks) upstream.show(id, { status: 'FAILURE', failReason: 'over' });
  };
  const untilAllEnded = (): Promise<unknown> =>
    until('the end of every task', async () => {
      finishAll();
      // What is not known to be with the upstream is looked up at once, and again after the least time between noes.
      await rows(`update task set look_up_at = now(), send_deadline = now(), last_no_at = last_no_at - interval '31 s',
        sent_at = now() - interval '1 hour', submitted_at = now() - interval '1 hour'
        where finished_at is null and look_up_at is not null and send_deadline < now()`);
      await rows("update task_poll set due_at = now() where due_at > now() + interval '3 s'");
      return (await rows('select from task where finished_at is null limit 1')).length === 0 ? true : null;
    });
  const expectSentOnce = (): void => {
    const marks = upstream.submits.map(({ body }) => body['state']);
    expect(new Set(marks).size).toBe(marks.length);
  };

  it('outlive a storm of ended backends: every task ends, each was sent once, each end is told', async () => {
    const gateways = [await start(), await start()];
    let isOver = false;
    const storm = (async (): Promise<number> => {
      let ended = 0;
      while (!isOver) {
        const killed = await rows(`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and random() < 0.5`);
        ended += killed.length;
        await sleep(20);
      }
      return ended;
    })();
    const ids: (string | null)[] = [];
    for (let round = 0; round < 8; round += 1) {
      ids.push(
        ...(await Promise.all(
          gateways.flatMap((gateway, at) => [1, 2].map((n) => submit(gateway, `${round} ${at} ${n}`))),
        )),
      );
      finishAll();
    }
    isOver = true;
    expect(await storm).toBeGreaterThan(20);
    await untilAllEnded();
    const known = ids.filter((id) => id !== null);
    expect(known.length).toBeGreaterThan(0);
    const stored = await rows<{ id: string }>('select id from task');
    expect(stored.map(({ id }) => id)).toEqual(expect.arrayContaining(known));
    expectSentOnce();
    await until('every hook', async () => {
      // What a claim whose answer was lost holds is due again when it ends.
      await rows(`update hook_delivery set next_at = now(), claim_until = now() where task_id in (
        select task_id from hook_delivery where claim_until > now() + interval '20 s' order by task_id for update skip locked)`);
      return known.every((id) => receiver.of(id).some(({ task }) => task.status === 'FAILURE')) ? true : null;
    });
    for (const gateway of gateways) await gateway.stopCleanly();
  });

  it('whose clocks are five minutes behind and ahead claim nothing early, leave nothing, and write Postgres’ time', async () => {
    const gateways = [
      await start({ NODE_OPTIONS: withClock(-MINUTES_MS) }),
      await start({ NODE_OPTIONS: withClock(MINUTES_MS) }),
    ];
    const ids = await Promise.all(
      gateways.flatMap((gateway, at) => [1, 2, 3].map((n) => submit(gateway, `${at} ${n}`))),
    );
    await until('acceptances', async () =>
      (await rows("select from task where status = 'SUBMITTED'")).length === 6 ? true : null,
    );
    const polls = upstream.polls;
    await until('polls', () => (upstream.polls > polls + 3 ? true : null));
    // Nobody takes their age for five minutes more, or their waits for over.
    expect(await rows('select from task where finished_at is not null')).toEqual([]);
    await untilAllEnded();
    const odd = await rows(`select id, submitted_at, started_at, finished_at from task
      where abs(extract(epoch from now() - finished_at)) > 120 or abs(extract(epoch from now() - started_at)) > 120
        or started_at < submitted_at - interval '2 s' or finished_at < started_at - interval '2 s'`);
    expect(odd).toEqual([]);
    expectSentOnce();
    for (const id of ids)
      await until('its hook', () => receiver.of(id ?? '').find(({ task }) => task.status === 'FAILURE'));
    for (const gateway of gateways) await gateway.stopCleanly();
  });

  it('SIGTERM under load: it ends with 0, and another replica goes on with what it held', async () => {
    const [leaving, staying] = [await start(), await start()];
    const held = upstream.onSubmit;
    upstream.onSubmit = (request, response) => {
      setTimeout(() => response.end(JSON.stringify(held(request, response))), 150);
      return undefined;
    };
    const sent: Promise<string | null>[] = [];
    for (let n = 0; n < 40; n += 1) sent.push(submit(leaving, `under load ${n}`));
    await until('some of them', () => (upstream.submits.length > 5 ? true : null));
    const stopped = leaving.stop();
    for (let n = 0; n < 5; n += 1) sent.push(submit(staying, `at the other ${n}`));
    expect(await stopped).toBe(0);
    const ids = (await Promise.all(sent)).filter((id) => id !== null);
    // Nothing is left claimed by the process that is gone: what is claimed now, by the other, is not so for long.
    const leased = async (): Promise<string[]> =>
      (await rows<{ id: string }>("select task_id as id from task_poll where due_at > now() + interval '10 s'")).map(
        ({ id }) => id,
      );
    let left = await leased();
    for (let look = 0; look < 80 && left.length > 0; look += 1) {
      await sleep(100);
      const now = await leased();
      left = left.filter((id) => now.includes(id));
    }
    expect(left).toEqual([]);
    finishAll();
    for (const id of ids) await until('the end', () => receiver.of(id).find(({ task }) => task.status === 'FAILURE'));
    expectSentOnce();
    expect(await rows('select from task where finished_at is null')).toEqual([]);
    await staying.stopCleanly();
  });

  it('that stands still while another ends its task answers what the row says', async () => {
    const frozen = await start({ SUBMIT_TIMEOUT_MS: '60000' });
    let answer = (): unknown => undefined;
    upstream.onSubmit = (_, response) => {
      answer = () =>
        response.end(JSON.stringify({ code: 24, description: 'banned', properties: { bannedWord: 'still' } }));
      return undefined;
    };
    const answered = submit(frozen, 'standing still');
    await until('the send', () => (upstream.submits.length === 1 ? true : null));
    frozen.pause();
    await start();
    const ended = await until('the end of its task', async () => {
      await rows(`update task set look_up_at = least(look_up_at, now()), send_deadline = now() - interval '1 hour',
        sent_at = now() - interval '2 hours', submitted_at = now() - interval '2 hours' where finished_at is null`);
      const [row] = await rows<{ id: string }>('select id from task where finished_at is not null');
      return row;
    });
    answer();
    frozen.resume();
    // What it was told by the upstream is not so any more: the task has its id, under which it is read as failed.
    expect(await answered).toBe(ended.id);
    const read = await fetch(`${frozen.url}/mj/task/${ended.id}/fetch`, {
      headers: { authorization: `Bearer ${installation.key}` },
    });
    expect(await read.json()).toMatchObject({ id: ended.id, status: 'FAILURE' });
    expectSentOnce();
  });

  it('that migrate an empty database at once make one schema, and serve while another joins', async () => {
    await admin.query('drop schema public cascade; drop schema if exists report cascade; create schema public');
    const pair = await Promise.all([start(), start()]);
    expect(await rows('select name from schema_migration group by name having count(*) > 1')).toEqual([]);
    let isOver = false;
    const load = (async (): Promise<(string | null)[]> => {
      const ids: (string | null)[] = [];
      for (let n = 0; !isOver || n < 20; n += 1) ids.push(await submit(pair[n % 2], `while others migrate ${n}`));
      return ids;
    })();
    const joined = await start();
    isOver = true;
    for (const id of await load) expect(id).toMatch(/^\d{16}$/);
    await untilAllEnded();
    expectSentOnce();
    for (const gateway of [...pair, joined]) await gateway.stopCleanly();
  });
});
