import { Logger } from '@nestjs/common';
import type { Candidate } from '#libs/upstream';
import { until } from '../../../../../test/support/until.js';
import { aNewTask } from '../../../test/a-task.js';
import { FakeUpstream } from '../../../test/fake-upstream.js';
import type { Replica } from '../../../test/replica.js';
import { COMMAND } from '../../../test/tracking-rig.js';
import { useRig } from '../../../test/use-tracking.js';
import type { NewTask } from '../../task/new-task.js';

const rig = useRig();
let fake: FakeUpstream;
let apiKeyId: string;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(async () => {
  fake = new FakeUpstream();
  apiKeyId = await rig.key();
});

/** Adds an upstream of a kind whose models differ, with one slot. */
async function addYouchuan(defaultVersion: string | null): Promise<Candidate> {
  const up = await rig.addUpstream(1);
  await rig.sql(`update upstream set kind = 'youchuan', default_version = $2 where id = $1`, [up.id, defaultVersion]);
  return up;
}

const UNDER_WAY = 'task where not waiting and upstream_task_id is null';

const setSlots = (up: Candidate, slots: number): Promise<object[]> =>
  rig.sql('update upstream_load set max_concurrent = $2 where upstream_id = $1', [up.id, slots]);

async function submit({ submissions }: Replica, prompt: string, newTask: Partial<NewTask> = {}): Promise<string> {
  const command = { ...COMMAND, prompt };
  const submission = await submissions.submit({
    newTask: aNewTask({ apiKeyId, ...newTask }),
    command,
    answerOf: () => null,
  });
  if (!('task' in submission)) throw new Error(submission.kind);
  return submission.task.id;
}

/** Dispatches often enough for the longest pause of a task that was not sent. */
async function dispatch(replica: Replica): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    await replica.dispatcher.dispatch();
    const isOver = async (): Promise<true | null> => ((await rig.count(UNDER_WAY)) === 0 ? true : null);
    await until('the end of the sends', isOver);
    await rig.passTime(61_000);
  }
}

const dispatchesTo = async (taskId: string, up: Candidate): Promise<number> =>
  (await rig.timeline(taskId)).filter(
    ({ kind, detail }) => kind === 'dispatched' && String(detail['upstreamId']) === up.id,
  ).length;

describe('a task that waits', () => {
  it('is sent to an upstream that can do it by the version of its own only', async () => {
    const own = await addYouchuan('8.1');
    const replica = await rig.replica({}, fake);
    await submit(replica, 'a red cat --hd');
    const waiting = await submit(replica, 'a red cat --hd');
    expect(await rig.row(waiting)).toMatchObject({ waiting: true });
    await setSlots(own, 2);
    await dispatch(replica);
    expect(await rig.row(waiting)).toMatchObject({ waiting: false, upstreamId: own.id });
  });

  it('is not taken again and again by an upstream that cannot do it', async () => {
    const [able, unable] = [await addYouchuan(null), await addYouchuan('8.1')];
    const replica = await rig.replica({}, fake);
    await submit(replica, 'a red cat --tile');
    const waiting = await submit(replica, 'a red cat --tile');
    await dispatch(replica);
    expect(await rig.row(waiting)).toMatchObject({ waiting: true });
    expect(await dispatchesTo(waiting, unable)).toBe(1);
    await setSlots(able, 2);
    await dispatch(replica);
    expect(await rig.row(waiting)).toMatchObject({ waiting: false, upstreamId: able.id });
  });

  it('is taken by that upstream once its operator made it able', async () => {
    const [, changed] = [await addYouchuan(null), await addYouchuan('8.1')];
    const replica = await rig.replica({}, fake);
    await submit(replica, 'a red cat --tile');
    const waiting = await submit(replica, 'a red cat --tile');
    await dispatch(replica);
    await rig.sql('update upstream set default_version = null where id = $1', [changed.id]);
    await replica.upstreams.refresh();
    await dispatch(replica);
    expect(await rig.row(waiting)).toMatchObject({ waiting: false, upstreamId: changed.id });
  });

  it('keeps to the upstream of its parent, and to the kinds that its key accepts', async () => {
    const up = await addYouchuan('8.1');
    const replica = await rig.replica({}, fake);
    await submit(replica, 'a red cat');
    const waiting = await submit(replica, 'a red cat --hd', { upstreamId: up.id, upstreamKinds: ['youchuan'] });
    await setSlots(up, 2);
    await dispatch(replica);
    expect(await rig.row(waiting)).toMatchObject({ waiting: false, upstreamId: up.id });
  });
});
