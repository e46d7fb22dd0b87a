import { inspect } from 'node:util';
import { isTerminal } from '#libs/wire';
import { RouteMissingError, UpstreamCallError, type CallFault, type UpstreamTarget } from '#libs/upstream';
import { until } from '../support/until.js';
import type { Breakage, Lack } from './contract-bench.js';
import { SHORT_MS, type ContractSession } from './contract-session.js';

const BREAKAGES: [Breakage, CallFault][] = [
  ['hang', 'timeout'],
  ['reset', 'reset'],
  ['crash', 'status_5xx'],
  ['unreadable', 'unreadable'],
];
const BATCH = 100;

/** What the reads, seed and cancel promise. */
export function describeReads(at: ContractSession): void {
  if (at.has('batches')) describeBatches(at);
  else
    it('fetchMany says that there is no call for many tasks', async () => {
      const id = await at.bench.running(at.nextContext());
      await expect(at.bench.adapter.fetchMany(at.bench.target, [id])).rejects.toBeInstanceOf(RouteMissingError);
    });

  it('fetch tells a task that runs, one that is finished, and one that is unknown', async () => {
    const [runs, ended] = [at.nextContext(), at.nextContext()];
    const running = await at.bench.adapter.fetch(at.bench.target, await at.bench.running(runs));
    expect(running).toMatchObject({ state: at.markOf(runs), failReason: '' });
    expect(running?.status != null && isTerminal(running.status)).toBe(false);
    if (!at.bench.target.capabilities.progress) expect(running?.progress).toBeNull();
    const { upstreamTaskId } = await at.bench.finished(ended);
    const finished = await at.bench.adapter.fetch(at.bench.target, upstreamTaskId);
    expect(finished).toMatchObject({ upstreamTaskId, state: at.markOf(ended), status: 'SUCCESS', progress: 100 });
    expect(finished?.imageUrl ?? finished?.imageUrls[0]).toMatch(/^https?:\/\/./);
    await expect(at.bench.adapter.fetch(at.bench.target, at.bench.unknownId)).resolves.toBeNull();
  });

  it(
    at.has('recent') ? 'listRecent shows the newest tasks with their marks' : 'listRecent is null, it has none',
    async () => {
      const contexts = [at.nextContext(), at.nextContext(), at.nextContext()];
      const ids: string[] = [];
      for (const context of contexts) ids.push(await at.bench.running(context));
      const recent = await at.bench.adapter.listRecent(at.bench.target);
      if (!at.has('recent')) return expect(recent).toBeNull();
      expect(recent?.snapshots.map(({ upstreamTaskId }) => upstreamTaskId).sort()).toEqual([...ids].sort());
      const marks = new Map(recent?.snapshots.map(({ upstreamTaskId, state }) => [upstreamTaskId, state]));
      expect(ids.map((id) => marks.get(id))).toEqual(contexts.map((context) => at.markOf(context)));
      expect(recent?.reachesBackTo).toBe(at.has('complete-list') ? -Infinity : Infinity);
    },
  );

  it(at.has('seed') ? 'seed gives digits for a finished task only' : 'seed is refused, it has none', async () => {
    const { upstreamTaskId } = await at.bench.finished(at.nextContext());
    const reply = await at.bench.adapter.seed(at.bench.target, upstreamTaskId);
    const seed = { kind: 'seed', seed: expect.stringMatching(/^\d+$/) as string };
    expect(reply).toEqual(at.has('seed') ? seed : { kind: 'refused', words: expect.any(String) });
    const running = await at.bench.running(at.nextContext());
    for (const id of [running, at.bench.unknownId])
      await expect(at.bench.adapter.seed(at.bench.target, id)).resolves.toMatchObject({ kind: 'refused' });
  });

  it(at.has('cancel') ? 'cancel ends a task' : 'cancel is declined, it has none', async () => {
    const id = await at.bench.running(at.nextContext());
    const ended = async (): Promise<string | null> => {
      const status = (await at.bench.adapter.fetch(at.bench.target, id))?.status ?? null;
      return status !== null && isTerminal(status) ? status : null;
    };
    await expect(at.bench.adapter.cancel(at.bench.target, id)).resolves.toBe(at.has('cancel'));
    if (at.has('cancel')) expect(['CANCEL', 'FAILURE']).toContain(await until('the end of the task', ended));
    else await expect(ended()).resolves.toBeNull();
  });

  it('probe tells whether it reads many at once, and changes nothing', async () => {
    const context = at.nextContext();
    const id = await at.bench.running(context);
    const before = await at.bench.adapter.fetch(at.bench.target, id);
    await expect(at.bench.adapter.probe(at.bench.target)).resolves.toMatchObject({
      readsBatches: at.has('batches'),
    });
    await expect(at.bench.adapter.fetch(at.bench.target, id)).resolves.toEqual(before);
  });

  /** The reads that need a call. */
  const readsOf = (up: UpstreamTarget): [string, () => Promise<unknown>][] => {
    const reads: [string, Lack | null, () => Promise<unknown>][] = [
      ['fetchMany', 'batches', () => at.bench.adapter.fetchMany(up, [at.bench.unknownId])],
      ['fetch', null, () => at.bench.adapter.fetch(up, at.bench.unknownId)],
      ['listRecent', 'recent', () => at.bench.adapter.listRecent(up)],
      ['seed', 'seed', () => at.bench.adapter.seed(up, at.bench.unknownId)],
      ['probe', null, () => at.bench.adapter.probe(up)],
      ['cancel', 'cancel', () => at.bench.adapter.cancel(up, at.bench.unknownId)],
    ];
    // Servers of the /mj wire, which have batches, are asked for what they lack as well; other kinds make no call for it.
    const isCall = (what: Lack | null): boolean => what === null || at.has(what) || at.has('batches');
    return reads.filter(([, what]) => isCall(what)).map(([name, , read]) => [name, read]);
  };

  it('every read of an upstream that nobody answers for throws a UpstreamCallError without its address', async () => {
    const { host, hostname } = new URL(at.bench.unreachable.baseUrl);
    for (const [, read] of readsOf(at.bench.unreachable)) {
      const error: unknown = await read().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(UpstreamCallError);
      expect(error).toMatchObject({ fault: 'connect' });
      const shown = inspect(error, { depth: 10, showHidden: true });
      expect([shown.includes(host), shown.includes(hostname)]).toEqual([false, false]);
    }
  });

  if (at.has('breakage'))
    it.each(BREAKAGES)('reads that meet %s throw a UpstreamCallError', async (breakage, fault) => {
      at.bench.breakReads(breakage);
      const up = { ...at.bench.target, pollTimeoutMs: breakage === 'hang' ? SHORT_MS : at.bench.target.pollTimeoutMs };
      // No list, a refused cancellation and a page in place of either look alike; a hanging seed takes half a minute.
      const spared: Record<Breakage, string[]> = {
        unreadable: ['listRecent', 'cancel'],
        hang: ['seed'],
        reset: [],
        crash: [],
      };
      for (const [what, read] of readsOf(up)) {
        if (spared[breakage].includes(what)) continue;
        const error: unknown = await read().catch((reason: unknown) => reason);
        expect([what, error]).toEqual([what, expect.any(UpstreamCallError)]);
        expect([what, error]).toEqual([what, expect.objectContaining({ fault })]);
      }
    });
}

/** What reads of many tasks promise, where the upstream has a call for them. */
function describeBatches(at: ContractSession): void {
  it('fetchMany gives 100 tasks with their marks, in any order', async () => {
    const made = new Map<string, string>();
    for (let count = 0; count < BATCH; count += 1) {
      const context = at.nextContext();
      made.set(await at.bench.running(context), context.state);
    }
    const snapshots = await at.bench.adapter.fetchMany(at.bench.target, [...made.keys()]);
    expect(snapshots).toHaveLength(BATCH);
    expect(new Map(snapshots.map(({ upstreamTaskId, state }) => [upstreamTaskId, state]))).toEqual(made);
  });

  it('fetchMany leaves unknown ids out', async () => {
    const ids = [await at.bench.running(at.nextContext()), await at.bench.running(at.nextContext())];
    const snapshots = await at.bench.adapter.fetchMany(at.bench.target, [at.bench.unknownId, ...ids]);
    expect(snapshots.map(({ upstreamTaskId }) => upstreamTaskId).sort()).toEqual([...ids].sort());
    await expect(at.bench.adapter.fetchMany(at.bench.target, [at.bench.unknownId])).resolves.toEqual([]);
  });
}
