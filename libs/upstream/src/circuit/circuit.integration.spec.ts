import { Logger } from '@nestjs/common';
import { ScriptedAdapter, UpstreamRig, type UpstreamReplica } from '../../test/upstream-rig.js';
import { imagine } from '../../test/commands.js';
import { SUBMIT_CONTEXT } from '../../test/target.js';
import type { Outcome } from '../port/outcome.js';

const SECOND = 1_000;

let rig: UpstreamRig;
let scripted: ScriptedAdapter;
let one: UpstreamReplica;
let two: UpstreamReplica;
let id: string;
beforeAll(async () => {
  Logger.overrideLogger(false);
  rig = await UpstreamRig.open();
});
beforeEach(async () => {
  id = await rig.add();
  scripted = new ScriptedAdapter();
  one = await rig.replica(scripted);
  two = await rig.replica(scripted);
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

function submit({ adapter, target }: UpstreamReplica): Promise<Outcome> {
  return adapter.submit(target(id), imagine('a fox'), SUBMIT_CONTEXT);
}

/** Makes a replica see `n` submits fail in a row. */
async function fail(replica: UpstreamReplica, n = 5): Promise<void> {
  scripted.outcome = { kind: 'unknown', fault: 'timeout' };
  for (let at = 0; at < n; at += 1) await submit(replica);
}

interface Circuit {
  pause: number | null;
  opens: number;
  changed: boolean;
}

/** The circuit as it stands in the row; its pause in ms. */
async function circuit(): Promise<Circuit | undefined> {
  const [row] = await rig.sql<Circuit>(
    `select round(extract(epoch from circuit_until - now()) * 1000)::int as pause, circuit_opens as opens,
      circuit_changed_at is not null as changed from upstream where id = $1`,
    [id],
  );
  return row;
}

describe('a circuit', () => {
  it('opens by the fifth failure in a row, for five seconds', async () => {
    await fail(one, 4);
    expect(await circuit()).toEqual({ pause: null, opens: 0, changed: false });
    await fail(one, 1);
    const { pause, ...rest } = (await circuit()) ?? { pause: null };
    expect(rest).toEqual({ opens: 1, changed: true });
    expect(pause).toBeGreaterThan(3 * SECOND);
    expect(pause).toBeLessThanOrEqual(5 * SECOND);
  });

  it('is open for the replica that opened it at once, and for the others with their next refresh', async () => {
    await fail(one);
    expect(one.upstreams.mayCall(id)).toBe(false);
    await two.upstreams.refresh();
    expect(two.upstreams.mayCall(id)).toBe(false);
  });

  it('lets no call through, neither a submit nor a read, and records none', async () => {
    await fail(one);
    const before = [...scripted.calls];
    const up = one.target(id);
    expect(await submit(one)).toEqual({ kind: 'nothing_done', fault: 'circuit_open' });
    const reads = [
      one.adapter.fetchMany(up, ['17']),
      one.adapter.fetch(up, '17'),
      one.adapter.listRecent(up),
      one.adapter.seed(up, '17'),
      one.adapter.cancel(up, '17'),
    ];
    for (const read of reads) await expect(read).rejects.toMatchObject({ fault: 'circuit_open' });
    expect(scripted.calls).toEqual(before);
    await one.calls.flush(null);
    expect(await rig.sql('select sum(calls)::int as calls from upstream_call')).toEqual([{ calls: 5 }]);
  });

  it('is opened once, however many replicas and calls fail at the same time', async () => {
    scripted.outcome = new Promise((resolve) => setTimeout(() => resolve({ kind: 'unknown', fault: 'reset' }), 50));
    await Promise.all(Array.from({ length: 40 }, (_, at) => submit(at % 2 === 0 ? one : two)));
    expect((await circuit())?.opens).toBe(1);
  });

  it.each<Outcome>([
    { kind: 'full' },
    { kind: 'banned', promptEn: '', bannedWord: '' },
    { kind: 'refused', code: 4, words: 'no' },
    { kind: 'refused', code: 9, words: 'no' },
    { kind: 'nothing_done', fault: 'no_account' },
    { kind: 'unknown', fault: 'status_4xx' },
  ])('does not open for an answer that can be read: %j', async (outcome) => {
    scripted.outcome = outcome;
    for (let at = 0; at < 12; at += 1) await submit(one);
    expect((await circuit())?.pause).toBeNull();
  });

  it.each(['connect', 'dns', 'tls', 'timeout', 'reset', 'status_5xx', 'unreadable'] as const)(
    'opens for polls that fail by %s',
    async (fault) => {
      scripted.fault = fault;
      for (let at = 0; at < 5; at += 1) await one.adapter.fetchMany(one.target(id), ['17']).catch(() => undefined);
      expect((await circuit())?.opens).toBe(1);
    },
  );

  it('does not open for an answer that one task of many may have spoilt, nor for seeds and lists', async () => {
    scripted.fault = 'unreadable';
    const up = one.target(id);
    for (let at = 0; at < 12; at += 1) {
      await one.adapter.fetchMany(up, ['17', '18']).catch(() => undefined);
      await one.adapter.listRecent(up).catch(() => undefined);
      await one.adapter.seed(up, '17').catch(() => undefined);
    }
    expect((await circuit())?.opens).toBe(0);
  });

  it('is not opened by a replica whose failures are older than its closing', async () => {
    await fail(two, 4);
    await fail(one);
    // A second ago: this process may read the database's time a millisecond late.
    await rig.sql("update upstream set circuit_until = now() - interval '1 s'");
    await one.upstreams.refresh();
    await one.prober.tick();
    expect((await circuit())?.pause).toBeNull();
    // It has heard of neither, and this would be its fifth in a row.
    expect(two.upstreams.circuitOf(id)?.changedAt).toBeNull();
    await fail(two, 1);
    expect(await circuit()).toMatchObject({ pause: null, opens: 0 });
    expect(two.upstreams.mayCall(id)).toBe(true);
    await fail(two, 4);
    expect((await circuit())?.opens).toBe(0);
    await fail(two, 1);
    expect((await circuit())?.opens).toBe(1);
  });

  it('is not opened by calls that began before it closed', async () => {
    let answer = (_: Outcome): void => undefined;
    scripted.outcome = new Promise((resolve) => (answer = resolve));
    const hanging = Array.from({ length: 6 }, () => submit(two));
    await fail(one);
    await rig.passTime(5 * SECOND);
    await one.prober.tick();
    await two.upstreams.refresh();
    answer({ kind: 'unknown', fault: 'timeout' });
    await Promise.all(hanging);
    expect(await circuit()).toMatchObject({ pause: null, opens: 0 });
  });

  it('is not opened by a process that breaks its own calls on its way out', async () => {
    await one.adapter.close();
    await fail(one, 12);
    expect((await circuit())?.opens).toBe(0);
  });
});

describe('a half-open circuit', () => {
  beforeEach(async () => {
    await fail(one);
    scripted.calls.length = 0;
    await rig.passTime(5 * SECOND);
  });

  it('still admits no call', async () => {
    expect([one.upstreams.mayCall(id), two.upstreams.mayCall(id)]).toEqual([false, false]);
    expect(await submit(two)).toMatchObject({ fault: 'circuit_open' });
  });

  it('is probed once, by one of all replicas, and an answer closes it', async () => {
    const replicas = [one, two, await rig.replica(scripted), await rig.replica(scripted)];
    await Promise.all(replicas.flatMap(({ prober }) => [prober.tick(), prober.tick()]));
    expect(scripted.calls.filter((call) => call === 'probe')).toHaveLength(1);
    expect(await circuit()).toEqual({ pause: null, opens: 0, changed: true });
    await two.upstreams.refresh();
    scripted.outcome = { kind: 'full' };
    expect(await submit(two)).toEqual({ kind: 'full' });
  });

  it('is not probed before its pause is over', async () => {
    await rig.sql(`update upstream set circuit_until = now() + interval '1 minute'`);
    await one.upstreams.refresh();
    await one.prober.tick();
    expect(scripted.calls).toEqual([]);
  });

  it('closes for an answer that says no, too: it is there', async () => {
    scripted.fault = 'status_4xx';
    await one.prober.tick();
    expect((await circuit())?.pause).toBeNull();
  });

  it('opens for twice as long each time the probe fails, up to a minute', async () => {
    scripted.fault = 'connect';
    const pauses: number[] = [];
    for (let probe = 0; probe < 6; probe += 1) {
      await one.prober.tick();
      pauses.push(Math.ceil(((await circuit())?.pause ?? 0) / SECOND));
      await rig.passTime(61 * SECOND);
    }
    expect(pauses).toEqual([10, 20, 40, 60, 60, 60]);
    scripted.fault = null;
    await one.prober.tick();
    expect(await circuit()).toMatchObject({ pause: null, opens: 0 });
  });

  it('is probed by another when its prober dies over it', async () => {
    scripted.reply = new Promise(() => undefined);
    void one.prober.tick();
    while (scripted.calls.length === 0 && (await circuit())?.pause !== null && ((await circuit())?.pause ?? 0) < SECOND)
      await new Promise((resolve) => setTimeout(resolve, 10));
    scripted.reply = { readsBatches: true };
    await two.upstreams.refresh();
    await two.prober.tick();
    expect((await circuit())?.pause).toBeGreaterThan(0);
    await rig.passTime(16 * SECOND);
    await two.prober.tick();
    expect((await circuit())?.pause).toBeNull();
  });

  it('of a retired upstream that works at nothing is let be', async () => {
    await rig.sql('update upstream set enabled = false, retired_at = now()');
    await one.upstreams.refresh();
    await one.prober.tick();
    expect(scripted.calls).toEqual([]);
    await rig.sql('update upstream_load set running = 1');
    await one.prober.tick();
    expect(scripted.calls).toEqual(['probe']);
  });
});
