import { ADMIN_KEY } from '../../support/admin-client.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

const [USER, PASSWORD] = ['hook-user', 'pa55-w0rd'];
const BASIC = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;

/** Hooks with a login in their URL, as they are written, sent and shown. */
describe('the login of a hook', () => {
  const { gateway, upstream, receiver, admin } = useGateway({
    environment: { ADMIN_KEY, LOG_LEVEL: 'trace', HOOK_RETRY_SCHEDULE: '1,1' },
  });

  const url = (path: string): string => `${receiver.url.replace('http://', `http://${USER}:${PASSWORD}@`)}${path}`;
  const imagine = async (more: object, key = gateway.key): Promise<string> => {
    const headers = { authorization: `Bearer ${key}` };
    const { json } = await gateway.post<{ result: string }>(
      '/mj/submit/imagine',
      { prompt: 'a login', ...more },
      headers,
    );
    return json.result;
  };
  const end = async (id: string): Promise<void> => {
    const [row] = await gateway.sql<{ id: string }>('select upstream_task_id as id from task where id = $1', [id]);
    upstream.show(row?.id ?? '', { status: 'FAILURE', failReason: 'no' });
    await until(
      'the end',
      async () =>
        (
          await gateway.sql("select from hook_delivery where task_id = $1 and terminal and state = 'delivered'", [id])
        )[0],
    );
  };

  it('goes along as Basic auth with each try, and is shown nowhere', async () => {
    let tries = 0;
    receiver.answer = () => ((tries += 1) < 2 ? 500 : 200);
    const id = await imagine({ notifyHook: `  ${url('/hook?token=t')}\n` });
    await end(id);
    const hooks = receiver.of(id);
    expect(hooks.length).toBeGreaterThanOrEqual(2);
    for (const { path, headers } of hooks) expect([path, headers.authorization]).toEqual(['/hook?token=t', BASIC]);

    const seen = [
      (await gateway.get(`/mj/task/${id}/fetch`)).text,
      (await admin.get(`/tasks/${id}`)).text,
      (await admin.get(`/hooks/${id}`)).text,
      (await admin.get('/hooks')).text,
      gateway.logs.join('\n'),
      ...hooks.map(({ raw }) => raw),
      ...(
        await gateway.sql<{ row: string }>(
          `select t::text as row from task t union all select d::text from hook_delivery d
           union all select a::text from hook_attempt a union all select l::text from audit_log l
           union all select r::text from report.hook_hosts r union all select v::text from report.task_timeline v`,
        )
      ).map(({ row }) => row),
    ];
    for (const text of seen) expect(text).not.toMatch(/hook-user|pa55-w0rd|aG9vay11c2Vy/);
    expect((await admin.get<{ url: string }>(`/hooks/${id}`)).json.url).toBe(`${receiver.url}/hook?token=t`);
  });

  it('may be part of the default hook of a key, which a blank one switches off', async () => {
    receiver.answer = () => 200;
    const made = await admin.post<{ id: string; key: string; notifyHook: string }>('/keys', {
      name: 'default hook',
      notifyHook: ` ${url('/default')} `,
    });
    expect([made.status, made.json.notifyHook]).toEqual([201, `${receiver.url}/default`]);
    const id = await until('the key to be known', async () => (await imagine({}, made.json.key)) || null);
    await end(id);
    expect(receiver.of(id)[0]?.headers.authorization).toBe(BASIC);
    const audit = await gateway.sql<{ row: string }>('select l::text as row from audit_log l');
    expect(audit.map(({ row }) => row).join()).not.toMatch(/hook-user|pa55-w0rd/);

    const quiet = await imagine({ notifyHook: ' \t' }, made.json.key);
    const [row] = await gateway.sql<{ hook: string | null }>('select notify_hook as hook from task where id = $1', [
      quiet,
    ]);
    expect(row?.hook).toBeNull();

    const blank = await admin.patch<{ notifyHook: null }>(`/keys/${made.json.id}`, { notifyHook: '  ' });
    expect([blank.status, blank.json.notifyHook]).toEqual([200, null]);
  });

  it.each([
    'http://u:p@10.0.0.1/',
    'http://u:p@localhost:22/x y',
    'ftp://u:p@hooks.acme.io/',
    'http://a@b@hooks.acme.io/',
  ])('does not help a hook that may not be called: %s', async (notifyHook) => {
    const { status, json } = await gateway.post('/mj/submit/imagine', { prompt: 'x', notifyHook });
    expect([status, json['description']]).toEqual([400, 'notify_hook_is_invalid']);
    expect(JSON.stringify(json)).not.toContain(notifyHook);
    expect((await admin.post('/keys', { name: 'wrong', notifyHook })).status).toBe(400);
  });
});
