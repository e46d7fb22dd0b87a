import { ApiKeyAdmin } from '../../../libs/access/src/index.js';
import type { TaskView } from '../../../libs/wire/src/index.js';
import { ADMIN_KEY } from '../../support/admin-client.js';
import { samplesOf, sumOf } from '../../support/exposition.js';
import { TestGateway } from '../../support/gateway.js';
import { HookReceiver } from '../../support/hook-receiver.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';
import { makeStepping, stepDatabase } from '../../support/stepping-database.js';
import { setWallClock } from '../../support/wall-clock.js';
import { useGateway } from '../../support/use-gateway.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

describe('a wall clock that is set while tasks run', () => {
  const { gateway, upstream, receiver } = useGateway({ environment: { ADMIN_KEY } });

  afterEach(() => setWallClock(0));
  const imagine = async (): Promise<string> => {
    const { json } = await gateway.post<{ code: number; result: string }>('/mj/submit/imagine', {
      prompt: 'a clock tower',
      notifyHook: `${receiver.url}/hook`,
    });
    expect(json.code).toBe(1);
    return json.result;
  };
  const view = async (id: string): Promise<TaskView> => (await gateway.get<TaskView>(`/mj/task/${id}/fetch`)).json;
  const sent = (id: string): Promise<string> =>
    until('the submit at the upstream', async () => {
      const [row] = await gateway.sql<{ upstream_task_id: string | null }>(
        'select upstream_task_id from task where id = $1',
        [id],
      );
      return row?.upstream_task_id ?? null;
    });
  const steps = async (clock: string): Promise<number> => {
    const { text } = await gateway.call('/metrics', { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    return sumOf(samplesOf(text), 'journeyman_clock_steps_total', { clock }) ?? NaN;
  };

  it.each([30 * SECOND, -30 * SECOND, 2 * HOUR, -2 * HOUR])(
    'by %d ms sends, polls, ends and tells as before',
    async (by) => {
      const before = await steps('wall');
      const submitted = upstream.submits.length;
      const running = await imagine();
      const there = await sent(running);
      setWallClock(by);
      const young = await imagine();
      const theirs = [there, await sent(young)];
      expect(upstream.submits.length).toBe(submitted + 2);
      await until('the noticed step', async () => ((await steps('wall')) === before + 1 ? true : null));
      for (const id of theirs) upstream.show(id, { status: 'IN_PROGRESS', progress: '40%' });
      for (const id of [running, young]) {
        await until('its progress', async () => ((await view(id)).progress === '40%' ? true : null));
      }
      for (const id of theirs) upstream.show(id, { status: 'FAILURE', progress: '100%', failReason: 'no' });
      for (const id of [running, young]) {
        const last = await until('its last hook', () =>
          receiver.of(id).find(({ task }) => task.status === 'FAILURE' && task.progress === '100%'),
        );
        const [row] = await gateway.sql<{ late: number; lived: number }>(
          `select abs(extract(epoch from now()) - $2::float8) as late, extract(epoch from finished_at - submitted_at)::float8 as lived
           from task where id = $1`,
          [id, String(last.headers['webhook-timestamp'])],
        );
        expect(row?.late).toBeLessThan(60);
        expect(row?.lived).toBeGreaterThanOrEqual(0);
        expect(row?.lived).toBeLessThan(60);
      }
      const told = gateway.logs.filter((line) => line.includes('"clock":"wall"'));
      expect(told.at(-1)).toContain('was set by');
    },
  );

  it.each([2 * HOUR, -2 * HOUR])('by %d ms revives no key that was revoked', async (by) => {
    const keys = gateway.app.get(ApiKeyAdmin);
    const { key, plain } = await keys.create({ name: 'short' });
    const ask = async (): Promise<number> =>
      (await gateway.get('/mj/task/list', { authorization: `Bearer ${plain}` })).status;
    expect(await ask()).toBe(200);
    setWallClock(by);
    await keys.revoke(key.id);
    await until('the revocation', async () => ((await ask()) === 401 ? true : null));
    setWallClock(0);
    expect(await ask()).toBe(401);
  });
});

describe("a database's clock that is set while tasks run", () => {
  let upstream: ScriptedUpstream;
  let receiver: HookReceiver;
  let gateway: TestGateway;

  beforeEach(async () => {
    upstream = await ScriptedUpstream.start();
    receiver = await HookReceiver.start();
    gateway = await TestGateway.start({
      upstreamUrl: upstream.url,
      environment: { ADMIN_KEY, QUEUE_TIMEOUT_MS: '600000', MISSING_AFTER_MS: '60000' },
      databaseVia: makeStepping,
    });
  });
  afterEach(async () => {
    await gateway.close();
    await upstream.close();
    await receiver.close();
  });

  const imagine = async (key = gateway.key, more: object = {}): Promise<{ status: number; id: string }> => {
    const { status, json } = await gateway.post<{ result: string }>(
      '/mj/submit/imagine',
      { prompt: 'a clock tower', notifyHook: `${receiver.url}/hook`, ...more },
      { authorization: `Bearer ${key}` },
    );
    return { status, id: json.result };
  };
  const view = async (id: string): Promise<TaskView> => (await gateway.get<TaskView>(`/mj/task/${id}/fetch`)).json;
  const upstreamId = (id: string): Promise<string> =>
    until('the submit at the upstream', async () => {
      const [row] = await gateway.sql<{ upstream_task_id: string | null }>(
        'select upstream_task_id from task where id = $1',
        [id],
      );
      return row?.upstream_task_id ?? null;
    });
  const told = (id: string): Promise<unknown> =>
    until('its last hook', () => receiver.of(id).find(({ task }) => task.status === 'FAILURE'));

  it.each([2 * HOUR, -2 * HOUR])(
    'by %d ms: what ran, what waited, hooks and limits go on as before',
    async (by) => {
      const keys = gateway.app.get(ApiKeyAdmin);
      const { plain } = await keys.create({ name: 'limited', requestsPerMinute: 1 });
      expect((await imagine(plain)).status).toBe(200);
      expect((await imagine(plain)).status).toBe(429);
      const running = await imagine();
      const there = await upstreamId(running.id);
      receiver.answer = () => 503;
      const failing = await imagine();
      upstream.show(await upstreamId(failing.id), { status: 'FAILURE', failReason: 'no', progress: '100%' });
      await until('its first try', () => receiver.of(failing.id).find(({ task }) => task.status === 'FAILURE'));
      upstream.onSubmit = () => ({ code: 23, description: 'full' });
      const waiting = await imagine();
      await until('its wait', async () => {
        const rows = await gateway.sql('select from task where id = $1 and waiting', [waiting.id]);
        return rows[0];
      });

      await gateway.sql(stepDatabase(by));
      await until('the noticed step', () => gateway.logs.find((line) => line.includes('"clock":"database"')));
      receiver.answer = () => 200;
      upstream.onSubmit = (submit) => ({ code: 1, description: '', result: upstream.accept(submit).id });
      upstream.show(there, { status: 'IN_PROGRESS', progress: '55%' });
      await until('the progress of what ran', async () => ((await view(running.id)).progress === '55%' ? true : null));
      upstream.show(there, { status: 'FAILURE', failReason: 'no', progress: '100%' });
      upstream.show(await upstreamId(waiting.id), { status: 'FAILURE', failReason: 'no', progress: '100%' });
      for (const { id } of [running, waiting, failing]) await told(id);
      const young = await imagine();
      upstream.show(await upstreamId(young.id), { status: 'FAILURE', failReason: 'no', progress: '100%' });
      await told(young.id);
      // Its minute began at the latest now, so it ends within one.
      await until('the end of the minute to be near', async () => {
        const rows = await gateway.sql('select from account where is_limited and window_at <= now()');
        return rows[0];
      });
      for (const { id } of [running, waiting, young]) {
        expect((await view(id)).failReason).toBe('no');
        const [row] = await gateway.sql<{ seconds: number }>(
          'select extract(epoch from finished_at - submitted_at)::float8 as seconds from task where id = $1',
          [id],
        );
        expect(row?.seconds).toBeGreaterThanOrEqual(0);
      }
      expect(gateway.logs.filter((line) => /"alarm"|internal_error/.test(line))).toEqual([]);
    },
    180_000,
  );
});
