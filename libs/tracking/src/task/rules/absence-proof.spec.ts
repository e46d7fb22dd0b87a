import type { RecentTasks, Snapshot } from '#libs/upstream';
import { aSnapshot } from '../../../test/a-snapshot.js';
import { aTask, after, SUBMITTED_AT } from '../../../test/a-task.js';
import { deniesTask, provesAbsence, sinceOf, type AcceptedSend } from './absence-proof.js';
import type { Task } from '../task.entity.js';

const OLD = aSnapshot({ upstreamTaskId: 'old', state: 'jm:1', submitTime: sinceOf(aTask()) - 1 });
const shows = (upstreamTaskId: string, ms: number, state: string | null = 'theirs'): Snapshot =>
  aSnapshot({ upstreamTaskId, state, submitTime: after(ms).getTime() });
/** A send at `ms` whose acceptance was recorded a second later. */
const accepted = (upstreamTaskId: string, ms: number): AcceptedSend => ({
  upstreamTaskId,
  sentAt: after(ms),
  acceptedAt: after(ms + 1_000),
});
/** A complete list. */
const all = (...snapshots: Snapshot[]): RecentTasks => ({ snapshots, reachesBackTo: -Infinity });
/** A page of a list, in order. */
const page = (...snapshots: Snapshot[]): RecentTasks => ({
  snapshots,
  reachesBackTo: snapshots.at(-1)?.submitTime ?? Infinity,
});

function proves(recent: RecentTasks, known: AcceptedSend[] = [], overrides: Partial<Task> = {}): boolean {
  return provesAbsence(aTask(overrides), recent, known);
}

describe('a list that does not show a send proves that it was not taken', () => {
  it('when it shows a task older than the send', () => {
    expect(proves(page(OLD))).toBe(true);
  });

  it('when it is complete and shows a task of this gateway that was sent no later', () => {
    expect(proves(all(shows('a', 100_000)), [accepted('a', 0)])).toBe(true);
    expect(proves(all(shows('a', 100_000)), [accepted('a', 1)])).toBe(false);
  });

  it('when it reaches down to a task of this gateway accepted before the send, whatever the clocks say', () => {
    const recent = page(shows('b', 500_000), shows('a', 400_000), shows('c', 300_000, null));
    expect(proves(recent, [accepted('a', -1_001)])).toBe(true);
    expect(proves(recent, [accepted('a', -1_000)])).toBe(false);
    expect(proves(recent, [{ ...accepted('a', -1_001), acceptedAt: null }])).toBe(false);
  });

  it('when it shows every task accepted since the send', () => {
    const since = [accepted('a', 1_000), accepted('b', 2_000)];
    expect(proves(page(shows('b', 2_000), shows('a', 1_000), OLD), since)).toBe(true);
    expect(proves(page(shows('a', 1_000), OLD), since)).toBe(false);
  });

  it('but not when it is empty or shows younger tasks only', () => {
    expect(proves(all())).toBe(false);
    expect(proves(page(shows('a', -59_000)))).toBe(false);
  });

  it('but not when a listed task without a state could be the one', () => {
    expect(proves(page(shows('b', 0, null), OLD))).toBe(false);
    expect(proves(page(shows('b', 0, null), shows('a', -5_000)), [accepted('a', -5_000)])).toBe(false);
  });

  it('but not when its order is unknown', () => {
    const recent = { snapshots: [shows('a', -5_000)], reachesBackTo: Infinity };
    expect(proves(recent, [accepted('a', -5_000)])).toBe(false);
  });

  it.each([
    ['contained an id for it', { pushedId: 'up-9' }],
    ['came since', { hintedAt: SUBMITTED_AT }],
  ])('but not when a push %s', (_, overrides) => {
    expect(proves(page(OLD), [], overrides)).toBe(false);
  });

  it('even when a push came before the send', () => {
    expect(proves(page(OLD), [], { hintedAt: after(-1) })).toBe(true);
  });
});

describe('a list that does not show a task denies it', () => {
  it.each([
    ['is complete', all(), true],
    ['reaches back', page(shows('a', 0), OLD), true],
    ['does not reach back', page(shows('a', -59_000)), false],
    ['shows a task without a state since', page(shows('a', 0, null), OLD), false],
    ['shows a task without a state from before', page(shows('a', 0), { ...OLD, state: null }), true],
  ])('when it %s: %#', (_, recent, denies) => {
    expect(deniesTask(aTask(), recent)).toBe(denies);
  });
});
