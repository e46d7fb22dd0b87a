import { OPTIONS } from '../test/replica.js';
import { TrackingRig } from '../test/tracking-rig.js';
import { TaskOpener, type Opened } from './task-opener.js';

let rig: TrackingRig;
let opener: TaskOpener;
beforeAll(async () => {
  rig = await TrackingRig.open();
});
beforeEach(() => {
  opener = new TaskOpener(rig.database, OPTIONS);
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

/** How often each answer was given. */
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

  it('that do not cover a dear task still cover the cheap ones that came with it', async () => {
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
  it('counts what waits, and holds however many come at once', async () => {
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

describe('the waiting line of a key', () => {
  it('is as long as it may be, and no longer', async () => {
    const short = new TaskOpener(rig.database, { ...OPTIONS, queueLimit: 4 });
    const apiKeyId = await rig.key({ balance: 100 });
    const up = await rig.addUpstream(2);
    const results = await times(30, () => short.open(rig.request([up], { apiKeyId })));
    expect(tally(results)).toEqual({ opened: 2, waiting: 4, queue_full: 24 });
    expect(await rig.balance(apiKeyId)).toBe(99.4);
    expect(await rig.count('task_input')).toBe(4);
  });

  it('is its own', async () => {
    const short = new TaskOpener(rig.database, { ...OPTIONS, queueLimit: 1 });
    const [one, two] = [await rig.key(), await rig.key()];
    expect((await short.open(rig.request([], { apiKeyId: one }))).kind).toBe('waiting');
    expect((await short.open(rig.request([], { apiKeyId: two }))).kind).toBe('waiting');
    expect((await short.open(rig.request([], { apiKeyId: one }))).kind).toBe('queue_full');
  });

  it('keeps at most 256 MiB of input', async () => {
    const apiKeyId = await rig.key({ balance: 1 });
    await opener.open(rig.request([], { apiKeyId }));
    const input = (): Buffer => Buffer.alloc(1_000);
    await rig.sql('update task_input set bytes = 256 * 1024 * 1024 - 999');
    expect((await opener.open(rig.request([], { apiKeyId }, { input }))).kind).toBe('queue_full');
    await rig.sql('update task_input set bytes = 256 * 1024 * 1024 - 1000');
    expect((await opener.open(rig.request([], { apiKeyId }, { input }))).kind).toBe('waiting');
  });
});
