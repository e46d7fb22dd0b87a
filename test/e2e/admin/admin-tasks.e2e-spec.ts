import type { AuditEntryDto } from '../../../apps/gateway/src/admin/audit/audit.dto.js';
import type { AdminKeyDto, CreatedKeyDto } from '../../../apps/gateway/src/admin/keys/admin-key.dto.js';
import type {
  TaskDossierDto,
  AdminTaskPageDto,
  AdminTaskDto,
} from '../../../apps/gateway/src/admin/tasks/admin-task.dto.js';
import type { StatsDto } from '../../../apps/gateway/src/admin/tasks/stats.dto.js';
import type { UpstreamPageDto } from '../../../apps/gateway/src/admin/upstreams/admin-upstream.dto.js';
import { ADMIN_KEY, expectProblem, type AdminAnswer, type Wire } from '../../support/admin-client.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

interface Made {
  id: string;
  upstreamId: string;
}

describe('tasks through the admin API', () => {
  const { gateway, upstream, receiver, admin } = useGateway({
    environment: { ADMIN_KEY, UPSTREAM_MAX_CONCURRENT: '200' },
  });
  let limited: { id: string; key: string };

  beforeAll(async () => {
    limited = (await admin.post<CreatedKeyDto>('/keys', { name: 'limited', credits: '100' })).json;
  });

  beforeEach(() => {
    upstream.onSubmit = (submit) => ({ code: 1, result: upstream.accept(submit).id });
  });

  const submit = async (prompt: string, more: object = {}, key = limited.key): Promise<Made> => {
    const { json } = await gateway.post<{ result: string }>(
      '/mj/submit/imagine',
      { prompt, ...more },
      { authorization: `Bearer ${key}` },
    );
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      json.result,
    ]);
    return { id: json.result, upstreamId: row?.upstream_task_id ?? '' };
  };
  const reads = (id: string, status: string): Promise<Wire<TaskDossierDto>> =>
    until(`${status} of ${id}`, async () => {
      const { json } = await admin.get<TaskDossierDto>(`/tasks/${id}`);
      return json.task.status === status ? json : null;
    });
  const succeeded = async (prompt: string, more: object = {}): Promise<Made> => {
    const made = await submit(prompt, more);
    upstream.show(made.upstreamId, { status: 'SUCCESS', progress: '100%' });
    await reads(made.id, 'SUCCESS');
    return made;
  };
  const balance = async (): Promise<number> =>
    Number((await admin.get<AdminKeyDto>(`/keys/${limited.id}`)).json.credits);
  const moves = async (id: string): Promise<[string, string, string][]> => {
    const { json } = await admin.get<TaskDossierDto>(`/tasks/${id}`);
    return json.ledger.map(({ kind, amount, note }: Record<string, string>) => [kind, amount, note]);
  };
  const audits = (target: string): Promise<Wire<AuditEntryDto>[]> =>
    admin.all<AuditEntryDto>(`/audit?target=${target}`);

  describe('reading one', () => {
    it('gives the task, its timeline, its hook and its credits', async () => {
      const { id, upstreamId } = await succeeded('a dossier', { notifyHook: `${receiver.url}/hook`, state: 'order-1' });
      const json = await until('its hook', async () => {
        const answer = await admin.get<TaskDossierDto>(`/tasks/${id}`);
        return answer.json.delivery?.state === 'delivered' ? answer.json : null;
      });
      expect(json.task).toMatchObject({
        id,
        keyId: limited.id,
        upstreamId: expect.stringMatching(/^\d+$/),
        upstreamTaskId: upstreamId,
        action: 'IMAGINE',
        mode: 'FAST',
        status: 'SUCCESS',
        progress: 100,
        prompt: 'a dossier',
        state: 'order-1',
        refused: false,
        failCode: null,
        price: '0.100000',
        cost: '0.100000',
        submittedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        finishedAt: expect.stringMatching(/Z$/),
      });
      expect(json.timeline.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(['opened', 'accepted', 'succeeded']),
      );
      expect(json.ledger).toEqual([
        { id: expect.any(String), at: expect.any(String), kind: 'hold', amount: '-0.100000', note: '' },
      ]);
      expect(json.delivery).toMatchObject({ id, host: new URL(receiver.url).host, state: 'delivered', terminal: true });
      expect(json.delivery?.attempts.at(-1)).toMatchObject({ status: 200, class: 'delivered', ms: expect.any(Number) });
    });

    it('shows tasks that were declined, which their client does not see', async () => {
      upstream.onSubmit = () => ({ code: 24, description: 'banned', properties: { bannedWord: 'x' } });
      await submit('declined work');
      const page = await admin.get<AdminTaskPageDto>('/tasks?refused=true');
      expect(page.json.items).toHaveLength(1);
      const [task] = page.json.items;
      expect(task).toMatchObject({ refused: true, failCode: 'banned', status: 'FAILURE', cost: '0.000000' });
      expect((await admin.get<TaskDossierDto>(`/tasks/${task.id}`)).json.task).toMatchObject({ refused: true });
      expect((await admin.get<AdminTaskPageDto>('/tasks?failureKind=banned')).json.items).toHaveLength(1);
      expect((await admin.get<AdminTaskPageDto>('/tasks?q=declined%20work')).json.items).toHaveLength(0);
      expectProblem(await admin.post<AdminTaskDto>(`/tasks/${task.id}/refund`, { note: 'x' }), 409, 'state_forbids');
      expectProblem(await admin.post<AdminTaskDto>(`/tasks/${task.id}/fail`, { reason: 'x' }), 409, 'state_forbids');
    });
  });

  describe('lists', () => {
    const pageOf = ({ status, text, json }: AdminAnswer<Wire<AdminTaskPageDto>>): Wire<AdminTaskPageDto> => {
      expect({ status, text }).toMatchObject({ status: 200 });
      return json;
    };
    const ids = async (query: string): Promise<string[]> =>
      pageOf(await admin.get<AdminTaskPageDto>(`/tasks?${query}`)).items.map(({ id }) => id);

    it('filter', async () => {
      const relaxed = await submit('a 100% relaxed_fox', { mode: 'RELAX', state: 'st-77' });
      const other = await submit('another prompt', {}, gateway.key);
      const [own] = await gateway.sql<{ api_key_id: string; request_id: string }>(
        'select api_key_id, request_id from task where id = $1',
        [other.id],
      );
      expect(await ids('q=100%25%20relaxed_')).toEqual([relaxed.id]);
      expect(await ids('q=100%25%20relaxed%25')).toEqual([]);
      expect(await ids('q=RELAXED_FOX&mode=relax&action=imagine&status=submitted')).toEqual([relaxed.id]);
      expect(await ids('q=relaxed_fox&mode=FAST')).toEqual([]);
      expect(await ids('q=st-77')).toEqual([relaxed.id]);
      expect(await ids(`q=${relaxed.id}`)).toEqual([relaxed.id]);
      expect(await ids(`q=${relaxed.upstreamId}`)).toEqual([relaxed.id]);
      expect(await ids(`q=${own?.request_id}`)).toEqual([other.id]);
      expect(await ids(`keyId=${own?.api_key_id}`)).toEqual([other.id]);
      expect(await ids('upstreamId=999')).toEqual([]);
      expect(await ids(`q=relaxed_fox&from=${new Date(Date.now() - 60_000).toISOString()}`)).toEqual([relaxed.id]);
      expect(await ids(`q=relaxed_fox&to=${new Date(Date.now() - 60_000).toISOString()}`)).toEqual([]);
      expect(await ids('q=%5C')).toEqual([]);
      expect(await ids(`q=${encodeURIComponent(`' or 1=1 --`)}`)).toEqual([]);
    });

    it('give every task once, also those of one millisecond, while new ones come in', async () => {
      await Promise.all(Array.from({ length: 12 }, (_, n) => submit(`page me ${n}`)));
      // All within two milliseconds.
      await gateway.sql(
        `update task set submitted_at = date_trunc('second', submitted_at) - interval '1 hour' + (id % 2) * interval '1 ms'
         where prompt like 'page me%'`,
      );
      const seen: string[] = [];
      for (let cursor = ''; ;) {
        const { json } = await admin.get<AdminTaskPageDto>(`/tasks?q=page%20me&limit=5${cursor}`);
        expect(json.items.length).toBeLessThanOrEqual(5);
        seen.push(...json.items.map(({ id }) => id));
        if (json.nextCursor === null) break;
        cursor = `&cursor=${json.nextCursor}`;
        await submit('page me too');
      }
      expect(seen).toHaveLength(12);
      expect(new Set(seen).size).toBe(12);
    });

    it('take no cursor of another list', async () => {
      const { json } = await admin.get<AdminTaskPageDto>('/tasks?limit=1');
      expect(json.nextCursor).not.toBeNull();
      expectProblem(await admin.get(`/audit?cursor=${json.nextCursor}`), 400, 'field_is_invalid', ['cursor']);
      expectProblem(await admin.get<AdminTaskPageDto>(`/tasks?cursor=x${json.nextCursor}`), 400, 'field_is_invalid', [
        'cursor',
      ]);
    });
  });

  describe('ending one', () => {
    it('ends it in FAILURE, refunds it, calls its hook and writes it down', async () => {
      const before = await balance();
      const { id } = await submit('to be ended', { notifyHook: `${receiver.url}/ended` });
      const answer = await admin.post<AdminTaskDto>(`/tasks/${id}/fail`, { reason: 'the operator said so' });
      expect(answer).toMatchObject({
        status: 200,
        json: { id, status: 'FAILURE', failCode: 'admin', failReason: 'the operator said so', cost: '0' },
      });
      const client = await gateway.get(`/mj/task/${id}/fetch`, { authorization: `Bearer ${limited.key}` });
      expect(client.json).toMatchObject({
        status: 'FAILURE',
        failReason: 'the operator said so',
        failure: { kind: 'admin', retryable: false, refunded: true },
      });
      expect(await moves(id)).toEqual([
        ['hold', '-0.100000', ''],
        ['refund', '0.100000', ''],
      ]);
      expect(await balance()).toBe(before);
      await until('the hook', () => receiver.of(id).find(({ task }) => task.status === 'FAILURE'));
      const key = (await admin.get<AdminKeyDto>(`/keys/${limited.id}`)).json;
      expect(key.held).toMatch(/^\d/);
      expect(await audits(`task:${id}`)).toEqual([
        {
          id: expect.any(String),
          at: expect.any(String),
          requestId: answer.headers.get('x-request-id'),
          route: 'POST /admin/tasks/:id/fail',
          target: `task:${id}`,
          detail: { reason: 'the operator said so' },
        },
      ]);
      expectProblem(await admin.post<AdminTaskDto>(`/tasks/${id}/fail`, { reason: 'again' }), 409, 'state_forbids');
      expect(await audits(`task:${id}`)).toHaveLength(1);
    });

    it('gives its slot back', async () => {
      const running = async (): Promise<number> =>
        (await admin.get<UpstreamPageDto>('/upstreams')).json.items[0].running;
      const before = await running();
      const { id } = await submit('with a slot');
      expect(await running()).toBe(before + 1);
      await admin.post<AdminTaskDto>(`/tasks/${id}/fail`, { reason: 'x' });
      expect(await running()).toBe(before);
    });

    it('wants a reason', async () => {
      const { id } = await succeeded('finished');
      expectProblem(await admin.post<AdminTaskDto>(`/tasks/${id}/fail`, {}), 400, 'field_is_invalid', ['reason']);
      expectProblem(await admin.post<AdminTaskDto>(`/tasks/${id}/fail`, { reason: '  ' }), 400, 'field_is_invalid', [
        'reason',
      ]);
      expectProblem(
        await admin.post<AdminTaskDto>(`/tasks/${id}/fail`, { reason: 'x'.repeat(501) }),
        400,
        'field_is_invalid',
      );
      expectProblem(await admin.post<AdminTaskDto>(`/tasks/${id}/fail`, { reason: 'x' }), 409, 'state_forbids');
      expectProblem(await admin.post<AdminTaskDto>('/tasks/6240000000000009/fail', { reason: 'x' }), 404, 'not_found');
    });

    it('and a poll that sees its end: one of them wins, and its credits are moved once', async () => {
      const tasks = await Promise.all(Array.from({ length: 8 }, (_, n) => submit(`race ${n}`)));
      for (const { upstreamId } of tasks) upstream.show(upstreamId, { status: 'SUCCESS', progress: '100%' });
      const answers = await Promise.all(
        tasks.map(({ id }) => admin.post<AdminTaskDto>(`/tasks/${id}/fail`, { reason: 'race' })),
      );
      for (const [at, { id }] of tasks.entries()) {
        const { task, ledger, timeline } = await until('its end', async () => {
          const { json } = await admin.get<TaskDossierDto>(`/tasks/${id}`);
          return json.task.finishedAt === null ? null : json;
        });
        const isFailed = answers[at]?.status === 200;
        expect(answers[at]?.status).toBe(isFailed ? 200 : 409);
        expect(task.status).toBe(isFailed ? 'FAILURE' : 'SUCCESS');
        expect(ledger).toHaveLength(isFailed ? 2 : 1);
        const ends = timeline.filter(({ kind }) => kind === 'failed' || kind === 'succeeded');
        expect(ends).toHaveLength(1);
        expect(await audits(`task:${id}`)).toHaveLength(isFailed ? 1 : 0);
      }
    });
  });

  describe('refunding one', () => {
    it('gives its credits back once, and changes nothing else', async () => {
      const before = await balance();
      const { id } = await succeeded('to be refunded', { notifyHook: `${receiver.url}/refunded` });
      await until('its hook', () => receiver.of(id).find(({ task }) => task.status === 'SUCCESS'));
      const hooks = receiver.of(id).length;
      const etag = (await gateway.get(`/mj/task/${id}/fetch`, { authorization: `Bearer ${limited.key}` })).headers.get(
        'etag',
      );
      const answer = await admin.post<AdminTaskDto>(`/tasks/${id}/refund`, { note: 'complaint 4711' });
      expect(answer).toMatchObject({ status: 200, json: { id, status: 'SUCCESS', cost: '0' } });
      expect(await moves(id)).toEqual([
        ['hold', '-0.100000', ''],
        ['refund', '0.100000', 'complaint 4711'],
      ]);
      expect(await balance()).toBe(before);
      const { timeline } = (await admin.get<TaskDossierDto>(`/tasks/${id}`)).json;
      expect(timeline.at(-1)).toMatchObject({
        kind: 'refunded',
        source: 'admin',
        status: 'SUCCESS',
        detail: { note: 'complaint 4711', amount: '0.100000' },
      });
      const client = await gateway.get(`/mj/task/${id}/fetch`, { authorization: `Bearer ${limited.key}` });
      expect(client.json).toMatchObject({ status: 'SUCCESS', cost: 0, failure: null });
      expect(client.headers.get('etag')).not.toBe(etag);
      const again = await admin.post<AdminTaskDto>(`/tasks/${id}/refund`, { note: 'again' });
      expectProblem(again, 409, 'state_forbids');
      expect(again.json).toMatchObject({ detail: expect.stringContaining('were given back already') });
      await gateway.sql('update task set price = 0 where id = $1', [id]);
      expect((await admin.post<AdminTaskDto>(`/tasks/${id}/refund`, { note: 'free' })).json).toMatchObject({
        detail: expect.stringContaining('it cost nothing'),
      });
      await gateway.sql('update task set price = 1 where id = $1', [id]);
      expect(await audits(`task:${id}`)).toMatchObject([
        { route: 'POST /admin/tasks/:id/refund', detail: { note: 'complaint 4711' } },
      ]);
      expect(receiver.of(id)).toHaveLength(hooks);
    });

    it('twice at the same time is done once', async () => {
      const { id } = await succeeded('refunded by two');
      const answers = await Promise.all(
        [1, 2, 3].map((n) => admin.post<AdminTaskDto>(`/tasks/${id}/refund`, { note: `${n}` })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
      expect(await moves(id)).toHaveLength(2);
      expect(await audits(`task:${id}`)).toHaveLength(1);
    });

    it('can be done while it runs, and then its end gives nothing back again', async () => {
      const { id } = await submit('refunded early');
      expect((await admin.post<AdminTaskDto>(`/tasks/${id}/refund`, { note: 'early' })).json).toMatchObject({
        cost: '0',
        status: 'SUBMITTED',
      });
      expect((await admin.post<AdminTaskDto>(`/tasks/${id}/fail`, { reason: 'x' })).status).toBe(200);
      expect(await moves(id)).toHaveLength(2);
    });

    it('keeps the books: what is left is the sum of the ledger', async () => {
      const [sum] = await gateway.sql<{ sum: string }>('select sum(amount) from ledger where api_key_id = $1', [
        limited.id,
      ]);
      expect(Number(sum?.sum)).toBe(await balance());
    });
  });

  describe('statistics', () => {
    it('count what was submitted in a time', async () => {
      const now = new Date();
      const { status, json } = await admin.get<StatsDto>('/stats');
      expect(status).toBe(200);
      expect(new Date(json.to).getTime() - new Date(json.from).getTime()).toBe(86_400_000);
      expect(Math.abs(new Date(json.to).getTime() - now.getTime())).toBeLessThan(60_000);
      const [row] = await gateway.sql<Record<string, number>>(
        `select sum(submitted)::int as submitted, sum(succeeded)::int as succeeded, sum(failed)::int as failed,
          sum(cancelled)::int as cancelled, sum(refused)::int as refused, sum(still_open)::int as unfinished
        from report.task_daily`,
      );
      expect(row?.['refused']).toBeGreaterThan(0);
      expect(json.total).toMatchObject({
        ...row,
        kept: expect.stringMatching(/^\d+\.\d{6}$/),
        p50Seconds: expect.any(Number),
      });
      expect(json.byAction.map(({ action, mode }) => `${action} ${mode}`)).toEqual(
        expect.arrayContaining(['IMAGINE FAST', 'IMAGINE RELAX']),
      );
      expect(json.byUpstream).toHaveLength(1);
      expect(json.failures).toEqual(expect.arrayContaining([{ kind: 'admin', count: expect.any(Number) }]));
    });

    it('are empty for a time without tasks, and refuse one that is none', async () => {
      const { json } = await admin.get<StatsDto>('/stats?from=2020-01-01&to=2020-02-01T00:00:00Z');
      expect(json).toMatchObject({
        from: '2020-01-01T00:00:00.000Z',
        total: { submitted: 0, kept: '0', p50Seconds: null },
        byAction: [],
        failures: [],
      });
      expectProblem(await admin.get<StatsDto>('/stats?from=2020-02-01&to=2020-01-01'), 400, 'field_is_invalid', [
        'from',
      ]);
      expectProblem(await admin.get<StatsDto>('/stats?from=2010-02-01&to=2020-01-01'), 400, 'field_is_invalid', [
        'from',
      ]);
      expectProblem(await admin.get<StatsDto>('/stats?from=2020-02-31'), 400, 'field_is_invalid', ['from']);
      expectProblem(await admin.get<StatsDto>('/stats?to=now'), 400, 'field_is_invalid', ['to']);
    });
  });
});
