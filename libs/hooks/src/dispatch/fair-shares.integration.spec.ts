import { NameLookup } from '#libs/net';
import { HookRig, until } from '../../test/hook-rig.js';
import { answer, ManyPorts, type Script } from '../../test/many-ports.js';
import { hostOf } from '../receivers/receiver-host.js';

/** Tries never end by their deadline here: what a receiver holds it holds until the test ends. */
const ENDLESS = { deadlineMs: 3_600_000, leaseMs: 10_800_000 };
/** Most places of one address of a key, and of one key, that are not prompt. */
const [OF_ADDRESS, OF_KEY] = [11, 21];

let rig: HookRig;
let hostile = '';
let healthy = '';
beforeAll(async () => {
  rig = await HookRig.open();
  hostile = await rig.key('hostile');
  healthy = await rig.key('healthy');
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

/** Hooks of the healthy key, each delivered before the next one is enqueued. */
async function deliverInTurn(url: string, count = 10, apiKeyId = healthy): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const id = await rig.task(apiKeyId);
    await rig.finish(id, url, 1, apiKeyId);
    await rig.settled(id, 'delivered');
  }
}

const drip: Script = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n');
  const timer = setInterval(() => socket.write('.'), 20);
  socket.on('close', () => clearInterval(timer));
};

describe('300 receivers of one key that hang, on 300 ports', () => {
  it('hold a share of the tries, and another key gets its hooks while all of them hang', async () => {
    const hanging = await rig.opened(ManyPorts.open(300));
    const good = await rig.receiver();
    await rig.overdue(hostile, hanging.urls());
    const dispatcher = rig.dispatcher(ENDLESS);
    await until(() => hanging.requests > 0);
    await deliverInTurn(good.origin, 20);
    expect(hanging.openNow).toBe(hanging.requests);
    expect(hanging.mostOpen).toBeLessThanOrEqual(OF_ADDRESS);
    expect(dispatcher.usage()).toMatchObject({ unproven: hanging.requests, ready: 0, locating: 0 });
  });

  it('are all tried in the end, and leave every place as it was', async () => {
    const hanging = await rig.opened(ManyPorts.open(300));
    await rig.overdue(hostile, hanging.urls());
    const dispatcher = rig.dispatcher(ENDLESS);
    await until(() => hanging.requests >= OF_ADDRESS);
    hanging.change(answer(200));
    await until(() => hanging.called.size === 300);
    await until(() => dispatcher.usage().free === 192);
    expect(dispatcher.usage()).toEqual({ prompt: 0, unproven: 0, free: 192, ready: 0, locating: 0 });
  });

  it('hold up no other address of their own key', async () => {
    const hanging = await rig.opened(ManyPorts.open(300, undefined, '127.0.0.2'));
    const good = await rig.receiver();
    await rig.overdue(hostile, hanging.urls());
    rig.dispatcher(ENDLESS);
    await until(() => hanging.requests > 0);
    await deliverInTurn(good.origin, 10, hostile);
    expect(hanging.openNow).toBe(hanging.requests);
  });
});

describe.each<[string, Script]>([
  ['drip their answer', drip],
  ['reset the connection', (socket) => socket.resetAndDestroy()],
  ['answer 500', answer(500)],
  ['answer 500 slowly', answer(500, 500)],
  ['take hooks slowly', answer(200, 3_500)],
  ['answer nonsense', (socket) => void socket.write('no http at all\r\n\r\n')],
])('300 receivers of one key that %s', (_what, script) => {
  it('keep no other key waiting', async () => {
    const bad = await rig.opened(ManyPorts.open(300, script));
    const good = await rig.receiver();
    await rig.overdue(hostile, bad.urls(), 2_000);
    rig.dispatcher();
    await until(() => bad.requests > 0);
    await deliverInTurn(good.origin);
    expect(bad.mostOpen).toBeLessThanOrEqual(OF_ADDRESS);
    expect(bad.called.size).toBeLessThan(300);
  });
});

describe('a backlog of one key', () => {
  it('of 5,000 rows for receivers that hang delays no other key', async () => {
    const hanging = await rig.opened(ManyPorts.open(50));
    const good = await rig.receiver();
    await rig.overdue(hostile, hanging.urls(), 5_000);
    rig.dispatcher(ENDLESS);
    await until(() => hanging.requests > 0);
    await deliverInTurn(good.origin);
    expect(hanging.openNow).toBe(hanging.requests);
  });

  it('for a receiver that is fast and then stalls delays no other key, although much is prefetched', async () => {
    const turning = await rig.opened(ManyPorts.open(8, answer(200)));
    const good = await rig.receiver();
    await rig.overdue(hostile, turning.urls(), 3_000);
    const dispatcher = rig.dispatcher(ENDLESS);
    await until(() => turning.requests > 400);
    turning.change(() => undefined);
    await until(() => turning.openNow > 0 && dispatcher.usage().ready > 0);
    await deliverInTurn(good.origin);
    expect(turning.openNow).toBeGreaterThan(0);
  });

  it('that is delivered all the time lets others in between', async () => {
    const busy = await rig.opened(ManyPorts.open(8, answer(200, 200)));
    const good = await rig.receiver();
    await rig.overdue(hostile, busy.urls(), 10_000);
    rig.dispatcher();
    await until(() => busy.requests > 100);
    await deliverInTurn(good.origin);
    expect(busy.requests).toBeLessThan(10_000);
  });

  it('for one receiver that takes its hooks slowly lets the other receivers of that key in between', async () => {
    const [slow, good] = [await rig.receiver(), await rig.receiver()];
    slow.behaviour = () => undefined;
    await rig.overdue(hostile, [slow.origin], 2_000);
    rig.dispatcher(ENDLESS);
    await until(() => slow.hooks.length === 8);
    await deliverInTurn(good.origin, 10, hostile);
    expect(slow.hooks).toHaveLength(8);
  });
});

describe('receivers that hide behind names', () => {
  it('count by the address that all the names lead to', async () => {
    const hanging = await rig.opened(ManyPorts.open(1));
    const good = await rig.receiver();
    const port = hanging.ports[0];
    const urls = Array.from({ length: 300 }, (_, n) => `http://n${n}.hostile.example:${port}/`);
    await rig.overdue(hostile, urls);
    const resolve4 = (): Promise<never> => Promise.resolve([{ address: '127.0.0.1', ttl: 0 }] as never);
    const resolver = { resolve4, resolve6: () => Promise.reject(new Error('none')) } as never;
    const names = new NameLookup({ timeoutMs: 5_000, asksSystem: false, resolver });
    rig.dispatcher(ENDLESS, { names });
    await until(() => hanging.requests >= OF_ADDRESS);
    await deliverInTurn(good.origin);
    expect(hanging.mostOpen).toBe(OF_ADDRESS);
  });

  it('whose name servers do not answer hold up no other name', async () => {
    const good = await rig.receiver();
    const urls = Array.from({ length: 300 }, (_, n) => `http://n${n}.hostile.example/`);
    await rig.overdue(hostile, urls);
    const asked: ((error: Error) => void)[] = [];
    const resolve4 = (name: string): Promise<never> => {
      if (name.startsWith('good')) return Promise.resolve([{ address: '127.0.0.1', ttl: 60 }] as never);
      return new Promise((_, reject) => asked.push(reject));
    };
    const resolver = { resolve4, resolve6: () => Promise.reject(new Error('none')) } as never;
    const names = new NameLookup({ timeoutMs: 3_600_000, asksSystem: false, resolver });
    const dispatcher = rig.dispatcher(ENDLESS, { names });
    await until(() => asked.length > 0);
    await deliverInTurn(`http://good.example:${new URL(good.origin).port}/`);
    expect(asked.length).toBeLessThanOrEqual(OF_KEY);
    expect(dispatcher.usage().locating).toBe(asked.length);
    const ended = dispatcher.drain();
    for (const end of asked) end(new Error('no name server answers'));
    await ended;
  });
});

describe('keys that only hang', () => {
  it('leave other keys their share, ten of them too', async () => {
    const hanging = await rig.opened(ManyPorts.open(300));
    const good = await rig.receiver();
    for (let n = 0; n < 10; n += 1) await rig.overdue(await rig.key(`hostile ${n}`), hanging.urls());
    rig.dispatcher(ENDLESS);
    await until(() => hanging.requests > 40);
    await deliverInTurn(good.origin);
    expect(hanging.openNow).toBe(hanging.requests);
    expect(hanging.openNow).toBeLessThan(192 / 2);
  });

  it('at a receiver that others call too do not use up its connections', async () => {
    const shared = await rig.receiver();
    shared.behaviour = (hook) => (hook.path === '/hangs' ? undefined : hook.answer(200));
    await rig.overdue(hostile, [`${shared.origin}/hangs`], 50);
    rig.dispatcher(ENDLESS);
    await until(() => shared.hooks.length === 8);
    await deliverInTurn(`${shared.origin}/works`);
    expect(shared.hooks.filter(({ path }) => path === '/hangs')).toHaveLength(8);
  });
});

describe('a receiver that was down', () => {
  it('is probed although another key has a thousand whose probes are due', async () => {
    const good = await rig.receiver();
    const hanging = await rig.opened(ManyPorts.open(20));
    const urls = Array.from({ length: 1_000 }, (_, n) => `${hanging.urls()[n % 20]}${n}`);
    await rig.overdue(hostile, urls);
    // As if each path were a receiver of its own: what counts is how many there are.
    await rig.sql(`update hook_delivery set host = host || '/' || task_id, next_at = now() + interval '1 hour'`);
    const failing = (apiKeyId: string): Promise<unknown> =>
      rig.sql(
        `insert into hook_host (api_key_id, host, failures, failing_since, probe_at)
         select distinct api_key_id, host, 9, now() - interval '1 hour', now() - interval '1 minute'
         from hook_delivery where api_key_id = $1`,
        [apiKeyId],
      );
    await failing(hostile);
    const [missed = ''] = await rig.overdue(healthy, [good.origin]);
    await rig.sql(`update hook_delivery set next_at = now() + interval '1 hour' where task_id = $1`, [missed]);
    await failing(healthy);
    await rig.sql(`update hook_host set probe_at = now() where api_key_id = $1`, [healthy]);
    rig.dispatcher(ENDLESS);
    await rig.settled(missed, 'delivered');
    expect(hanging.requests).toBeLessThanOrEqual(OF_KEY);
    expect(await rig.host(good.origin)).toMatchObject({ host: hostOf(good.origin), failingSince: null });
  });
});
