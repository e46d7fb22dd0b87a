import { TaskCsv } from '../../../apps/gateway/src/admin/tasks/task-csv.js';
import { request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { buffer, text } from 'node:stream/consumers';
import type { CreatedKeyDto } from '../../../apps/gateway/src/admin/keys/admin-key.dto.js';
import type { AdminTaskPageDto, TaskDossierDto } from '../../../apps/gateway/src/admin/tasks/admin-task.dto.js';
import { ADMIN_KEY, expectProblem, type Wire } from '../../support/admin-client.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

/** More than the sockets between two programs hold, so that a file that nobody reads is not written to its end. */
const MANY_ROWS = 3_000;

describe('tables of tasks through the admin API', () => {
  const { gateway, upstream, admin } = useGateway({ environment: { ADMIN_KEY, UPSTREAM_MAX_CONCURRENT: '50' } });
  let key: Wire<CreatedKeyDto>;

  beforeAll(async () => {
    upstream.onSubmit = (submit) => ({ code: 1, result: upstream.accept(submit).id });
    key = (await admin.post<CreatedKeyDto>('/keys', { name: '=cmd|calc', credits: '100' })).json;
  });

  const submit = async (prompt: string, more: object = {}): Promise<string> => {
    const { json } = await gateway.post<{ result: string }>(
      '/mj/submit/imagine',
      { prompt, ...more },
      { authorization: `Bearer ${key.key}` },
    );
    return json.result;
  };
  const ended = async (prompt: string, status: 'SUCCESS' | 'FAILURE', more: object = {}): Promise<string> => {
    const id = await submit(prompt, more);
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      id,
    ]);
    upstream.show(row?.upstream_task_id ?? '', { status, progress: '100%', failReason: 'no' });
    await until(status, async () => {
      const [task] = await gateway.sql<{ status: string }>('select status from task where id = $1', [id]);
      return task?.status === status ? task : null;
    });
    return id;
  };
  const ids = async (query: string): Promise<string[]> => {
    const { status, json, text: answer } = await admin.get<AdminTaskPageDto>(`/tasks?${query}`);
    expect({ status, answer }).toMatchObject({ status: 200 });
    return json.items.map(({ id }) => id);
  };
  /** Asks for the file, and gives the answer before its body is read. */
  const csv = async (query = '', accessKey = ADMIN_KEY): Promise<IncomingMessage> => {
    const asked = request(`${gateway.url}/admin/tasks.csv${query}`, {
      headers: { authorization: `Bearer ${accessKey}` },
      agent: false,
    });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return answer;
  };

  it('take several values of a filter, a state and a parent', async () => {
    const succeeded = await ended('tables one', 'SUCCESS', { state: 'order 7, "urgent"' });
    const failed = await ended('tables two', 'FAILURE');
    const running = await submit('tables three', { mode: 'RELAX' });
    expect(await ids('q=tables&status=SUCCESS,FAILURE')).toEqual([failed, succeeded]);
    expect(await ids('q=tables&status=SUCCESS&status=submitted')).toEqual([running, succeeded]);
    expect(await ids('q=tables&mode=relax,turbo')).toEqual([running]);
    expect(await ids('q=tables&action=BLEND,IMAGINE')).toEqual([running, failed, succeeded]);
    expect(await ids('q=tables&failureKind=timeout,upstream_failed')).toEqual([failed]);
    expect(await ids(`state=${encodeURIComponent('order 7, "urgent"')}`)).toEqual([succeeded]);
    expect(await ids('state=order%207')).toEqual([]);
    expect(await ids(`parentId=${succeeded}`)).toEqual([]);
    expectProblem(await admin.get('/tasks?status=SUCCESS,NONE'), 400, 'field_is_invalid', ['status']);
    expectProblem(await admin.get('/tasks?failureKind='), 400, 'field_is_invalid', ['failureKind']);
  });

  it('name keys and upstreams, and say how long tasks queued and ran', async () => {
    const id = await ended('tables named', 'SUCCESS');
    const { json } = await admin.get<AdminTaskPageDto>(`/tasks?q=${id}`);
    expect(json.items).toMatchObject([
      {
        id,
        keyName: '=cmd|calc',
        upstreamName: 'default',
        queueSeconds: expect.any(Number),
        runSeconds: expect.any(Number),
      },
    ]);
  });

  it('say of one task what was sent for it, why it is where it is, and what comes next', async () => {
    const id = await submit('tables traced', { notifyHook: 'http://127.0.0.1:9/hook' });
    const traced = async (wanted: (dossier: Wire<TaskDossierDto>) => boolean): Promise<Wire<TaskDossierDto>> =>
      until('a trace', async () => {
        const { json } = await admin.get<TaskDossierDto>(`/tasks/${id}`);
        return wanted(json) ? json : null;
      });
    const running = await traced(({ calls }) => calls.length > 0);
    expect(running.calls).toEqual([
      {
        id: expect.any(String),
        at: expect.any(String),
        upstreamId: running.task.upstreamId,
        upstreamName: 'default',
        operation: 'submit',
        result: 'accepted',
        ms: expect.any(Number),
      },
    ]);
    expect(running.stuck).toMatchObject({ code: 'running', upstreamName: 'default', since: running.task.sentAt });
    upstream.show(running.task.upstreamTaskId ?? '', { status: 'SUCCESS', progress: '100%' });
    const ended = await traced(({ stuck }) => stuck?.code === 'receiver_failing');
    expect(ended.stuck).toMatchObject({ host: '127.0.0.1:9', next: { what: expect.stringMatching(/^hook_/) } });
    await gateway.sql(`update hook_delivery set state = 'delivered', next_at = null where task_id = $1`, [id]);
    expect((await traced(({ delivery }) => delivery?.state === 'delivered')).stuck).toBeNull();
  });

  it('come as CSV with the same filters, which no spreadsheet runs', async () => {
    const id = await ended('=1+1, "quoted"', 'FAILURE', { state: '+state' });
    const answer = await csv('?status=FAILURE&state=%2Bstate');
    expect(answer).toMatchObject({ statusCode: 200 });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': expect.stringMatching(/^attachment; filename="tasks-[\dT-]+Z\.csv"$/),
      'x-journeyman-row-limit': '100000',
      'cache-control': 'no-store',
    });
    const [head, row, ...rest] = (await buffer(answer)).toString('utf8').split('\r\n');
    expect(head?.startsWith('\uFEFFid,submittedAt,status,')).toBe(true);
    expect(row?.startsWith(`${id},`)).toBe(true);
    expect(row).toContain(`,'=cmd|calc,`);
    expect(row).toContain(`,'+state,`);
    expect(row?.endsWith(`,"'=1+1, ""quoted"""`)).toBe(true);
    expect(rest).toEqual(['']);
    expect(answer.trailers).toEqual({ 'x-journeyman-cut': 'false' });
    expectProblem(await admin.get('/tasks.csv?limit=1'), 400, 'field_is_invalid', ['limit']);
    const refused = await csv('', 'sk-no');
    expect(refused.statusCode).toBe(401);
    refused.resume();
  });

  it('give one file at a time, in pieces of statements of their own, and stop when their client leaves', async () => {
    const id = await ended('tables of many', 'SUCCESS');
    await gateway.sql(
      `insert into task select (jsonb_populate_record(t, jsonb_build_object('id', t.id + n, 'upstream_task_id', null,
         'idem_key', null, 'state', 'many', 'prompt', repeat('many ', 1000)))).*
       from task t, generate_series(1, ${MANY_ROWS}) n where t.id = $1`,
      [id],
    );
    const file = gateway.app.get(TaskCsv);
    expect(await file.areMoreThan(MANY_ROWS - 1, { state: 'many' })).toBe(true);
    expect(await file.areMoreThan(MANY_ROWS, { state: 'many' })).toBe(false);
    const look = jest.spyOn(file, 'areMoreThan').mockResolvedValueOnce(true);
    const first = await csv('?state=many');
    look.mockRestore();
    expect(first.headers['content-disposition']).toMatch(/Z-newest-100000\.csv"$/);
    expect(first.statusCode).toBe(200);
    const second = await admin.get('/tasks.csv');
    expectProblem(second, 429, 'too_many_requests');
    expect(second.headers.get('retry-after')).toBe('10');
    // Whatever else runs ends its transaction soon; a file that nobody reads would hold its own for good.
    await until('no open transaction', async () => {
      const open = await gateway.sql(
        `select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
      );
      return open.length === 0 ? open : null;
    });
    first.destroy();
    const third = await until('the turn of the one that left', async () => {
      const answer = await csv('?state=many');
      if (answer.statusCode === 200) return answer;
      answer.resume();
      return null;
    });
    expect(third.headers['content-disposition']).toMatch(/Z\.csv"$/);
    const rows = (await text(third)).split('\r\n');
    expect(rows).toHaveLength(MANY_ROWS + 2);
    expect(new Set(rows.map((row) => row.slice(0, 16))).size).toBe(MANY_ROWS + 2);
  });
});
