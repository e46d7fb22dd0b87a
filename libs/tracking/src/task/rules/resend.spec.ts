import { aFollowedTask, after, aTask, aModal } from '../../../test/a-task.js';
import {
  absent,
  found,
  missing,
  OUTCOMES,
  queueTimedOut,
  seen,
  settled,
  unheard,
  inconclusive,
  TIMEOUT_MS,
} from '../../../test/an-event.js';
import type { Task } from '../task.entity.js';

const NOW = after(60_000);

/** A followed task with two retries left. */
function aRetried(overrides: Partial<Task> = {}): Task {
  return aFollowedTask({ status: 'IN_PROGRESS', progress: 45, retries: 2, retriesLeft: 2, ...overrides });
}

describe('a task that fails with retries left', () => {
  it('waits to be sent again, and shows its client no step back', () => {
    const task = aRetried({ imageUrl: 'https://up.test/preview.png', messageId: 'm', seed: '1' });
    const change = task.on(seen({ status: 'FAILURE', failReason: 'it broke' }), NOW);
    expect(task).toMatchObject({
      status: 'IN_PROGRESS',
      progress: 45,
      failCode: null,
      failReason: '',
      finishedAt: null,
    });
    expect(task).toMatchObject({ waiting: true, waitUntil: after(62_000), retriesLeft: 1, upstreamId: null });
    expect(task).toMatchObject({ upstreamTaskId: null, nextPollAt: null, deadlineAt: null, lookUpAt: null });
    expect(task).toMatchObject({ imageUrl: null, messageId: null, seed: null });
    expect(change).toMatchObject({ visible: false, freesSlotOf: '7', uncounts: false, refund: '0', dropsInput: false });
    expect(change?.endedSend).toMatchObject({ attempt: 1, upstreamId: '7', upstreamTaskId: 'up-1', why: 'failed' });
    expect(change?.timeline).toMatchObject([
      { kind: 'retry', detail: { failCode: 'upstream_failed', reason: 'it broke', attempt: 1, left: 1 } },
    ]);
  });

  it('is charged once, and ends refunded when no retry is left', () => {
    const task = aRetried();
    for (const left of [1, 0]) {
      expect(task.on(seen({ status: 'FAILURE' }), NOW)?.refund).toBe('0');
      expect(task).toMatchObject({ waiting: true, retriesLeft: left, cost: '0.100000', isCounted: true });
      Object.assign(task, { waiting: false, hasSlot: true, upstreamId: '8', upstreamTaskId: `up-${left}` });
    }
    const change = task.on(seen({ status: 'FAILURE' }), NOW);
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'upstream_failed', cost: '0' });
    expect(change).toMatchObject({ refund: '0.100000', visible: true, endedSend: null });
  });

  it.each<[string, (task: Task) => unknown]>([
    ['its deadline is over', (task) => task.on(seen(), after(TIMEOUT_MS))],
    ['its upstream no longer knows it', (task) => task.on(missing(), NOW)],
    ['its upstream is silent', (task) => task.on(unheard(), NOW)],
  ])('is retried when %s', (_, play) => {
    const task = aRetried({ polledAt: after(TIMEOUT_MS - 3_000) });
    play(task);
    expect(task).toMatchObject({ status: 'IN_PROGRESS', waiting: true, retriesLeft: 1 });
  });

  it('backs off twice as long before the second retry', () => {
    const task = aRetried({ retriesLeft: 1 });
    task.on(seen({ status: 'FAILURE' }), NOW);
    expect(task.waitUntil).toEqual(after(64_000));
  });

  it('stays with the upstream of its parent if it is a follow-up', () => {
    const task = aRetried({ parentId: '6240000000000001' });
    task.on(seen({ status: 'FAILURE' }), NOW);
    expect(task).toMatchObject({ waiting: true, upstreamId: '7' });
  });

  it('starts afresh at the upstream that takes it: age, silence and polls are reset', () => {
    const task = aRetried({ quietPolls: 9, missingSince: after(50_000), polledAt: after(50_000) });
    task.on(seen({ status: 'FAILURE' }), NOW);
    Object.assign(task, { waiting: false, hasSlot: true, upstreamId: '8', sentAt: after(3_000_000), sendAttempt: 2 });
    task.on(settled({ kind: 'accepted', upstreamTaskIds: ['up-2'] }, { source: 'dispatcher' }), after(3_001_000));
    expect(task).toMatchObject({ status: 'IN_PROGRESS', progress: 45, upstreamTaskId: 'up-2', quietPolls: 0 });
    expect(task.deadlineAt).toEqual(after(3_001_000 + TIMEOUT_MS));
    expect(task.nextPollAt).toEqual(after(3_003_000));
    task.on(seen({ status: 'SUBMITTED', progress: 10 }), after(3_003_000));
    expect(task).toMatchObject({ status: 'IN_PROGRESS', progress: 45 });
    // An outage during the past attempt does not extend the deadline of this one.
    expect(task.deadlineAt).toEqual(after(3_001_000 + TIMEOUT_MS));
  });
});

describe('no retry is made', () => {
  it.each<[string, Partial<Task>]>([
    ['no retry is left', { retriesLeft: 0 }],
    ['it is a confirmed modal', { confirmedAt: after(1_000) }],
    ['its client asked to cancel it', { cancelAskedAt: after(1_000) }],
  ])('when %s', (_, overrides) => {
    const task = aRetried(overrides);
    task.on(missing(), NOW);
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'missing', waiting: false });
  });

  it.each<[string, (task: Task) => unknown]>([
    ['it waited too long', (task) => task.on(queueTimedOut(), NOW)],
    ['an operator ends it', (task) => task.on({ kind: 'failed_by_admin', source: 'admin', reason: 'no' }, NOW)],
    ['its input is gone', (task) => task.on({ kind: 'input_lost', source: 'dispatcher' }, NOW)],
    ['it is refused', (task) => task.on(settled(OUTCOMES.refused, { source: 'dispatcher' }), NOW)],
  ])('when %s', (_, play) => {
    const task = aTask({ retries: 2, retriesLeft: 2, waiting: true, hasSlot: false });
    if (_ === 'it is refused') Object.assign(task, { waiting: false, hasSlot: true });
    play(task);
    expect(task).toMatchObject({ status: 'FAILURE', waiting: false, retriesLeft: 0 });
  });

  it('of a submit of unknown outcome, which may be running', () => {
    const task = aTask({ retries: 2, retriesLeft: 2 });
    task.on(inconclusive(), after(10 * TIMEOUT_MS));
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown' });
  });

  it('after a confirmed modal, which only its client can confirm', () => {
    const task = aTask({ retries: 2, retriesLeft: 2 });
    task.on(settled(OUTCOMES.window), after(1_000));
    expect(task).toMatchObject({ status: 'MODAL', retriesLeft: 0 });
  });

  it('of a task that its upstream leaves out of the answers for a while', () => {
    const task = aRetried();
    task.on(absent(), NOW);
    expect(task).toMatchObject({ waiting: false, retriesLeft: 2 });
  });
});

describe('a further attempt whose upstream opens a modal', () => {
  it.each<[string, (task: Task) => unknown]>([
    ['in its answer', (task) => task.on(settled(OUTCOMES.window, { source: 'dispatcher' }), NOW)],
    ['found later', (task) => task.on(found({ status: 'MODAL' }), NOW)],
  ])('fails if the client has seen the work begin (%s)', (_, play) => {
    const task = aTask({ status: 'IN_PROGRESS', progress: 45, retries: 2, retriesLeft: 1, startedAt: after(1_000) });
    play(task);
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'upstream_failed', cost: '0' });
  });

  it('opens the modal if the client has not seen the work begin', () => {
    const task = aTask({ retries: 2, retriesLeft: 1 });
    task.on(settled(OUTCOMES.window, { source: 'dispatcher' }), NOW);
    expect(task.status).toBe('MODAL');
    expect(aModal().status).toBe('MODAL');
  });
});
