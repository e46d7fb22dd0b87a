import { Logger } from '@nestjs/common';
import { RouteMissingError, UpstreamCallError, type UpstreamTarget } from '#libs/upstream';
import { aSnapshot } from '../../test/a-snapshot.js';
import { OPTIONS, type Replica } from '../../test/replica.js';
import { useRig } from '../../test/use-tracking.js';
import { FakeUpstream } from '../../test/fake-upstream.js';
import { correlationIdOf } from '../task/correlation-id.js';
import type { Task } from '../task/task.entity.js';

const MINUTE = 60_000;

const rig = useRig();
let fake: FakeUpstream;
let replica: Replica;
let up: UpstreamTarget;
let apiKeyId: string;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(async () => {
  fake = new FakeUpstream();
  apiKeyId = await rig.key({ balance: 100 });
  const { id } = await rig.addUpstream(200);
  replica = await rig.replica({}, fake);
  const found = replica.upstreams.find(id);
  if (found === null) throw new Error('no upstream');
  up = found;
});

/** Makes `n` accepted tasks, `up-0`, `up-1`, …, whose polls are due. */
async function due(n: number, newTask = {}): Promise<Task[]> {
  const made = await rig.accepted(n, { id: up.id, priority: 0, weight: 1 }, { apiKeyId, ...newTask });
  await rig.passTime(10_000);
  return made;
}

/** Time until the last poll is due, ms. */
const wait = async (): Promise<number> => {
  const [row] = await rig.sql<{ ms: number }>(
    'select extract(epoch from max(due_at) - now()) * 1000 as ms from task_poll',
  );
  return Number(row?.ms);
};

const statuses = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await rig.rows()).map(({ upstreamTaskId, status }) => [upstreamTaskId, status])) as Record<
    string,
    string
  >;

describe('a batch', () => {
  it('brings each task up to date, and wakes the hook dispatcher and the asset keeper', async () => {
    await due(3, { notifyHook: 'https://client.test/h' });
    fake.show('up-0', { status: 'SUCCESS', imageUrl: 'https://up.test/a.png' });
    fake.show('up-1', { status: 'FAILURE', failReason: 'no' });
    fake.show('up-2', { status: 'IN_PROGRESS', progress: 30 });
    expect(await replica.sync.syncDue(up)).toBe(3);
    expect(await statuses()).toEqual({ 'up-0': 'SUCCESS', 'up-1': 'FAILURE', 'up-2': 'IN_PROGRESS' });
    expect(fake.polls.map((ids) => [...ids].sort())).toEqual([['up-0', 'up-1', 'up-2']]);
    expect([replica.hooks.nudges, replica.assets.nudges]).toEqual([1, 1]);
    expect(await replica.sync.syncDue(up)).toBe(0);
    expect(fake.polls).toHaveLength(1);
  });

  it('wakes no job when nothing has changed', async () => {
    await due(1, { notifyHook: 'https://client.test/h' });
    fake.show('up-0', { status: 'SUBMITTED' });
    await replica.sync.syncDue(up);
    expect([replica.hooks.nudges, replica.assets.nudges]).toEqual([0, 0]);
  });

  it('fetches at most a hundred tasks at once', async () => {
    await due(150);
    expect([await replica.sync.syncDue(up), await replica.sync.syncDue(up)]).toEqual([100, 50]);
    expect(fake.polls.map(({ length }) => length)).toEqual([100, 50]);
  });

  it('ignores tasks that were not requested and duplicates', async () => {
    await due(2);
    const other = await rig.addUpstream(5);
    const [foreign] = await rig.accepted(1, other, { apiKeyId }, 'foreign');
    fake.show('up-0', { status: 'IN_PROGRESS', progress: 10 });
    fake.show('up-1', { status: 'IN_PROGRESS', progress: 20 });
    fake.extra = [
      aSnapshot({ upstreamTaskId: 'foreign-0', status: 'SUCCESS' }),
      aSnapshot({ upstreamTaskId: 'nobody', status: 'FAILURE' }),
      aSnapshot({ upstreamTaskId: 'up-1', status: 'IN_PROGRESS', progress: 20 }),
    ];
    await replica.sync.syncDue(up);
    expect(await rig.row(foreign?.id ?? '')).toEqual(foreign);
    const own = (await rig.rows()).filter(({ upstreamId }) => upstreamId === up.id);
    expect(new Map(own.map(({ upstreamTaskId, progress }) => [upstreamTaskId, progress]))).toEqual(
      new Map([
        ['up-0', 10],
        ['up-1', 20],
      ]),
    );
    expect(await rig.count("task_event where kind = 'progress'")).toBe(2);
  });
});

describe('an upstream that declines to be read', () => {
  it('is paused, longer each time, and the claim on the batch is released', async () => {
    await due(2);
    fake.faults.many = 'status_4xx';
    expect(await replica.sync.syncDue(up)).toBe(2);
    expect(replica.sync.isPaused(up.id)).toBe(true);
    expect(await wait()).toBeLessThanOrEqual(1_000);
    await rig.passTime(MINUTE);
    await replica.sync.syncDue(up);
    expect(await wait()).toBeGreaterThan(1_000);
    expect(await rig.rows()).toMatchObject([{ version: 1 }, { version: 1 }]);
    expect(replica.upstreams.mayCall(up.id)).toBe(true);

    fake.faults.many = null;
    fake.show('up-0', { status: 'SUCCESS' });
    await rig.passTime(MINUTE);
    await replica.sync.syncDue(up);
    expect(replica.sync.isPaused(up.id)).toBe(false);
    expect((await statuses())['up-0']).toBe('SUCCESS');
  });

  it('does not affect other upstreams', async () => {
    const other = await rig.addUpstream(5);
    await replica.upstreams.refresh();
    await due(1);
    fake.faults.many = 'status_4xx';
    await replica.sync.syncDue(up);
    expect([replica.sync.isPaused(up.id), replica.sync.isPaused(other.id)]).toEqual([true, false]);
  });
});

describe('an upstream that does not answer', () => {
  it('is asked again soon, until its circuit opens', async () => {
    await due(2);
    fake.faults.many = 'timeout';
    for (let poll = 1; poll <= 5; poll += 1) {
      expect(replica.sync.isPaused(up.id)).toBe(false);
      expect(await replica.sync.syncDue(up)).toBe(2);
      expect(await wait()).toBeLessThanOrEqual(1_000);
      await rig.passTime(MINUTE);
    }
    expect(replica.sync.isPaused(up.id)).toBe(true);
    await replica.sync.syncDue(up);
    expect(fake.polls).toHaveLength(5);
  });

  it('does not use up the deadlines of its tasks', async () => {
    const [task] = await due(1);
    fake.faults.many = 'connect';
    await replica.sync.syncDue(up);
    await rig.passTime(OPTIONS.taskTimeoutMs.FAST * 2);
    fake.faults.many = null;
    fake.show('up-0', { status: 'IN_PROGRESS', progress: 10 });
    await replica.sync.syncDue(up);
    expect(await rig.row(task?.id ?? '')).toMatchObject({ status: 'IN_PROGRESS', progress: 10 });
  });
});

describe('an upstream without a list route', () => {
  it('is recognised by its first answer, and its tasks are fetched singly from then on', async () => {
    await due(3);
    fake.fetchMany = () => Promise.reject(new RouteMissingError());
    for (const at of [0, 1, 2]) fake.show(`up-${at}`, { status: 'IN_PROGRESS', progress: 30 });
    expect(await replica.sync.syncDue(up)).toBe(3);
    expect((await rig.rows()).map(({ progress }) => progress)).toEqual([30, 30, 30]);
    expect(replica.upstreams.capabilitiesOf(up.id).readsBatches).toBe(false);
    expect(await rig.sql('select reads_batches from upstream')).toEqual([{ reads_batches: false }]);

    const asked = jest.spyOn(fake, 'fetchMany');
    fake.show('up-1', { status: 'SUCCESS' });
    await rig.passTime(MINUTE);
    await replica.sync.syncDue(up);
    expect(asked).not.toHaveBeenCalled();
    expect((await statuses())['up-1']).toBe('SUCCESS');
  });

  describe('that is known as such', () => {
    beforeEach(async () => {
      await rig.sql('update upstream set reads_batches = false');
      await replica.upstreams.refresh();
    });

    it('gets at most eight calls at once', async () => {
      await due(40);
      let [now, most] = [0, 0];
      fake.fetch = async (_, upstreamTaskId) => {
        most = Math.max(most, (now += 1));
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
        return aSnapshot({ upstreamTaskId, status: 'SUCCESS' });
      };
      let synced = 0;
      for (let n = await replica.sync.syncDue(up); n > 0; n = await replica.sync.syncDue(up)) synced += n;
      expect([synced, most]).toEqual([40, 8]);
      expect(await rig.count("task where status = 'SUCCESS'")).toBe(40);
      expect(replica.sync.mostBatches(up.id)).toBe(1);
    });

    it('updates the tasks that it answers, and is asked again for the rest', async () => {
      await due(3);
      fake.fetch = (_, upstreamTaskId) =>
        upstreamTaskId === 'up-1'
          ? Promise.reject(new UpstreamCallError('reset'))
          : Promise.resolve(aSnapshot({ upstreamTaskId, status: 'SUCCESS' }));
      await replica.sync.syncDue(up);
      expect(await statuses()).toEqual({ 'up-0': 'SUCCESS', 'up-1': 'SUBMITTED', 'up-2': 'SUCCESS' });
      expect((await rig.rows()).find(({ upstreamTaskId }) => upstreamTaskId === 'up-1')?.missingSince).toBeNull();
      expect(await wait()).toBeLessThanOrEqual(1_000);
    });

    it('ends a task that it does not know after ten minutes, like any other', async () => {
      const [task] = await due(1);
      await replica.sync.syncDue(up);
      expect((await rig.row(task?.id ?? '')).missingSince).not.toBeNull();
      await rig.passTime(OPTIONS.missingAfterMs);
      await replica.sync.syncDue(up);
      expect(await rig.row(task?.id ?? '')).toMatchObject({ status: 'FAILURE', failCode: 'missing' });
    });
  });
});

describe('the echo of correlation ids by an upstream', () => {
  const echoes = async (): Promise<unknown> => (await rig.sql('select echoes_state from upstream'))[0];

  it("is recorded from the gateway's own tasks, and for ever once seen", async () => {
    const [task] = await due(1);
    fake.show('up-0', { status: 'IN_PROGRESS', state: null });
    await replica.sync.syncDue(up);
    expect(await echoes()).toEqual({ echoes_state: false });
    for (const state of [correlationIdOf(task?.id ?? ''), null]) {
      fake.show('up-0', { status: 'IN_PROGRESS', state });
      await rig.passTime(MINUTE);
      await replica.sync.syncDue(up);
      expect(await echoes()).toEqual({ echoes_state: true });
    }
  });

  it('is not recorded from the correlation ids of other tasks', async () => {
    await due(1);
    fake.show('up-0', { status: 'IN_PROGRESS', state: 'theirs' });
    await replica.sync.syncDue(up);
    expect(await echoes()).toEqual({ echoes_state: null });
  });
});

describe('a task that the answers leave out', () => {
  const poll = async (): Promise<void> => {
    await rig.passTime(MINUTE);
    await replica.sync.syncDue(up);
  };

  it('is fetched singly after ten minutes, and ends missing if that call does not find it', async () => {
    const [task] = await due(1);
    for (let minute = 0; minute < 10; minute += 1) await poll();
    expect(fake.singles).toEqual([]);
    expect(await statuses()).toEqual({ 'up-0': 'SUBMITTED' });
    await poll();
    expect(fake.singles).toEqual(['up-0']);
    expect(await rig.row(task?.id ?? '')).toMatchObject({ status: 'FAILURE', failCode: 'missing', cost: '0.000000' });
    expect(await rig.balance(apiKeyId)).toBe(100);
  });

  it('continues when the single call finds it', async () => {
    await due(1);
    await poll();
    fake.fetchMany = () => Promise.resolve([]);
    fake.show('up-0', { status: 'SUCCESS' });
    await rig.passTime(OPTIONS.missingAfterMs);
    await poll();
    expect(await statuses()).toEqual({ 'up-0': 'SUCCESS' });
  });

  it('continues while the single call is not answered, but not for ever', async () => {
    await due(1);
    await poll();
    fake.faults.single = 'status_5xx';
    await rig.passTime(OPTIONS.missingAfterMs);
    await poll();
    expect(await statuses()).toEqual({ 'up-0': 'SUBMITTED' });
    await rig.passTime(OPTIONS.taskTimeoutMs.FAST);
    await poll();
    expect((await rig.rows())[0]).toMatchObject({ status: 'FAILURE', failCode: 'missing' });
  });

  it('does not become another task that the single call returns', async () => {
    await due(1);
    await poll();
    fake.shown.set('up-0', aSnapshot({ upstreamTaskId: 'another', status: 'SUCCESS' }));
    await rig.passTime(OPTIONS.missingAfterMs);
    await poll();
    expect(await statuses()).toEqual({ 'up-0': 'SUBMITTED' });
  });

  it('holds up no other: few are fetched singly, after the others were saved', async () => {
    await due(30);
    await poll();
    await rig.passTime(OPTIONS.missingAfterMs);
    fake.show('up-29', { status: 'SUCCESS' });
    const statusOfListed = new Set<string>();
    const fetch = fake.fetch.bind(fake);
    fake.fetch = async (target, id) => {
      statusOfListed.add((await statuses())['up-29'] ?? '');
      return fetch(target, id);
    };
    await poll();
    expect([...statusOfListed]).toEqual(['SUCCESS']);
    expect(fake.singles).toHaveLength(8);
    expect(await rig.count("task where fail_code = 'missing'")).toBe(8);
    for (let round = 0; round < 3; round += 1) await poll();
    expect(await rig.count("task where fail_code = 'missing'")).toBe(29);
  });
});

describe('a row that cannot be saved', () => {
  it('holds up no other: it is quarantined for a minute, with an event in its timeline', async () => {
    await due(5);
    for (let at = 0; at < 5; at += 1) fake.show(`up-${at}`, { status: 'SUCCESS' });
    fake.show('up-2', { status: 'IN_PROGRESS', progress: 20, promptEn: 'nul \u0000' });
    await replica.sync.syncDue(up);
    expect(await statuses()).toEqual({
      ...{ 'up-0': 'SUCCESS', 'up-1': 'SUCCESS', 'up-2': 'SUBMITTED', 'up-3': 'SUCCESS', 'up-4': 'SUCCESS' },
    });
    const bad = (await rig.rows()).find(({ upstreamTaskId }) => upstreamTaskId === 'up-2');
    expect(Number(bad?.nextPollAt) - rig.database.now().getTime()).toBeGreaterThan(30_000);
    expect((await rig.timeline(bad?.id ?? '')).at(-1)).toMatchObject({ kind: 'unsaved', source: 'poller', version: 1 });

    await rig.passTime(MINUTE);
    await replica.sync.syncDue(up);
    expect((await rig.kinds(bad?.id ?? '')).filter((kind) => kind === 'unsaved')).toHaveLength(1);

    fake.show('up-2', { status: 'SUCCESS' });
    await rig.passTime(MINUTE);
    await replica.sync.syncDue(up);
    expect((await statuses())['up-2']).toBe('SUCCESS');
  });
});
