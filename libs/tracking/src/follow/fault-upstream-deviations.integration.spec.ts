import { Logger, type LoggerService } from '@nestjs/common';
import type { Snapshot, UpstreamTarget } from '#libs/upstream';
import { aSnapshot } from '../../test/a-snapshot.js';
import { FakeUpstream } from '../../test/fake-upstream.js';
import type { Replica } from '../../test/replica.js';
import { TrackingRig } from '../../test/tracking-rig.js';
import type { Change } from '../task/change.js';
import type { Task } from '../task/task.entity.js';

let rig: TrackingRig;
let fake: FakeUpstream;
let replica: Replica;
let up: UpstreamTarget;
const warnings: string[] = [];
const ignore = (): void => undefined;
const logger: LoggerService = {
  log: ignore,
  error: ignore,
  warn: (line: unknown) => void warnings.push(String(line)),
};
beforeAll(async () => {
  Logger.overrideLogger(logger);
  rig = await TrackingRig.open();
});
beforeEach(async () => {
  warnings.length = 0;
  fake = new FakeUpstream();
  const { id } = await rig.addUpstream(200);
  replica = await rig.replica({}, fake);
  const found = replica.upstreams.find(id);
  if (found === null) throw new Error('no upstream');
  up = found;
});
afterEach(() => rig.reset());
afterAll(async () => {
  Logger.overrideLogger(false);
  await rig.close();
});

const NOTIFY = 'https://client.test/h';

async function due(n: number): Promise<Task[]> {
  const newTask = { apiKeyId: await rig.key({ balance: 100 }), notifyHook: NOTIFY };
  return rig.accepted(n, { id: up.id, priority: 0, weight: 1 }, newTask);
}

async function poll(): Promise<void> {
  await rig.passTime(60_000);
  await replica.sync.syncDue(up);
}

/** Counts the effects of terminal changes: events that end a task, refunds and final deliveries. */
async function endings(): Promise<Record<string, number>> {
  return {
    events: await rig.count("task_event where kind in ('succeeded', 'failed', 'cancelled')"),
    refunds: await rig.count("ledger where kind = 'refund'"),
    deliveries: await rig.count('hook_delivery where terminal'),
  };
}

/** The changes that the rules make of a snapshot after the end. */
function judged(task: Task, status: Snapshot['status']): Change[] {
  const snapshot = aSnapshot({ upstreamTaskId: 'up-0', status, failReason: 'no' });
  const pace = { minMs: 2_000, random: () => 0.5 };
  const change = task.on({ kind: 'snapshot', source: 'poller', snapshot, pace }, rig.database.now());
  return change === null ? [] : [change];
}

describe('deviations in the answers of an upstream', () => {
  it('are ignored, and logged once for each kind', async () => {
    const [task] = await due(1);
    fake.show('up-0', { status: 'IN_PROGRESS', progress: 50 });
    await poll();
    expect(warnings).toEqual([]);
    fake.extra = [
      aSnapshot({ upstreamTaskId: 'nobody', status: 'FAILURE' }),
      aSnapshot({ upstreamTaskId: 'up-0', status: 'SUBMITTED', progress: 10 }),
      aSnapshot({ upstreamTaskId: 'up-0', status: null, progress: 20 }),
    ];
    for (let round = 0; round < 5; round += 1) await poll();
    expect(warnings).toHaveLength(4);
    for (const words of ['not asked for', 'more than once', 'not known', 'less far'])
      expect(warnings).toContainEqual(expect.stringContaining(words));
    expect(await rig.row(task?.id ?? '')).toMatchObject({ status: 'IN_PROGRESS', progress: 50 });
  });

  it('are logged when the answer cannot be read at all', async () => {
    await due(1);
    const fetchMany = fake.fetchMany.bind(fake);
    fake.fetchMany = (target, ids, onUnreadable?: () => void) => {
      onUnreadable?.();
      return fetchMany(target, ids);
    };
    for (let round = 0; round < 3; round += 1) await poll();
    expect(warnings.filter((line) => line.includes('cannot be read'))).toHaveLength(1);
  });
});

describe('an upstream that contradicts its earlier answers', () => {
  it('never ends a task twice, and never causes two final hooks', async () => {
    const [task] = await due(1);
    fake.show('up-0', { status: 'SUCCESS', imageUrl: 'https://up.test/a.png' });
    fake.extra = [aSnapshot({ upstreamTaskId: 'up-0', status: 'SUCCESS', imageUrl: 'https://up.test/a.png' })];
    await poll();
    const ended = await rig.row(task?.id ?? '');
    const before = await endings();
    expect(before).toMatchObject({ events: 1, refunds: 0, deliveries: 1 });
    for (const status of ['IN_PROGRESS', 'FAILURE', 'CANCEL', 'NOT_START', 'SUCCESS'] as const) {
      fake.show('up-0', { status, failReason: 'no' });
      await poll();
      // As saved by a replica that polled before the task ended.
      await replica.saver.save(judged(ended, status));
    }
    expect(await rig.row(task?.id ?? '')).toMatchObject({ status: 'SUCCESS', version: ended.version });
    expect(await endings()).toEqual(before);
  });

  it('moves no task back: 80 % stays when it reports 20 %, and so does the status', async () => {
    const [task] = await due(1);
    const seen: [string, number][] = [];
    const script = [
      ['IN_PROGRESS', 80],
      ['IN_PROGRESS', 20],
      ['SUBMITTED', 0],
      [null, 50],
      ['MODAL', 0],
      ['IN_PROGRESS', 90],
    ] as const;
    for (const [status, progress] of script) {
      fake.show('up-0', { status, progress });
      await poll();
      const row = await rig.row(task?.id ?? '');
      seen.push([row.status, row.progress]);
    }
    expect(seen).toEqual([...Array<[string, number]>(5).fill(['IN_PROGRESS', 80]), ['IN_PROGRESS', 90]]);
  });

  it('twice in one answer causes one change, however its items disagree', async () => {
    const [task] = await due(1);
    fake.show('up-0', { status: 'SUCCESS' });
    fake.extra = [
      aSnapshot({ upstreamTaskId: 'up-0', status: 'FAILURE', failReason: 'no' }),
      aSnapshot({ upstreamTaskId: 'up-0', status: 'SUCCESS' }),
    ];
    await poll();
    expect(await rig.row(task?.id ?? '')).toMatchObject({ status: 'SUCCESS' });
    expect(await endings()).toMatchObject({ events: 1, refunds: 0, deliveries: 1 });
  });
});

describe('a SUCCESS without a picture, and a FAILURE with one', () => {
  it('are polled again, or end once as a failure', async () => {
    await due(2);
    fake.show('up-0', { status: 'SUCCESS', imageUrl: null });
    fake.show('up-1', { status: 'FAILURE', failReason: '', imageUrl: 'https://up.test/a.png' });
    await poll();
    const rows = await rig.rows();
    const of = (id: string): Task | undefined => rows.find(({ upstreamTaskId }) => upstreamTaskId === id);
    expect(of('up-0')).toMatchObject({ status: 'IN_PROGRESS', progress: 99, pictureCount: 0 });
    expect(of('up-1')).toMatchObject({ status: 'FAILURE', failReason: expect.stringMatching(/./) });
    expect(await endings()).toMatchObject({ events: 1, refunds: 1, deliveries: 1 });
    const payloads = await rig.sql<{ payload: string }>('select payload from hook_delivery where terminal');
    const shown = payloads.map(({ payload }) => JSON.parse(payload) as { status: string; imageUrl: string });
    expect(shown).toEqual([expect.objectContaining({ status: 'FAILURE', imageUrl: '' })]);
  });
});
