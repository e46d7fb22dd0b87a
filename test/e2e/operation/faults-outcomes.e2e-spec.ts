import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { UpstreamCache } from '../../../libs/upstream/src/index.js';
import { TestGateway } from '../../support/gateway.js';
import { ScriptedUpstream, type SubmitScript } from '../../support/scripted-upstream.js';
import { ToxicProxy } from '../../support/toxic-proxy.js';
import { until } from '../../support/until.js';

interface Reply {
  code: number;
  description: string;
  result: string | null;
}

const ID = expect.stringMatching(/^\d{16}$/) as unknown as string;

/** What outcomes.e2e-spec.ts leaves out of "what an answer means": connections that fail, and rarer answers. */
describe('outcomes of a submit whose connection fails, and rarer ones', () => {
  let upstream: ScriptedUpstream;
  let link: ToxicProxy;
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    link = await ToxicProxy.start(upstream.url);
    gateway = await TestGateway.start({
      upstreamUrl: link.url,
      environment: { SUBMIT_TIMEOUT_MS: '5000', SUBMIT_SETTLE_MS: '1000', UPSTREAM_MAX_CONCURRENT: '500' },
    });
  });
  afterEach(() => link.heal());
  afterAll(async () => {
    await gateway.close();
    await link.close();
    await upstream.close();
  });

  const imagine = (prompt: string): Promise<{ status: number; json: Reply }> =>
    gateway.post<Reply>('/mj/submit/imagine', { prompt });
  const row = async (prompt: string): Promise<Record<string, unknown>> =>
    (await gateway.sql('select * from task where prompt = $1', [prompt]))[0] ?? {};
  const sendsOf = (prompt: string): number => upstream.submits.filter(({ body }) => body['prompt'] === prompt).length;
  const accept: SubmitScript = (submit) => ({ code: 1, description: '', result: upstream.accept(submit).id });
  /** Its look-up, due seconds from now, is due at once. */
  const hurry = (prompt: string): Promise<unknown> =>
    gateway.sql('update task set look_up_at = now(), send_deadline = now() where prompt = $1', [prompt]);
  const found = (prompt: string): Promise<unknown> =>
    until('the look-up', async () => (await row(prompt))['upstream_task_id'] as string | null);

  describe('nothing done: the task waits and goes when the upstream is there', () => {
    let silent: Server;
    const held = new Set<Socket>();
    beforeAll(async () => {
      silent = createTcpServer((socket) => void held.add(socket.on('error', () => undefined)));
      await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
    });
    afterAll(async () => {
      held.forEach((socket) => socket.destroy());
      await new Promise((closed) => silent.close(closed));
    });

    /** Points the upstream elsewhere, as the replica learns it within two seconds. */
    const moveTo = async (baseUrl: string): Promise<void> => {
      await gateway.sql('update upstream set base_url = $1', [baseUrl]);
      const pool = gateway.app.get(UpstreamCache);
      await until('the new address', () => (pool.all().some((up) => up.baseUrl === baseUrl) ? true : null));
    };

    const FAILURES: [string, string, () => string][] = [
      ['refused connection', 'connect', () => 'http://127.0.0.1:1'],
      ['DNS', 'dns', () => 'http://upstream.invalid'],
      ['TLS', 'tls', () => upstream.url.replace('http:', 'https:')],
      ['connect timeout', 'connect', () => `https://127.0.0.1:${(silent.address() as AddressInfo).port}`],
    ];

    it.each(FAILURES)('%s', async (name, why, address) => {
      await moveTo(address());
      const { status, json } = await imagine(name);
      expect({ status, json }).toMatchObject({ status: 200, json: { code: 1, result: ID } });
      expect(await row(name)).toMatchObject({ status: 'NOT_START', waiting: true, has_slot: false });
      const line = `select detail from task_event e join task t on t.id = e.task_id where prompt = $1 and kind = 'waiting'`;
      expect(await gateway.sql(line, [name])).toEqual([{ detail: { why } }]);
      expect(sendsOf(name)).toBe(0);
      // Not again before it is told to: five failures in a row would open the circuit, and nothing be tried any more.
      await gateway.sql("update task set wait_until = now() + interval '1 hour' where waiting");
    });

    it('and then each is sent once', async () => {
      upstream.onSubmit = accept;
      await moveTo(link.url);
      await gateway.sql('update task set wait_until = null where waiting');
      for (const [name] of FAILURES) {
        await until('the send', async () => ((await row(name))['status'] === 'SUBMITTED' ? true : null));
        expect(sendsOf(name)).toBe(1);
      }
    });
  });

  it('a kept-alive connection that the upstream closes while we write is unknown: looked up, never sent again', async () => {
    upstream.onSubmit = accept;
    await imagine('keeps the connection');
    upstream.onSubmit = (submit, response) => (upstream.accept(submit), response.socket?.resetAndDestroy(), undefined);
    const prompt = 'closed while written';
    expect((await imagine(prompt)).json).toMatchObject({ code: 1, result: ID });
    await hurry(prompt);
    await found(prompt);
    expect(sendsOf(prompt)).toBe(1);
  });

  it.each([0, 1, 40])('an answer cut after %d bytes is unknown: looked up, never sent again', async (bytes) => {
    const prompt = `cut after ${bytes}`;
    upstream.onSubmit = accept;
    link.cutAfterBytes = bytes;
    const answer = imagine(prompt);
    await until('the submit', () => (sendsOf(prompt) === 1 ? true : null));
    expect((await answer).json).toMatchObject({ code: 1, result: ID });
    link.heal();
    await hurry(prompt);
    await found(prompt);
    expect(sendsOf(prompt)).toBe(1);
  });

  it('200 that cannot be read is unknown: looked up, never sent again', async () => {
    const bodies: Record<string, string> = {
      HTML: '<html><h1>200 OK</h1></html>',
      'an empty body': '',
      'half of a JSON': '{"code":1,"result":"17',
      'a JSON that is no answer': '[1,21,22]',
      'a code 1 that names nothing': '{"code":1,"description":"ok","result":null}',
    };
    upstream.onSubmit = (submit, response) => {
      upstream.accept(submit);
      response.end(bodies[String(submit.body['prompt'])]);
      return undefined;
    };
    const prompts = Object.keys(bodies);
    for (const { json } of await Promise.all(prompts.map(imagine))) expect(json).toMatchObject({ code: 1, result: ID });
    for (const prompt of prompts) {
      await hurry(prompt);
      await found(prompt);
      expect(sendsOf(prompt)).toBe(1);
    }
  });

  it('code 5 of a new-api, with its 400, is unknown', async () => {
    upstream.onSubmit = (submit, response) => {
      upstream.accept(submit);
      response.statusCode = 400;
      return { description: 'do_request_failed ', type: 'upstream_error', code: 5 };
    };
    expect((await imagine('code 5')).json).toMatchObject({ code: 1, result: ID });
    await hurry('code 5');
    await found('code 5');
    expect(sendsOf('code 5')).toBe(1);
  });

  it.each<[string, SubmitScript]>([
    ['code 30', () => ({ code: 30, description: 'x', result: null })],
    ['a text that this upstream means full by', () => ({ code: 4, description: 'the kettle is on' })],
  ])('%s: full, so it waits', async (name, script) => {
    await gateway.sql("update upstream set full_texts = '{kettle}'");
    const pool = gateway.app.get(UpstreamCache);
    await until('the new texts', () => (pool.all().some(({ fullTexts }) => fullTexts[0] === 'kettle') ? true : null));
    upstream.onSubmit = script;
    expect((await imagine(`full ${name}`)).json).toMatchObject({ code: 1, result: ID });
    expect(await row(`full ${name}`)).toMatchObject({ status: 'NOT_START', waiting: true, has_slot: false });
    upstream.onSubmit = accept;
  });

  it.each([
    ['-1', 200, { code: -1, description: 'no' }],
    ['400', 400, { description: 'no' }],
    ['422', 422, 'no JSON'],
  ])('%s without a code that says more: refused, refunded', async (name, status, body) => {
    const prompt = `declined ${name}`;
    upstream.onSubmit = (_, response) => ((response.statusCode = status), body);
    expect((await imagine(prompt)).json).toMatchObject({ result: null });
    expect(await row(prompt)).toMatchObject({ status: 'FAILURE', refused: true, has_slot: false });
    expect(sendsOf(prompt)).toBe(1);
  });

  it('an id that another task of the key has: that task is followed, never a 500', async () => {
    upstream.onSubmit = accept;
    const first = await imagine('has the id');
    const { upstream_task_id: id } = await row('has the id');
    for (const code of [21, 1]) {
      upstream.onSubmit = () => ({ code, description: '任务已存在', result: id });
      const second = await imagine(`answered the id with ${code}`);
      expect(second).toMatchObject({ status: 200, json: { code: 1, description: 'Task already exists' } });
      expect(second.json.result).not.toBe(first.json.result);
      const task = await row(`answered the id with ${code}`);
      expect(task).toMatchObject({ alias_of: first.json.result, has_slot: false, upstream_task_id: null });
    }
  });

  it('never frees or takes a slot twice', async () => {
    const [load] = await gateway.sql<{ running: number }>('select running from upstream_load');
    const [held] = await gateway.sql<{ n: number }>('select count(*)::int as n from task where has_slot');
    expect(load?.running).toBe(held?.n);
  });
});
