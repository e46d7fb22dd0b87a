import type { Candidate } from '#libs/upstream';
import { OPTIONS } from '../../../test/replica.js';
import { useRig } from '../../../test/use-tracking.js';
import type { Opened } from '../../store/open-verdict.js';
import { TaskOpener } from './task-opener.js';

const rig = useRig();
let opener: TaskOpener;
beforeEach(() => {
  opener = new TaskOpener(rig.database, OPTIONS);
});

function openMany(n: number, candidates: readonly Candidate[], apiKeyId: string): Promise<Opened[]> {
  return Promise.all(Array.from({ length: n }, () => opener.open(rig.request(candidates, { apiKeyId }))));
}

const runningOf = (ups: readonly Candidate[]): Promise<number[]> => Promise.all(ups.map(({ id }) => rig.running(id)));

describe('the upstream of a new task', () => {
  it('is chosen by weight', async () => {
    const ups = [await rig.addUpstream(100, { weight: 3 }), await rig.addUpstream(100, { weight: 1 })];
    await openMany(40, ups, await rig.key());
    const [heavy = 0, light = 0] = await runningOf(ups);
    expect(heavy + light).toBe(40);
    expect(Math.abs(heavy - 30)).toBeLessThanOrEqual(1);
  });

  it('is chosen by size when weights are equal, one by one as in a batch', async () => {
    const ups = [await rig.addUpstream(30), await rig.addUpstream(10)];
    const apiKeyId = await rig.key();
    for (let at = 0; at < 20; at += 1) await openMany(1, ups, apiKeyId);
    const [large = 0, small = 0] = await runningOf(ups);
    expect(large + small).toBe(20);
    expect(Math.abs(large - 15)).toBeLessThanOrEqual(1);
  });

  it('is random among upstreams of equal load', async () => {
    const ups = [await rig.addUpstream(5), await rig.addUpstream(5), await rig.addUpstream(5)];
    const apiKeyId = await rig.key();
    const firsts = new Set<string | null>();
    for (let round = 0; round < 60 && firsts.size < 3; round += 1) {
      const [opened] = await openMany(1, ups, apiKeyId);
      if (opened?.kind !== 'opened') throw new Error(opened?.kind);
      firsts.add(opened.task.upstreamId);
      await rig.sql('update upstream_load set running = 0');
      await rig.sql('update task set has_slot = false');
    }
    expect(firsts.size).toBe(3);
  });

  it('is the one of higher priority until that is full', async () => {
    const ups = [await rig.addUpstream(100), await rig.addUpstream(7, { priority: 10 })];
    await openMany(5, ups, await rig.key());
    expect(await runningOf(ups)).toEqual([0, 5]);
    await openMany(5, ups, await rig.key());
    expect(await runningOf(ups)).toEqual([3, 7]);
  });

  it('is always one of the candidates', async () => {
    const [one, two] = [await rig.addUpstream(2), await rig.addUpstream(50)];
    const results = await openMany(5, [one], await rig.key());
    expect(results.map(({ kind }) => kind).sort()).toEqual(['opened', 'opened', 'waiting', 'waiting', 'waiting']);
    expect(await runningOf([one, two])).toEqual([2, 0]);
  });
});

describe('slots', () => {
  it('are never overbooked, with parallel openers, keys and lists of candidates', async () => {
    const [a, b] = [await rig.addUpstream(5), await rig.addUpstream(7)];
    const keys = [await rig.key(), await rig.key({ balance: 1_000 }), await rig.key({ maxConcurrent: 500 })];
    const openers = [opener, new TaskOpener(rig.database, OPTIONS)];
    const lists = [[a, b], [b, a], [a], [b]];
    const results = await Promise.all(
      Array.from({ length: 96 }, (_, at) =>
        openers[at % 2]?.open(rig.request(lists[at % 4] ?? [], { apiKeyId: keys[at % 3] ?? '' })),
      ),
    );
    expect(results.filter((result) => result?.kind === 'opened')).toHaveLength(12);
    expect(results.filter((result) => result?.kind === 'waiting')).toHaveLength(84);
    expect(await runningOf([a, b])).toEqual([5, 7]);
  });

  it('are not taken at an upstream above its lowered limit', async () => {
    const up = await rig.addUpstream(3);
    await openMany(3, [up], await rig.key());
    await rig.sql('update upstream_load set max_concurrent = 2');
    const [opened] = await openMany(1, [up], await rig.key());
    expect(opened?.kind).toBe('waiting');
    await rig.sql('update upstream_load set max_concurrent = 3');
  });
});

describe('opens of one key', () => {
  it('are batched behind the one in flight: 64 of them share a statement', async () => {
    const run = jest.spyOn(rig.database, 'run');
    try {
      const ups = [await rig.addUpstream(100)];
      const results = await openMany(65, ups, await rig.key({ balance: 100 }));
      expect(results.every(({ kind }) => kind === 'opened')).toBe(true);
      expect(run.mock.calls.filter(([{ name }]) => name === 'task_open')).toHaveLength(2);
    } finally {
      run.mockRestore();
    }
  });

  it('are answered each with its own task, in the order they came', async () => {
    const ups = [await rig.addUpstream(10)];
    const apiKeyId = await rig.key();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, at) => opener.open(rig.request(ups, { apiKeyId, prompt: `cat ${at}` }))),
    );
    const prompts = results.map((result) => ('task' in result ? result.task.prompt : ''));
    expect(prompts).toEqual(Array.from({ length: 20 }, (_, at) => `cat ${at}`));
    expect(results.map(({ kind }) => kind === 'opened')).toEqual(Array.from({ length: 20 }, (_, at) => at < 10));
  });
});
