import { valuesOf } from '#libs/database';
import { byteaArray } from './bytea-array.js';
import pg from 'pg';
import { seen } from '../../test/an-event.js';
import { TrackingRig } from '../../test/tracking-rig.js';
import { toChangeJson } from './save/change-json.js';
import type { Change } from '../task/change.js';
import { SAVE_TASKS } from './save/full.js';
import type { Task } from '../task/task.entity.js';
import { TaskRepository } from './task.repository.js';

let rig: TrackingRig;
const savers: pg.Client[] = [];
beforeAll(async () => {
  rig = await TrackingRig.open();
  for (let at = 0; at < 3; at += 1) {
    const client = new pg.Client({ connectionString: rig.url });
    await client.connect();
    // Postgres reports a deadlock after 20 ms.
    await client.query("set deadlock_timeout = '20ms'");
    savers.push(client);
  }
});
afterEach(() => rig.reset());
afterAll(async () => {
  for (const client of savers) await client.end();
  await rig.close();
});

/** Saves on a connection of its own without retries, so that a deadlock fails the test. */
async function saveOn(client: pg.Client | undefined, changes: readonly Change[]): Promise<string[]> {
  const json = JSON.stringify(changes.map((change) => toChangeJson(change)));
  const values = valuesOf(SAVE_TASKS, { changes: json, inputs: byteaArray([]) });
  const result = await client?.query<{ id: string }>(SAVE_TASKS.text, values);
  return (result?.rows ?? []).map(({ id }) => id);
}

/** The same tasks in one of three orders. */
function inOrder(tasks: readonly Task[], order: number): Task[] {
  if (order === 0) return [...tasks];
  if (order === 1) return [...tasks].reverse();
  return tasks.map((_, at) => tasks[(at * 7) % tasks.length]).filter((task) => task !== undefined);
}

/** Changes that end every task, half of them with a refund, made from rows read anew. */
async function ends(tasks: readonly Task[], order: number): Promise<Change[]> {
  const rows = await Promise.all(inOrder(tasks, order).map(({ id }) => rig.row(id)));
  return rows.flatMap((task, at) => {
    const status = (at + order) % 2 ? 'SUCCESS' : 'FAILURE';
    const change = task.on(seen({ status, imageUrl: 'https://up.test/a.png' }), rig.database.now());
    return change === null ? [] : [change];
  });
}

describe('savers of the same tasks in different orders', () => {
  it('never deadlock, and each task ends once', async () => {
    const keys = [await rig.key({ balance: 1_000 }), await rig.key({ balance: 1_000 }), await rig.key()];
    const ups = [await rig.addUpstream(100), await rig.addUpstream(100)];
    for (let round = 0; round < 20; round += 1) {
      const tasks: Task[] = [];
      for (const [at, apiKeyId] of keys.entries())
        for (const up of ups)
          tasks.push(...(await rig.accepted(4, up, { apiKeyId, notifyHook: 'https://c.test/h' }, `${round}-${at}`)));
      const batches = await Promise.all([0, 1, 2].map((order) => ends(tasks, order)));
      const saved = await Promise.all(batches.map((changes, at) => saveOn(savers[at], changes)));
      expect(saved.flat().sort()).toEqual(tasks.map(({ id }) => id).sort());
    }
    expect(await rig.count('task where finished_at is null')).toBe(0);
    expect(await rig.count("task_event where kind in ('succeeded', 'failed')")).toBe(20 * 24);
    const [sums] = await rig.sql<{ failed: number; refunds: number }>(
      `select (select count(*)::int from task where status = 'FAILURE') as failed,
        (select count(*)::int from ledger where kind = 'refund') as refunds`,
    );
    expect(sums?.refunds).toBe(sums?.failed);
  });
});

describe('savers of other tasks of the same keys and upstreams', () => {
  it('never deadlock', async () => {
    const keys = await Promise.all(Array.from({ length: 6 }, () => rig.key({ balance: 1_000 })));
    const ups = await Promise.all(Array.from({ length: 3 }, () => rig.addUpstream(100)));
    for (let round = 0; round < 20; round += 1) {
      const batches: Task[][] = [[], [], []];
      for (const [at, apiKeyId] of keys.entries()) {
        const up = ups[(at + round) % 3];
        if (up === undefined) throw new Error('no upstream');
        const tasks = await rig.accepted(3, up, { apiKeyId }, `${round}-${at}`);
        tasks.forEach((task, place) => batches[place]?.push(task));
      }
      const changes = await Promise.all(batches.map((tasks, order) => ends(tasks, order)));
      const saved = await Promise.all(changes.map((batch, at) => saveOn(savers[at], batch)));
      expect(saved.map(({ length }) => length)).toEqual([6, 6, 6]);
    }
  });
});

describe('two savers that end the same task concurrently', () => {
  it('refund it once', async () => {
    const apiKeyId = await rig.key({ balance: 10 });
    const up = await rig.addUpstream(10);
    const tasks = await rig.accepted(10, up, { apiKeyId });
    const repository = new TaskRepository(rig.database);
    const endings = await Promise.all(
      tasks
        .flatMap(({ id }) => [id, id, id])
        .map(async (id) => {
          const change = (await rig.row(id)).on(seen({ status: 'FAILURE' }), rig.database.now());
          return change === null ? [] : [change];
        }),
    );
    const saved = await Promise.all(endings.map((changes) => repository.save(changes)));
    expect(saved.filter(({ size }) => size === 1)).toHaveLength(10);
    expect(await rig.count("ledger where kind = 'refund'")).toBe(10);
    expect(await rig.balance(apiKeyId)).toBe(10);
    expect(await rig.running(up.id)).toBe(0);
  });
});

describe('savers and openers of the same key and upstream', () => {
  it('leave slots, counts and credits exact', async () => {
    const apiKeyId = await rig.key({ balance: 1_000, maxConcurrent: 30 });
    const up = await rig.addUpstream(20);
    const { opener } = await rig.replica();
    for (let round = 0; round < 10; round += 1) {
      const tasks = await rig.accepted(12, up, { apiKeyId }, `r${round}`);
      const changes = await ends(tasks, round % 3);
      const [opened] = await Promise.all([
        Promise.all(Array.from({ length: 8 }, () => opener.open(rig.request([up], { apiKeyId })))),
        saveOn(savers[0], changes.slice(0, 6)),
        saveOn(savers[1], changes.slice(6)),
      ]);
      expect(opened.every(({ kind }) => kind === 'opened')).toBe(true);
      await rig.sql(
        `with ended as (update task set status = 'SUCCESS', progress = 100, finished_at = now(), look_up_at = null,
            has_slot = false, is_counted = false where finished_at is null returning id),
          freed as (update upstream_load set running = running - (select count(*) from ended))
         update account set running = running - (select count(*) from ended)`,
      );
    }
    expect(await rig.count('task where finished_at is null')).toBe(0);
  });
});
