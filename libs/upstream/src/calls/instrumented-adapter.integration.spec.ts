import { Logger } from '@nestjs/common';
import { DatabaseUnavailableError } from '#libs/database';
import { imagine } from '../../test/commands.js';
import { SUBMIT_CONTEXT } from '../../test/target.js';
import { ScriptedAdapter, UpstreamRig, type UpstreamReplica } from '../../test/upstream-rig.js';
import type { CallReport } from './call-report.js';
import { RouteMissingError } from '../port/outcome.js';

const MINUTE = 60_000;

let rig: UpstreamRig;
let scripted: ScriptedAdapter;
let replica: UpstreamReplica;
let id: string;
beforeAll(async () => {
  Logger.overrideLogger(false);
  rig = await UpstreamRig.open();
});
beforeEach(async () => {
  id = await rig.add();
  scripted = new ScriptedAdapter();
  replica = await rig.replica(scripted);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rig.reset();
});
afterAll(() => rig.close());

const submit = (): Promise<unknown> => replica.adapter.submit(replica.target(id), imagine('a fox'), SUBMIT_CONTEXT);
const poll = (): Promise<unknown> => replica.adapter.fetchMany(replica.target(id), ['17']).catch(() => undefined);

async function rows(): Promise<{ operation: string; result: string; calls: number }[]> {
  return rig.sql('select operation, result, calls from upstream_call order by id');
}

describe('the log of calls', () => {
  it('has each submit by itself, with its outcome', async () => {
    await submit();
    scripted.outcome = { kind: 'full' };
    await submit();
    await replica.calls.flush(rig.database.now());
    expect(await rows()).toEqual([
      { operation: 'submit', result: 'accepted', calls: 1 },
      { operation: 'submit', result: 'full', calls: 1 },
    ]);
    await replica.calls.flush(rig.database.now());
    expect(await rows()).toHaveLength(2);
  });

  it('sums all others by minute, operation and result, once the minute is over', async () => {
    jest.spyOn(rig.database, 'now').mockReturnValue(new Date('2026-03-01T12:00:30Z'));
    for (let at = 0; at < 3; at += 1) await poll();
    scripted.fault = 'status_4xx';
    await poll();
    await replica.adapter.cancel(replica.target(id), '17').catch(() => undefined);
    await replica.calls.flush(new Date('2026-03-01T12:00:59Z'));
    expect(await rows()).toEqual([]);
    await replica.calls.flush(new Date('2026-03-01T12:01:00Z'));
    expect(await rows()).toEqual([
      { operation: 'poll', result: 'ok', calls: 3 },
      { operation: 'poll', result: 'status_4xx', calls: 1 },
      { operation: 'cancel', result: 'status_4xx', calls: 1 },
    ]);
    const [row] = await rig.sql<{ at: Date }>('select min(at) as at from upstream_call');
    expect(row?.at).toEqual(new Date('2026-03-01T12:00:00Z'));
  });

  it('has the rows that were left when the process ended', async () => {
    await poll();
    await submit();
    await replica.observer.stop();
    expect(await rows()).toHaveLength(2);
  });

  it('keeps its rows while the database is away, and drops no more than it must', async () => {
    const run = jest.spyOn(rig.database, 'run').mockRejectedValue(new DatabaseUnavailableError(new Error('away')));
    for (let at = 0; at < 3; at += 1) await submit();
    await replica.calls.flush(rig.database.now());
    run.mockRestore();
    await replica.calls.flush(rig.database.now());
    expect(await rows()).toHaveLength(3);
  });

  it('is bounded', async () => {
    const report: CallReport = {
      upstream: { id, name: 'up', kind: 'midjourney-proxy' },
      operation: 'submit',
      result: 'full',
      fault: null,
      healthy: true,
      beganAt: rig.database.now(),
      ms: 1,
      isQuick: true,
    };
    for (let at = 0; at < 20_500; at += 1) replica.calls.note(report);
    await replica.calls.flush(rig.database.now());
    expect(await rig.sql('select count(*)::int as n from upstream_call')).toEqual([{ n: 20_000 }]);
  });

  it('leaves calls to an upstream that is gone out, and keeps the others', async () => {
    const gone = await rig.add();
    await replica.upstreams.refresh();
    await replica.adapter.submit(replica.target(gone), imagine('a fox'), SUBMIT_CONTEXT);
    await submit();
    await rig.sql('delete from upstream_load where upstream_id = $1', [gone]);
    await rig.sql('delete from upstream where id = $1', [gone]);
    await replica.calls.flush(rig.database.now());
    expect(await rows()).toHaveLength(1);
  });
});

describe('the health of an upstream', () => {
  interface Health {
    ok: number | null;
    last_error: string | null;
    failed: number | null;
    latency_ms: number | null;
  }
  async function health(): Promise<Health | undefined> {
    const [row] = await rig.sql<Health>(
      `select extract(epoch from last_ok_at)::int as ok, last_error, extract(epoch from last_error_at)::int as failed, latency_ms
       from upstream where id = $1`,
      [id],
    );
    return row;
  }

  it('says when it last answered, how it last failed and how long it takes', async () => {
    expect(await health()).toEqual({ ok: null, last_error: null, failed: null, latency_ms: null });
    await poll();
    await replica.health.flush();
    const good = await health();
    expect(good).toMatchObject({ last_error: null, failed: null });
    expect([typeof good?.ok, typeof good?.latency_ms]).toEqual(['number', 'number']);
    scripted.outcome = { kind: 'unknown', fault: 'status_5xx' };
    await submit();
    await replica.health.flush();
    expect(await health()).toMatchObject({ last_error: 'status_5xx', ok: good?.ok });
  });

  it('does not count a missing route, nor an answer of any code, as a failure', async () => {
    scripted.fetchMany = () => Promise.reject(new RouteMissingError());
    await poll();
    scripted.outcome = { kind: 'refused', code: 9, words: 'no' };
    await submit();
    await replica.health.flush();
    expect((await health())?.last_error).toBeNull();
  });

  it('is never set back by a replica that is late', async () => {
    const at = (beganAt: Date, fault: 'reset' | null): CallReport => ({
      upstream: { id, name: 'up', kind: 'midjourney-proxy' },
      operation: 'poll',
      result: fault ?? 'ok',
      fault,
      healthy: fault === null,
      beganAt,
      ms: 10,
      isQuick: true,
    });
    const [noon, later] = [new Date('2026-03-01T12:00:00Z'), new Date('2026-03-01T12:05:00Z')];
    const other = await rig.replica(scripted);
    replica.health.note(at(later, null));
    replica.health.note({ ...at(later, 'reset'), fault: 'timeout' });
    await replica.health.flush();
    other.health.note(at(noon, null));
    other.health.note(at(noon, 'reset'));
    await other.health.flush();
    const seconds = Math.round(later.getTime() / 1_000);
    expect(await health()).toMatchObject({ ok: seconds, last_error: 'timeout', failed: seconds });
  });

  it('is written by replicas at the same time without one waiting for another for ever', async () => {
    const ids = [id, await rig.add(), await rig.add()];
    const others = await Promise.all([1, 2, 3].map(() => rig.replica(scripted)));
    for (let round = 0; round < 10; round += 1) {
      for (const [at, other] of others.entries())
        for (const upstream of at % 2 === 0 ? ids : [...ids].reverse())
          await other.adapter.fetch(other.target(upstream), '17');
      await Promise.all(others.map((other) => other.health.flush()));
    }
    expect(await rig.sql('select count(*)::int as n from upstream where last_ok_at is not null')).toEqual([{ n: 3 }]);
  });
});

describe('the capabilities of an upstream', () => {
  const offers = async (): Promise<unknown> =>
    (await rig.sql('select reads_batches, lists_recent from upstream where id = $1', [id]))[0];

  it('is not asked for what its kind settles', async () => {
    await rig.sql(`update upstream set kind = 'apimart' where id = $1`, [id]);
    await replica.upstreams.refresh();
    await replica.prober.tick();
    expect(scripted.calls).toEqual(['probe']);
    expect(await offers()).toEqual({ reads_batches: null, lists_recent: null });
    const settled = { readsBatches: false, listsRecent: false, echoesState: false, pushes: false };
    expect(replica.capabilities.of(id)).toEqual(settled);
  });

  it('is asked by one replica, and again after ten minutes', async () => {
    const other = await rig.replica(scripted);
    await Promise.all([replica.prober.tick(), other.prober.tick()]);
    expect(scripted.calls).toEqual(['probe', 'listRecent']);
    expect(await offers()).toEqual({ reads_batches: true, lists_recent: true });

    await rig.passTime(9 * MINUTE);
    await replica.prober.tick();
    expect(scripted.calls).toHaveLength(2);
    await rig.passTime(MINUTE);
    scripted.reply = { readsBatches: false };
    scripted.recent = null;
    await replica.prober.tick();
    expect(scripted.calls).toHaveLength(4);
    expect(await offers()).toEqual({ reads_batches: false, lists_recent: false });
  });

  it('stays unknown where it does not answer, and is asked for again after a minute', async () => {
    scripted.fault = 'timeout';
    await replica.prober.tick();
    expect(await offers()).toEqual({ reads_batches: null, lists_recent: null });
    await replica.prober.tick();
    expect(scripted.calls).toHaveLength(2);
    scripted.fault = null;
    await rig.passTime(MINUTE);
    await replica.prober.tick();
    expect(await offers()).toEqual({ reads_batches: true, lists_recent: true });
  });

  it('is kept without a statement where it is known', async () => {
    await replica.capabilities.record(id, { pushes: true });
    const run = jest.spyOn(rig.database, 'run');
    await replica.capabilities.record(id, { pushes: true });
    expect(run).not.toHaveBeenCalled();
    expect(replica.capabilities.of(id).pushes).toBe(true);
  });

  it('is not asked of a retired one', async () => {
    await rig.sql('update upstream set enabled = false, retired_at = now()');
    await replica.upstreams.refresh();
    await replica.prober.tick();
    expect(scripted.calls).toEqual([]);
  });
});
