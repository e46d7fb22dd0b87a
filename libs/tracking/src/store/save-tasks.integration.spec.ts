import type { Snapshot } from '#libs/upstream';
import { GRID_BUTTONS } from '../../test/a-snapshot.js';
import { OUTCOMES, seen, settled } from '../../test/an-event.js';
import { useRig } from '../../test/use-tracking.js';
import type { Change } from '../task/change.js';
import type { TaskEvent } from '../task/event.js';
import type { Task } from '../task/task.entity.js';
import { toTaskView } from '../task/task-view.js';
import { FIND_PUBLIC } from './reads/public-task.js';
import { TaskRepository } from './task.repository.js';

const HOOK = 'https://client.test/hook';
const PICTURE = 'https://up.test/grid.png';

const rig = useRig();
let tasks: TaskRepository;
beforeAll(() => {
  tasks = new TaskRepository(rig.database);
});

function changeOf(task: Task, event: TaskEvent): Change {
  const change = task.on(event, rig.database.now());
  if (change === null) throw new Error('nothing changed');
  return change;
}

/** Accepted tasks of a key with 100 credits. */
async function accepted(n: number, newTask = {}): Promise<{ made: Task[]; apiKeyId: string; upstreamId: string }> {
  const apiKeyId = await rig.key({ balance: 100, maxConcurrent: 200 });
  const up = await rig.addUpstream(200);
  return { made: await rig.accepted(n, up, { apiKeyId, ...newTask }), apiKeyId, upstreamId: up.id };
}

describe('a change', () => {
  it('is stored as the rules made it', async () => {
    const { made } = await accepted(1);
    const [task] = made;
    if (task === undefined) throw new Error('no task');
    const news = { progress: 40, imageUrl: PICTURE, promptEn: 'a "cat" \u{1F408}', messageId: '1', seed: '5' };
    const change = changeOf(task, seen({ status: 'IN_PROGRESS', ...news }));
    expect(await tasks.save([change])).toEqual(new Set([task.id]));
    expect(await rig.row(task.id)).toEqual(task);
    expect((await rig.timeline(task.id)).at(-1)).toMatchObject({
      kind: 'progress',
      source: 'poller',
      version: 2,
      status: 'IN_PROGRESS',
      progress: 40,
      detail: {},
    });
  });

  it('of a finished grid saves end, slot, count, delivery and wanted pictures at once', async () => {
    const { made, apiKeyId, upstreamId } = await accepted(1, { notifyHook: HOOK, price: '2' });
    const [task] = made;
    if (task === undefined) throw new Error('no task');
    const snapshot: Partial<Snapshot> = {
      status: 'SUCCESS',
      imageUrl: PICTURE,
      buttons: GRID_BUTTONS,
      videoUrls: ['https://up.test/v.mp4'],
    };
    await tasks.save([changeOf(task, seen(snapshot))]);
    expect(await rig.row(task.id)).toMatchObject({
      status: 'SUCCESS',
      buttons: GRID_BUTTONS,
      pictureCount: 4,
      cost: '2.000000',
    });
    expect(await rig.running(upstreamId)).toBe(0);
    expect(await rig.balance(apiKeyId)).toBe(98);
    expect(await rig.sql('select running from account')).toEqual([{ running: 0 }]);
    const [delivery] = await rig.sql<{ payload: string }>('select * from hook_delivery');
    expect(delivery).toMatchObject({ task_id: task.id, url: HOOK, seq: 2, terminal: true, state: 'waiting' });
    expect(JSON.parse(delivery?.payload ?? '')).toMatchObject({ id: task.id, status: 'SUCCESS', progress: '100%' });
    expect(await rig.sql('select kind, n, upstream_id, source_url, state from asset order by kind, n')).toEqual([
      { kind: 'image', n: 0, upstream_id: upstreamId, source_url: PICTURE, state: 'wanted' },
      { kind: 'video', n: 1, upstream_id: upstreamId, source_url: 'https://up.test/v.mp4', state: 'wanted' },
    ]);
  });

  it('of the poll schedule alone writes the row, and neither version nor timeline', async () => {
    const { made } = await accepted(1, { notifyHook: HOOK });
    const [task] = made;
    if (task === undefined) throw new Error('no task');
    await tasks.save([changeOf(task, seen({ status: 'SUBMITTED' }))]);
    const row = await rig.row(task.id);
    expect(row).toMatchObject({ version: 1, quietPolls: 1, polledAt: expect.any(Date) });
    expect(row.nextPollAt).toEqual(task.nextPollAt);
    expect(await rig.kinds(task.id)).toEqual(['opened', 'accepted']);
  });

  it('leaves columns of other statements alone', async () => {
    const { made } = await accepted(1);
    const [task] = made;
    if (task === undefined) throw new Error('no task');
    await rig.sql(`update task set answer = '{"code":1}'`);
    await tasks.save([changeOf(task, seen({ progress: 9 }))]);
    expect((await rig.row(task.id)).answer).toEqual({ code: 1 });
  });
});

describe('compare-and-set', () => {
  it('saves nothing of a stale change, and moves no slot or credit', async () => {
    const { made, apiKeyId, upstreamId } = await accepted(1, { notifyHook: HOOK });
    const [task] = made;
    if (task === undefined) throw new Error('no task');
    const stale = changeOf(await rig.row(task.id), seen({ status: 'FAILURE' }));
    await tasks.save([changeOf(task, seen({ progress: 30 }))]);
    const before = { row: await rig.row(task.id), balance: await rig.balance(apiKeyId) };
    const payload = await rig.sql('select payload from hook_delivery');

    expect(await tasks.save([stale])).toEqual(new Set());
    expect({ row: await rig.row(task.id), balance: await rig.balance(apiKeyId) }).toEqual(before);
    expect(await rig.running(upstreamId)).toBe(1);
    expect(await rig.kinds(task.id)).toEqual(['opened', 'accepted', 'progress']);
    expect(await rig.sql('select payload from hook_delivery')).toEqual(payload);
  });

  it('saves nothing of a task without a row', async () => {
    const { made } = await accepted(1);
    const [task] = made;
    if (task === undefined) throw new Error('no task');
    const change = changeOf(Object.assign(task, { id: '6000000000000001' }), seen({ progress: 30 }));
    expect(await tasks.save([change])).toEqual(new Set());
  });
});

it('a partial grid keeps its places, and hooks and reads show the same bytes of it', async () => {
  const { made, apiKeyId } = await accepted(1, { notifyHook: HOOK });
  const [task] = made;
  if (task === undefined) throw new Error('no task');
  const partial = { imageUrl: PICTURE, imageUrls: [PICTURE, null, null, PICTURE], buttons: GRID_BUTTONS };
  await tasks.save([changeOf(task, seen({ status: 'SUCCESS', ...partial }))]);
  expect(await rig.row(task.id)).toMatchObject({ pictureCount: 4, picturesFrom: 'upstream', withheld: [2, 3] });
  expect(await rig.sql('select n from asset order by n')).toEqual([{ n: 0 }, { n: 1 }, { n: 4 }]);
  const [shown] = await rig.database.run(FIND_PUBLIC, { taskIds: [task.id], apiKeyIds: [apiKeyId] });
  if (shown === undefined) throw new Error('not shown');
  const [delivery] = await rig.sql<{ payload: string }>('select * from hook_delivery');
  expect(JSON.stringify(toTaskView(shown, task.baseUrl))).toBe(delivery?.payload);
  expect(delivery?.payload).toContain('"withheld":[2,3]}');
  expect(await tasks.findPicture(task.id)).toMatchObject({ withheld: [2, 3], gridPrompt: null });
});

describe('a batch of a hundred', () => {
  it('saves each as its own', async () => {
    const { made, apiKeyId, upstreamId } = await accepted(100, { price: '0.5' });
    const snapshots: Partial<Snapshot>[] = [
      { status: 'SUCCESS', imageUrl: PICTURE, imageUrls: [PICTURE, PICTURE] },
      { status: 'FAILURE', failReason: 'no' },
      { status: 'IN_PROGRESS', progress: 50 },
      { status: 'CANCEL' },
    ];
    const changes = made.map((task, at) => changeOf(task, seen(snapshots[at % 5] ?? { status: 'SUCCESS' })));
    // Every fifth task was changed concurrently.
    const stale = made.filter((_, at) => at % 5 === 4).map(({ id }) => id);
    await rig.sql('update task set version = version + 1 where id = any($1::bigint[])', [stale]);

    const saved = await tasks.save(changes);
    expect(saved.size).toBe(80);
    expect(stale.some((id) => saved.has(id))).toBe(false);
    expect(await rig.sql('select status, count(*)::int as n from task group by 1 order by 1')).toEqual([
      { status: 'CANCEL', n: 20 },
      { status: 'FAILURE', n: 20 },
      { status: 'IN_PROGRESS', n: 20 },
      { status: 'SUBMITTED', n: 20 },
      { status: 'SUCCESS', n: 20 },
    ]);
    expect(await rig.balance(apiKeyId)).toBe(100 - 60 * 0.5);
    expect(await rig.running(upstreamId)).toBe(40);
    expect(await rig.count("ledger where kind = 'refund'")).toBe(40);
    expect(await rig.count('asset')).toBe(60);
  });

  it('is saved whole or not at all', async () => {
    const { made, apiKeyId, upstreamId } = await accepted(3, { notifyHook: HOOK });
    const changes = made.map((task) => changeOf(task, seen({ status: 'FAILURE', failReason: 'no' })));
    const bad = changes[2];
    if (bad === undefined) throw new Error('no change');
    bad.assets.push({ kind: 'sound' as 'image', n: 0, sourceUrl: PICTURE });
    await expect(tasks.save(changes)).rejects.toMatchObject({ code: '23514' });
    expect(await rig.count("task where status = 'SUBMITTED' and version = 1")).toBe(3);
    expect(await rig.balance(apiKeyId)).toBe(99.7);
    expect(await rig.running(upstreamId)).toBe(3);
    expect(await rig.count("task_event where kind = 'failed'")).toBe(0);
    expect(await rig.count('hook_delivery where terminal')).toBe(0);
  });
});

describe('a push since the row was read', () => {
  const dueNow = async (id: string): Promise<boolean> =>
    (await rig.count(`task where id = ${id} and next_poll_at <= now()`)) === 1;

  it('has the task polled at once, whenever the snapshot was taken', async () => {
    const { made } = await accepted(1);
    const [task] = made;
    if (task === undefined) throw new Error('no task');
    await rig.sql('update task set hinted_at = now()');
    await tasks.save([changeOf(task, seen({ progress: 30 }))]);
    expect(await dueNow(task.id)).toBe(true);

    await tasks.save([changeOf(await rig.row(task.id), seen({ progress: 40 }))]);
    expect(await dueNow(task.id)).toBe(false);
  });

  it('has no ended task polled', async () => {
    const { made } = await accepted(1);
    const [task] = made;
    if (task === undefined) throw new Error('no task');
    await rig.sql('update task set hinted_at = now()');
    await tasks.save([changeOf(task, seen({ status: 'SUCCESS' }))]);
    expect((await rig.row(task.id)).nextPollAt).toBeNull();
  });
});

describe('the answer to a submit', () => {
  it('is stored for replays, and the input only of a task that waits', async () => {
    const apiKeyId = await rig.key({ balance: 10 });
    const up = await rig.addUpstream(2);
    const { opener } = await rig.replica();
    const [sent, full] = await Promise.all([1, 2].map(() => opener.open(rig.request([up], { apiKeyId }))));
    if (sent?.kind !== 'opened' || full?.kind !== 'opened') throw new Error('not opened');
    const input = Buffer.from('bytes');
    expect(await tasks.settle(changeOf(sent.task, settled(OUTCOMES.accepted)), { code: 1 }, null)).toBe(true);
    expect(await tasks.settle(changeOf(full.task, settled(OUTCOMES.full)), null, input)).toBe(true);
    expect((await rig.row(sent.task.id)).answer).toEqual({ code: 1 });
    expect(await rig.sql('select task_id, body, bytes from task_input')).toEqual([
      { task_id: full.task.id, body: input, bytes: 5 },
    ]);
    expect(await rig.row(full.task.id)).toMatchObject({
      waiting: true,
      hasSlot: false,
      upstreamId: null,
      answer: null,
    });
    expect(await rig.running(up.id)).toBe(1);
  });
});
