import { Database, DatabaseUnavailableError } from '#libs/database';
import { OPTIONS } from '../../../test/replica.js';
import { useRig } from '../../../test/use-tracking.js';
import { TaskOpener } from './task-opener.js';
import { Task } from '../../task/task.entity.js';

const rig = useRig();
let opener: TaskOpener;
beforeEach(() => {
  opener = new TaskOpener(rig.database, OPTIONS);
});

describe('a task for which a slot is free', () => {
  it('is opened with slot, hold, running count and event', async () => {
    const apiKeyId = await rig.key({ balance: 5 });
    const up = await rig.addUpstream(3);
    const opened = await opener.open(rig.request([up], { apiKeyId, price: '0.250000' }));
    expect(opened.kind).toBe('opened');
    const [row] = await rig.rows();
    expect(opened).toEqual({ kind: 'opened', task: row });
    expect(row).toMatchObject({
      status: 'NOT_START',
      upstreamId: up.id,
      hasSlot: true,
      isCounted: true,
      waiting: false,
    });
    expect(row).toMatchObject({ price: '0.250000', cost: '0.250000', sendAttempt: 1, version: 0, nextPollAt: null });
    expect(Number(row?.sendDeadline) - Number(row?.sentAt)).toBe(OPTIONS.submitTimeoutMs);
    expect(Number(row?.lookUpAt)).toBeGreaterThan(Number(row?.sendDeadline));
    expect(await rig.running(up.id)).toBe(1);
    expect(await rig.balance(apiKeyId)).toBe(4.75);
    expect(await rig.timeline(row?.id ?? '')).toMatchObject([
      { kind: 'opened', source: 'api', version: 0, status: 'NOT_START', detail: { upstreamId: Number(up.id) } },
    ]);
    expect(await rig.count('task_input')).toBe(0);
  });

  it('leaves the account of a key without limits untouched', async () => {
    const apiKeyId = await rig.key();
    const up = await rig.addUpstream(1);
    const version = 'select xmin::text, ctid::text from account';
    const before = await rig.sql(version);
    expect((await opener.open(rig.request([up], { apiKeyId }))).kind).toBe('opened');
    expect((await rig.rows())[0]?.isCounted).toBe(true);
    expect(await rig.sql(version)).toEqual(before);
    expect(await rig.sql('select kind, amount from ledger')).toEqual([{ kind: 'hold', amount: '-0.100000' }]);
  });

  it('books nothing for a free task', async () => {
    const apiKeyId = await rig.key({ balance: 0 });
    const up = await rig.addUpstream(1);
    expect((await opener.open(rig.request([up], { apiKeyId, price: '0' }))).kind).toBe('opened');
    expect(await rig.count("ledger where kind = 'hold'")).toBe(0);
  });

  it('never serialises a large input', async () => {
    const up = await rig.addUpstream(1);
    const input = jest.fn(() => Buffer.from('{}'));
    const opened = await opener.open(
      rig.request([up], { apiKeyId: await rig.key() }, { input, inputBytes: 5_000_000 }),
    );
    expect(opened.kind).toBe('opened');
    expect(input).not.toHaveBeenCalled();
  });
});

describe('a task for which no slot is free', () => {
  it('waits, holding credits but no slot, with its input stored', async () => {
    const apiKeyId = await rig.key({ balance: 5 });
    const up = await rig.addUpstream(1);
    await opener.open(rig.request([up], { apiKeyId }));
    const input = Buffer.from([0, 255, 1, 2]);
    const opened = await opener.open(rig.request([up], { apiKeyId }, { input: () => input }));
    if (opened.kind !== 'waiting') throw new Error(opened.kind);
    expect(opened.task).toMatchObject({ waiting: true, hasSlot: false, isCounted: true, upstreamId: null });
    expect(opened.task).toMatchObject({ sendAttempt: 0, sentAt: null, sendDeadline: null, lookUpAt: null });
    expect(await rig.sql('select task_id, api_key_id, body, bytes from task_input')).toEqual([
      { task_id: opened.task.id, api_key_id: apiKeyId, body: input, bytes: 4 },
    ]);
    expect(await rig.running(up.id)).toBe(1);
    expect(await rig.balance(apiKeyId)).toBe(4.8);
    expect((await rig.timeline(opened.task.id))[0]).toMatchObject({ kind: 'opened', detail: { waiting: true } });
  });

  it('serialises a large input only then, once', async () => {
    const up = await rig.addUpstream(1);
    const apiKeyId = await rig.key({ balance: 5 });
    await opener.open(rig.request([up], { apiKeyId }));
    const input = jest.fn(() => Buffer.alloc(3_000_000, 7));
    const opened = await opener.open(rig.request([up], { apiKeyId }, { input, inputBytes: 3_000_000 }));
    expect(opened.kind).toBe('waiting');
    expect(input).toHaveBeenCalledTimes(1);
    expect(await rig.sql('select length(body) as kept, bytes from task_input')).toEqual([
      { kept: 3_000_000, bytes: 3_000_000 },
    ]);
  });

  it("waits for its parent's upstream alone", async () => {
    const apiKeyId = await rig.key();
    const [full, free] = [await rig.addUpstream(1), await rig.addUpstream(9)];
    await opener.open(rig.request([full], { apiKeyId }));
    const opened = await opener.open(rig.request([full], { apiKeyId, upstreamId: full.id }));
    expect(opened).toMatchObject({ kind: 'waiting', task: { upstreamId: full.id } });
    expect(await rig.running(free.id)).toBe(0);
  });

  it('waits when no upstream is usable at the moment', async () => {
    expect((await opener.open(rig.request([], { apiKeyId: await rig.key() }))).kind).toBe('waiting');
  });

  it('is declined without a row when it may not wait', async () => {
    const apiKeyId = await rig.key({ balance: 5 });
    const up = await rig.addUpstream(1);
    await opener.open(rig.request([up], { apiKeyId }));
    expect(await opener.open(rig.request([up], { apiKeyId }, { mayWait: false }))).toEqual({ kind: 'full' });
    expect(await rig.count('task')).toBe(1);
    expect(await rig.balance(apiKeyId)).toBe(4.9);
  });
});

describe('an unavailable database', () => {
  it('is reported to each task of a batch', async () => {
    const database = new Database({
      url: 'postgres://nobody@127.0.0.1:1/none',
      connections: { http: 1, work: 1 },
      statementTimeoutMs: 1_000,
    });
    const away = new TaskOpener(database, OPTIONS);
    const results = await Promise.allSettled([1, 2, 3].map(() => away.open(rig.request([], { apiKeyId: '1' }))));
    for (const result of results)
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(DatabaseUnavailableError) });
    await database.close();
  });
});

it('returns tasks, not rows', async () => {
  const opened = await opener.open(rig.request([await rig.addUpstream(1)], { apiKeyId: await rig.key() }));
  expect('task' in opened && opened.task).toBeInstanceOf(Task);
});
