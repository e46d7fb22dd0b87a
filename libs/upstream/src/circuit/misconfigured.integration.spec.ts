import { Logger } from '@nestjs/common';
import { aSnapshot } from '../../test/a-snapshot.js';
import { imagine } from '../../test/commands.js';
import { SUBMIT_CONTEXT } from '../../test/target.js';
import { ScriptedAdapter, UpstreamRig, type UpstreamReplica } from '../../test/upstream-rig.js';
import type { OperatorFault, Outcome, FaultScope } from '../port/outcome.js';
import type { Snapshot } from '../port/snapshot.js';

const MINUTE = 60_000;

let rig: UpstreamRig;
let scripted: ScriptedAdapter;
let one: UpstreamReplica;
let two: UpstreamReplica;
let id: string;
let alarms: jest.SpyInstance;
let tasks: number;
beforeAll(async () => {
  rig = await UpstreamRig.open();
});
beforeEach(async () => {
  Logger.overrideLogger(false);
  alarms = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
  tasks = 0;
  id = await rig.add();
  scripted = new ScriptedAdapter();
  one = await rig.replica(scripted);
  two = await rig.replica(scripted);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rig.reset();
});
afterAll(() => rig.close());

/** Sends a task of its own, unless told which. */
function submit({ adapter, target }: UpstreamReplica, state = `jm:${(tasks += 1)}`): Promise<Outcome> {
  return adapter.submit(target(id), imagine('a fox'), { ...SUBMIT_CONTEXT, state });
}

function says(fault: OperatorFault, scope: FaultScope = 'upstream'): void {
  scripted.outcome = { kind: 'nothing_done', fault, scope };
}

const accepts = (): void => void (scripted.outcome = { kind: 'accepted', upstreamTaskIds: ['17'] });

/** As it stands in the row. */
async function row(): Promise<{ circuit: string; misconfigured: string | null; last_error: string | null }> {
  await Promise.all([one.health.flush(), two.health.flush()]);
  const [found] = await rig.sql<Awaited<ReturnType<typeof row>>>(
    `select case when circuit_until is null then 'closed' when circuit_until > now() then 'open' else 'half-open' end as circuit,
      misconfigured, last_error from upstream where id = $1`,
    [id],
  );
  if (found === undefined) throw new Error('no row');
  return found;
}

const rung = (): object[] => alarms.mock.calls.map(([line]) => line as object).filter((line) => 'alarm' in line);

describe("an upstream that speaks of its operator's account", () => {
  it.each(['unauthorized', 'payment_required', 'forbidden'] as const)(
    'gets no work from then on, on any replica, and rings the alarm once: %s',
    async (fault) => {
      says(fault);
      const answers = await Promise.all([submit(one), submit(one), submit(one)]);
      expect(answers[0]).toEqual({ kind: 'nothing_done', fault, scope: 'upstream' });
      expect(await row()).toEqual({ circuit: 'open', misconfigured: fault, last_error: fault });
      expect(rung()).toEqual([expect.objectContaining({ upstreamId: id, fault, stops: true })]);
      await two.upstreams.refresh();
      expect([one.upstreams.isUsable(id), two.upstreams.isUsable(id)]).toEqual([false, false]);
      expect(await submit(two)).toEqual({ kind: 'nothing_done', fault: 'circuit_open' });
    },
  );

  it('is still asked for the tasks that it has', async () => {
    says('payment_required');
    await submit(one);
    expect(one.upstreams.mayCall(id)).toBe(true);
    await expect(one.adapter.fetchMany(one.target(id), ['17'])).resolves.toEqual([]);
    await expect(one.adapter.seed(one.target(id), '17')).resolves.toMatchObject({ kind: 'seed' });
  });

  it('is no failing one: it answers, and no failures of its own are counted', async () => {
    for (let count = 0; count < 12; count += 1) {
      says('forbidden', 'task');
      await submit(one);
    }
    expect(await row()).toMatchObject({ circuit: 'closed', misconfigured: null });
    expect(rung()).toEqual([]);
  });

  it('is tried again after a minute', async () => {
    says('payment_required');
    await submit(one);
    await rig.passTime(MINUTE - 1_000);
    await one.prober.tick();
    expect((await row()).circuit).toBe('open');
    await rig.passTime(2_000);
    await one.prober.tick();
    expect(await row()).toMatchObject({ circuit: 'closed', misconfigured: 'payment_required' });
    await submit(one);
    expect(await row()).toMatchObject({ circuit: 'open', misconfigured: 'payment_required' });
    expect(rung()).toHaveLength(1);
    await rig.passTime(MINUTE + 1_000);
    await one.prober.tick();
    accepts();
    await submit(one);
    expect(await row()).toMatchObject({ circuit: 'closed', misconfigured: null });
  });

  it('shows by a read that its key is right again', async () => {
    says('unauthorized');
    await submit(one);
    await rig.passTime(MINUTE + 1_000);
    scripted.fault = 'unauthorized';
    await one.prober.tick();
    expect(await row()).toMatchObject({ circuit: 'open', misconfigured: 'unauthorized' });
    await rig.passTime(MINUTE + 1_000);
    scripted.fault = null;
    await one.prober.tick();
    expect(await row()).toMatchObject({ circuit: 'closed', misconfigured: null });
  });

  it('is a failing one where it does not answer the probe', async () => {
    says('unauthorized');
    await submit(one);
    await rig.passTime(MINUTE + 1_000);
    scripted.fault = 'connect';
    await one.prober.tick();
    expect(await row()).toMatchObject({ circuit: 'open', misconfigured: null });
    expect(one.upstreams.mayCall(id)).toBe(false);
  });

  it('is not reported again by calls that began before its operator helped', async () => {
    let answer: (outcome: Outcome) => void = () => undefined;
    scripted.outcome = new Promise<Outcome>((resolve) => (answer = resolve));
    const slow = submit(one);
    await rig.sql(`update upstream set circuit_changed_at = now() + interval '1 s'`);
    await one.upstreams.refresh();
    answer({ kind: 'nothing_done', fault: 'unauthorized', scope: 'upstream' });
    await slow;
    expect(await row()).toMatchObject({ circuit: 'closed', misconfigured: null });
  });
});

describe('an upstream that speaks of one kind of work', () => {
  it('gets no work at all where it took none yet', async () => {
    says('not_found', 'work');
    await submit(one);
    expect(await row()).toMatchObject({ circuit: 'open', misconfigured: 'not_found' });
  });

  it('gets other work where it takes that, with the same alarm', async () => {
    await submit(one);
    says('forbidden', 'work');
    await submit(one);
    await submit(one);
    expect(await row()).toEqual({ circuit: 'closed', misconfigured: 'forbidden', last_error: 'forbidden' });
    expect(rung()).toEqual([expect.objectContaining({ fault: 'forbidden', stops: false })]);
    accepts();
    await submit(one);
    expect(await row()).toMatchObject({ circuit: 'closed', misconfigured: null });
  });

  it('refuses a task that it declines again, while it takes others', async () => {
    await submit(one);
    says('forbidden', 'work');
    expect(await submit(one, 'jm:odd')).toMatchObject({ kind: 'nothing_done' });
    accepts();
    await submit(one);
    says('forbidden', 'work');
    expect(await submit(one, 'jm:odd')).toEqual({ kind: 'refused', code: 9, words: '' });
    expect(await row()).toMatchObject({ circuit: 'closed', misconfigured: null });
  });
});

describe('a read', () => {
  it.each(['unauthorized', 'payment_required', 'redirected'] as const)(
    'that every task needs, and is declined so, keeps new work from it: %s',
    async (fault) => {
      scripted.fault = fault;
      await one.adapter.fetchMany(one.target(id), ['17']).catch(() => undefined);
      expect(await row()).toEqual({ circuit: 'open', misconfigured: fault, last_error: fault });
    },
  );

  it.each([
    ['of one task that is not ours', 'forbidden', 'fetch'],
    ['of a seed', 'unauthorized', 'seed'],
  ] as const)('%s does not', async (_, fault, read) => {
    scripted.fault = fault;
    await one.adapter[read](one.target(id), '17').catch(() => undefined);
    expect(await row()).toMatchObject({ circuit: 'closed', misconfigured: null });
  });

  it('that is answered in another form is an answer', async () => {
    scripted.fault = 'unexpected';
    for (let count = 0; count < 20; count += 1) {
      await one.adapter.fetchMany(one.target(id), ['17']).catch(() => undefined);
      await one.adapter.fetch(one.target(id), '17').catch(() => undefined);
    }
    expect(await row()).toEqual({ circuit: 'closed', misconfigured: null, last_error: null });
  });
});

it('a submit that is answered in another form is an answer, however often', async () => {
  scripted.outcome = { kind: 'unknown', fault: 'unexpected' };
  for (let count = 0; count < 20; count += 1) await submit(one);
  expect(await row()).toEqual({ circuit: 'closed', misconfigured: null, last_error: null });
});

describe('a page in place of an answer to a submit', () => {
  const page: Outcome = { kind: 'nothing_done', fault: 'not_found', scope: 'work', isPage: true };
  const list = (...snapshots: Partial<Snapshot>[]): void =>
    void (scripted.recent = { snapshots: snapshots.map(aSnapshot), reachesBackTo: Infinity });

  it('began nothing where there is no API at all', async () => {
    scripted.recent = null;
    scripted.outcome = page;
    expect(await submit(one)).toEqual(page);
    expect(await row()).toMatchObject({ circuit: 'open', misconfigured: 'not_found' });
  });

  it('began nothing where the upstream lists other tasks', async () => {
    await submit(one);
    list({ state: 'jm:other' }, { state: null });
    scripted.outcome = page;
    expect(await submit(one)).toEqual(page);
  });

  it('counts as an acceptance of the task that the upstream lists', async () => {
    list({ upstreamTaskId: '18', state: 'jm:x' }, { upstreamTaskId: '17', state: 'jm:x' }, { state: 'jm:other' });
    scripted.outcome = page;
    expect(await submit(one, 'jm:x')).toEqual({ kind: 'accepted', upstreamTaskIds: ['17', '18'] });
    list({ upstreamTaskId: '19', state: 'jm:y', status: 'MODAL', finalPrompt: 'a fox' });
    expect(await submit(one, 'jm:y')).toEqual({ kind: 'window', upstreamTaskId: '19', finalPrompt: 'a fox' });
    expect(await row()).toMatchObject({ circuit: 'closed', misconfigured: null });
  });

  it('says nothing of an upstream that took work lately, and has no list', async () => {
    await submit(one);
    scripted.recent = null;
    scripted.outcome = page;
    expect(await submit(one)).toEqual({ kind: 'unknown', fault: 'unreadable' });
    expect(await row()).toMatchObject({ circuit: 'closed', misconfigured: null });
  });
});
