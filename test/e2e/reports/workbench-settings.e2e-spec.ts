import type { SqlResultDto } from '../../../apps/gateway/src/admin/sql/admin-sql.dto.js';
import { ADMIN_KEY, AdminClient, expectProblem } from '../../support/admin-client.js';
import { TestGateway } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

/** Where free SQL is off, has a wrong login, or is asked while the gateway goes down. */
describe('the workbench of a gateway', () => {
  let upstream: ScriptedUpstream;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
  });

  afterAll(async () => {
    await upstream.close();
  });

  const start = (environment: Record<string, string>): Promise<TestGateway> =>
    TestGateway.start({ upstreamUrl: upstream.url, environment: { ADMIN_KEY, ...environment } });

  it('has questions only with STUDIO_SQL=off', async () => {
    const gateway = await start({ STUDIO_SQL: 'off' });
    try {
      const admin = new AdminClient(gateway);
      expectProblem(await admin.post('/sql/run', { sql: 'select 1' }), 404, 'not_found');
      expectProblem(await admin.get('/sql/dictionary'), 404, 'not_found');
      expect((await admin.post('/questions/now/run', {})).status).toBe(200);
      expect((await admin.get('/questions')).status).toBe(200);
    } finally {
      await gateway.close();
    }
  });

  it('asks for ADMIN_KEY', async () => {
    const gateway = await start({});
    try {
      for (const path of ['/admin/sql/run', '/admin/questions/now/run']) {
        expect((await gateway.post(path, { sql: 'select 1' })).status).toBe(401);
      }
    } finally {
      await gateway.close();
    }
  });

  it('says what to do where its login is none, and has questions all the same', async () => {
    const server = new URL(process.env['TEST_POSTGRES_URL'] ?? '');
    server.password = 'a-wrong-password';
    server.username = 'journeyman_nobody';
    const gateway = await start({ STUDIO_SQL_URL: server.toString() });
    try {
      const admin = new AdminClient(gateway);
      const refused = await admin.post<{ detail: string }>('/sql/run', { sql: 'select 1' });
      expectProblem(refused, 409, 'state_forbids');
      expect(refused.text).toMatch(/npm run reporter/);
      expect(refused.text).not.toMatch(/nobody|wrong-password|127\.0\.0\.1|localhost/);
      expect((await admin.post('/questions/now/run', {})).status).toBe(200);
      expect((await admin.get('/sql/dictionary')).status).toBe(200);
    } finally {
      await gateway.close();
    }
  });

  it('goes down although a question is under way', async () => {
    const gateway = await start({});
    const admin = new AdminClient(gateway);
    const locker = gateway.sql('begin; lock table upstream in access exclusive mode; select pg_sleep(1); rollback');
    const asked = admin.post<SqlResultDto>('/questions/upstreams_now/run', {}).catch(() => null);
    await until('the question to wait', async () => {
      const rows = await gateway.sql(
        "select from pg_stat_activity where application_name = 'journeyman-questions' and datname = current_database()",
      );
      return rows[0] ?? null;
    });
    await locker;
    await gateway.close();
    await asked;
  });
});
