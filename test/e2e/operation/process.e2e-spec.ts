import { fork } from 'node:child_process';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import pg from 'pg';
import { GatewayProcess, install, type Installation } from '../../support/gateway-process.js';
import { HookReceiver } from '../../support/hook-receiver.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';

/** The built gateway as a process: crashes lose nothing, SIGTERM drains. */
describe('the gateway as a process', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let upstream: ScriptedUpstream;
  let receiver: HookReceiver;
  let installation: Installation;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    upstream = await ScriptedUpstream.start();
    receiver = await HookReceiver.start();
    installation = await install(database.url, upstream.url);
  });

  afterAll(async () => {
    await client.end();
    await upstream.close();
    await receiver.close();
    await installation.remove();
    await database.drop();
  });

  const submit = async (gateway: GatewayProcess, prompt: string): Promise<{ code: number; result: string }> => {
    const answer = await fetch(`${gateway.url}/mj/submit/imagine`, {
      method: 'POST',
      headers: { authorization: `Bearer ${installation.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ prompt, notifyHook: receiver.url }),
    });
    return (await answer.json()) as { code: number; result: string };
  };
  const rowOf = async (prompt: string): Promise<Record<string, unknown> | undefined> =>
    (await client.query<Record<string, unknown>>('select * from task where prompt = $1', [prompt])).rows[0];

  it('kill -9 in the middle of a task loses neither task nor hook', async () => {
    const first = await GatewayProcess.start(installation);
    const { result } = await submit(first, 'killed while running');
    // A hook that is being sent at the crash would be due again only when its claim ends, after 45 s.
    await until('the settled hook', async () => {
      const found = await client.query('select from hook_delivery where task_id = $1 and told_seq >= 1', [result]);
      return found.rowCount === 1 ? true : null;
    });
    await first.kill();
    const id = String((await rowOf('killed while running'))?.['upstream_task_id']);
    upstream.show(id, { status: 'SUCCESS', progress: '100%' });
    const second = await GatewayProcess.start(installation);
    await until('the terminal hook', () => receiver.of(result).find(({ task }) => task.status === 'SUCCESS'));
    expect(upstream.submits.filter(({ body }) => body['prompt'] === 'killed while running')).toHaveLength(1);
    await second.stopCleanly();
  });

  it('kill -9 while the upstream answers: the task is found by our mark and never sent again', async () => {
    const first = await GatewayProcess.start(await withShortSends());
    upstream.onSubmit = (request) => (upstream.accept(request), undefined);
    const lost = submit(first, 'killed while sending').catch(() => null);
    await until('the submit', () =>
      upstream.submits.some(({ body }) => body['prompt'] === 'killed while sending') ? true : null,
    );
    await first.kill();
    expect(await lost).toBeNull();
    expect(await rowOf('killed while sending')).toMatchObject({ status: 'NOT_START', upstream_task_id: null });
    const second = await GatewayProcess.start(installation);
    await until('the look-up', async () => (await rowOf('killed while sending'))?.['upstream_task_id'] ?? null);
    expect(upstream.submits.filter(({ body }) => body['prompt'] === 'killed while sending')).toHaveLength(1);
    await second.stop();
  });

  it('SIGTERM answers the submits under way, gives leases back, and ends with 0', async () => {
    const gateway = await GatewayProcess.start(installation);
    upstream.onSubmit = (request, response) => {
      const { id } = upstream.accept(request);
      setTimeout(() => response.end(JSON.stringify({ code: 1, result: id })), 800);
      return undefined;
    };
    const answer = submit(gateway, 'answered while stopping');
    await until('the submit', () =>
      upstream.submits.some(({ body }) => body['prompt'] === 'answered while stopping') ? true : null,
    );
    await gateway.stopCleanly();
    expect(await answer).toMatchObject({ code: 1, result: expect.stringMatching(/^\d{16}$/) });
    expect(await rowOf('answered while stopping')).toMatchObject({ status: 'SUBMITTED' });
  });

  it('does not wait for connections that never carried a request', async () => {
    const gateway = await GatewayProcess.start(installation);
    const { port } = new URL(gateway.url);
    const socket = connect(Number(port), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.on('error', () => undefined);
    await gateway.stopCleanly();
    socket.destroy();
  });

  it('says what is wrong with its environment, a line each, and ends with 1', async () => {
    const child = fork(resolve(import.meta.dirname, '../../../dist/apps/gateway/src/main.js'), {
      env: { PATH: process.env['PATH'] ?? '', PORT: 'abc', DATABASE_URL: 'mysql://x' },
      silent: true,
    });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise((done) => child.once('exit', done));
    expect(code).toBe(1);
    expect(said.trim().split('\n')).toEqual([
      'PORT is "abc": it must be a whole number from 0 to 65535',
      'DATABASE_URL: it must be a URL that begins with postgres:// or postgresql://',
      'SECRET_KEY is required',
    ]);
  });

  /** A send that is given up soon is looked up soon. */
  function withShortSends(): Promise<Installation> {
    return Promise.resolve({ ...installation, environment: { ...installation.environment, SUBMIT_TIMEOUT_MS: '500' } });
  }
});
