import { SubmitMinutes } from '#libs/access';
import type { Outcome } from '#libs/upstream';
import { settled } from '../../../test/an-event.js';
import { OPTIONS } from '../../../test/replica.js';
import { COMMAND } from '../../../test/tracking-rig.js';
import { useRig } from '../../../test/use-tracking.js';
import type { NewTask } from '../../task/new-task.js';
import type { Opened } from '../../store/open-verdict.js';
import { TaskOpener } from './task-opener.js';
import { TaskRepository } from '../../store/task.repository.js';
import { ModalConfirmer } from '../modal-confirmer.js';

const rig = useRig();
let opener: TaskOpener;
beforeEach(() => {
  opener = new TaskOpener(rig.database, OPTIONS);
});

/** Counts the results by kind. */
function tally(results: readonly Opened[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of results) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function times<T>(n: number, work: (at: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: n }, (_, at) => work(at)));
}

describe('credits', () => {
  it('for ten tasks open ten of a hundred at once, on two replicas', async () => {
    const apiKeyId = await rig.key({ balance: 1 });
    const up = await rig.addUpstream(100);
    const other = new TaskOpener(rig.database, OPTIONS);
    const results = await times(100, (at) => (at % 2 ? opener : other).open(rig.request([up], { apiKeyId })));
    expect(tally(results)).toEqual({ opened: 10, quota: 90 });
    expect(await rig.balance(apiKeyId)).toBe(0);
    expect(await rig.count('task')).toBe(10);
    expect(await rig.running(up.id)).toBe(10);
  });

  it('are needed for tasks that wait, too', async () => {
    const apiKeyId = await rig.key({ balance: 0.35 });
    const up = await rig.addUpstream(1);
    const results = await times(6, () => opener.open(rig.request([up], { apiKeyId })));
    expect(tally(results)).toEqual({ opened: 1, waiting: 2, quota: 3 });
  });

  it('that do not cover an expensive task still cover the cheap ones of its batch', async () => {
    const apiKeyId = await rig.key({ balance: 1 });
    const up = await rig.addUpstream(100);
    const prices = ['0.1', '5', '0.2', '0.2', '0.5'];
    const results = await times(5, (at) => opener.open(rig.request([up], { apiKeyId, price: prices[at] ?? '' })));
    expect(results.map(({ kind }) => kind)).toEqual(['opened', 'quota', 'opened', 'opened', 'opened']);
    expect(await rig.balance(apiKeyId)).toBe(0);
  });

  it('of one key are not those of another', async () => {
    const [poor, rich] = [await rig.key({ balance: 0.1 }), await rig.key({ balance: 10 })];
    const up = await rig.addUpstream(100);
    const results = await times(20, (at) => opener.open(rig.request([up], { apiKeyId: at % 2 ? poor : rich })));
    expect(tally(results)).toEqual({ opened: 11, quota: 9 });
  });
});

describe('maxConcurrent', () => {
  it('counts waiting tasks, and holds under concurrent submits', async () => {
    const apiKeyId = await rig.key({ maxConcurrent: 5 });
    const up = await rig.addUpstream(3);
    const other = new TaskOpener(rig.database, OPTIONS);
    const results = await times(40, (at) => (at % 2 ? opener : other).open(rig.request([up], { apiKeyId })));
    expect(tally(results)).toEqual({ opened: 3, waiting: 2, busy: 35 });
    expect(await rig.sql('select running, balance from account')).toEqual([
      { running: 5, balance: expect.any(String) },
    ]);
  });
});

describe('the queue of a key', () => {
  it('holds its limit', async () => {
    const short = new TaskOpener(rig.database, { ...OPTIONS, queueLimit: 4 });
    const apiKeyId = await rig.key({ balance: 100 });
    const up = await rig.addUpstream(2);
    const results = await times(30, () => short.open(rig.request([up], { apiKeyId })));
    expect(tally(results)).toEqual({ opened: 2, waiting: 4, queue_full: 24 });
    expect(await rig.balance(apiKeyId)).toBe(99.4);
    expect(await rig.count('task_input')).toBe(4);
  });

  it('has a limit of its own', async () => {
    const short = new TaskOpener(rig.database, { ...OPTIONS, queueLimit: 1 });
    const [one, two] = [await rig.key(), await rig.key()];
    expect((await short.open(rig.request([], { apiKeyId: one }))).kind).toBe('waiting');
    expect((await short.open(rig.request([], { apiKeyId: two }))).kind).toBe('waiting');
    expect((await short.open(rig.request([], { apiKeyId: one }))).kind).toBe('queue_full');
  });

  it('stores at most 256 MiB of input', async () => {
    const apiKeyId = await rig.key({ balance: 1 });
    await opener.open(rig.request([], { apiKeyId }));
    const input = (): Buffer => Buffer.alloc(1_000);
    await rig.sql('update task_input set bytes = 256 * 1024 * 1024 - 999');
    expect((await opener.open(rig.request([], { apiKeyId }, { input }))).kind).toBe('queue_full');
    await rig.sql('update task_input set bytes = 256 * 1024 * 1024 - 1000');
    expect((await opener.open(rig.request([], { apiKeyId }, { input }))).kind).toBe('waiting');
  });
});

/** The account of the only key. */
async function account(): Promise<Record<string, unknown>> {
  const [row] = await rig.sql<Record<string, unknown>>(
    'select window_used, day_used, month_spent::float, running, balance::float from account',
  );
  return row ?? {};
}

/** Settles an opened task with an outcome. */
async function settle(opened: Opened | undefined, outcome: Outcome): Promise<void> {
  if (opened?.kind !== 'opened') throw new Error('the modal was not opened');
  const change = opened.task.on(settled(outcome), rig.database.now());
  if (change !== null) await new TaskRepository(rig.database).settle(change, null, null);
}

describe('requestsPerMinute', () => {
  it('holds under concurrent submits on three replicas, and reports the rest', async () => {
    const apiKeyId = await rig.key({ requestsPerMinute: 7 });
    const up = await rig.addUpstream(100);
    const minutes = new SubmitMinutes();
    const openers = [opener, new TaskOpener(rig.database, OPTIONS), new TaskOpener(rig.database, OPTIONS, minutes)];
    const results = await times(60, async (at) => openers[at % 3]?.open(rig.request([up], { apiKeyId })));
    expect(tally(results)).toEqual({ opened: 7, busy: 53 });
    for (const result of results) {
      if (result.kind !== 'busy') continue;
      expect(result.retryAfterSeconds).toBeGreaterThan(0);
      expect(result.retryAfterSeconds).toBeLessThanOrEqual(60);
    }
    const left = minutes.left(apiKeyId, 7);
    expect(left.remaining).toBe(0);
    expect(left.seconds).toBeLessThanOrEqual(60);
    expect(await account()).toMatchObject({ window_used: 7 });
  });

  it('begins a new minute with the first submit after the previous minute', async () => {
    const apiKeyId = await rig.key({ requestsPerMinute: 1 });
    const up = await rig.addUpstream(100);
    const open = async (): Promise<string> => (await opener.open(rig.request([up], { apiKeyId }))).kind;
    expect([await open(), await open()]).toEqual(['opened', 'busy']);
    await rig.sql("update account set window_at = window_at - interval '60 s'");
    expect([await open(), await open()]).toEqual(['opened', 'busy']);
  });

  it('counts a group of tasks once, and a submit refused for other reasons not at all', async () => {
    const apiKeyId = await rig.key({ requestsPerMinute: 2, balance: 0.5 });
    const up = await rig.addUpstream(100);
    const open = (newTask: Partial<NewTask>): Promise<Opened> =>
      opener.open(rig.request([up], { apiKeyId, ...newTask }));
    const first = await open({});
    if (first.kind !== 'opened') throw new Error('the modal was not opened');
    for (let n = 0; n < 3; n += 1) expect((await open({ batchId: first.task.id })).kind).toBe('opened');
    expect((await open({ price: '5' })).kind).toBe('quota');
    expect(await account()).toMatchObject({ window_used: 1, day_used: 4 });
    expect((await open({})).kind).toBe('opened');
    expect((await open({ price: '0' })).kind).toBe('busy');
  });

  it('is reported as unused before the first submit', () => {
    expect(new SubmitMinutes().left('7', 12)).toEqual({ remaining: 12, seconds: 60 });
  });
});

describe('dailyTasks', () => {
  it('counts tasks of the UTC day, except refused ones', async () => {
    const apiKeyId = await rig.key({ dailyTasks: 5 });
    const up = await rig.addUpstream(100);
    const results = await times(20, () => opener.open(rig.request([up], { apiKeyId })));
    expect(tally(results)).toEqual({ opened: 5, busy: 15 });
    const busy = results.find(({ kind }) => kind === 'busy');
    expect(busy).toMatchObject({ retryAfterSeconds: expect.any(Number) });
    if (busy?.kind === 'busy') expect(busy.retryAfterSeconds).toBeLessThanOrEqual(86_400);
    const opened = results.filter(({ kind }) => kind === 'opened');
    await settle(opened[0], { kind: 'refused', code: 9, words: 'no' });
    await settle(opened[1], { kind: 'accepted', upstreamTaskIds: ['u-1'] });
    expect(await account()).toMatchObject({ day_used: 4, running: 4 });
    expect(tally(await times(3, () => opener.open(rig.request([up], { apiKeyId }))))).toEqual({ opened: 1, busy: 2 });
    await rig.sql('update account set day = day - 1');
    expect((await opener.open(rig.request([up], { apiKeyId }))).kind).toBe('opened');
    // The audit counts the tasks of the day in the table, so all of them must be of one day.
    await rig.sql('update account set day_used = 6, daily_tasks = 6');
  });
});

describe('monthlySpend', () => {
  it('counts held and charged credits, less the refunds of the month', async () => {
    const apiKeyId = await rig.key({ monthlySpend: 1 });
    const up = await rig.addUpstream(100);
    const results = await times(30, (at) =>
      opener.open(rig.request([up], { apiKeyId, price: at % 2 ? '0.1' : '0.15' })),
    );
    const opened = results.filter(({ kind }) => kind === 'opened');
    const spent = Number((await account())['month_spent']);
    expect(spent).toBeLessThanOrEqual(1);
    expect(spent).toBeGreaterThan(0.85);
    expect(tally(results)['quota']).toBe(30 - opened.length);
    expect((await opener.open(rig.request([up], { apiKeyId, price: '0' }))).kind).toBe('opened');
    await settle(opened[0], { kind: 'refused', code: 9, words: 'no' });
    expect((await opener.open(rig.request([up], { apiKeyId, price: '0.1' }))).kind).toBe('opened');
  });

  it('starts at zero each month, and refunds of earlier months do not add to it', async () => {
    const apiKeyId = await rig.key({ monthlySpend: 0.1 });
    const up = await rig.addUpstream(100);
    const old = await opener.open(rig.request([up], { apiKeyId }));
    await rig.sql("update account set month = month - interval '1 month'");
    await rig.sql("update ledger set at = date_trunc('month', now()) - interval '1 day'");
    expect((await opener.open(rig.request([up], { apiKeyId }))).kind).toBe('opened');
    await settle(old, { kind: 'refused', code: 9, words: 'no' });
    expect(await account()).toMatchObject({ month_spent: 0.1 });
    expect((await opener.open(rig.request([up], { apiKeyId }))).kind).toBe('quota');
  });
});

describe("a key's own queue limit", () => {
  it('overrides the limit of all keys', async () => {
    const short = new TaskOpener(rig.database, { ...OPTIONS, queueLimit: 4 });
    const [none, more] = [await rig.key({ queueLimit: 0 }), await rig.key({ queueLimit: 6 })];
    expect((await short.open(rig.request([], { apiKeyId: none }))).kind).toBe('queue_full');
    const results = await times(9, () => short.open(rig.request([], { apiKeyId: more })));
    expect(tally(results)).toEqual({ waiting: 6, queue_full: 3 });
    expect(await rig.sql('select day_used, window_used from account order by 1')).toEqual([
      { day_used: 0, window_used: 0 },
      { day_used: 6, window_used: 6 },
    ]);
  });
});

describe('a queue limit of three', () => {
  it('holds across several replicas, for every key', async () => {
    const up = await rig.addUpstream(1);
    await opener.open(rig.request([up], { apiKeyId: await rig.key({}) }));
    for (const apiKeyId of [await rig.key({ queueLimit: 3 }), await rig.key({ queueLimit: 3, balance: 100 })]) {
      const replicas = [1, 2, 3].map(() => new TaskOpener(rig.database, OPTIONS));
      const opened = await Promise.all(
        Array.from({ length: 24 }, (_, at) => replicas[at % 3]?.open(rig.request([up], { apiKeyId }))),
      );
      expect(opened.filter((one) => one?.kind === 'waiting')).toHaveLength(3);
      expect(await rig.count(`task where waiting and api_key_id = ${apiKeyId}`)).toBe(3);
    }
  });
});

describe('several exceeded limits', () => {
  it('are reported as the one that lasts longest', async () => {
    const apiKeyId = await rig.key({ balance: 0.1, dailyTasks: 1, requestsPerMinute: 1, maxConcurrent: 1 });
    const up = await rig.addUpstream(100);
    const open = (price = '0.1'): Promise<Opened> => opener.open(rig.request([up], { apiKeyId, price }));
    expect((await open()).kind).toBe('opened');
    expect((await open()).kind).toBe('quota');
    await rig.sql('update account set day_used = 0');
    const rate = await open('0');
    expect(rate).toMatchObject({ kind: 'busy' });
    if (rate.kind === 'busy') expect(rate.retryAfterSeconds).not.toBe(5);
    await rig.sql('update account set window_used = 0');
    expect(await open('0')).toEqual({ kind: 'busy', retryAfterSeconds: 5 });
    await rig.sql('update account set day_used = 1, window_used = 1');
  });
});

describe('a modal', () => {
  it('takes credits, running count and queue again when it is confirmed, but counts as no further submit or task', async () => {
    const terms = {
      balance: 0.1,
      maxConcurrent: 1,
      requestsPerMinute: 2,
      dailyTasks: 2,
      monthlySpend: 0.1,
      queueLimit: 0,
    };
    const apiKeyId = await rig.key(terms);
    const up = await rig.addUpstream(1);
    const confirmer = new ModalConfirmer(rig.database, OPTIONS);
    const modal = await opener.open(rig.request([up], { apiKeyId }));
    await settle(modal, { kind: 'window', upstreamTaskId: 'w-1', finalPrompt: 'p' });
    if (modal.kind !== 'opened') throw new Error('the modal was not opened');
    const confirm = async (): Promise<object> =>
      confirmer.confirm(await rig.row(modal.task.id), { price: '0.1', prompt: null }, COMMAND, 30_000);
    expect(await account()).toMatchObject({ balance: 0.1, running: 0, month_spent: 0, day_used: 1, window_used: 1 });

    const other = await opener.open(rig.request([up], { apiKeyId }));
    expect(await confirm()).toEqual({ kind: 'quota' });
    await rig.sql(
      "with l as (insert into ledger (api_key_id, kind, amount) select api_key_id, 'topup', 1 from account) update account set balance = balance + 1",
    );
    expect(await confirm()).toEqual({ kind: 'quota' });
    await rig.sql('update account set monthly_spend = 5');
    expect(await confirm()).toEqual({ kind: 'busy', retryAfterSeconds: 5 });
    await rig.sql('update account set max_concurrent = 9');
    expect(await confirm()).toEqual({ kind: 'queue_full' });
    await settle(other, { kind: 'refused', code: 9, words: 'no' });
    expect(await confirm()).toMatchObject({ kind: 'opened' });
    expect(await account()).toMatchObject({ running: 1, month_spent: 0.1, day_used: 1, window_used: 2 });
  });

  it.each([
    ['of a key with a limit of its own', { queueLimit: 1 }, OPTIONS],
    ['of a key without limits', {}, { ...OPTIONS, queueLimit: 1 }],
  ])('twenty concurrent confirmations, %s, keep the queue limit', async (_, terms, options) => {
    const apiKeyId = await rig.key(terms);
    // Modals at two upstreams, which share no lock.
    const ups = [await rig.addUpstream(10), await rig.addUpstream(10)];
    const opened = await times(20, (at) => opener.open(rig.request(ups.slice(at % 2, (at % 2) + 1), { apiKeyId })));
    for (const [at, modal] of opened.entries())
      await settle(modal, { kind: 'window', upstreamTaskId: `w-${at}`, finalPrompt: 'p' });
    await rig.sql('update upstream_load set max_concurrent = 1');
    const other = await rig.key();
    for (const up of ups) expect((await opener.open(rig.request([up], { apiKeyId: other }))).kind).toBe('opened');
    const confirmers = [new ModalConfirmer(rig.database, options), new ModalConfirmer(rig.database, options)];
    const modals = await Promise.all(opened.map((modal) => rig.row(modal.kind === 'opened' ? modal.task.id : '')));
    const confirmed = await Promise.all(
      modals.map((modal, at) => confirmers[at % 2]?.confirm(modal, { price: '0.1', prompt: null }, COMMAND, 30_000)),
    );
    expect(confirmed.map((one) => one?.kind).sort()).toEqual([
      ...Array.from({ length: 19 }, () => 'queue_full'),
      'waiting',
    ]);
    expect(await rig.sql('select from task where waiting')).toHaveLength(1);
  });
});
