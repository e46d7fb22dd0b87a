import { Global, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { columnsOf, Database, SecretBox, databaseScheduler } from '#libs/database';
import { EgressPolicy } from '#libs/net';
import { JobScheduler } from '#libs/runtime';
import { HookRig, until } from '../../test/hook-rig.js';
import { HookAttempt } from '../store/hook-attempt.entity.js';
import { HookDelivery } from '../store/hook-delivery.entity.js';
import { type DispatcherOptions, HookDispatcher } from './hook-dispatcher.js';
import { HookHost } from '../store/hook-host.entity.js';
import type { HookSender } from '../send/hook-sender.js';
import { HOOK_LIMITS } from '../hooks-options.js';
import { HooksModule } from '../hooks.module.js';
import { ReceiverAddresses } from '../receivers/receiver-addresses.js';
import { WebhookSecret } from '../store/webhook-secret.entity.js';

const OPTIONS: DispatcherOptions = { enabled: true, limits: HOOK_LIMITS, random: () => 0.5 };
/** Fails the delivery that it is given. */
const NO_SENDER = {
  send: () => Promise.reject(new Error('nothing should be sent')),
  close: () => Promise.resolve(),
} as unknown as HookSender;
const NO_NAMES = new ReceiverAddresses({ known: () => null, find: () => Promise.resolve([]) });

let rig: HookRig;
beforeAll(async () => {
  rig = await HookRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

describe('drain', () => {
  it('lets a try under way finish and begins no other', async () => {
    const receiver = await rig.receiver();
    receiver.behaviour = () => undefined;
    const [first = '', second = ''] = await rig.tasks(2);
    await rig.finish(first, receiver.origin);
    const dispatcher = rig.dispatcher({ drainMs: 10_000 });
    await until(() => receiver.hooks.length === 1);
    const drained = dispatcher.drain();
    await rig.finish(second, receiver.origin);
    dispatcher.nudge();
    receiver.hooks[0]?.answer(200);
    await drained;
    expect(await rig.row(first)).toMatchObject({ state: 'delivered', claimId: null });
    expect(await rig.row(second)).toMatchObject({ state: 'waiting', attempts: 0, claimId: null });
    expect(receiver.hooks.length).toBe(1);
  });

  it('gives back what takes too long, and the next replica delivers it', async () => {
    const receiver = await rig.receiver();
    receiver.behaviour = (hook) => (receiver.hooks.length === 1 ? undefined : hook.answer(200));
    const taskId = await rig.task();
    await rig.finish(taskId, receiver.origin);
    const dispatcher = rig.dispatcher({ drainMs: 50 });
    await until(() => receiver.hooks.length === 1);
    await dispatcher.drain();
    const row = await rig.row(taskId);
    expect(row).toMatchObject({ state: 'waiting', attempts: 0, claimId: null, claimUntil: null });
    expect(row.nextAt?.getTime()).toBeLessThanOrEqual(rig.database.now().getTime() + 100);
    rig.dispatcher();
    await rig.settled(taskId, 'delivered');
    const [before, after] = receiver.hooks.map((hook) => hook.headers['webhook-id']);
    expect(after).toBe(before);
  });

  it('ends although the database is away', async () => {
    const url = 'postgres://nobody@127.0.0.1:1/none';
    const away = new Database({ url, connections: { http: 1, work: 1 }, statementTimeoutMs: 1_000 });
    const dispatcher = new HookDispatcher(away, NO_SENDER, NO_NAMES, OPTIONS);
    dispatcher.release(['1']);
    dispatcher.tick();
    await dispatcher.drain();
    await away.close();
  });
});

describe('HooksModule', () => {
  it('delivers by its own ticks until the application ends', async () => {
    @Global()
    @Module({
      providers: [
        { provide: Database, useValue: rig.database },
        { provide: JobScheduler, useValue: databaseScheduler(rig.database) },
        { provide: SecretBox, useValue: rig.box },
      ],
      exports: [Database, JobScheduler, SecretBox],
    })
    class DatabaseModule {}

    const receiver = await rig.receiver();
    const taskId = await rig.task();
    await rig.finish(taskId, receiver.origin);
    const options = { enabled: true, policy: new EgressPolicy(['127.0.0.1']), userAgent: 'Journeyman/9' };
    const built = await Test.createTestingModule({
      imports: [ScheduleModule.forRoot(), DatabaseModule, HooksModule.forRoot(options)],
    }).compile();
    await built.init();
    await rig.settled(taskId, 'delivered');
    expect(receiver.hooks[0]?.headers['user-agent']).toBe('Journeyman/9');
    await built.close();

    const late = await rig.task();
    await rig.finish(late, receiver.origin);
    built.get(HookDispatcher).tick();
    rig.dispatcher();
    await rig.settled(late, 'delivered');
    expect(receiver.hooks[1]?.headers['user-agent']).toBe('Journeyman/test');
  });

  it('leaves the sending to others where it is not enabled, but releases', async () => {
    const taskId = await rig.task();
    await rig.enqueue({ taskId, seq: 1, url: 'http://127.0.0.1:9/' });
    const before = (await rig.row(taskId)).nextAt;
    const dispatcher = new HookDispatcher(rig.database, NO_SENDER, NO_NAMES, { ...OPTIONS, enabled: false });
    dispatcher.release([taskId]);
    await until(async () => Number((await rig.row(taskId)).nextAt) < Number(before));
    dispatcher.tick();
    await dispatcher.drain();
    expect(await rig.row(taskId)).toMatchObject({ attempts: 0, claimId: null });
  });
});

describe('the entities', () => {
  it.each([
    ['webhook_secret', WebhookSecret],
    ['hook_delivery', HookDelivery],
    ['hook_attempt', HookAttempt],
    ['hook_host', HookHost],
  ] as const)('%s has the columns of its table', async (table, entity) => {
    const rows = await rig.sql<{ name: string }>(
      `select column_name as name from information_schema.columns where table_name = $1`,
      [table],
    );
    expect(columnsOf(entity as never).sort()).toEqual(rows.map(({ name }) => name).sort());
  });
});
