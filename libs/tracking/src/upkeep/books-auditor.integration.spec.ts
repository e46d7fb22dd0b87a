import { databaseScheduler } from '#libs/database';
import { OPTIONS } from '../../test/replica.js';
import { useRig } from '../../test/use-tracking.js';
import { BooksAuditor } from './books-auditor.js';

const rig = useRig();
let auditor: BooksAuditor;
let alarms: jest.SpyInstance;
beforeEach(() => {
  auditor = new BooksAuditor(databaseScheduler(rig.database), rig.database, OPTIONS);
  alarms = jest.spyOn(auditor['log'], 'error').mockImplementation(() => undefined);
});

const round = (): Promise<object[]> => auditor.round(0);

describe('the books', () => {
  it('agree after opens and settles', async () => {
    const apiKeyId = await rig.key({ balance: 5, maxConcurrent: 10 });
    const up = await rig.addUpstream(10);
    await rig.accepted(4, up, { apiKeyId });
    expect(await round()).toEqual([]);
    expect(alarms).not.toHaveBeenCalled();
  });

  it.each([
    ['balance', 'update account set balance = balance - 0.000001', 'balance is the sum of the ledger', '+ 0.000001'],
    ['running', 'update account set running = running + 1', 'running counts are what tasks count', '- 1'],
    [
      'month_spent',
      'update account set month_spent = month_spent + 1',
      'spending of the month is what the ledger says',
      '- 1',
    ],
    ['day_used', 'update account set day_used = day_used + 1', 'tasks of the day are what was opened in it', '- 1'],
  ])('that disagree in %s raise an alarm, and are left as they are', async (column, spoil, rule, repair) => {
    const apiKeyId = await rig.key({ balance: 5 });
    await rig.accepted(1, await rig.addUpstream(10), { apiKeyId });
    await rig.sql(spoil);
    const before = await rig.sql('select * from account');
    expect(await round()).toMatchObject([{ rule, id: apiKeyId }]);
    expect(alarms).toHaveBeenCalledTimes(1);
    expect(alarms).toHaveBeenCalledWith(expect.objectContaining({ alarm: expect.any(String), rule, id: apiKeyId }));
    expect(await rig.sql('select * from account')).toEqual(before);
    await rig.sql(`update account set ${column} = ${column} ${repair}`);
  });

  it('that disagree in slots raise an alarm, also for a key without limits', async () => {
    const apiKeyId = await rig.key();
    const up = await rig.addUpstream(10);
    await rig.accepted(1, up, { apiKeyId });
    await rig.sql('update upstream_load set running = 3');
    expect(await round()).toMatchObject([{ rule: 'slots are what tasks hold', id: up.id, kept: 3, counted: 1 }]);
    await rig.sql('update upstream_load set running = 1');
  });

  it('of a key are audited again once its ledger has grown, and of all keys once an hour', async () => {
    const [quiet, busy] = [await rig.key({ balance: 5 }), await rig.key({ balance: 5 })];
    const up = await rig.addUpstream(100);
    expect(await round()).toEqual([]);
    await rig.accepted(1, up, { apiKeyId: busy });
    await rig.sql('update account set balance = balance + 1');
    expect(await round()).toMatchObject([{ id: busy }]);
    for (let n = 2; n < 60; n += 1) expect(await round()).toEqual([]);
    expect((await round()).map((fault) => (fault as { id: string }).id).sort()).toEqual([quiet, busy].sort());
    await rig.sql('update account set balance = balance - 1');
  });

  it('are audited by one of several replicas at a time', async () => {
    const scheduler = databaseScheduler(rig.database);
    const auditors = Array.from({ length: 4 }, () => new BooksAuditor(scheduler, rig.database, OPTIONS));
    const rounds = auditors.map((each) => jest.spyOn(each, 'round'));
    await Promise.all([scheduler.tick(), scheduler.tick()]);
    await scheduler.beforeApplicationShutdown();
    expect(rounds.filter(({ mock }) => mock.calls.length > 0)).toHaveLength(1);
  });

  it('are not audited by a replica that only serves requests', async () => {
    const scheduler = databaseScheduler(rig.database);
    const idle = new BooksAuditor(scheduler, rig.database, { ...OPTIONS, runsWork: false });
    const round = jest.spyOn(idle, 'round');
    for (let tick = 0; tick < 4; tick += 1) await scheduler.tick();
    await scheduler.beforeApplicationShutdown();
    expect(round).not.toHaveBeenCalled();
  });
});
