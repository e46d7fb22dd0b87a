import { ADMIN_KEY } from '../../support/admin-client.js';
import { samplesOf, sumOf } from '../../support/exposition.js';
import { TestGateway, type Answer } from '../../support/gateway.js';
import { HookReceiver } from '../../support/hook-receiver.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { ToxicProxy } from '../../support/toxic-proxy.js';
import { until } from '../../support/until.js';

interface Line {
  level: number;
  context?: string;
  msg?: string;
  alarm?: string;
}

const WARN = 40;

describe('health', () => {
  let upstream: ScriptedUpstream;
  let receiver: HookReceiver;
  let link: ToxicProxy;
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    receiver = await HookReceiver.start();
    gateway = await TestGateway.start({
      upstreamUrl: upstream.url,
      environment: { ADMIN_KEY },
      databaseVia: async (url) => (link = await ToxicProxy.start(url)).url,
    });
  });

  afterAll(async () => {
    await gateway.close();
    await link.close();
    await upstream.close();
    await receiver.close();
  });

  const details = (): Promise<Answer> =>
    gateway.call('/health/details', { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
  const statusOf = async (path: string): Promise<number> => (await gateway.call(path, {})).status;
  const linesSince = (mark: number): Line[] => gateway.logs.slice(mark).map((line) => JSON.parse(line) as Line);

  it('tells in detail how the replica is', async () => {
    const { status, json } = await details();
    expect(status).toBe(200);
    expect(json).toEqual({
      status: 'ok',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      uptimeSeconds: expect.any(Number),
      role: 'all',
      isDraining: false,
      database: { isUp: true, ms: expect.any(Number) },
      pictureStore: { isUp: true, problem: null },
      upstreams: [
        { name: 'default', kind: 'midjourney-proxy', enabled: true, circuit: 'closed', running: 0, maxConcurrent: 12 },
      ],
      backlog: { waiting: 0, unknown: 0, hooks: 0, hooksOldestSeconds: 0, pollLagSeconds: 0 },
    });
  });

  it('counts what is open', async () => {
    upstream.onSubmit = () => ({ code: 23, description: 'full' });
    await gateway.post('/mj/submit/imagine', { prompt: 'waits' });
    await gateway.sql("update upstream set circuit_until = now() + interval '1 hour'");
    const { json } = await details();
    expect(json).toMatchObject({ backlog: { waiting: 1 }, upstreams: [{ circuit: 'open' }] });
    await gateway.sql('update upstream set circuit_until = null');
    upstream.onSubmit = (submit) => ({ code: 1, description: '', result: upstream.accept(submit).id });
  });

  it('asks for ADMIN_KEY', async () => {
    expect(await statusOf('/health/details')).toBe(401);
    expect((await gateway.get('/health/details')).status).toBe(401);
  });

  it('follows a Postgres that goes away and comes back; the log says each once; requests and work go on', async () => {
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', {
      prompt: 'through an outage',
      notifyHook: receiver.url,
    });
    const mark = gateway.logs.length;
    link.down();
    await until('the replica to be unready', async () => ((await statusOf('/health/ready')) === 503 ? true : null));
    // Several ticks of everything that ticks, with requests in between.
    for (let round = 0; round < 25; round += 1) {
      const answers = await Promise.all([
        gateway.get(`/mj/task/${json.result}/fetch`),
        gateway.post('/mj/submit/imagine', { prompt: 'meanwhile' }),
        gateway.call('/admin/tasks', { headers: { authorization: `Bearer ${ADMIN_KEY}` } }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
      expect(answers.every(({ headers }) => /^\d+$/.test(headers.get('retry-after') ?? ''))).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    expect(await statusOf('/health/live')).toBe(200);
    expect((await details()).json).toMatchObject({
      status: 'unavailable',
      database: { isUp: false },
      upstreams: null,
      backlog: null,
    });
    const scraped = await gateway.call('/metrics', { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    const samples = samplesOf(scraped.text);
    expect(sumOf(samples, 'journeyman_database_up')).toBe(0);
    for (const name of ['poll_lag_seconds', 'tasks_waiting', 'hooks_waiting', 'hooks_oldest_seconds', 'upstream_up'])
      expect(sumOf(samples, `journeyman_${name}`)).toBeNull();
    link.heal();
    await until('the replica to be ready', async () => ((await statusOf('/health/ready')) === 200 ? true : null));
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      json.result,
    ]);
    upstream.show(row?.upstream_task_id ?? '', { status: 'FAILURE', failReason: 'over' });
    await until('the hook', () => receiver.of(json.result).find(({ task }) => task.status === 'FAILURE'));
    const ended = await until('the line that says it is over', () =>
      linesSince(mark).find(({ msg }) => msg?.startsWith('the database is available again') === true),
    );
    expect(ended.context).toBe('Database');
    const loud = linesSince(mark).filter(({ level }) => level >= WARN);
    expect(loud).toEqual([expect.objectContaining({ alarm: 'the database is not available' })]);
    expect(
      sumOf(
        samplesOf((await gateway.call('/metrics', { headers: { authorization: `Bearer ${ADMIN_KEY}` } })).text),
        'journeyman_database_up',
      ),
    ).toBe(1);
  });

  it('knows a Postgres that takes connections and answers nothing', async () => {
    link.freeze();
    expect((await details()).json).toMatchObject({ database: { isUp: false } });
    expect(await statusOf('/health/live')).toBe(200);
    link.heal();
    await until('an answer', async () =>
      ((await details()).json['database'] as { isUp: boolean }).isUp ? true : null,
    );
  });
});
