import { HookRig } from '../../test/hook-rig.js';
import { hostOf } from './receiver-host.js';
import { ReceiverSweeper } from './receiver-sweeper.js';

describe('receivers that nobody calls any more', () => {
  let rig: HookRig;
  let leaving: AbortController;
  let sweeper: ReceiverSweeper;
  beforeAll(async () => {
    rig = await HookRig.open();
  });
  beforeEach(() => {
    leaving = new AbortController();
    sweeper = new ReceiverSweeper({ add: () => undefined, shutdownSignal: leaving.signal }, rig.database, false);
  });
  afterEach(() => rig.reset());
  afterAll(() => rig.close());

  const known = async (): Promise<string[]> =>
    (await rig.sql<{ host: string }>('select host from hook_host order by host')).map(({ host }) => host);
  const add = (host: string, days: number): Promise<unknown> =>
    rig.sql("insert into hook_host (api_key_id, host, used_at) values ($1, $2, now() - $3::int * interval '1 day')", [
      rig.apiKeyId,
      host,
      days,
    ]);

  it('are forgotten after 30 days, in batches', async () => {
    for (let n = 0; n < 7; n += 1) await add(`old-${n}.test:443`, 31);
    await add('new.test:443', 29);
    const run = jest.spyOn(rig.database, 'run');
    expect(await sweeper.sweep(3)).toBe(7);
    expect(run).toHaveBeenCalledTimes(3);
    expect(await known()).toEqual(['new.test:443']);
  });

  it('are kept while something waits for them', async () => {
    const url = 'https://waits.test/hook';
    await add('waits.test:443', 90);
    await rig.enqueue({ taskId: await rig.task(), seq: 1, url });
    expect(await sweeper.sweep()).toBe(0);
    await rig.sql("update hook_delivery set state = 'dead', next_at = null");
    expect(await sweeper.sweep()).toBe(1);
  });

  it('are not swept any further once the process leaves', async () => {
    await add('old.test:443', 31);
    leaving.abort();
    expect(await sweeper.sweep()).toBe(0);
    expect(await known()).toEqual(['old.test:443']);
  });

  it('count as called whenever a try of theirs is settled', async () => {
    const receiver = await rig.receiver();
    const url = `${receiver.origin}/hook`;
    await add(hostOf(url), 40);
    const taskId = await rig.task();
    await rig.finish(taskId, url);
    rig.dispatcher();
    await rig.settled(taskId, 'delivered');
    expect(await rig.sql("select from hook_host where used_at > now() - interval '1 hour'")).toHaveLength(1);
    expect(await sweeper.sweep()).toBe(0);
  });
});
