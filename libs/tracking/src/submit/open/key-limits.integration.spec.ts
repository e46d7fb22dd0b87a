import { ApiKeyAdmin, type KeyRecord, type KeyTerms } from '#libs/access';
import { until } from '../../../../../test/support/until.js';
import { settled } from '../../../test/an-event.js';
import { OPTIONS } from '../../../test/replica.js';
import { useRig } from '../../../test/use-tracking.js';
import { TASK_USAGE } from '../../store/reads/usage.js';
import type { Opened } from '../../store/open-verdict.js';
import { TaskOpener } from './task-opener.js';
import { TaskRepository } from '../../store/task.repository.js';

const rig = useRig();
let keys: ApiKeyAdmin;
beforeAll(() => {
  keys = new ApiKeyAdmin(rig.database, TASK_USAGE);
});

const make = async (terms: Partial<KeyTerms> = {}): Promise<string> =>
  (await keys.create({ name: 'k', ...terms })).key.id;
const read = async (id: string): Promise<KeyRecord> => {
  const key = await keys.find(id);
  if (key === null) throw new Error('no such key');
  return key;
};
const account = async (id: string): Promise<Record<string, unknown>> =>
  (await rig.sql<Record<string, unknown>>('select * from account where api_key_id = $1', [id]))[0] ?? {};

/** Opens tasks at `up` until stopped, on several replicas; every third task is refused, every third succeeds. */
class Traffic {
  private stopped = false;
  readonly results: Opened[] = [];
  private readonly work: Promise<void>[];

  constructor(apiKeyId: string, upstreamId: string, lanes: number) {
    const up = { id: upstreamId, priority: 0, weight: 1 };
    const tasks = new TaskRepository(rig.database);
    this.work = Array.from({ length: lanes }, async (_, lane) => {
      const opener = new TaskOpener(rig.database, OPTIONS);
      for (let at = lane; !this.stopped; at += 1) {
        const opened = await opener.open(rig.request([up], { apiKeyId }));
        this.results.push(opened);
        if (opened.kind !== 'opened' || at % 3 === 0) continue;
        const outcome = at % 3 === 1 ? ({ kind: 'refused', code: 9, words: 'no' } as const) : null;
        const event =
          outcome === null
            ? settled({ kind: 'uploaded', urls: ['https://example.com/a.png'] })
            : settled(outcome, { source: 'sender' });
        const change = opened.task.on(event, rig.database.now());
        if (change !== null) await tasks.settle(change, null, null);
      }
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.work);
  }

  /** Resolves when `n` more opens have been answered. */
  async more(n: number): Promise<void> {
    const goal = this.results.length + n;
    while (this.results.length < goal) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('limits that are set while tasks are opened and settled', () => {
  it('keep account, ledger and tasks in agreement, however often they are removed again', async () => {
    const id = await make();
    const up = await rig.addUpstream(100_000);
    const traffic = new Traffic(id, up.id, 8);
    for (let round = 0; round < 6; round += 1) {
      await traffic.more(20);
      const terms: Partial<KeyTerms>[] = [{ credits: '100000' }, { maxConcurrent: 100_000 }, { dailyTasks: 1_000_000 }];
      await keys.change(id, terms[round % 3] ?? {});
      await traffic.more(20);
      // The audit during traffic: each query is one statement, so it sees a single moment.
      expect(await rig.broken()).toEqual({});
      const off = { credits: null, maxConcurrent: null, dailyTasks: null };
      if (round < 5) await keys.change(id, off);
    }
    await traffic.stop();
    const key = await read(id);
    const opened = traffic.results.filter(({ kind }) => kind === 'opened').length;
    expect(opened).toBe(traffic.results.length);
    expect(await account(id)).toMatchObject({ is_limited: true, balance: key.balance, running: key.running });
    const [kept] = await rig.sql<{ agrees: boolean }>(
      'select coalesce(sum(cost), 0) = $1::numeric + $2::numeric as agrees from task',
      [key.spent, key.held],
    );
    expect(kept).toEqual({ agrees: true });
  });

  it('apply from the first submit after the call, and count tasks opened before', async () => {
    const id = await make();
    const up = await rig.addUpstream(100);
    const opener = new TaskOpener(rig.database, OPTIONS);
    for (let n = 0; n < 3; n += 1) await opener.open(rig.request([up], { apiKeyId: id }));
    await keys.change(id, { maxConcurrent: 4, credits: '0.1', dailyTasks: 10, monthlySpend: '5' });
    expect(await account(id)).toMatchObject({ running: 3, day_used: 3, month_spent: '0.300000', balance: '0.100000' });
    expect((await opener.open(rig.request([up], { apiKeyId: id }))).kind).toBe('opened');
    expect((await opener.open(rig.request([up], { apiKeyId: id }))).kind).toBe('quota');
    await keys.moveCredits(id, '1', 'more');
    expect((await opener.open(rig.request([up], { apiKeyId: id }))).kind).toBe('busy');
  });

  it('wait for an open that began without them', async () => {
    const id = await make();
    const order: string[] = [];
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const slow = rig.database.transaction('work', async (runner) => {
      // The lock that an open holds from its start, before it has written anything.
      await runner.run({ name: '', pool: 'work', text: 'lock table account in row exclusive mode' });
      order.push('began');
      await ended;
      await runner.run({
        name: '',
        pool: 'work',
        text: `insert into ledger (api_key_id, kind, amount) values (${id}, 'hold', -2)`,
      });
      order.push('ended');
    });
    await until('the statement', () => order[0]);
    const change = keys.change(id, { credits: '7' }).then((key) => {
      order.push('changed');
      return key;
    });
    await until('the limit', async () => ((await account(id))['is_limited'] === true ? true : null));
    end();
    await slow;
    expect(await change).toMatchObject({ credits: '7.000000', balance: '7.000000' });
    expect(order).toEqual(['began', 'ended', 'changed']);
    expect(await rig.sql('select kind, amount from ledger order by id')).toEqual([
      { kind: 'hold', amount: '-2.000000' },
      { kind: 'adjust', amount: '9.000000' },
    ]);
  });
});
