import { Logger } from '@nestjs/common';
import type { Snapshot } from '#libs/upstream';
import { until } from '../../../../test/support/until.js';
import { aSnapshot } from '../../test/a-snapshot.js';
import { FakeUpstream } from '../../test/fake-upstream.js';
import { useRig } from '../../test/use-tracking.js';

const rig = useRig();
let fake: FakeUpstream;
let apiKeyId: string;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(async () => {
  fake = new FakeUpstream();
  apiKeyId = await rig.key({ balance: 1_000 });
});

describe('upstreams that are silent', () => {
  it('hold up only their own tasks, however many they are', async () => {
    const silent = await Promise.all(Array.from({ length: 5 }, () => rig.addUpstream(5)));
    for (const [at, up] of silent.entries()) await rig.accepted(5, up, { apiKeyId }, `silent${at}`);
    const good = await rig.addUpstream(250);
    await rig.accepted(250, good, { apiKeyId }, 'good');
    await rig.passTime(10_000);
    const ids = new Set(silent.map(({ id }) => id));
    const waiting: ((snapshots: Snapshot[]) => void)[] = [];
    fake.fetchMany = (up, asked) =>
      ids.has(up.id)
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(asked.map((upstreamTaskId) => aSnapshot({ upstreamTaskId, status: 'SUCCESS' })));
    const replica = await rig.replica({}, fake);
    replica.poller.tick();
    await until('the tasks of the other', async () =>
      (await rig.count("task where status = 'SUCCESS'")) === 250 ? true : null,
    );
    expect(waiting).toHaveLength(5);
    for (const resolve of waiting) resolve([]);
  });
});

describe('one id at two upstreams', () => {
  it('is two tasks, each as its own upstream shows it', async () => {
    const [first, second] = [await rig.addUpstream(5), await rig.addUpstream(5)];
    const [mine] = await rig.accepted(1, first, { apiKeyId }, 'same');
    const [other] = await rig.accepted(1, second, { apiKeyId }, 'same');
    await rig.passTime(10_000);
    fake.fetchMany = (up, asked) =>
      Promise.resolve(
        asked.map((upstreamTaskId) =>
          aSnapshot({ upstreamTaskId, status: up.id === first.id ? 'FAILURE' : 'SUCCESS' }),
        ),
      );
    const replica = await rig.replica({}, fake);
    for (const { id } of [first, second]) {
      const up = replica.upstreams.find(id);
      if (up !== null) await replica.sync.syncDue(up);
    }
    expect(await rig.row(mine?.id ?? '')).toMatchObject({ status: 'FAILURE' });
    expect(await rig.row(other?.id ?? '')).toMatchObject({ status: 'SUCCESS' });
    expect(await rig.count("ledger where kind = 'refund'")).toBe(1);
  });
});
