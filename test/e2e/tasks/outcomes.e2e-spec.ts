import { setTimeout as sleep } from 'node:timers/promises';
import { type SubmitScript } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

interface Reply {
  code: number;
  description: string;
  result: string | null;
  properties?: Record<string, unknown>;
}

/** What each kind of answer to a submit means for the client, the row, and the money (design: "What an answer means"). */
describe('outcomes of a submit', () => {
  const { gateway, upstream } = useGateway({ environment: { SUBMIT_TIMEOUT_MS: '700', SUBMIT_SETTLE_MS: '1000' } });

  const accepting =
    (fields: object = {}): SubmitScript =>
    (submit) => ({
      code: 1,
      description: '提交成功',
      result: upstream.accept(submit).id,
      ...fields,
    });
  const imagine = async (prompt: string, script: SubmitScript): Promise<{ status: number; json: Reply }> => {
    upstream.onSubmit = script;
    return gateway.post<Reply>('/mj/submit/imagine', { prompt });
  };
  const row = async (prompt: string): Promise<Record<string, unknown>> => {
    const [found] = await gateway.sql(
      `select status, refused, fail_code, fail_reason, waiting, has_slot, price::float, cost::float, upstream_task_id,
        (select coalesce(sum(amount), 0)::float from ledger where task_id = t.id) as ledger
       from task t where prompt = $1`,
      [prompt],
    );
    if (found === undefined) throw new Error(`no row of ${prompt}`);
    return found;
  };
  const sendsOf = (prompt: string): number => upstream.submits.filter(({ body }) => body['prompt'] === prompt).length;

  it('1: accepted', async () => {
    const { json } = await imagine('accepted', accepting());
    expect(json).toMatchObject({ code: 1, description: 'Submit success', result: expect.stringMatching(/^\d{16}$/) });
    expect(await row('accepted')).toMatchObject({ status: 'SUBMITTED', has_slot: true, cost: 0.1, ledger: -0.1 });
    expect(upstream.submits.at(-1)?.body).toMatchObject({
      state: `jm:${json.result}`,
      mode: 'FAST',
      prompt: 'accepted',
    });
  });

  it('22: queued upstream is an acceptance, and reads 1', async () => {
    const { json } = await imagine('queued', (submit) => ({
      code: 22,
      description: '排队中',
      result: Number(upstream.accept(submit).id),
      properties: { numberOfQueues: 3 },
    }));
    expect(json).toMatchObject({ code: 1, description: 'In queue, 3 ahead', properties: { numberOfQueues: 3 } });
    expect(await row('queued')).toMatchObject({
      status: 'NOT_START',
      has_slot: true,
      upstream_task_id: expect.any(String),
    });
  });

  it('21 with remix: a window holds neither credits nor a slot', async () => {
    const { json } = await imagine('window', (submit) => ({
      code: 21,
      description: 'Waiting for window confirm',
      result: upstream.accept(submit, { status: 'MODAL' }).id,
      properties: { finalPrompt: 'a blue fox', remix: true },
    }));
    expect(json).toMatchObject({
      code: 21,
      description: 'Waiting for window confirm',
      properties: { finalPrompt: 'a blue fox', remix: true },
    });
    expect(await row('window')).toMatchObject({ status: 'MODAL', has_slot: false, cost: 0, ledger: 0 });
  });

  it.each([
    [
      '24',
      { code: 24, description: '可能包含敏感词', properties: { promptEn: 'gore', bannedWord: 'gore' } },
      200,
      { code: 24, properties: { promptEn: 'gore', bannedWord: 'gore' } },
      'banned',
    ],
    [
      '4',
      { code: 4, description: 'bad ratio, see https://mj.corp.example/help', result: null },
      400,
      { code: 4, description: 'bad ratio, see' },
      'refused',
    ],
    [
      '9',
      { code: 9, description: '提交失败，系统异常', result: null },
      200,
      { code: 9, description: '提交失败，系统异常' },
      'refused',
    ],
    [
      'success:false',
      { success: false, code: -1, message: 'State参数过长，最大255字符' },
      200,
      { code: 9, description: 'State参数过长，最大255字符' },
      'refused',
    ],
  ])('%s: answered, refunded, not shown', async (name, answer, status, expected, failCode) => {
    const prompt = `refused ${name}`;
    const reply = await imagine(prompt, () => answer);
    expect({ status: reply.status, json: reply.json }).toMatchObject({ status, json: { ...expected, result: null } });
    expect(await row(prompt)).toMatchObject({
      status: 'FAILURE',
      refused: true,
      fail_code: failCode,
      has_slot: false,
      cost: 0,
      ledger: 0,
    });
    const [task] = await gateway.sql<{ id: string }>('select id from task where prompt = $1', [prompt]);
    expect((await gateway.get(`/mj/task/${task?.id}/fetch`)).status).toBe(400);
    expect(sendsOf(prompt)).toBe(1);
  });

  it.each([
    ['23', (): unknown => ({ code: 23, description: '队列已满', result: null })],
    ['9 that says full', (): unknown => ({ code: 9, description: '提交失败，队列已满，请稍后重试', result: null })],
    [
      '429',
      (_: unknown, response: { statusCode: number }): unknown => ((response.statusCode = 429), { error: 'slow down' }),
    ],
    ['3', (): unknown => ({ code: 3, description: '无可用的账号实例', result: null })],
  ] as [string, SubmitScript][])('%s: the task waits and is sent when there is room', async (name, script) => {
    const prompt = `waits ${name}`;
    const { json } = await imagine(prompt, script);
    expect(json).toMatchObject({ code: 1, result: expect.stringMatching(/^\d{16}$/) });
    expect(await row(prompt)).toMatchObject({ status: 'NOT_START', waiting: true, has_slot: false, cost: 0.1 });
    upstream.onSubmit = accepting();
    await gateway.sql('update task set wait_until = null where prompt = $1', [prompt]);
    await until('the second send', async () => ((await row(prompt))['status'] === 'SUBMITTED' ? true : null));
    expect(sendsOf(prompt)).toBe(2);
    expect(await gateway.sql('select from task_input')).toEqual([]);
  });

  const lost: [string, SubmitScript][] = [
    ['reset', (submit, response) => (upstream.accept(submit), response.destroy(), undefined)],
    ['500', (submit, response) => (upstream.accept(submit), (response.statusCode = 500), { error: 'x' })],
    ['hang', (submit) => (upstream.accept(submit), undefined)],
    ['unreadable', (submit, response) => (upstream.accept(submit), response.end('<html>'), undefined)],
    ['5 of a new-api', (submit) => (upstream.accept(submit), { code: 5, description: 'do_request_failed' })],
  ];

  it.each(lost)(
    '%s after acceptance: the client has its id, nothing is sent again, the truth is found',
    async (name, script) => {
      const prompt = `unknown ${name}`;
      const { json } = await imagine(prompt, script);
      expect(json).toMatchObject({ code: 1, result: expect.stringMatching(/^\d{16}$/) });
      const found = await until('the look-up', async () => {
        const now = await row(prompt);
        return now['upstream_task_id'] === null ? null : now;
      });
      expect(found).toMatchObject({ status: 'SUBMITTED', cost: 0.1, ledger: -0.1 });
      expect(sendsOf(prompt)).toBe(1);
    },
  );

  it('unknown and never found: two noes 30 s apart end it, refunded', async () => {
    const { json } = await imagine('never taken', (_, response) => (response.destroy(), undefined));
    const id = json.result ?? '';
    const age =
      "update task set sent_at = sent_at - interval '1 hour', send_deadline = now() - interval '1 minute', look_up_at = now()";
    await gateway.sql(`${age} where id = $1`, [id]);
    await until(
      'the first no',
      async () => (await gateway.sql('select from task where id = $1 and look_up_noes = 1', [id]))[0],
    );
    await sleep(1_500);
    expect(await row('never taken')).toMatchObject({ status: 'NOT_START' });
    await gateway.sql("update task set last_no_at = now() - interval '31 s', look_up_at = now() where id = $1", [id]);
    await until(
      'the second no',
      async () => (await gateway.sql("select from task where id = $1 and fail_code = 'outcome_unknown'", [id]))[0],
    );
    expect(await row('never taken')).toMatchObject({
      status: 'FAILURE',
      refused: false,
      cost: 0,
      ledger: 0,
      has_slot: false,
    });
    const { json: task } = await gateway.get(`/mj/task/${id}/fetch`);
    expect(task).toMatchObject({
      status: 'FAILURE',
      progress: '100%',
      failure: { kind: 'outcome_unknown', retryable: true, refunded: true },
    });
    expect(sendsOf('never taken')).toBe(1);
  });

  it('never frees or takes a slot twice', async () => {
    const [load] = await gateway.sql<{ running: number }>('select running from upstream_load');
    const [held] = await gateway.sql<{ n: number }>('select count(*)::int as n from task where has_slot');
    expect(load?.running).toBe(held?.n);
  });
});
