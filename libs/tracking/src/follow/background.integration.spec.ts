import { Logger } from '@nestjs/common';
import { OUTCOMES, settled } from '../../test/an-event.js';
import { useTracking } from '../../test/use-tracking.js';

const t = useTracking({ slots: 2, balance: 10 });
const { rig } = t;
beforeAll(() => {
  Logger.overrideLogger(false);
});

/** Runs one tick of every job with a period of a second or less. @returns the statements that the tick took */
async function second(): Promise<string[]> {
  const run = jest.spyOn(rig.database, 'run');
  for (let tick = 0; tick < 2; tick += 1) await t.replica.scheduler.tick();
  await t.replica.scheduler.beforeApplicationShutdown();
  const names = run.mock.calls.map(([{ name }]) => name);
  run.mockRestore();
  return names;
}

const isProbe = (name: string): boolean => name.startsWith('pulse_');
const did = (): number[] => [t.fake.polls.length, t.fake.submits.length, t.fake.lists];

describe('the background jobs', () => {
  it('cost one statement a tick while nothing is due', async () => {
    await rig.accepted(1, t.up, { apiKeyId: t.apiKeyId });
    await rig.sql("update task_poll set due_at = now() + interval '1 hour'");
    const statements = await second();
    expect(statements).toHaveLength(2);
    expect(statements.every(isProbe)).toBe(true);
    expect(did()).toEqual([0, 0, 0]);
  });

  it('poll due tasks', async () => {
    await rig.accepted(1, t.up, { apiKeyId: t.apiKeyId });
    await rig.passTime(10_000);
    await second();
    expect(did()).toEqual([1, 0, 0]);
  });

  it('send waiting tasks once a slot is free, and not before', async () => {
    await rig.sql('update upstream_load set max_concurrent = 1, running = 1');
    const opened = await t.replica.opener.open(rig.request([], { apiKeyId: t.apiKeyId }));
    expect(opened.kind).toBe('waiting');
    expect((await second()).every(isProbe)).toBe(true);
    await rig.sql('update upstream_load set running = 0');
    await rig.sql("update task set wait_until = now() + interval '1 hour'");
    expect((await second()).every(isProbe)).toBe(true);
    await rig.sql('update task set wait_until = now()');
    await second();
    expect(did()).toEqual([0, 1, 0]);
  });

  it('look up unknown outcomes', async () => {
    const opened = await t.replica.opener.open(rig.request([t.up], { apiKeyId: t.apiKeyId }));
    if (opened.kind !== 'opened') throw new Error(opened.kind);
    const change = opened.task.on(settled(OUTCOMES.unknown), rig.database.now());
    if (change !== null) await t.replica.tasks.settle(change, null, null);
    await rig.passTime(60_000);
    await second();
    expect(did()).toEqual([0, 0, 1]);
  });

  it('are shared by two replicas', async () => {
    const other = await rig.replica({}, t.fake);
    await rig.accepted(2, t.up, { apiKeyId: t.apiKeyId });
    await rig.passTime(10_000);
    await Promise.all(
      [t.replica, other].map(async ({ scheduler }) => {
        for (let tick = 0; tick < 2; tick += 1) await scheduler.tick();
        await scheduler.beforeApplicationShutdown();
      }),
    );
    expect(t.fake.polls.flat().sort()).toEqual([...new Set(t.fake.polls.flat())].sort());
    expect(t.fake.polls.flat()).toHaveLength(2);
  });
});
