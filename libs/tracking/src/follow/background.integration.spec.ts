import { Logger } from '@nestjs/common';
import type { Candidate } from '#libs/upstream';
import { OUTCOMES, settled } from '../../test/an-event.js';
import { FakeUpstream } from '../../test/fake-upstream.js';
import type { Replica } from '../../test/replica.js';
import { TrackingRig } from '../../test/tracking-rig.js';

let rig: TrackingRig;
let fake: FakeUpstream;
let replica: Replica;
let up: Candidate;
let apiKeyId: string;
beforeAll(async () => {
  Logger.overrideLogger(false);
  rig = await TrackingRig.open();
});
beforeEach(async () => {
  fake = new FakeUpstream();
  apiKeyId = await rig.key({ balance: 10 });
  up = await rig.addUpstream(2);
  replica = await rig.replica({}, fake);
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

/** One turn of everything that looks for work once a second or more often; gives the statements it took. */
async function second(): Promise<string[]> {
  const run = jest.spyOn(rig.database, 'run');
  for (let tick = 0; tick < 2; tick += 1) await replica.scheduler.tick();
  await replica.scheduler.beforeApplicationShutdown();
  const names = run.mock.calls.map(([{ name }]) => name);
  run.mockRestore();
  return names;
}

const isProbe = (name: string): boolean => name.startsWith('pulse_');
const did = (): number[] => [fake.polls.length, fake.submits.length, fake.lists];

describe('the background', () => {
  it('costs one statement a tick while nothing is due, whatever waits for its time', async () => {
    await rig.accepted(1, up, { apiKeyId });
    await rig.sql("update task_poll set due_at = now() + interval '1 hour'");
    const statements = await second();
    expect(statements).toHaveLength(2);
    expect(statements.every(isProbe)).toBe(true);
    expect(did()).toEqual([0, 0, 0]);
  });

  it('polls what is due', async () => {
    await rig.accepted(1, up, { apiKeyId });
    await rig.passTime(10_000);
    await second();
    expect(did()).toEqual([1, 0, 0]);
  });

  it('sends what waits once a slot is free, and not before', async () => {
    await rig.sql('update upstream_load set max_concurrent = 1, running = 1');
    const opened = await replica.opener.open(rig.request([], { apiKeyId }));
    expect(opened.kind).toBe('waiting');
    expect((await second()).every(isProbe)).toBe(true);
    await rig.sql('update upstream_load set running = 0');
    await rig.sql("update task set wait_until = now() + interval '1 hour'");
    expect((await second()).every(isProbe)).toBe(true);
    await rig.sql('update task set wait_until = now()');
    await second();
    expect(did()).toEqual([0, 1, 0]);
  });

  it('looks up what is unknown', async () => {
    const opened = await replica.opener.open(rig.request([up], { apiKeyId }));
    if (opened.kind !== 'opened') throw new Error(opened.kind);
    const change = opened.task.on(settled(OUTCOMES.unknown), rig.database.now());
    if (change !== null) await replica.tasks.settle(change, null, null);
    await rig.passTime(60_000);
    await second();
    expect(did()).toEqual([0, 0, 1]);
  });

  it('is the work of any one of two replicas', async () => {
    const other = await rig.replica({}, fake);
    await rig.accepted(2, up, { apiKeyId });
    await rig.passTime(10_000);
    await Promise.all(
      [replica, other].map(async ({ scheduler }) => {
        for (let tick = 0; tick < 2; tick += 1) await scheduler.tick();
        await scheduler.beforeApplicationShutdown();
      }),
    );
    expect(fake.polls.flat().sort()).toEqual([...new Set(fake.polls.flat())].sort());
    expect(fake.polls.flat()).toHaveLength(2);
  });
});
