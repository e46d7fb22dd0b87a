import { createHmac } from 'node:crypto';
import type { Resolver } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { EgressPolicy, NameLookup } from '#libs/net';
import { HookRig, until } from '../../test/hook-rig.js';
import type { ReceivedHook } from '../../test/receiver.js';

let rig: HookRig;
beforeAll(async () => {
  rig = await HookRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

/** The signatures that a receiver with this secret computes for itself. */
function expectedSignature(hook: ReceivedHook, secret: string): string {
  const content = `${String(hook.headers['webhook-id'])}.${String(hook.headers['webhook-timestamp'])}.${hook.body}`;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

describe('one delivery', () => {
  it('sends the exact bytes, signed, and records the try', async () => {
    const receiver = await rig.receiver();
    receiver.behaviour = (hook) => hook.answer(202, {}, `thanks\u0000${'x'.repeat(5_000)}`);
    const taskId = await rig.task();
    const payload = JSON.stringify({ prompt: 'a 🐈 \u2028 \ud800 "q"' });
    rig.dispatcher();
    await rig.enqueue({ taskId, seq: 7, url: `${receiver.origin}/hook?a=b`, terminal: true, payload });
    const row = await rig.settled(taskId, 'delivered');

    const [hook] = receiver.hooks;
    expect(hook).toMatchObject({ path: '/hook?a=b', body: payload });
    expect(hook?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Journeyman/test',
      'webhook-id': `msg_${taskId}_7`,
      'x-mj-seq': '7',
    });
    const secret = await rig.secrets.create(rig.apiKeyId);
    expect(hook?.headers['webhook-signature']).toBe(expectedSignature(hook, secret));
    expect(row).toMatchObject({ toldSeq: 7, attempts: 1, lastStatus: 202, lastError: null, nextAt: null });
    expect(row.deliveredAt).not.toBeNull();
    const [attempt] = await rig.attempts(taskId);
    expect(attempt).toMatchObject({ seq: 7, attempt: 1, class: 'delivered', status: 202 });
    expect(attempt?.answer).toMatch(/^thanksx+$/);
    expect(attempt?.answer.length).toBe(1_023);
    expect(await rig.host(receiver.origin)).toBeNull();
  });

  it('waits a second for the answer of the submit, and no longer once it is written', async () => {
    const receiver = await rig.receiver();
    const taskId = await rig.task();
    await rig.enqueue({ taskId, seq: 1, url: receiver.origin });
    const { nextAt, createdAt } = await rig.row(taskId);
    expect(Number(nextAt) - Number(createdAt)).toBe(1_000);
    await rig.enqueue({ taskId, seq: 2, url: receiver.origin, terminal: true });
    expect((await rig.row(taskId)).nextAt).toEqual(nextAt);

    await rig.sql(`update hook_delivery set next_at = now() + interval '1 hour'`);
    rig.dispatcher({}, { ticking: false }).release([taskId]);
    await rig.settled(taskId, 'delivered');
    expect(receiver.bodies()).toEqual(['{"seq":2}']);
  });

  it('has no more time because its name was looked up for long', async () => {
    const late = {
      resolve4: () => sleep(400).then(() => [{ address: '127.0.0.1', ttl: 60 }]),
      resolve6: () => Promise.reject(new Error('no such address')),
    } as unknown as Resolver;
    const names = new NameLookup({ timeoutMs: 5_000, asksSystem: false, resolver: late });
    const receiver = await rig.receiver();
    receiver.behaviour = (hook) => setTimeout(() => hook.answer(200), 100);
    const taskId = await rig.task();
    await rig.finish(taskId, receiver.origin.replace('127.0.0.1', 'late.example'));
    rig.dispatcher({ deadlineMs: 300 }, { names });
    await until(async () => (await rig.attempts(taskId)).length > 0);
    expect((await rig.attempts(taskId))[0]).toMatchObject({ class: 'timeout' });
  });

  it('is refused where it may not go, with a class and no detail', async () => {
    const receiver = await rig.receiver();
    const taskId = await rig.task();
    rig.dispatcher({}, { policy: new EgressPolicy() });
    await rig.finish(taskId, receiver.origin);
    await until(async () => (await rig.attempts(taskId)).length === 1);
    expect(await rig.row(taskId)).toMatchObject({ state: 'waiting', lastError: 'blocked', lastStatus: null });
    expect((await rig.attempts(taskId))[0]).toMatchObject({ class: 'blocked', answer: '' });
    expect(receiver.hooks).toEqual([]);
  });

  it('ends at its deadline', async () => {
    const receiver = await rig.receiver();
    receiver.behaviour = () => undefined;
    const taskId = await rig.task();
    rig.dispatcher({ deadlineMs: 100, retrySchedule: [] });
    await rig.finish(taskId, receiver.origin);
    expect(await rig.settled(taskId, 'dead')).toMatchObject({ lastStatus: null, lastError: 'timeout' });
  });

  it('follows no redirect', async () => {
    const [receiver, elsewhere] = [await rig.receiver(), await rig.receiver()];
    receiver.behaviour = (hook) => hook.answer(307, { location: elsewhere.origin });
    const taskId = await rig.task();
    rig.dispatcher({ retrySchedule: [] });
    await rig.finish(taskId, receiver.origin);
    expect(await rig.settled(taskId, 'dead')).toMatchObject({ lastStatus: 307, lastError: 'status_3xx', nextAt: null });
    expect(receiver.hooks.length).toBe(1);
    expect(elsewhere.hooks).toEqual([]);
  });

  it('stops for good at 410', async () => {
    const receiver = await rig.receiver();
    receiver.behaviour = (hook) => hook.answer(410);
    const taskId = await rig.task();
    rig.dispatcher();
    await rig.enqueue({ taskId, seq: 1, url: receiver.origin });
    await rig.settled(taskId, 'cancelled');
    await rig.enqueue({ taskId, seq: 2, url: receiver.origin, terminal: true });
    expect(await rig.row(taskId)).toMatchObject({ state: 'cancelled', seq: 1, nextAt: null });
    expect(await rig.host(receiver.origin)).toBeNull();
  });
});

describe('retries', () => {
  it('follow the schedule with one webhook-id and fresh signatures', async () => {
    const receiver = await rig.receiver();
    receiver.behaviour = (hook) => hook.answer(receiver.hooks.length < 4 ? 500 : 200);
    let clock = 1_800_000_000_000;
    rig.dispatcher({ retrySchedule: [0.05, 0.05, 0.05] }, { now: () => new Date((clock += 60_000)) });
    const taskId = await rig.task();
    await rig.finish(taskId, receiver.origin, 3);
    await rig.settled(taskId, 'delivered');

    const headers = (name: string) => receiver.hooks.map((hook) => String(hook.headers[name]));
    expect(headers('webhook-id')).toEqual(Array(4).fill(`msg_${taskId}_3`));
    expect(new Set(headers('webhook-timestamp')).size).toBe(4);
    const secret = await rig.secrets.create(rig.apiKeyId);
    expect(headers('webhook-signature')).toEqual(receiver.hooks.map((hook) => expectedSignature(hook, secret)));
    const attempts = await rig.attempts(taskId);
    expect(attempts.map(({ attempt, class: name }) => [attempt, name])).toEqual([
      [1, 'status_5xx'],
      [2, 'status_5xx'],
      [3, 'status_5xx'],
      [4, 'delivered'],
    ]);
    expect(await rig.host(receiver.origin)).toMatchObject({ failures: 0, failingSince: null, probeAt: null });
  });

  it('end when the schedule is used up', async () => {
    const receiver = await rig.receiver();
    receiver.behaviour = (hook) => hook.answer(404);
    rig.dispatcher({ retrySchedule: [0.01] });
    const taskId = await rig.task();
    await rig.finish(taskId, receiver.origin);
    expect(await rig.settled(taskId, 'dead')).toMatchObject({ attempts: 2, lastError: 'status_4xx', nextAt: null });
    expect(receiver.hooks.length).toBe(2);
  });

  it('drop an event before the end; a newer one waits for the probe of its receiver', async () => {
    const receiver = await rig.receiver();
    receiver.behaviour = (hook) => hook.answer(500);
    const dispatcher = rig.dispatcher({ probeMs: 3_600_000 });
    const taskId = await rig.task();
    await rig.enqueue({ taskId, seq: 1, url: receiver.origin });
    await rig.settled(taskId, 'dropped');
    await rig.enqueue({ taskId, seq: 2, url: receiver.origin });
    await rig.makeDue(taskId);
    const other = await rig.receiver();
    const witness = await rig.task();
    await rig.finish(witness, other.origin);
    await rig.settled(witness, 'delivered');
    expect(receiver.bodies()).toEqual(['{"seq":1}']);

    receiver.behaviour = (hook) => hook.answer(200);
    await rig.sql('update hook_host set probe_at = now()');
    dispatcher.tick();
    await rig.settled(taskId, 'delivered');
    expect(receiver.bodies()).toEqual(['{"seq":1}', '{"seq":2}']);
  });

  it('leave a receiver alone for as long as it asks', async () => {
    const [receiver, other] = [await rig.receiver(), await rig.receiver()];
    receiver.behaviour = (hook) => hook.answer(429, { 'retry-after': '600' });
    rig.dispatcher({ retrySchedule: [0.01, 0.01], probeMs: 1 });
    const [first, second, witness] = await rig.tasks(3);
    await rig.finish(first ?? '', receiver.origin);
    await until(async () => (await rig.attempts(first ?? '')).length === 1);
    await rig.finish(second ?? '', receiver.origin);
    await rig.finish(witness ?? '', other.origin);
    await rig.settled(witness ?? '', 'delivered');

    expect(receiver.hooks.length).toBe(1);
    const row = await rig.row(first ?? '');
    expect(row).toMatchObject({ state: 'waiting', lastError: 'status_429' });
    const silence = Number((await rig.host(receiver.origin))?.notBefore) - rig.database.now().getTime();
    expect(silence).toBeGreaterThan(500_000);
    expect(Number(row.nextAt) - rig.database.now().getTime()).toBeGreaterThan(500_000);
  });
});

describe('order', () => {
  it('sends only the newest while a slow receiver is busy, one at a time, and the end last', async () => {
    const receiver = await rig.receiver();
    receiver.behaviour = () => undefined;
    rig.dispatcher();
    const taskId = await rig.task();
    const url = receiver.origin;
    await rig.enqueue({ taskId, seq: 1, url });
    await until(() => receiver.hooks.length === 1);
    for (let seq = 2; seq <= 50; seq += 1) await rig.enqueue({ taskId, seq, url });
    const { nextAt, claimUntil } = await rig.row(taskId);
    expect(nextAt).toEqual(claimUntil);
    receiver.hooks[0]?.answer(200);
    await until(() => receiver.hooks.length === 2);
    await rig.enqueue({ taskId, seq: 51, url, terminal: true });
    await rig.enqueue({ taskId, seq: 52, url });
    receiver.behaviour = (hook) => hook.answer(200);
    receiver.hooks[1]?.answer(500);

    expect(await rig.settled(taskId, 'delivered')).toMatchObject({ seq: 51, toldSeq: 51, terminal: true });
    expect(receiver.bodies()).toEqual(['{"seq":1}', '{"seq":50}', '{"seq":51}']);
    expect(receiver.mostAtOnce).toBe(1);
  });

  it('goes on with the next change after the last one was delivered, and never back', async () => {
    const receiver = await rig.receiver();
    rig.dispatcher();
    const taskId = await rig.task();
    await rig.enqueue({ taskId, seq: 5, url: receiver.origin });
    await rig.settled(taskId, 'delivered');
    await rig.enqueue({ taskId, seq: 4, url: receiver.origin, terminal: true });
    expect(await rig.row(taskId)).toMatchObject({ state: 'delivered', seq: 5 });
    await rig.enqueue({ taskId, seq: 6, url: receiver.origin });
    const { nextAt, sentAt } = await rig.row(taskId);
    expect(Number(nextAt) - Number(sentAt)).toBeGreaterThanOrEqual(500);
    await rig.settled(taskId, 'delivered');
    expect(receiver.bodies()).toEqual(['{"seq":5}', '{"seq":6}']);
  });
});
