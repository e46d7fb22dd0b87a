import { type Answer } from '../../support/gateway.js';
import { type ReceivedSubmit } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

interface Reply {
  code: number;
  description: string;
  result: string;
}

const RAW = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const DATA = `data:image/png;base64,${RAW}`;
const LINK = 'https://images.example.com/fox.png';
const JOB = '9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11';
const UPSAMPLE = `MJ::JOB::upsample::1::${JOB}`;
const REROLL = `MJ::JOB::reroll::0::${JOB}::SOLO`;
const button = (customId: string): object => ({ customId, emoji: '', label: '', type: 2, style: 2 });

/** What each submit route makes of its body: what the upstream gets, and the row. */
describe('submit routes', () => {
  const { gateway, upstream } = useGateway({ environment: { UPSTREAM_MAX_CONCURRENT: '500' } });

  const accepting = (submit: ReceivedSubmit): object => ({ code: 1, result: upstream.accept(submit).id });
  beforeEach(() => {
    upstream.submits.length = 0;
    upstream.onSubmit = accepting;
  });

  const submit = async (path: string, body: object): Promise<Reply> => {
    const { status, json } = await gateway.post<Reply>(path, body);
    expect({ status, code: json.code }).toEqual({ status: 200, code: 1 });
    return json;
  };
  const row = async (id: string): Promise<Record<string, unknown>> => {
    const [found] = await gateway.sql(
      'select action, mode, bot_type, status, prompt, description, parent_id, custom_id, price::float from task where id = $1',
      [id],
    );
    return found ?? {};
  };
  /** A finished task with these buttons, and its id at the upstream. */
  const finished = async (buttons: string[], fields: object = {}): Promise<{ id: string; upstreamId: string }> => {
    const { result: id } = await submit('/mj/submit/imagine', { prompt: 'a fox' });
    const [found] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      id,
    ]);
    const upstreamId = found?.upstream_task_id ?? '';
    upstream.show(upstreamId, { status: 'SUCCESS', progress: '100%', buttons: buttons.map(button), ...fields });
    await until('the parent', async () => ((await row(id))['status'] === 'SUCCESS' ? true : null));
    upstream.submits.length = 0;
    return { id, upstreamId };
  };

  describe('new work', () => {
    it.each([
      [
        'blend',
        { base64Array: [RAW, '', DATA], dimensions: 'portrait' },
        { base64Array: [DATA, DATA], dimensions: 'PORTRAIT', botType: 'MID_JOURNEY' },
        { action: 'BLEND', prompt: '', description: '/blend', price: 0.1 },
      ],
      [
        'describe',
        { base64: RAW, language: 'zh', botType: 'niji' },
        { base64: DATA, language: 'zh', botType: 'NIJI_JOURNEY' },
        { action: 'DESCRIBE', prompt: '', description: '/describe', price: 0.05, bot_type: 'NIJI_JOURNEY' },
      ],
      ['describe', { link: LINK }, { link: LINK }, { action: 'DESCRIBE' }],
      [
        'shorten',
        { prompt: 'a very long text --ar 3:2' },
        { prompt: 'a very long text --ar 3:2' },
        { action: 'SHORTEN', prompt: 'a very long text --ar 3:2', description: '/shorten a very long text --ar 3:2' },
      ],
      [
        'edits',
        { prompt: 'of straw', image: LINK, mode: 'relax' },
        { prompt: 'of straw --relax', image: LINK, mode: 'RELAX' },
        { action: 'EDITS', prompt: 'of straw', description: '/edit of straw', mode: 'RELAX' },
      ],
      [
        'edit',
        { prompt: 'of straw', base64Array: [RAW, LINK] },
        { prompt: 'of straw', image: DATA, base64Array: [DATA, LINK] },
        { action: 'EDITS', description: '/edit of straw' },
      ],
      [
        'retexture',
        { prompt: 'of straw', image: RAW },
        { prompt: 'of straw', image: DATA },
        { action: 'RETEXTURE', description: '/retexture of straw' },
      ],
      [
        'video',
        { prompt: 'it runs', image: RAW, endImage: LINK, motion: 'HIGH', batchSize: '2', loop: true, videoType: 'v' },
        { prompt: 'it runs', image: DATA, endImage: LINK, motion: 'high', batchSize: 2, loop: true, videoType: 'v' },
        { action: 'VIDEO', prompt: 'it runs', description: '/video it runs' },
      ],
      ['video', { image: LINK }, { image: LINK }, { action: 'VIDEO', prompt: '', description: '/video' }],
      [
        'video',
        { prompt: 'slow pan', image: DATA, action: 'VIDEO', motion: 'low', loop: false, batchSize: 1 },
        { prompt: 'slow pan', image: DATA, motion: 'low', batchSize: 1 },
        { action: 'VIDEO', prompt: 'slow pan' },
      ],
      ['video', { prompt: 'a', action: 'extend', taskId: ' ', index: 7 }, { prompt: 'a' }, { parent_id: null }],
    ])('%s', async (route, body, sent, expected) => {
      const { result } = await submit(`/mj/submit/${route}`, { ...body, state: 'mine' });
      const path = route === 'edit' ? 'edits' : route;
      expect(upstream.submits.map((one) => one.path)).toEqual([`/mj/submit/${path}`]);
      const got = upstream.submits[0]?.body ?? {};
      expect(got).toMatchObject({ mode: 'FAST', ...sent, state: `jm:${result}` });
      expect(Object.values(got)).not.toContain(null);
      expect(got).not.toHaveProperty('action');
      expect(await row(result)).toMatchObject({ mode: 'FAST', status: 'SUBMITTED', parent_id: null, ...expected });
    });

    it.each(['/mj/insight-face/swap', '/mj/submit/insight-face/swap', '/mj-turbo/mj/insight-face/swap'])(
      'POST %s',
      async (path) => {
        const { result } = await submit(path, { sourceBase64: RAW, targetBase64: DATA });
        expect(upstream.submits[0]).toMatchObject({
          path: '/mj/insight-face/swap',
          body: { sourceBase64: DATA, targetBase64: DATA, state: `jm:${result}` },
        });
        expect(await row(result)).toMatchObject({
          action: 'SWAP_FACE',
          bot_type: 'INSIGHT_FACE',
          description: '/swap',
          mode: path.startsWith('/mj-turbo') ? 'TURBO' : 'FAST',
        });
      },
    );

    it('a face swap has a minute to be answered, also after it has waited', async () => {
      upstream.onSubmit = () => ({ code: 23, description: '队列已满' });
      const { result } = await submit('/mj/insight-face/swap', { sourceBase64: RAW, targetBase64: DATA });
      upstream.onSubmit = accepting;
      await gateway.sql('update task set wait_until = null where id = $1', [result]);
      const [sent] = await until('the second send', async () => {
        const rows = await gateway.sql<{ seconds: number }>(
          `select extract(epoch from send_deadline - sent_at)::float as seconds from task
           where id = $1 and status = 'SUBMITTED'`,
          [result],
        );
        return rows.length === 0 ? null : rows;
      });
      expect(sent).toEqual({ seconds: 60 });
      const { result: other } = await submit('/mj/insight-face/swap', { sourceBase64: RAW, targetBase64: DATA });
      const { result: quick } = await submit('/mj/submit/shorten', { prompt: 'a fox' });
      const first = await gateway.sql(
        'select id, extract(epoch from send_deadline - sent_at)::float as seconds from task where id = any($1) order by seconds',
        [[other, quick]],
      );
      expect(first).toEqual([
        { id: quick, seconds: 30 },
        { id: other, seconds: 60 },
      ]);
    });

    it('an accountFilter goes where the upstream is set to take it', async () => {
      const body = { base64Array: [RAW, RAW], accountFilter: { modes: ['TURBO'], remark: 'blue', remix: null } };
      await submit('/mj/submit/blend', body);
      expect(upstream.submits[0]?.body).not.toHaveProperty('accountFilter');
      await gateway.sql('update upstream set accepts_account_filter = true');
      const got = await until('the filter', async () => {
        await submit('/mj/submit/blend', body);
        return upstream.submits.at(-1)?.body['accountFilter'];
      });
      expect(got).toEqual({ modes: ['TURBO'], remark: 'blue' });
      expect(upstream.submits.at(-1)?.body['mode']).toBe('TURBO');
    });
  });

  describe('change and simple-change', () => {
    it('press the button of a parent that has it', async () => {
      const { id, upstreamId } = await finished([UPSAMPLE, REROLL]);
      const up = await submit('/mj/submit/change', { taskId: Number(id), action: 'upscale', index: '1' });
      const again = await submit('/mj/submit/simple-change', { content: `${id} u1` });
      const third = await submit('/mj/submit/action', { taskId: id, customId: UPSAMPLE });
      expect([again, third]).toEqual(
        [up, up].map(({ result }) => expect.objectContaining({ code: 1, result }) as Reply),
      );
      await submit('/mj/submit/simple-change', { content: `${id} R`, accountFilter: { remark: 'x' } });
      expect(upstream.submits.map(({ path, body }) => [path, body['taskId'], body['customId']])).toEqual([
        ['/mj/submit/action', upstreamId, UPSAMPLE],
        ['/mj/submit/action', upstreamId, REROLL],
      ]);
      expect(upstream.submits[1]?.body).not.toHaveProperty('accountFilter');
      expect(await row(up.result)).toMatchObject({
        action: 'UPSCALE',
        prompt: 'a fox',
        description: `/up ${id} U1`,
        parent_id: id,
        custom_id: UPSAMPLE,
        price: 0.05,
      });
    });

    it('are changes where the parent has no buttons, and so are its buttons of old', async () => {
      const { id, upstreamId } = await finished([], { imageUrl: 'http://127.0.0.1:9/a.png' });
      const first = await submit('/mj/submit/change', { taskId: id, action: 'VARIATION', index: 3 });
      await submit('/mj/submit/action', { taskId: id, customId: `MJ::JOB::reroll::0::${id}::SOLO` });
      expect(upstream.submits.map(({ path }) => path)).toEqual(['/mj/submit/change', '/mj/submit/change']);
      expect(upstream.submits[0]?.body).toMatchObject({ taskId: upstreamId, action: 'VARIATION', index: 3 });
      expect(upstream.submits[1]?.body).toMatchObject({ taskId: upstreamId, action: 'REROLL' });
      expect(upstream.submits[1]?.body).not.toHaveProperty('index');
      expect(await row(first.result)).toMatchObject({ action: 'VARIATION', description: `/up ${id} V3` });
    });
  });

  it('video extends a finished task at its upstream, in its mode', async () => {
    const { id, upstreamId } = await finished([]);
    const { result } = await submit('/mj/submit/video', { taskId: id, action: 'extend', index: '1', prompt: 'on' });
    await submit('/mj/submit/video', { taskId: id, action: ' Extend ' });
    expect(upstream.submits[0]).toMatchObject({
      path: '/mj/submit/video',
      body: { taskId: upstreamId, action: 'extend', index: 1, prompt: 'on --fast' },
    });
    expect(upstream.submits[1]?.body).toMatchObject({ taskId: upstreamId, action: 'extend', index: 0 });
    expect(upstream.submits[1]?.body).not.toHaveProperty('prompt');
    expect(await row(result)).toMatchObject({ action: 'VIDEO', prompt: 'on', description: '/video on', parent_id: id });
  });

  describe('upload-discord-images', () => {
    const path = '/mj/submit/upload-discord-images';
    const urls = ['https://cdn.up.example/a.png?ex=1', 'https://cdn.up.example/b.png'];
    const uploadRow = async (): Promise<Record<string, unknown>> => {
      const [found] = await gateway.sql(
        `select status, refused, progress, fail_code, has_slot, waiting, cost::float, finished_at is not null as ended,
          (select coalesce(sum(amount), 0)::float from ledger where task_id = t.id) as ledger
         from task t where action = 'UPLOAD' order by submitted_at desc limit 1`,
      );
      return found ?? {};
    };

    it('answers the links unchanged, and is finished at once', async () => {
      upstream.onSubmit = () => ({ code: 1, description: '提交成功', result: urls });
      const { status, json } = await gateway.post(path, { base64Array: [RAW, DATA] });
      expect({ status, json }).toEqual({
        status: 200,
        json: { code: 1, description: 'Submit success', result: urls, properties: {} },
      });
      expect(upstream.submits[0]?.body).toMatchObject({ base64Array: [DATA, DATA] });
      expect(await uploadRow()).toEqual({
        status: 'SUCCESS',
        refused: false,
        progress: 100,
        fail_code: null,
        has_slot: false,
        waiting: false,
        cost: 0.05,
        ended: true,
        ledger: -0.05,
      });
    });

    it('gives the same links again with the same Idempotency-Key', async () => {
      upstream.onSubmit = () => ({ code: 1, result: urls });
      const headers = { 'idempotency-key': 'upload-1' };
      const first = await gateway.post(path, { base64Array: [RAW] }, headers);
      const again = await gateway.post(path, { base64Array: [RAW] }, headers);
      expect(again.json).toEqual(first.json);
      expect(again.json['result']).toEqual(urls);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(upstream.submits).toHaveLength(1);
    });

    it.each([
      ['a full queue', { code: 23, description: '队列已满' }, 200, 23, 'refused'],
      ['no account', { code: 3, description: '无可用的账号实例' }, 200, 23, 'refused'],
      ['a task id in place of links', { code: 1, result: '1795000000000001' }, 502, 5, 'outcome_unknown'],
      ['a refusal', { code: 4, description: 'base64 参数错误' }, 400, 4, 'refused'],
    ])('%s ends it, refunded; nothing waits', async (name, answer, status, code, failCode) => {
      upstream.onSubmit = () => answer;
      const headers = { 'idempotency-key': `upload after ${name}` };
      const reply = await gateway.post(path, { base64Array: [RAW] }, headers);
      expect({ status: reply.status, json: reply.json }).toMatchObject({ status, json: { code, result: null } });
      expect(await uploadRow()).toMatchObject({
        status: 'FAILURE',
        refused: true,
        fail_code: failCode,
        has_slot: false,
        waiting: false,
        cost: 0,
        ledger: 0,
      });
      upstream.onSubmit = () => ({ code: 1, result: urls });
      expect((await gateway.post(path, { base64Array: [RAW] }, headers)).json['result']).toEqual(urls);
    });

    it('a lost answer is code 5, refunded, and sent once', async () => {
      upstream.onSubmit = (_, response) => (response.destroy(), undefined);
      const reply = await gateway.post(path, { base64Array: [RAW] });
      expect({ status: reply.status, json: reply.json }).toMatchObject({
        status: 502,
        json: { code: 5, result: null },
      });
      expect(await uploadRow()).toMatchObject({ status: 'FAILURE', fail_code: 'outcome_unknown', cost: 0, ledger: 0 });
      expect(upstream.submits).toHaveLength(1);
    });

    it('is answered 23 where no slot is free', async () => {
      const [before] = await gateway.sql<{ max_concurrent: number }>('select max_concurrent from upstream_load');
      await gateway.sql('update upstream_load set max_concurrent = running');
      const reply = await gateway.post(path, { base64Array: [RAW] });
      await gateway.sql('update upstream_load set max_concurrent = $1', [before?.max_concurrent]);
      expect(reply.json).toMatchObject({ code: 23, result: null });
      expect(reply.headers.get('retry-after')).not.toBeNull();
      expect(upstream.submits).toEqual([]);
    });
  });

  describe('the form of a face swap', () => {
    const png = Buffer.from(RAW, 'base64');
    const send = async (form: FormData, path = '/mj/insight-face/swap'): Promise<Answer> =>
      gateway.call(path, { method: 'POST', headers: { authorization: `Bearer ${gateway.key}` }, body: form });
    const formOf = (parts: Record<string, string | Blob>): FormData => {
      const form = new FormData();
      for (const [name, value] of Object.entries(parts)) form.append(name, value);
      return form;
    };

    it.each(['/mj/insight-face/swap', '/mj/submit/insight-face/swap'])('takes files and texts at %s', async (path) => {
      const form = formOf({
        sourceBase64: new Blob([png]),
        targetBase64: DATA,
        state: 'from a form',
        accountFilter: '{"modes":["relax"]}',
      });
      const { status, json } = await send(form, path);
      expect({ status, json }).toMatchObject({ status: 200, json: { code: 1 } });
      expect(upstream.submits[0]?.body).toMatchObject({ sourceBase64: DATA, targetBase64: DATA, mode: 'RELAX' });
      expect(await gateway.sql('select state from task where id = $1', [json['result']])).toEqual([
        { state: 'from a form' },
      ]);
    });

    it.each([
      ['one picture', { sourceBase64: RAW }, 'sour_base64_and_target_base64_is_required', 'targetBase64'],
      ['an unknown name', { sourceBase64: RAW, targetBase64: RAW, other: 'x' }, 'bind_request_body_failed', 'other'],
      [
        'a filter that is no JSON',
        { sourceBase64: RAW, targetBase64: RAW, accountFilter: 'blue' },
        'bind_request_body_failed',
        'accountFilter',
      ],
      [
        'a filter of another type',
        { sourceBase64: RAW, targetBase64: RAW, accountFilter: '{"remix":1}' },
        'bind_request_body_failed',
        'accountFilter.remix',
      ],
      [
        'a file for a text',
        { sourceBase64: RAW, targetBase64: RAW, state: new Blob(['x']) },
        'bind_request_body_failed',
        'state',
      ],
      ['no picture', { sourceBase64: RAW, targetBase64: new Blob(['<html>']) }, 'base64_is_invalid', 'targetBase64'],
      [
        'a large file',
        { sourceBase64: new Blob([png, Buffer.alloc(10 * 1024 * 1024)]), targetBase64: RAW },
        'image_too_large',
        'sourceBase64',
      ],
      ['a large text', { sourceBase64: RAW, targetBase64: 'A'.repeat(14_800_000) }, 'image_too_large', 'targetBase64'],
    ])('%s is refused', async (_, parts, description, field) => {
      const { status, json } = await send(formOf(parts));
      expect({ status, json }).toMatchObject({ status: 400, json: { code: 4, description, properties: { field } } });
      expect(upstream.submits).toEqual([]);
    });

    it('refuses a name that comes twice, and what is no form', async () => {
      const twice = formOf({ sourceBase64: RAW });
      twice.append('sourceBase64', RAW);
      expect((await send(twice)).json).toMatchObject({ description: 'bind_request_body_failed' });
      const raw = (type: string, body: string): Promise<Answer> =>
        gateway.call('/mj/insight-face/swap', {
          method: 'POST',
          headers: { authorization: `Bearer ${gateway.key}`, 'content-type': type },
          body,
        });
      for (const answer of [
        await raw('multipart/form-data', 'x'),
        await raw('multipart/form-data; boundary=b', '--b\r\nnonsense'),
      ]) {
        expect({ status: answer.status, json: answer.json }).toMatchObject({
          status: 400,
          json: { code: 4, description: expect.any(String) },
        });
      }
    });

    it('is 413 over the limit of the route', async () => {
      const part = 'A'.repeat(17 * 1024 * 1024);
      const answer = await send(formOf({ sourceBase64: part, targetBase64: part }));
      expect({ status: answer.status, json: answer.json }).toMatchObject({
        status: 413,
        json: { code: 4, description: 'request_body_too_large' },
      });
    });

    it('is no form elsewhere, and wants a key', async () => {
      const form = formOf({ prompt: 'a fox' });
      for (const path of ['/mj/submit/imagine', '/mj/submit/blend', '/mj/task/list-by-condition']) {
        const answer = await send(form, path);
        expect({ status: answer.status, json: answer.json }).toMatchObject({
          status: 415,
          json: { code: 4, description: 'media_type_not_supported' },
        });
      }
      const anonymous = await gateway.call('/mj/insight-face/swap', { method: 'POST', body: form });
      expect(anonymous.status).toBe(401);
    });
  });
});
