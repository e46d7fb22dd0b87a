import type { House, UpstreamNow } from './house.ts';
import { verdictsOf } from './verdicts.ts';

const UPSTREAM: UpstreamNow = {
  name: 'tokyo',
  kind: 'midjourney-proxy',
  isEnabled: true,
  circuit: 'closed',
  misconfigured: null,
  running: 0,
  slots: 12,
  calls: 5,
  okRatio: 1,
  p95Ms: 40,
  lastOkAt: null,
  lastError: null,
  lastErrorAt: null,
};
const WELL: House = {
  open: 0,
  waiting: 0,
  oldestWaitSeconds: null,
  succeeded: 0,
  failed: 0,
  successRatio: null,
  hooksPending: 0,
  hooksOverdueSeconds: 0,
  hooksDead: 0,
  waitingByMode: [],
  upstreams: [UPSTREAM],
  stuck: [],
};
const kinds = (house: Partial<House>): string[] => verdictsOf({ ...WELL, ...house }).map(({ kind }) => kind);

describe('verdictsOf', () => {
  it('says nothing while all is well', () => {
    expect(kinds({})).toEqual([]);
  });

  it('tells of upstreams that get no work, but not of one that is disabled on purpose', () => {
    const wrong = { ...UPSTREAM, misconfigured: 'unauthorized', circuit: 'open' as const };
    const paused = { ...UPSTREAM, circuit: 'open' as const, lastError: 'connect' };
    expect(kinds({ upstreams: [wrong, paused, { ...wrong, isEnabled: false }] })).toEqual(['misconfigured', 'paused']);
    expect(kinds({ upstreams: [{ ...UPSTREAM, isEnabled: false }] })).toEqual(['no_upstream']);
    expect(kinds({ upstreams: [] })).toEqual(['no_upstream']);
  });

  it('judges the share that succeeds only where enough tasks have ended', () => {
    expect(kinds({ succeeded: 1, failed: 1, successRatio: 0.5 })).toEqual([]);
    expect(kinds({ succeeded: 8, failed: 2, successRatio: 0.8 })).toEqual(['failing']);
    expect(kinds({ succeeded: 9, failed: 1, successRatio: 0.9 })).toEqual([]);
  });

  it('tells of a long wait only where every slot is taken', () => {
    const full = { ...UPSTREAM, running: 12 };
    expect(kinds({ waiting: 3, oldestWaitSeconds: 90, upstreams: [full] })).toEqual(['no_slot']);
    expect(kinds({ waiting: 3, oldestWaitSeconds: 30, upstreams: [full] })).toEqual([]);
    expect(kinds({ waiting: 3, oldestWaitSeconds: 90, upstreams: [full, UPSTREAM] })).toEqual([]);
  });

  it('puts stuck tasks before late and dead hooks', () => {
    expect(kinds({ hooksDead: 2, hooksPending: 4, hooksOverdueSeconds: 61, stuck: ['7'] })).toEqual([
      'stuck',
      'hooks_late',
      'hooks_dead',
    ]);
  });
});
