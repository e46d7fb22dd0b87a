import { Database, type Statement } from '#libs/database';
import { HookRig, until } from '../../test/hook-rig.js';
import { isVerified } from '../../test/verify-hook.js';

const DAY_MS = 86_400_000;

let rig: HookRig;
beforeAll(async () => {
  rig = await HookRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

describe('a worker that ends between the 2xx and its settling', () => {
  it('has its delivery sent again, under the same webhook-id, by another', async () => {
    const receiver = await rig.receiver();
    const taskId = await rig.task();
    await rig.finish(taskId, receiver.origin, 4);
    const dying = rig.dispatcher({ leaseMs: 300 }, { ticking: false, database: without(rig.database, 'hook_settle') });
    dying.tick();
    await until(() => receiver.hooks.length === 1);
    expect(await rig.row(taskId)).toMatchObject({ state: 'waiting', toldSeq: null });

    rig.dispatcher();
    expect(await rig.settled(taskId, 'delivered')).toMatchObject({ toldSeq: 4 });
    expect(receiver.hooks.map((hook) => hook.headers['webhook-id'])).toEqual(Array(2).fill(`msg_${taskId}_4`));
    expect(receiver.bodies()).toEqual(Array(2).fill('{"seq":4}'));
  });
});

describe('a secret that is rotated between two tries', () => {
  it('signs beside the new one until its day is over', async () => {
    const receiver = await rig.receiver();
    const key = await rig.key('rotates in between');
    const old = await rig.secrets.create(key);
    let clock = rig.database.now();
    receiver.behaviour = (hook) => hook.answer(receiver.hooks.length < 3 ? 500 : 200);
    const dispatcher = rig.dispatcher({ retrySchedule: [0, 0, 0] }, { ticking: false, now: () => clock });
    const taskId = await rig.task();
    await rig.enqueue({ taskId, seq: 1, url: receiver.origin, terminal: true });
    await rig.sql('update hook_delivery set api_key_id = $1', [key]);
    const tries = async (n: number): Promise<void> => {
      await rig.makeDue(taskId);
      dispatcher.tick();
      await until(async () => (await rig.attempts(taskId)).length === n);
    };

    await tries(1);
    const made = await rig.secrets.rotate(key);
    await tries(2);
    clock = new Date(clock.getTime() + DAY_MS + 60_000);
    await tries(3);
    const verdicts = await Promise.all(
      receiver.hooks.map(async (hook) => {
        const at = new Date(Number(hook.headers['webhook-timestamp']) * 1_000);
        return [await isVerified(hook, old, at), await isVerified(hook, made, at)];
      }),
    );
    expect(verdicts).toEqual([
      [true, false],
      [true, true],
      [false, true],
    ]);
    expect(new Set(receiver.hooks.map((hook) => hook.headers['webhook-id'])).size).toBe(1);
  });
});

describe('a payload', () => {
  it.each([
    ['emoji and separators', 'a 🐈‍⬛ \u2028 \u2029 \u00e9 é "q" \\ \t'],
    ['lone surrogates', 'x \ud800 y \udc00 z'],
    ['a megabyte', '長'.repeat(400_000)],
  ])('with %s is signed as it is sent', async (_what, prompt) => {
    const receiver = await rig.receiver();
    const secret = await rig.secrets.create(rig.apiKeyId);
    const taskId = await rig.task();
    const payload = JSON.stringify({ prompt });
    rig.dispatcher();
    await rig.enqueue({ taskId, seq: 1, url: receiver.origin, terminal: true, payload });
    await rig.settled(taskId, 'delivered');
    const [hook] = receiver.hooks;
    if (hook === undefined) throw new Error('no hook came');
    expect(hook.raw.equals(Buffer.from(payload, 'utf8'))).toBe(true);
    expect(await isVerified(hook, secret, rig.database.now())).toBe(true);
    const forged = { ...hook, raw: Buffer.concat([hook.raw, Buffer.from(' ')]) };
    expect(await isVerified(forged, secret, rig.database.now())).toBe(false);
  });
});

describe('a key that is revoked', () => {
  it('has what it asked for delivered still', async () => {
    const receiver = await rig.receiver();
    const taskId = await rig.task();
    await rig.finish(taskId, receiver.origin);
    await rig.sql('update api_key set revoked_at = now() where id = $1', [rig.apiKeyId]);
    try {
      rig.dispatcher();
      await rig.settled(taskId, 'delivered');
      expect(receiver.hooks).toHaveLength(1);
    } finally {
      await rig.sql('update api_key set revoked_at = null');
    }
  });
});

describe('every try', () => {
  it('is a row with its class, its status and how long it took', async () => {
    const receiver = await rig.receiver();
    const statuses = [500, 404, 301, 429, 200];
    receiver.behaviour = (hook) => hook.answer(statuses[receiver.hooks.length - 1] ?? 200, {}, 'words');
    rig.dispatcher({ retrySchedule: [0.01, 0.01, 0.01, 0.01] });
    const taskId = await rig.task();
    await rig.finish(taskId, receiver.origin);
    await rig.settled(taskId, 'delivered');
    const attempts = await rig.attempts(taskId);
    expect(attempts.map(({ attempt, class: name, status, answer }) => [attempt, name, status, answer])).toEqual([
      [1, 'status_5xx', 500, 'words'],
      [2, 'status_4xx', 404, 'words'],
      [3, 'status_3xx', 301, 'words'],
      [4, 'status_429', 429, 'words'],
      [5, 'delivered', 200, 'words'],
    ]);
    for (const { ms } of attempts) expect(ms).toBeGreaterThanOrEqual(0);
  });
});

/** The database of a process that is gone before this statement could be sent. */
function without(database: Database, name: string): Database {
  return new Proxy(database, {
    get(target, property) {
      if (property !== 'run') {
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      }
      return (statement: Statement, values: readonly unknown[]) =>
        statement.name === name ? Promise.reject(new Error('the process is gone')) : target.run(statement, values);
    },
  });
}
