import { HookRig, until } from '../../test/hook-rig.js';

let rig: HookRig;
beforeAll(async () => {
  rig = await HookRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

describe('claims', () => {
  it('that were lost settle nothing', async () => {
    const receiver = await rig.receiver();
    receiver.behaviour = (hook) => (receiver.hooks.length === 1 ? undefined : hook.answer(200));
    const taskId = await rig.task();
    await rig.finish(taskId, receiver.origin);
    rig.dispatcher({ leaseMs: 50 }, { ticking: false }).tick();
    await until(() => receiver.hooks.length === 1);
    rig.dispatcher();
    await rig.settled(taskId, 'delivered');
    receiver.hooks[0]?.answer(500);
    const witness = await rig.task();
    await rig.finish(witness, receiver.origin);
    await rig.settled(witness, 'delivered');

    expect(await rig.row(taskId)).toMatchObject({ state: 'delivered', lastStatus: 200 });
    expect((await rig.attempts(taskId)).map(({ class: name }) => name)).toEqual(['delivered']);
    const ids = receiver.hooks.map((hook) => hook.headers['webhook-id']);
    expect(ids[1]).toBe(ids[0]);
  });

  it('of a replica that died end by themselves', async () => {
    const receiver = await rig.receiver();
    const taskId = await rig.task();
    await rig.finish(taskId, receiver.origin);
    expect(await rig.claim(64, 100)).toHaveLength(1);
    expect(await rig.claim(64, 100)).toHaveLength(0);
    rig.dispatcher();
    await rig.settled(taskId, 'delivered');
    expect(receiver.hooks.length).toBe(1);
  });

  it('of several replicas never meet', async () => {
    const receivers = [await rig.receiver(), await rig.receiver(), await rig.receiver()];
    const taskIds = await rig.tasks(150);
    for (const [index, taskId] of taskIds.entries()) await rig.finish(taskId, receivers[index % 3]?.origin ?? '');
    for (let replica = 0; replica < 3; replica += 1) rig.dispatcher();
    for (const taskId of taskIds) await rig.settled(taskId, 'delivered');
    const ids = receivers.flatMap(({ hooks }) => hooks.map((hook) => String(hook.headers['webhook-id'])));
    expect(ids.sort()).toEqual(taskIds.map((taskId) => `msg_${taskId}_1`).sort());
  });
});
