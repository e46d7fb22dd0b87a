import { Logger } from '@nestjs/common';
import { OUTCOMES } from '../../test/an-event.js';
import { aNewTask } from '../../test/a-task.js';
import { FakeUpstream } from '../../test/fake-upstream.js';
import type { Replica } from '../../test/replica.js';
import { COMMAND } from '../../test/tracking-rig.js';
import { useRig } from '../../test/use-tracking.js';
import type { Submission } from './submissions.js';
import type { NewTask } from '../task/new-task.js';

const rig = useRig();
let fake: FakeUpstream;
let apiKeyId: string;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(async () => {
  fake = new FakeUpstream();
  apiKeyId = await rig.key({ balance: 10 });
});

function submit({ submissions }: Replica, newTask: Partial<NewTask> = {}): Promise<Submission> {
  return submissions.submit({ newTask: aNewTask({ apiKeyId, ...newTask }), command: COMMAND, answerOf: () => null });
}

describe('a submit', () => {
  it('is opened, sent and settled', async () => {
    await rig.addUpstream(1);
    const submission = await submit(await rig.replica({}, fake));
    expect(submission).toMatchObject({ kind: 'sent', outcome: { kind: 'accepted' } });
    expect(submission.kind === 'sent' && submission.task).toEqual((await rig.rows())[0]);
  });

  it('waits behind tasks that already wait', async () => {
    await rig.addUpstream(1);
    const replica = await rig.replica({}, fake);
    const kinds: unknown[] = [];
    for (let at = 0; at < 3; at += 1) {
      const submission = await submit(replica);
      kinds.push(submission.kind === 'waiting' ? submission.ahead : submission.kind);
    }
    expect(kinds).toEqual(['sent', 0, 1]);
  });

  it('waits when its upstream turns out to be full, and holds no slot meanwhile', async () => {
    const up = await rig.addUpstream(1);
    fake.answer = () => OUTCOMES.full;
    expect(await submit(await rig.replica({}, fake))).toMatchObject({ kind: 'waiting', ahead: 0 });
    expect(await rig.running(up.id)).toBe(0);
  });

  it('has no candidate when no upstream supports the mode', async () => {
    await rig.addUpstream(5);
    await rig.sql(`update upstream set modes = '{RELAX}'`);
    expect(await submit(await rig.replica({}, fake), { mode: 'TURBO' })).toEqual({ kind: 'no_candidate' });
    expect(await rig.count('task')).toBe(0);
  });

  it('goes to the kinds that its key accepts, as do follow-ups', async () => {
    const up = await rig.addUpstream(5);
    const replica = await rig.replica({}, fake);
    expect(await submit(replica, { upstreamKinds: ['youchuan'] })).toEqual({ kind: 'no_candidate' });
    expect(await submit(replica, { upstreamKinds: ['youchuan'], upstreamId: up.id })).toEqual({ kind: 'no_candidate' });
    expect(await rig.count('task')).toBe(0);
    expect(await submit(replica, { upstreamKinds: ['youchuan', 'midjourney-proxy'] })).toMatchObject({ kind: 'sent' });
  });

  it('waits while the circuit of every upstream is open, and goes to an upstream whose circuit is closed', async () => {
    const [cut, whole] = [await rig.addUpstream(5, { priority: 9 }), await rig.addUpstream(5)];
    await rig.sql(`update upstream set circuit_until = now() + interval '1 minute' where id = $1`, [cut.id]);
    await submit(await rig.replica({}, fake));
    expect(fake.submits.map(({ upstreamId }) => upstreamId)).toEqual([whole.id]);

    await rig.sql(`update upstream set circuit_until = now() + interval '1 minute'`);
    expect((await submit(await rig.replica({}, fake))).kind).toBe('waiting');
    expect(fake.submits).toHaveLength(1);
  });
});
