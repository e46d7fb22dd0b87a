import pg from 'pg';
import { TestGateway } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

/** Requests for pictures that need no key, while the database takes long. */
describe('look-ups of pictures by strangers', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let other: pg.Client;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    gateway = await TestGateway.start({ upstreamUrl: upstream.url, environment: { TRUST_PROXY: '127.0.0.0/8' } });
    other = new pg.Client({ connectionString: gateway.databaseUrl });
    await other.connect();
  });

  afterAll(async () => {
    await other.end();
    await gateway.close();
    await upstream.close();
  });

  const ask = async (n: number): Promise<number> => {
    const id = `62400000000${String(10_000 + n)}`;
    const headers = { 'x-forwarded-for': `192.0.2.${n % 10}` };
    const answer = await fetch(`${gateway.url}/mj/image/${id}`, { headers });
    await answer.arrayBuffer();
    return answer.status;
  };
  const underWay = async (): Promise<number> => {
    // Not within the transaction, which sees the activity of its first look only.
    const [row] = await gateway.sql<{ n: number }>(
      "select count(*)::int as n from pg_stat_activity where application_name = 'journeyman-http' and state = 'active' and query like '%pictures_from as%'",
    );
    return row?.n ?? 0;
  };

  it('take four of the twelve connections, however many there are, and all are answered in the end', async () => {
    await other.query('begin');
    await other.query('lock table task in access exclusive mode');
    const answers = Array.from({ length: 40 }, (_, n) => ask(n));
    await until('look-ups that wait for the table', async () => ((await underWay()) >= 4 ? true : null));
    const most = await underWay();
    await other.query('rollback');
    expect(most).toBe(4);
    expect(new Set(await Promise.all(answers))).toEqual(new Set([404]));
    expect(await underWay()).toBe(0);
  });

  it('are told to come again where none gets its turn', async () => {
    await other.query('begin');
    await other.query('lock table task in access exclusive mode');
    const waiting = Array.from({ length: 12 }, (_, n) => ask(n));
    const refused = await Promise.race(waiting);
    await other.query('rollback');
    expect([429, 503]).toContain(refused);
    await Promise.all(waiting);
  });
});
