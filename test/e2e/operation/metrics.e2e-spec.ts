import sharp from 'sharp';
import { METRICS } from '../../../apps/gateway/src/metrics/metric-names.js';
import { ADMIN_KEY, AdminClient } from '../../support/admin-client.js';
import { expectError } from '../../support/expect-error.js';
import { samplesOf, sumOf, type Sample } from '../../support/exposition.js';
import { TestGateway } from '../../support/gateway.js';
import { HookReceiver } from '../../support/hook-receiver.js';
import { requestRaw } from '../../support/raw-request.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

const AS_ADMIN = { authorization: `Bearer ${ADMIN_KEY}` };

describe('/metrics', () => {
  let upstream: ScriptedUpstream;
  let receiver: HookReceiver;
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    receiver = await HookReceiver.start();
    upstream.picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#357' } })
      .png()
      .toBuffer();
    gateway = await TestGateway.start({
      upstreamUrl: upstream.url,
      environment: { ADMIN_KEY, UPSTREAM_MAX_CONCURRENT: '8' },
    });
  });

  afterAll(async () => {
    await gateway.close();
    await upstream.close();
    await receiver.close();
  });

  const exposition = async (): Promise<string> => {
    const answer = await gateway.call('/metrics', { headers: AS_ADMIN });
    expect(answer.status).toBe(200);
    return answer.text;
  };
  const scrape = async (): Promise<Sample[]> => samplesOf(await exposition());
  const imagine = async (prompt: string, more: object = {}): Promise<string> =>
    (await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt, ...more })).json.result;
  const end = async (id: string, fields: Record<string, unknown>): Promise<void> => {
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      id,
    ]);
    upstream.show(row?.upstream_task_id ?? '', { progress: '100%', ...fields });
    await until(`the end of ${id}`, async () =>
      (await gateway.sql('select from task where id = $1 and finished_at is not null', [id])).length === 1
        ? true
        : null,
    );
  };

  it('asks for ADMIN_KEY, as the admin API does', async () => {
    for (const headers of [{}, { authorization: `Bearer ${gateway.key}` }, { authorization: 'Bearer wrong' }]) {
      const answer = await gateway.call('/metrics', { headers: headers as Record<string, string> });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    }
    const answer = await gateway.call('/metrics', { headers: AS_ADMIN });
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  describe('after a mixed load', () => {
    let success: string;
    let failed: string;
    let samples: Sample[];
    let text: string;

    beforeAll(async () => {
      success = await imagine('a lighthouse', { notifyHook: `${receiver.url}/hook/token-abc` });
      receiver.answer = ({ task }) => (task.id === failed ? 500 : 200);
      failed = await imagine('a broken one', { mode: 'RELAX' });
      await end(success, { status: 'SUCCESS', imageUrl: `${upstream.url}/grid.png`, action: 'IMAGINE' });
      await end(failed, { status: 'FAILURE', failReason: 'no' });
      receiver.answer = () => 500;
      const hooked = await imagine('unheard', { notifyHook: `${receiver.url}/hook` });
      await end(hooked, { status: 'FAILURE', failReason: 'no' });
      upstream.onSubmit = () => ({ code: 24, properties: { promptEn: 'x', bannedWord: 'x' } });
      await imagine('banned');
      upstream.onSubmit = () => ({ code: 23, description: 'full' });
      await imagine('waits');
      await gateway.post('/mj/submit/imagine', {});
      await gateway.post('/mj/submit/imagine', { prompt: 'x' }, { authorization: 'Bearer sk-unknown-0123456789' });
      await gateway.get(`/mj/task/${success}/fetch`);
      await gateway.get('/no/such/route');
      const picture = (path: string, headers: Record<string, string> = {}): ReturnType<typeof fetch> =>
        fetch(gateway.url + path, { headers });
      const kept = await picture(`/mj/image/${success}`);
      await kept.arrayBuffer();
      await picture(`/mj/image/${success}`, { 'if-none-match': kept.headers.get('etag') ?? '' });
      await picture('/mj/image/6240000000000001');
      await picture(`/mj/image/${success}?w=0`);
      await picture(`/mj/image/${success}?format=webp`);
      await new AdminClient(gateway).get('/tasks');
      await until('the tries of hooks', async () => {
        const [row] = await gateway.sql<{ n: number }>(
          "select count(*)::int as n from hook_attempt where class <> 'delivered'",
        );
        return Number(row?.n) > 0 ? true : null;
      });
      text = await exposition();
      samples = samplesOf(text);
    });

    it('has every metric, described, with its labels and no others', () => {
      for (const { name, labels, about } of Object.values(METRICS)) {
        expect(text).toContain(`# HELP ${name} ${about}\n`);
        const found = samples.filter((sample) => sample.name.replace(/_(?:bucket|sum|count)$/, '') === name);
        expect({ name, found: found.length > 0 }).toEqual({ name, found: true });
        for (const sample of found) {
          expect({ name, labels: Object.keys(sample.labels).filter((label) => label !== 'le') }).toEqual({
            name,
            labels,
          });
        }
      }
    });

    it('has none that is not listed, but those of the process', () => {
      const known = new Set<string>(Object.values(METRICS).map(({ name }) => name));
      const others = samples
        .map(({ name }) => name.replace(/_(?:bucket|sum|count)$/, ''))
        .filter((name) => !known.has(name) && !/^(?:process|nodejs)_/.test(name));
      expect(others).toEqual([]);
    });

    it('counts submits by what was answered', () => {
      const submits = (labels: Record<string, string>): number | null =>
        sumOf(samples, 'journeyman_submits_total', labels);
      expect(submits({ code: '1', action: 'IMAGINE', mode: 'FAST' })).toBe(3);
      expect(submits({ code: '1', action: 'IMAGINE', mode: 'RELAX' })).toBe(1);
      expect(submits({ code: '24', action: 'IMAGINE', mode: 'FAST' })).toBe(1);
      // Refused before it was known what it was for: an empty body, and an unknown key.
      expect(submits({ code: '4', action: '', mode: '' })).toBe(2);
      expect(submits({})).toBe(7);
    });

    it('counts ended tasks once, and how long they took', () => {
      const finished = (labels: Record<string, string>): number | null =>
        sumOf(samples, 'journeyman_tasks_finished_total', labels);
      expect(finished({ status: 'SUCCESS', action: 'IMAGINE', mode: 'FAST' })).toBe(1);
      expect(finished({ status: 'FAILURE', action: 'IMAGINE', mode: 'RELAX' })).toBe(1);
      expect(finished({})).toBe(3);
      expect(sumOf(samples, 'journeyman_task_seconds_count', { action: 'IMAGINE', mode: 'FAST' })).toBe(1);
    });

    it('counts tries of hooks as hook_attempt has them', async () => {
      const rows = await until('the settled tries', async () => {
        const found = await gateway.sql<{ class: string; n: number }>(
          'select class, count(*)::int as n from hook_attempt group by 1',
        );
        const now = await scrape();
        return found.every(({ class: kind, n }) => sumOf(now, 'journeyman_hook_attempts_total', { class: kind }) === n)
          ? found
          : null;
      });
      expect(rows.map((row) => row.class).sort()).toEqual(['delivered', 'status_5xx']);
    });

    it('times calls to upstreams', () => {
      const calls = (operation: string): number | null =>
        sumOf(samples, 'journeyman_upstream_seconds_count', {
          upstream: 'default',
          kind: 'midjourney-proxy',
          operation,
        });
      expect(calls('submit')).toBe(5);
      expect(calls('poll')).toBeGreaterThan(0);
    });

    it('counts requests for pictures', () => {
      const images = (result: string): number | null => sumOf(samples, 'journeyman_image_requests_total', { result });
      expect({
        kept: images('kept'),
        same: images('not_modified'),
        none: images('not_found'),
        wrong: images('refused'),
      }).toEqual({ kept: 2, same: 1, none: 1, wrong: 1 });
    });

    it('shows what waits, and how upstreams are', () => {
      expect(sumOf(samples, 'journeyman_tasks_waiting')).toBe(1);
      expect(sumOf(samples, 'journeyman_tasks_unknown')).toBe(0);
      expect(sumOf(samples, 'journeyman_hooks_waiting')).toBe(1);
      expect(sumOf(samples, 'journeyman_upstream_up', { upstream: 'default', kind: 'midjourney-proxy' })).toBe(1);
      expect(sumOf(samples, 'journeyman_upstream_running', { upstream: 'default' })).toBe(0);
      expect(sumOf(samples, 'journeyman_database_up')).toBe(1);
    });

    it('times requests by their route, never by their URL', () => {
      const requests = (labels: Record<string, string>): number | null =>
        sumOf(samples, 'journeyman_http_request_seconds_count', labels);
      expect(requests({ method: 'POST', route: '/mj/submit/imagine', status: '2xx' })).toBe(5);
      expect(requests({ method: 'GET', route: '/mj/task/:id/fetch', status: '2xx' })).toBe(1);
      expect(requests({ method: 'GET', route: 'none', status: '4xx' })).toBe(1);
    });

    it('holds no id, no key and no address', async () => {
      const seen = await exposition();
      expect(seen).not.toMatch(/(?<![\d.])\d{16}(?![\d.])/);
      expect(seen).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
      const labels = samplesOf(seen)
        .flatMap((sample) => Object.values(sample.labels))
        .join('\n');
      for (const secret of [gateway.key, ADMIN_KEY, 'sk-', 'whsec_', 'token-abc', '127.0.0.1', '://'])
        expect(labels.split('\n').filter((label) => label.includes(secret))).toEqual([]);
      expect(labels).not.toMatch(/\d{9}/);
    });
  });

  it('opens a circuit before the eyes of whoever looks', async () => {
    await gateway.sql("update upstream set circuit_until = now() + interval '1 hour', circuit_changed_at = now()");
    expect(sumOf(await scrape(), 'journeyman_upstream_up', { upstream: 'default' })).toBe(0);
    await gateway.sql('update upstream set circuit_until = null');
    expect(sumOf(await scrape(), 'journeyman_upstream_up', { upstream: 'default' })).toBe(1);
  });
});

describe('/metrics of another setting', () => {
  let upstream: ScriptedUpstream;
  beforeAll(async () => void (upstream = await ScriptedUpstream.start()));
  afterAll(() => upstream.close());

  it('is not there without ADMIN_KEY', async () => {
    const gateway = await TestGateway.start({ upstreamUrl: upstream.url });
    for (const path of ['/metrics', '/health/details']) {
      for (const authorization of ['', `Bearer ${gateway.key}`, 'Bearer null'])
        expectError(await requestRaw(gateway.url, 'GET', path, { headers: { authorization } }), 404, 'not_found');
    }
    await gateway.close();
  });

  it.each<Record<string, string>>([{ METRICS_OPEN: 'true' }, { METRICS_OPEN: 'true', ADMIN_KEY }])(
    'is open to everybody with %j, and nothing else is',
    async (environment) => {
      const gateway = await TestGateway.start({ upstreamUrl: upstream.url, environment });
      const answer = await requestRaw(gateway.url, 'GET', '/metrics');
      expect(answer.status).toBe(200);
      expect(sumOf(samplesOf(answer.text), 'journeyman_database_up')).toBe(1);
      expect((await requestRaw(gateway.url, 'GET', '/health/details')).status).toBe(
        environment['ADMIN_KEY'] === undefined ? 404 : 401,
      );
      await gateway.close();
    },
  );
});
