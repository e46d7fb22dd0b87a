import { OUTCOMES, settled, TIMEOUT_MS } from '../../../test/an-event.js';
import { aTask, after } from '../../../test/a-task.js';

const NOW = after(1_500);
const HELD = { cost: '0.100000', hasSlot: true, isCounted: true };
const RELEASED = { cost: '0', hasSlot: false, isCounted: false };
const KEEPS = { refund: '0', freesSlotOf: null, uncounts: false };
const GIVES_BACK = { refund: '0.100000', freesSlotOf: '7', uncounts: true };

describe('an upstream that took the task', () => {
  it.each([
    ['accepted', 'SUBMITTED', NOW],
    ['exists', 'SUBMITTED', NOW],
    ['queued', 'NOT_START', null],
  ] as const)('%s: shows %s, and is polled from now on', (kind, status, startedAt) => {
    const task = aTask();
    const change = task.on(settled(OUTCOMES[kind]), NOW);
    expect(task).toMatchObject({ status, progress: 0, upstreamTaskId: 'up-1', startedAt, version: 1, ...HELD });
    expect(task.nextPollAt).toEqual(after(3_500));
    expect(task.deadlineAt).toEqual(after(1_500 + TIMEOUT_MS));
    expect(task.lookUpAt).toBeNull();
    expect(change).toMatchObject({ fromVersion: 0, visible: true, dropsInput: true, assets: [], ...KEEPS });
    expect(change?.timeline.map((line) => line.kind)).toEqual([kind]);
  });

  it('notes how many tasks are ahead at the upstream', () => {
    expect(aTask().on(settled(OUTCOMES.queued), NOW)?.timeline[0]?.detail).toEqual({ ahead: 3 });
  });

  it('takes the first of several ids', () => {
    const task = aTask();
    task.on(settled({ kind: 'accepted', upstreamTaskIds: ['a', 'b'] }), NOW);
    expect(task.upstreamTaskId).toBe('a');
  });
});

describe('a modal', () => {
  it('holds neither credits nor a slot, and is not polled', () => {
    const task = aTask();
    const change = task.on(settled(OUTCOMES.window), NOW);
    expect(task).toMatchObject({ status: 'MODAL', progress: 0, upstreamTaskId: 'up-1', finalPrompt: 'a blue cat' });
    expect(task).toMatchObject({ nextPollAt: null, lookUpAt: null, finishedAt: null, ...RELEASED });
    expect(change).toMatchObject({ visible: true, timeline: [{ kind: 'window' }], ...GIVES_BACK });
  });

  it('shows no link that the upstream put into its text', () => {
    const task = aTask();
    task.on(settled({ ...OUTCOMES.window, finalPrompt: 'a cat https://up.test/x.png --v 7' }), NOW);
    expect(task.finalPrompt).not.toContain('up.test');
  });
});

describe('a task that its upstream could not take', () => {
  it.each(['full', 'nothing_done'] as const)('%s: waits, keeping its credits and its running count', (kind) => {
    const task = aTask();
    const change = task.on(settled(OUTCOMES[kind]), NOW);
    expect(task).toMatchObject({ status: 'NOT_START', waiting: true, upstreamId: null, upstreamTaskId: null });
    expect(task).toMatchObject({ cost: '0.100000', isCounted: true, hasSlot: false, sentAt: null, sendDeadline: null });
    expect(task).toMatchObject({ lookUpAt: null, nextPollAt: null, version: 1, waitUntil: after(3_500) });
    expect(change).toMatchObject({ refund: '0', freesSlotOf: '7', uncounts: false, visible: false, dropsInput: false });
    expect(change?.timeline).toEqual([
      { kind: 'waiting', source: 'sender', detail: { why: kind === 'full' ? 'full' : 'connect' } },
    ]);
  });

  it('is sent again after a back-off of 2 s, doubling to a minute', () => {
    const waits = [1, 2, 3, 6, 40].map((sendAttempt) => {
      const task = aTask({ sendAttempt });
      task.on(settled(OUTCOMES.full), NOW);
      return Number(task.waitUntil) - NOW.getTime();
    });
    expect(waits).toEqual([2_000, 4_000, 8_000, 60_000, 60_000]);
  });

  it("stays bound to its parent's upstream if it is a follow-up", () => {
    const task = aTask({ parentId: '99' });
    const change = task.on(settled(OUTCOMES.full), NOW);
    expect(task).toMatchObject({ waiting: true, upstreamId: '7' });
    expect(change?.freesSlotOf).toBe('7');
  });

  it.each(['full', 'nothing_done'] as const)('%s: is refused if it may not wait', (kind) => {
    const task = aTask();
    task.on(settled(OUTCOMES[kind], { mayWait: false }), NOW);
    expect(task).toMatchObject({ status: 'FAILURE', refused: true, failCode: 'refused', waiting: false });
  });
});

describe('a task that its upstream declined', () => {
  it.each(['banned', 'refused'] as const)('%s: is refused and refunded before clients see it', (failCode) => {
    const task = aTask({ idemKey: 'k', idemRoute: 'r', idemPrint: 'p', notifyHook: 'https://client.test/hook' });
    const change = task.on(settled(OUTCOMES[failCode]), NOW);
    expect(task).toMatchObject({ status: 'FAILURE', progress: 100, refused: true, failCode, ...RELEASED });
    expect(task).toMatchObject({ finishedAt: NOW, startedAt: null, lookUpAt: null, nextPollAt: null });
    expect(task).toMatchObject({ idemKey: null, idemRoute: null, idemPrint: null });
    expect(change).toMatchObject({ visible: false, dropsInput: true, timeline: [{ kind: 'refused' }], ...GIVES_BACK });
  });

  it.each(['banned', 'refused'] as const)('%s: is a visible failure if the client has its id', (failCode) => {
    const task = aTask({ idemKey: 'k', sendAttempt: 2 });
    const change = task.on(settled(OUTCOMES[failCode], { source: 'dispatcher' }), NOW);
    expect(task).toMatchObject({ status: 'FAILURE', refused: false, failCode, idemKey: 'k', ...RELEASED });
    expect(change).toMatchObject({ visible: true, timeline: [{ kind: 'failed' }], ...GIVES_BACK });
  });

  it("shows the upstream's text without addresses, or a default reason", () => {
    const words = (text: string): string => {
      const task = aTask();
      task.on(settled({ kind: 'refused', code: 4, words: text }), NOW);
      return task.failReason;
    };
    expect(words('bad ratio, see https://up.test/help')).toBe('bad ratio, see');
    expect(words(' http://10.0.0.1/x ')).not.toBe('');
    expect(words('')).not.toBe('');
  });
});

describe('a submit of unknown outcome', () => {
  it('is looked up, keeps credits and slot, and shows clients no difference', () => {
    const task = aTask();
    const change = task.on(settled(OUTCOMES.unknown), NOW);
    expect(task).toMatchObject({ status: 'NOT_START', upstreamId: '7', upstreamTaskId: null, waiting: false, ...HELD });
    expect(task).toMatchObject({ lookUpAt: after(3_500), nextPollAt: null, sendDeadline: after(30_000), version: 1 });
    expect(change).toMatchObject({ visible: false, dropsInput: true, timeline: [{ kind: 'unknown' }], ...KEEPS });
  });
});

describe('an upload', () => {
  const upload = { action: 'UPLOAD' } as const;

  it('is finished by its answer, and charged', () => {
    const task = aTask(upload);
    const change = task.on(settled(OUTCOMES.uploaded, { mayWait: false }), NOW);
    expect(task).toMatchObject({ status: 'SUCCESS', progress: 100, upstreamTaskId: null, startedAt: NOW });
    expect(task).toMatchObject({ finishedAt: NOW, lookUpAt: null, nextPollAt: null, buttons: [], cost: '0.100000' });
    expect(change).toMatchObject({ visible: true, refund: '0', freesSlotOf: '7', uncounts: true, assets: [] });
    expect(change?.timeline.map((line) => line.kind)).toEqual(['succeeded', 'uploaded']);
  });

  it('is refused and refunded when its outcome is unknown', () => {
    const task = aTask({ ...upload, idemKey: 'k', idemRoute: '/r', idemPrint: 'p' });
    const change = task.on(settled(OUTCOMES.unknown, { mayWait: false }), NOW);
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown', refused: true, lookUpAt: null });
    expect(task).toMatchObject({ idemKey: null, idemRoute: null, idemPrint: null, ...RELEASED });
    expect(change).toMatchObject({ visible: false, ...GIVES_BACK });
  });

  it('never waits', () => {
    const task = aTask(upload);
    task.on(settled(OUTCOMES.full, { mayWait: false }), NOW);
    expect(task).toMatchObject({ status: 'FAILURE', failCode: 'refused', waiting: false, refused: true });
  });
});
