import {
  definitionOf,
  UpstreamCallError,
  type CallFault,
  type UpstreamCapabilities,
  type UpstreamCache,
  type UpstreamTarget,
} from '#libs/upstream';
import { aSnapshot } from '../../test/a-snapshot.js';
import { FakeUpstream } from '../../test/fake-upstream.js';
import { BatchReader, type BatchAnswer } from './batch-reader.js';

const { capabilities: CAPABILITIES } = definitionOf('midjourney-proxy');
const up = { id: '1', name: 'default', capabilities: CAPABILITIES } as UpstreamTarget;

/** An upstream that fails whenever one of these ids is requested. */
class FailingOn extends FakeUpstream {
  constructor(private readonly failing: Record<string, CallFault>) {
    super();
  }

  override fetchMany(_up: UpstreamTarget, ids: readonly string[]): ReturnType<FakeUpstream['fetchMany']> {
    this.polls.push([...ids]);
    // A fault of the whole answer comes before faults of single tasks.
    const faults = ids.flatMap((id) => this.failing[id] ?? []);
    const fault = ids.length > 1 && faults.includes('unreadable') ? 'unreadable' : faults[0];
    return fault === undefined
      ? Promise.resolve(ids.map((upstreamTaskId) => aSnapshot({ upstreamTaskId })))
      : Promise.reject(new UpstreamCallError(fault));
  }

  override fetch(_up: UpstreamTarget, upstreamTaskId: string): ReturnType<FakeUpstream['fetch']> {
    const fault = this.failing[upstreamTaskId];
    return fault === undefined
      ? Promise.resolve(aSnapshot({ upstreamTaskId }))
      : Promise.reject(new UpstreamCallError(fault));
  }
}

function read(failing: Record<string, CallFault>, ids: string[], readsBatches = true): Promise<BatchAnswer> {
  const capabilities = { of: () => ({ readsBatches }), record: () => Promise.resolve() };
  const upstreams = { mayCall: () => true };
  return new BatchReader(
    new FailingOn(failing),
    upstreams as unknown as UpstreamCache,
    capabilities as unknown as UpstreamCapabilities,
    () => undefined,
  ).read(up, ids);
}

const idsOf = ({ snapshots }: BatchAnswer): string[] => snapshots.map(({ upstreamTaskId }) => upstreamTaskId);

describe('a batch', () => {
  it('with unreadable tasks has the answers of all others, and counts the unreadable ones as left out', async () => {
    const answer = await read({ b: 'unreadable', d: 'unreadable' }, ['a', 'b', 'c', 'd']);
    expect(idsOf(answer)).toEqual(['a', 'c']);
    expect(answer.unanswered.size).toBe(0);
  });

  it.each([[['a']], [['a', 'b']]])(
    'of unreadable tasks only (%j) is answered too, so that they end at last',
    async (ids) => {
      const answer = await read({ a: 'unreadable', b: 'unreadable' }, ids);
      expect(idsOf(answer)).toEqual([]);
      expect(answer.unanswered.size).toBe(0);
    },
  );

  it('leaves a part unanswered that failed for another reason', async () => {
    const answer = await read({ a: 'unreadable', c: 'timeout' }, ['a', 'b', 'c', 'd']);
    expect(idsOf(answer)).toEqual(['b']);
    expect([...answer.unanswered]).toEqual(['c', 'd']);
  });

  it.each(['timeout', 'status_5xx', 'circuit_open'] as const)('that fails as a whole (%s) throws', async (fault) => {
    await expect(read({ a: fault }, ['a', 'b'])).rejects.toMatchObject({ fault });
  });
});

describe('tasks that are fetched one by one', () => {
  it('are answered except those whose call failed; unreadable ones count as left out', async () => {
    const answer = await read({ b: 'unreadable', c: 'timeout' }, ['a', 'b', 'c'], false);
    expect(idsOf(answer)).toEqual(['a']);
    expect([...answer.unanswered]).toEqual(['c']);
  });

  it('end at last even if the only one is unreadable', async () => {
    const answer = await read({ a: 'unreadable' }, ['a'], false);
    expect(answer).toEqual({ snapshots: [], unanswered: new Set() });
  });

  it('throw when no call was answered', async () => {
    await expect(read({ a: 'timeout', b: 'timeout' }, ['a', 'b'], false)).rejects.toMatchObject({ fault: 'timeout' });
  });
});
