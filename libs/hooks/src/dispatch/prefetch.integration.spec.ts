import { HookRig, until } from '../../test/hook-rig.js';
import type { Receiver } from '../../test/receiver.js';
import type { HookDispatcher } from './hook-dispatcher.js';

let rig: HookRig;
beforeAll(async () => {
  rig = await HookRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

/** Ends that are all due, at a receiver that has answered quickly so far. */
async function backlog(receiver: Receiver, count: number): Promise<{ ids: string[]; dispatcher: HookDispatcher }> {
  const dispatcher = rig.dispatcher({ retrySchedule: [3_600], probeMs: 3_600_000 });
  for (const id of await rig.tasks(3)) {
    await rig.finish(id, receiver.origin);
    await rig.settled(id, 'delivered');
  }
  const ids = await rig.tasks(count);
  await rig.sql(
    `insert into hook_delivery (task_id, api_key_id, url, host, seq, terminal, payload, next_at)
     select id, $2, $3, substr($3, 8), 1, true, '{}', now() from unnest($1::bigint[]) id`,
    [ids, rig.apiKeyId, receiver.origin],
  );
  return { ids, dispatcher };
}

const claimed = async (): Promise<number> =>
  (await rig.sql<{ n: number }>('select count(*)::int as n from hook_delivery where claim_id is not null'))[0]?.n ?? -1;

describe('prefetched ends', () => {
  it('arrive once each, eight at a time', async () => {
    const receiver = await rig.receiver();
    const { ids } = await backlog(receiver, 200);
    for (const id of ids) await rig.settled(id, 'delivered');
    expect(receiver.hooks).toHaveLength(203);
    expect(receiver.mostAtOnce).toBeLessThanOrEqual(8);
    expect(await rig.sql('select 1 from hook_attempt where attempt <> 1')).toEqual([]);
  });

  it('go back uncounted once their receiver fails, and are tried one by one', async () => {
    const receiver = await rig.receiver();
    let isBroken = false;
    receiver.behaviour = (hook) => hook.answer(isBroken ? 500 : 200);
    const opening = backlog(receiver, 40);
    await until(() => receiver.hooks.length >= 3);
    isBroken = true;
    const { ids } = await opening;
    await until(async () => (await rig.host(receiver.origin))?.failingSince != null);
    await until(async () => (await claimed()) <= 1);
    const before = receiver.hooks.length;
    await until(() => receiver.hooks.length > before + 3);
    for (const id of ids) expect((await rig.row(id)).attempts).toBeLessThanOrEqual(1);
    expect(receiver.mostAtOnce).toBeLessThanOrEqual(8);
  });

  it('go back at shutdown', async () => {
    const receiver = await rig.receiver();
    let isHanging = false;
    receiver.behaviour = (hook) => (isHanging ? undefined : hook.answer(200));
    const opening = backlog(receiver, 40);
    await until(() => receiver.hooks.length >= 3);
    isHanging = true;
    const { ids, dispatcher } = await opening;
    await until(() => receiver.hooks.length >= 8);
    await dispatcher.drain();
    expect(await claimed()).toBe(0);
    const rows = await Promise.all(ids.map((id) => rig.row(id)));
    expect(rows.filter(({ state }) => state === 'waiting').map(({ attempts }) => attempts)).toEqual(
      rows.filter(({ state }) => state === 'waiting').map(() => 0),
    );
  });
});
