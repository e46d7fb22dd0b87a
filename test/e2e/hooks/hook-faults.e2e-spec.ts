import http, { type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { GatewayProcess, install, type Installation } from '../../support/gateway-process.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

interface Hook {
  path: string;
  headers: IncomingHttpHeaders;
  task: { id: string; status: string; progress: string };
}

const PICTURE = 'http://127.0.0.1:9/drawn.png';

/** A receiver whose answers are up to the test, in content and in time. */
class Receiver {
  readonly hooks: Hook[] = [];
  answer: (hook: Hook, response: ServerResponse) => void = (_hook, response) => void response.end();

  private constructor(
    private readonly server: http.Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Receiver> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new Receiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const task = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Hook['task'];
        const hook = { path: request.url ?? '', headers: request.headers, task };
        receiver.hooks.push(hook);
        receiver.answer(hook, response);
      });
    });
    return receiver;
  }

  of(taskId: string): Hook[] {
    return this.hooks.filter(({ task }) => task.id === taskId);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** What receivers do to hooks, seen from outside a whole gateway. */
describe('hooks to receivers that misbehave', () => {
  const { gateway, upstream } = useGateway({ environment: { HOOK_RETRY_SCHEDULE: '1,1,1,1' } });
  let receiver: Receiver;

  beforeEach(async () => {
    receiver = await Receiver.start();
  });
  afterEach(() => receiver.close());
  const submit = async (prompt: string, more: Record<string, unknown> = {}): Promise<{ id: string; upId: string }> => {
    const body = { prompt, notifyHook: `${receiver.url}/hook`, ...more };
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', body);
    const sql = 'select upstream_task_id as id from task where id = $1';
    const [row] = await gateway.sql<{ id: string }>(sql, [json.result]);
    return { id: json.result, upId: row?.id ?? '' };
  };
  const delivered = (id: string): Promise<unknown> =>
    until('the end to be told', async () => {
      const sql = `select from hook_delivery where task_id = $1 and terminal and state = 'delivered'`;
      return (await gateway.sql(sql, [id]))[0];
    });

  it('a slow one gets the newest of the changes it missed, and the end last', async () => {
    let answer = (): void => undefined;
    const ended = new Promise<void>((resolve) => (answer = resolve));
    receiver.answer = (_hook, response) => void ended.then(() => response.end());
    const { id, upId } = await submit('progress in a hurry');
    await until('the first hook', () => receiver.of(id)[0]);
    let progress = 0;
    upstream.onPoll = () => {
      progress = Math.min(100, progress + 25);
      const status = progress === 100 ? 'SUCCESS' : 'IN_PROGRESS';
      return [{ id: upId, status, progress: `${progress}%`, imageUrl: progress === 100 ? PICTURE : '' }];
    };
    const version = await until('the end', async () => {
      const sql = `select version from task where id = $1 and status = 'SUCCESS'`;
      return (await gateway.sql<{ version: number }>(sql, [id]))[0]?.version;
    });
    // While one is under way all the others wait, and each newer one takes the place of the one before.
    answer();
    await delivered(id);
    const told = receiver.of(id).map(({ headers, task }) => [Number(headers['x-mj-seq']), task.status]);
    expect(told).toEqual([
      [expect.any(Number), 'SUBMITTED'],
      [version, 'SUCCESS'],
    ]);
    expect(version).toBeGreaterThan(3);
  });

  it('one that redirects to itself, fails, or hangs up is tried by the schedule with one webhook-id', async () => {
    const failures: ((response: ServerResponse) => void)[] = [
      (response) => void response.writeHead(307, { location: `${receiver.url}/again` }).end(),
      (response) => void response.writeHead(500).end('x'.repeat(100_000)),
      (response) => void response.destroy(),
    ];
    receiver.answer = (_hook, response) => {
      const fail = failures.shift();
      if (fail === undefined) response.end();
      else fail(response);
    };
    const { id, upId } = await submit('told in the end', { notifyEvents: 'terminal' });
    upstream.onPoll = (ids) =>
      ids.map((asked) =>
        asked === upId ? { id: asked, status: 'SUCCESS', imageUrl: PICTURE } : { id: asked, status: 'SUBMITTED' },
      );
    await delivered(id);
    const hooks = receiver.of(id);
    expect(hooks.map(({ path }) => path)).toEqual(Array(4).fill('/hook'));
    expect(new Set(hooks.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const attempts = await gateway.sql<{ class: string; status: number | null; ms: number }>(
      'select class, status, ms from hook_attempt where task_id = $1 order by id',
      [id],
    );
    expect(attempts.map(({ class: name, status }) => [name, status])).toEqual([
      ['status_3xx', 307],
      ['status_5xx', 500],
      ['reset', null],
      ['delivered', 200],
    ]);
  });

  it('one that says 410 hears no more, and its task goes on', async () => {
    receiver.answer = (_hook, response) => void response.writeHead(410).end();
    const { id, upId } = await submit('gone');
    await until('the 410', async () => {
      return (await gateway.sql(`select from hook_delivery where task_id = $1 and state = 'cancelled'`, [id]))[0];
    });
    upstream.onPoll = () => [{ id: upId, status: 'SUCCESS', imageUrl: PICTURE }];
    await until('the end of the task', async () => {
      return (await gateway.sql(`select from task where id = $1 and status = 'SUCCESS'`, [id]))[0];
    });
    const { id: witness, upId: next } = await submit('witness', { notifyEvents: 'terminal' });
    receiver.answer = (_hook, response) => void response.end();
    upstream.onPoll = () => [{ id: next, status: 'SUCCESS', imageUrl: PICTURE }];
    await delivered(witness);
    expect(receiver.of(id)).toHaveLength(1);
  });

  it('one of a key that was revoked meanwhile is told the end all the same', async () => {
    const { id, upId } = await submit('revoked', { notifyEvents: 'terminal' });
    await gateway.sql('update api_key set revoked_at = now()');
    try {
      upstream.onPoll = () => [{ id: upId, status: 'SUCCESS', imageUrl: PICTURE }];
      await delivered(id);
      expect(receiver.of(id)).toHaveLength(1);
    } finally {
      await gateway.sql('update api_key set revoked_at = null');
    }
  });
});

describe('a gateway that is killed', () => {
  let database: TestDatabase;
  let upstream: ScriptedUpstream;
  let installation: Installation;
  let receiver: Receiver;

  beforeAll(async () => {
    database = await createTestDatabase();
    upstream = await ScriptedUpstream.start();
    receiver = await Receiver.start();
    installation = await install(database.url, upstream.url);
  });
  afterAll(async () => {
    await receiver.close();
    await upstream.close();
    await installation.remove();
    await database.drop();
  });

  it('after the receiver had the hook, and before it wrote that down, tells it again under the same id', async () => {
    const first = await GatewayProcess.start(installation);
    const second: Promise<GatewayProcess>[] = [];
    const restart = async (): Promise<GatewayProcess> => {
      const client = new Client({ connectionString: database.url });
      await client.connect();
      try {
        // Written by the dead one, whose claim ends by itself after 45 s: these have passed.
        const ended = await client.query(
          `update hook_delivery set next_at = now(), claim_until = now() where claim_id is not null and state = 'waiting'`,
        );
        expect(ended.rowCount).toBe(1);
      } finally {
        await client.end();
      }
      return GatewayProcess.start(installation);
    };
    receiver.answer = (_hook, response) => {
      // The receiver has it, and the gateway is gone before it could hear so.
      if (second.length === 0) second.push(first.kill().then(restart));
      response.end();
    };
    upstream.onPoll = (ids) => ids.map((id) => ({ id, status: 'SUCCESS', imageUrl: PICTURE }));
    await fetch(`${first.url}/mj/submit/imagine`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${installation.key}` },
      body: JSON.stringify({ prompt: 'killed', notifyHook: receiver.url, notifyEvents: 'terminal' }),
    });
    await until('the second hook', () => receiver.hooks[1]);
    const [before, after] = receiver.hooks;
    expect(after?.headers['webhook-id']).toBe(before?.headers['webhook-id']);
    expect(after?.task).toEqual(before?.task);
    expect(await (await second[0])?.stop()).toBe(0);
    expect(receiver.hooks).toHaveLength(2);
  });
});
