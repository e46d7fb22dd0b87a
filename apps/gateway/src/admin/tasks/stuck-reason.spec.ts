import { stuckReason, type StuckFacts, type StuckHook, type StuckUpstream } from './stuck-reason.js';

const NOW = new Date('2026-11-22T09:00:00Z');
const at = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);

const UPSTREAM: StuckUpstream = {
  name: 'tokyo',
  circuitSince: null,
  isOpen: false,
  misconfigured: null,
  lastError: null,
};
const HOOK: StuckHook = { host: 'shop.example:443', state: 'waiting', createdAt: at(-20), failingSince: null };

function facts(task: Partial<StuckFacts['task']>, more: Partial<Omit<StuckFacts, 'task'>> = {}): StuckFacts {
  return {
    task: {
      status: 'IN_PROGRESS',
      submittedAt: at(-100),
      sentAt: at(-90),
      confirmedAt: null,
      finishedAt: null,
      deadlineAt: at(900),
      lookUpAt: null,
      aliasOf: null,
      waiting: false,
      missingSince: null,
      picturelessSince: null,
      nextPollAt: at(2),
      polledAt: at(-1),
      ...task,
    },
    upstream: UPSTREAM,
    takers: 1,
    ahead: 0,
    hook: null,
    ...more,
  };
}

const codeOf = (given: StuckFacts): string | null => stuckReason(given, NOW)?.code ?? null;

describe('why a task is where it is', () => {
  it('runs', () => {
    expect(stuckReason(facts({}), NOW)).toEqual({
      code: 'running',
      since: at(-90),
      ahead: null,
      upstreamName: 'tokyo',
      upstreamError: null,
      host: null,
    });
  });

  it('waits for a slot, or for any upstream', () => {
    const waiting = { waiting: true, sentAt: null, nextPollAt: null, deadlineAt: null };
    expect(stuckReason(facts(waiting, { upstream: null, takers: 2, ahead: 3 }), NOW)).toMatchObject({
      code: 'slot_awaited',
      since: at(-100),
      ahead: 3,
      upstreamName: null,
    });
    expect(codeOf(facts(waiting, { upstream: null, takers: 0 }))).toBe('no_upstream');
  });

  it('has an upstream that gets no calls', () => {
    const open = { ...UPSTREAM, isOpen: true, circuitSince: at(-30), lastError: 'timeout' };
    expect(stuckReason(facts({ waiting: true }, { upstream: open }), NOW)).toMatchObject({
      code: 'circuit_open',
      since: at(-30),
      upstreamError: 'timeout',
    });
    expect(stuckReason(facts({}, { upstream: { ...open, misconfigured: 'unauthorized' } }), NOW)).toMatchObject({
      code: 'upstream_misconfigured',
      upstreamError: 'unauthorized',
    });
  });

  it.each<[string, Partial<StuckFacts['task']>]>([
    ['past_deadline', { deadlineAt: at(-1), lookUpAt: at(5) }],
    ['outcome_unknown', { lookUpAt: at(5), nextPollAt: null }],
    ['window_open', { status: 'MODAL', nextPollAt: null }],
    ['follows_task', { aliasOf: '1', nextPollAt: null }],
    ['missing_at_upstream', { missingSince: at(-40) }],
    ['picture_awaited', { picturelessSince: at(-40) }],
    ['polls_late', { nextPollAt: at(-61) }],
    ['running', { nextPollAt: at(-59) }],
    ['running', { status: 'MODAL', confirmedAt: at(-10) }],
  ])('%s', (code, task) => {
    expect(codeOf(facts(task))).toBe(code);
  });

  it('has ended, but its receiver does not know yet', () => {
    const ended = { status: 'SUCCESS', finishedAt: at(-20) } as const;
    expect(codeOf(facts(ended))).toBeNull();
    expect(codeOf(facts(ended, { hook: { ...HOOK, state: 'delivered' } }))).toBeNull();
    expect(stuckReason(facts(ended, { hook: HOOK }), NOW)).toMatchObject({
      code: 'hook_pending',
      host: 'shop.example:443',
      since: at(-20),
    });
    expect(codeOf(facts(ended, { hook: { ...HOOK, failingSince: at(-60) } }))).toBe('receiver_failing');
    expect(codeOf(facts(ended, { hook: { ...HOOK, state: 'dead' } }))).toBe('hook_dead');
    expect(codeOf(facts(ended, { hook: { ...HOOK, state: 'cancelled' } }))).toBe('hook_cancelled');
  });
});
