import pg from 'pg';
import type { UpstreamTarget } from '#libs/upstream';
import { aFinishedTask, aTask, aModal } from '../../test/a-task.js';
import { seen } from '../../test/an-event.js';
import { TrackingRig } from '../../test/tracking-rig.js';
import { useRig } from '../../test/use-tracking.js';
import type { Task } from '../task/task.entity.js';
import { DueTaskRepository } from './due-task.repository.js';
import { TaskRepository } from './task.repository.js';

const LEASE_MS = 30_000;

const rig = useRig();
let tasks: DueTaskRepository;
let apiKeyId: string;
let up: Awaited<ReturnType<TrackingRig['addUpstream']>>;
beforeAll(() => {
  tasks = new DueTaskRepository(rig.database);
});
beforeEach(async () => {
  apiKeyId = await rig.key();
  up = await rig.addUpstream(100);
});

async function due(n: number): Promise<Task[]> {
  const made = await rig.accepted(n, up, { apiKeyId });
  await rig.passTime(60_000);
  return made;
}

const idsOf = (claimed: readonly Task[]): string[] => claimed.map(({ id }) => id).sort();

describe('a claim', () => {
  it('takes due polls, the longest overdue first, and none twice', async () => {
    const made = await due(6);
    await rig.sql(`update task_poll set due_at = due_at - interval '1 hour' where task_id = $1`, [made[4]?.id]);
    const first = await tasks.claimDue(up.id, 1, LEASE_MS);
    expect(idsOf(first)).toEqual([made[4]?.id]);
    const rest = await tasks.claimDue(up.id, 100, LEASE_MS);
    expect(idsOf([...first, ...rest])).toEqual(idsOf(made));
    expect(await tasks.claimDue(up.id, 100, LEASE_MS)).toEqual([]);
  });

  it('returns the row at its present version', async () => {
    const [made] = await due(1);
    const [claimed] = await tasks.claimDue(up.id, 1, LEASE_MS);
    expect(claimed).toEqual(await rig.row(made?.id ?? ''));
    expect(claimed?.version).toBe(1);
  });

  it('shares no row with a concurrent claim', async () => {
    const made = await due(60);
    const claims = await Promise.all(Array.from({ length: 9 }, () => tasks.claimDue(up.id, 7, LEASE_MS)));
    expect(idsOf(claims.flat())).toHaveLength(new Set(idsOf(claims.flat())).size);
    const rest = await tasks.claimDue(up.id, 100, LEASE_MS);
    expect(idsOf([...claims.flat(), ...rest])).toEqual(idsOf(made));
  });

  it('does not wait for a locked row', async () => {
    const made = await due(3);
    const holder = new pg.Client({ connectionString: rig.url });
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query('select from task_poll where task_id = $1 for update', [made[1]?.id]);
      expect(idsOf(await tasks.claimDue(up.id, 100, LEASE_MS))).toEqual(idsOf(made.filter((_, at) => at !== 1)));
    } finally {
      await holder.end();
    }
  });

  it('ends by itself', async () => {
    const made = await due(2);
    await tasks.claimDue(up.id, 100, LEASE_MS);
    await rig.passTime(LEASE_MS);
    expect(idsOf(await tasks.claimDue(up.id, 100, LEASE_MS))).toEqual(idsOf(made));
  });

  it('of another upstream takes none of these polls', async () => {
    await due(2);
    const other = await rig.addUpstream(1);
    expect(await tasks.claimDue(other.id, 100, LEASE_MS)).toEqual([]);
  });

  it('takes no modal, no ended task, and none without an upstream id', async () => {
    const mine = { apiKeyId, upstreamId: up.id, isCounted: false, hasSlot: false };
    await rig.store(
      aTask({ ...mine, id: '6000000000000001', nextPollAt: new Date(0), lookUpAt: null }),
      aModal({ ...mine, id: '6000000000000002', upstreamTaskId: 'w' }),
      aFinishedTask('SUCCESS', { ...mine, id: '6000000000000003', upstreamTaskId: 'f' }),
    );
    expect(await tasks.claimDue(up.id, 100, LEASE_MS)).toEqual([]);
  });

  it('cannot be made on a task that has ended: the table refuses it', async () => {
    const finished = aFinishedTask('FAILURE', { apiKeyId, upstreamId: up.id, nextPollAt: new Date(0) });
    await expect(rig.store(finished)).rejects.toMatchObject({ code: '23514' });
  });
});

describe('a postponed poll', () => {
  it('is due again after the given delay', async () => {
    await due(3);
    const claimed = await tasks.claimDue(up.id, 100, LEASE_MS);
    await tasks.postpone(claimed, 5_000);
    expect(await tasks.claimDue(up.id, 100, LEASE_MS)).toEqual([]);
    await rig.passTime(5_000);
    expect(await tasks.claimDue(up.id, 100, LEASE_MS)).toHaveLength(3);
  });

  it('does not exist for a task that has ended meanwhile', async () => {
    const [made] = await due(1);
    const claimed = await tasks.claimDue(up.id, 100, LEASE_MS);
    const change = (await rig.row(made?.id ?? '')).on(seen({ status: 'SUCCESS' }), rig.database.now());
    if (change !== null) await new TaskRepository(rig.database).save([change]);
    await tasks.postpone(claimed, 0);
    expect((await rig.row(made?.id ?? '')).nextPollAt).toBeNull();
  });
});

describe('a claim of look-ups', () => {
  it('takes sends past their deadline and unknown outcomes, once', async () => {
    const { opener } = await rig.replica();
    const opened = await opener.open(rig.request([up], { apiKeyId }));
    expect(await tasks.claimLookUps(10, LEASE_MS)).toEqual([]);
    await rig.passTime(40_000);
    const claims = await Promise.all([1, 2, 3].map(() => tasks.claimLookUps(10, LEASE_MS)));
    expect(idsOf(claims.flat())).toEqual(['task' in opened ? opened.task.id : '']);
    await rig.passTime(LEASE_MS);
    expect(await tasks.claimLookUps(10, LEASE_MS)).toHaveLength(1);
  });
});

describe('an upstream target', () => {
  it('is not needed to claim: retired upstreams are followed to the end of their tasks', async () => {
    const made = await due(1);
    await rig.sql('update upstream set enabled = false, retired_at = now()');
    const { upstreams } = await rig.replica();
    const [target]: UpstreamTarget[] = upstreams.all();
    expect(idsOf(await tasks.claimDue(target?.id ?? '', 10, LEASE_MS))).toEqual(idsOf(made));
  });
});
