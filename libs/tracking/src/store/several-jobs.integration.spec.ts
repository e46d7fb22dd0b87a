import type { Outcome } from '#libs/upstream';
import { aNewTask } from '../../test/a-task.js';
import { FakeUpstream } from '../../test/fake-upstream.js';
import { COMMAND } from '../../test/tracking-rig.js';
import { useRig } from '../../test/use-tracking.js';
import type { Replica } from '../../test/replica.js';
import type { Submission } from '../submit/submissions.js';
import type { NewTask } from '../task/new-task.js';

/** A task of several jobs counts as so many running tasks, and takes so many slots. */
describe('a task of several jobs', () => {
  const rig = useRig();
  let upstream: FakeUpstream;

  beforeEach(() => void (upstream = new FakeUpstream()));

  const submit = (replica: Replica, newTask: Partial<NewTask>): Promise<Submission> =>
    replica.submissions.submit({
      newTask: aNewTask({ price: '0.400000', ...newTask }),
      command: COMMAND,
      answerOf: () => null,
    });
  const sync = async (replica: Replica, id: string): Promise<void> => {
    const target = replica.upstreams.find(id);
    if (target === null) throw new Error('no such upstream');
    await replica.sync.syncDue(target);
  };
  const account = async (id: string): Promise<unknown> =>
    (await rig.sql('select running, day_used from account where api_key_id = $1', [id]))[0];

  it('takes that many slots and counts, and releases them', async () => {
    const up = await rig.addUpstream(5);
    const apiKeyId = await rig.key({ balance: 1, maxConcurrent: 5, dailyTasks: 6 });
    const replica = await rig.replica({}, upstream);
    expect(await submit(replica, { apiKeyId, jobs: 4 })).toMatchObject({ kind: 'sent', task: { jobs: 4 } });
    expect([await rig.running(up.id), await account(apiKeyId)]).toEqual([4, { running: 4, day_used: 4 }]);
    expect(await submit(replica, { apiKeyId, jobs: 2 })).toMatchObject({ kind: 'busy' });
    expect(await submit(replica, { apiKeyId, price: '0.1' })).toMatchObject({ kind: 'sent' });
    expect(await rig.running(up.id)).toBe(5);
    upstream.show('up-1', { status: 'SUCCESS' });
    await rig.passTime(60_000);
    await sync(replica, up.id);
    expect(await rig.running(up.id)).toBe(1);
    expect(await account(apiKeyId)).toMatchObject({ running: 1 });
    expect(await rig.balance(apiKeyId)).toBeCloseTo(0.5);
  });

  it.each<[string, Outcome]>([
    ['declined', { kind: 'refused', code: 9, words: 'no' }],
    ['banned', { kind: 'banned', promptEn: '', bannedWord: 'x' }],
  ])('leaves nothing behind when it is %s', async (_, outcome) => {
    const up = await rig.addUpstream(5);
    const apiKeyId = await rig.key({ balance: 1, maxConcurrent: 5, dailyTasks: 5 });
    const replica = await rig.replica({}, upstream);
    upstream.answer = () => outcome;
    await submit(replica, { apiKeyId, jobs: 4 });
    expect([await rig.running(up.id), await account(apiKeyId)]).toEqual([0, { running: 0, day_used: 0 }]);
    expect(await rig.balance(apiKeyId)).toBe(1);
  });

  it('waits for slots of one upstream, and holds up later tasks', async () => {
    const one = await rig.addUpstream(3);
    await rig.addUpstream(3, { priority: -1 });
    const apiKeyId = await rig.key();
    const replica = await rig.replica({}, upstream);
    const small = [await submit(replica, { apiKeyId }), await submit(replica, { apiKeyId })];
    expect(small).toMatchObject([{ kind: 'sent' }, { kind: 'sent' }]);
    // One upstream has one slot left, the other all: the task fits the other.
    expect(await submit(replica, { apiKeyId, jobs: 3 })).toMatchObject({ kind: 'sent' });
    expect(await submit(replica, { apiKeyId, jobs: 2 })).toMatchObject({ kind: 'waiting' });
    await replica.dispatcher.dispatch();
    expect(upstream.submits).toHaveLength(3);
    upstream.show('up-1', { status: 'SUCCESS' });
    await rig.passTime(60_000);
    await sync(replica, one.id);
    await replica.dispatcher.dispatch();
    await replica.scheduler.beforeApplicationShutdown();
    expect(upstream.submits.at(-1)).toMatchObject({ upstreamId: one.id });
    expect(await rig.running(one.id)).toBe(3);
  });

  it('takes all slots of an upstream that has fewer', async () => {
    const up = await rig.addUpstream(2);
    const apiKeyId = await rig.key();
    const replica = await rig.replica({}, upstream);
    expect(await submit(replica, { apiKeyId, jobs: 10 })).toMatchObject({ kind: 'sent' });
    expect(await rig.running(up.id)).toBe(2);
    expect(await submit(replica, { apiKeyId, jobs: 10 })).toMatchObject({ kind: 'waiting' });
    expect(await submit(replica, { apiKeyId })).toMatchObject({ kind: 'waiting' });
  });

  it('moves to another upstream with all its slots', async () => {
    const first = await rig.addUpstream(4, { priority: 1 });
    const second = await rig.addUpstream(3);
    const apiKeyId = await rig.key();
    const replica = await rig.replica({}, upstream);
    upstream.answer = (_, up) =>
      up.id === first.id
        ? { kind: 'nothing_done', fault: 'connect' }
        : { kind: 'accepted', upstreamTaskIds: ['moved'] };
    expect(await submit(replica, { apiKeyId, jobs: 4 })).toMatchObject({ kind: 'sent', outcome: { kind: 'accepted' } });
    expect([await rig.running(first.id), await rig.running(second.id)]).toEqual([0, 3]);
  });
});
