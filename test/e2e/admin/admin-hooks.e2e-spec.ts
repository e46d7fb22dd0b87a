import type { AuditEntryDto } from '../../../apps/gateway/src/admin/audit/audit.dto.js';
import type {
  HookDossierDto,
  HookPageDto,
  ReplayedDto,
  HookDto,
} from '../../../apps/gateway/src/admin/hooks/admin-hook.dto.js';
import { HookDispatcher } from '../../../libs/hooks/src/index.js';
import { ADMIN_KEY, expectProblem, type AdminAnswer, type Wire } from '../../support/admin-client.js';
import { type ReceivedHook } from '../../support/hook-receiver.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

describe('hooks through the admin API', () => {
  // One try and no more: what fails is dead at once.
  const { gateway, upstream, receiver, admin } = useGateway({
    environment: { ADMIN_KEY, UPSTREAM_MAX_CONCURRENT: '200', HOOK_RETRY_SCHEDULE: '0' },
  });
  let began: string;

  beforeAll(() => {
    began = new Date(Date.now() - 60_000).toISOString();
  });

  beforeEach(() => {
    receiver.answer = () => 200;
    upstream.onSubmit = (submit) => ({
      code: 1,
      result: upstream.accept(submit, { status: 'SUCCESS', progress: '100%' }).id,
    });
  });

  const ended = async (prompt: string, path = '/hook'): Promise<string> => {
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', {
      prompt,
      notifyHook: `${receiver.url}${path}`,
    });
    return json.result;
  };
  const hookIn = (id: string, state: string): Promise<Wire<HookDossierDto>> =>
    until(`${state} of ${id}`, async () => {
      const { json } = await admin.get<HookDossierDto>(`/hooks/${id}`);
      return json.state === state && json.terminal ? json : null;
    });
  const terminal = (id: string): ReceivedHook[] => receiver.of(id).filter(({ task }) => task.status === 'SUCCESS');
  const host = (): string => new URL(receiver.url).host;

  it('shows one with every try, and the first of what was answered', async () => {
    receiver.answer = () => 500;
    const id = await ended('tries');
    const hook = await hookIn(id, 'dead');
    expect(hook).toMatchObject({
      id,
      taskId: id,
      keyId: expect.stringMatching(/^\d+$/),
      url: `${receiver.url}/hook`,
      host: host(),
      terminal: true,
      nextAt: null,
      lastStatus: 500,
      lastError: 'status_5xx',
    });
    expect(JSON.parse(hook.payload)).toMatchObject({ id, status: 'SUCCESS' });
    expect(hook.attempts.length).toBeGreaterThanOrEqual(1);
    expect(hook.attempts.at(-1)).toMatchObject({
      at: expect.stringMatching(/Z$/),
      status: 500,
      class: 'status_5xx',
      ms: expect.any(Number),
      answer: expect.any(String),
    });
    expectProblem(await admin.get<HookDossierDto>('/hooks/6240000000000001'), 404, 'not_found');
    expectProblem(await admin.get<HookDossierDto>('/hooks/x'), 404, 'not_found');
  });

  it('sends one again on the same way, with the same webhook-id', async () => {
    receiver.answer = () => 500;
    const id = await ended('again');
    await hookIn(id, 'dead');
    receiver.answer = () => 200;
    const [first] = terminal(id);
    const before = terminal(id).length;
    const answer = await admin.post<HookDossierDto>(`/hooks/${id}/resend`);
    expect(answer).toMatchObject({ status: 200, json: { id } });
    await until('the hook', () => terminal(id)[before]);
    const again = terminal(id)[before];
    expect(again.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(again.raw).toBe(first.raw);
    await hookIn(id, 'delivered');
    expect(await admin.all<AuditEntryDto>(`/audit?target=hook:${id}`)).toMatchObject([
      { route: 'POST /admin/hooks/:id/resend' },
    ]);
    expectProblem(await admin.post('/hooks/6240000000000001/resend'), 404, 'not_found');
    expect(await admin.all<AuditEntryDto>('/audit?target=hook:6240000000000001')).toEqual([]);
  });

  it('sends one again that was taken', async () => {
    const id = await ended('taken');
    await hookIn(id, 'delivered');
    const before = terminal(id).length;
    await admin.post<HookDossierDto>(`/hooks/${id}/resend`);
    await until('the hook', () => terminal(id)[before]);
    await hookIn(id, 'delivered');
  });

  it('lists by state, host, key and task, page by page', async () => {
    receiver.answer = ({ path }) => (path === '/gone' ? 410 : 200);
    const ids = await Promise.all(Array.from({ length: 5 }, (_, n) => ended(`listed ${n}`, '/gone')));
    for (const id of ids) {
      await until(`the end of ${id}`, async () =>
        (await admin.get<HookDossierDto>(`/hooks/${id}`)).json.state === 'cancelled' ? id : null,
      );
    }
    const cancelled = await admin.all<HookDto>('/hooks?state=cancelled');
    expect(cancelled.map(({ id }) => id).sort()).toEqual([...ids].sort());
    const made = cancelled.map(({ createdAt }) => createdAt);
    expect(made).toEqual([...made].sort().reverse());
    expect(await admin.all<HookDto>(`/hooks?state=cancelled&host=${host()}`, 50)).toHaveLength(5);
    expect(await admin.all<HookDto>(`/hooks?state=cancelled&host=127.0.0.1`, 50)).toHaveLength(5);
    expect(await admin.all<HookDto>(`/hooks?host=elsewhere.test`)).toEqual([]);
    expect(await admin.all<HookDto>(`/hooks?keyId=99`)).toEqual([]);
    expect(await admin.all<HookDto>(`/hooks?keyId=${cancelled[0].keyId}&state=cancelled`, 50)).toHaveLength(5);
    expect((await admin.all<HookDto>(`/hooks?taskId=${ids[0]}`)).map(({ id }) => id)).toEqual([ids[0]]);
    expectProblem(await admin.get<HookPageDto>('/hooks?state=lost'), 400, 'field_is_invalid', ['state']);
  });

  describe('a replay', () => {
    const replay = (body: object): Promise<AdminAnswer<Wire<ReplayedDto>>> =>
      admin.post<ReplayedDto>('/hooks/replay', { since: began, ...body });

    it('counts first, then sends what failed again, and does no harm a second time', async () => {
      receiver.answer = () => 500;
      const ids = await Promise.all(Array.from({ length: 4 }, (_, n) => ended(`replayed ${n}`)));
      for (const id of ids) await hookIn(id, 'dead');
      receiver.answer = () => 200;
      // Nothing is sent between the two replays.
      const dispatcher = gateway.app.get(HookDispatcher);
      const tick = jest.spyOn(dispatcher, 'tick').mockImplementation(() => undefined);
      const nudge = jest.spyOn(dispatcher, 'nudge').mockImplementation(() => undefined);
      const [dead] = await gateway.sql<{ n: number }>(
        "select count(*)::int as n from hook_delivery where state = 'dead'",
      );
      expect((await replay({ state: 'dead', dryRun: true })).json).toMatchObject({ count: dead?.n, more: false });
      expect((await admin.get<HookPageDto>('/hooks?state=dead')).json.items).toHaveLength(dead?.n ?? -1);
      const done = await replay({ state: 'dead' });
      expect(done).toMatchObject({
        status: 200,
        json: { count: dead?.n, more: false, until: expect.stringMatching(/Z$/) },
      });
      expect((await replay({ state: 'dead' })).json.count).toBe(0);
      expect((await replay({ taskId: ids[0] })).json.count).toBe(0);
      tick.mockRestore();
      nudge.mockRestore();
      for (const id of ids) {
        const { attempts } = await hookIn(id, 'delivered');
        expect(attempts.at(-1)).toMatchObject({ status: 200 });
        expect(new Set(terminal(id).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
      }
      const audits = await admin.all<AuditEntryDto>('/audit?target=hooks');
      expect(audits).toHaveLength(3);
      expect(audits.at(-1)).toMatchObject({ route: 'POST /admin/hooks/replay', detail: { state: 'dead', host: null } });
    });

    it('keeps to its time, state, host and task', async () => {
      const id = await ended('narrow');
      await hookIn(id, 'delivered');
      const count = async (body: object): Promise<number> =>
        (await replay({ dryRun: true, taskId: id, ...body })).json.count;
      expect(await count({})).toBe(1);
      expect(await count({ state: 'delivered', host: host() })).toBe(1);
      expect(await count({ state: 'dead' })).toBe(0);
      expect(await count({ host: 'elsewhere.test' })).toBe(0);
      expect(await count({ until: new Date(Date.now() - 3_600_000).toISOString(), since: '2020-01-01' })).toBe(0);
      expect(await count({ since: new Date(Date.now() + 60_000).toISOString(), until: '2199-01-01' })).toBe(0);
      const before = terminal(id).length;
      expect((await replay({ taskId: id })).json.count).toBe(1);
      await until('the hook', () => terminal(id)[before]);
    });

    it('names what is wrong', async () => {
      expectProblem(await admin.post<ReplayedDto>('/hooks/replay', {}), 400, 'field_is_invalid', ['since']);
      expectProblem(
        await replay({ since: 'x', until: 5, state: 'x', dryRun: 'maybe', all: true }),
        400,
        'field_is_invalid',
        ['all', 'since', 'until', 'state', 'dryRun'],
      );
      expectProblem(await replay({ until: '2000-01-01' }), 400, 'field_is_invalid', ['since']);
    });
  });
});
