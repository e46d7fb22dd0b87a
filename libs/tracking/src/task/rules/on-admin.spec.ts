import { seen, settled, OUTCOMES } from '../../../test/an-event.js';
import { aFinishedTask, aFollowedTask, aTask, aWaitingTask, aModal, after } from '../../../test/a-task.js';
import type { TaskEvent } from '../event.js';

const NOW = after(5_000);
const FAILED: TaskEvent = { kind: 'failed_by_admin', source: 'admin', reason: 'stopped by us' };
const REFUNDED: TaskEvent = { kind: 'refunded', source: 'admin', note: 'complaint 7' };

describe('a task that an operator ends', () => {
  it.each([
    ['is being sent', aTask()],
    ['is with its upstream', aFollowedTask()],
    ['waits', aWaitingTask()],
    ['is a modal', aModal()],
    ['is an alias', aFollowedTask({ aliasOf: '1', hasSlot: false, isCounted: false, cost: '0', price: '0' })],
  ])('that %s ends in FAILURE and releases credits, slot and count', (_, task) => {
    const { cost, hasSlot, isCounted, upstreamId } = task;
    const change = task.on(FAILED, NOW);
    expect(task).toMatchObject({
      status: 'FAILURE',
      failCode: 'admin',
      failReason: 'stopped by us',
      refused: false,
      cost: '0',
      hasSlot: false,
      isCounted: false,
      waiting: false,
      nextPollAt: null,
      lookUpAt: null,
    });
    expect(change).toMatchObject({
      refund: cost,
      refundNote: '',
      freesSlotOf: hasSlot ? upstreamId : null,
      uncounts: isCounted,
      visible: true,
      dropsInput: true,
      timeline: [{ kind: 'failed', source: 'admin', detail: { failCode: 'admin' } }],
    });
  });

  it.each(['SUCCESS', 'FAILURE', 'CANCEL'] as const)('is not a task in %s', (status) => {
    expect(aFinishedTask(status).on(FAILED, NOW)).toBeNull();
  });

  it('stays ended, whatever its upstream reports', () => {
    const task = aTask();
    task.on(FAILED, NOW);
    const { status, cost } = task;
    for (const event of [settled(OUTCOMES.accepted), seen({ status: 'SUCCESS', progress: 100 })]) {
      expect(task.on(event, after(6_000))?.refund ?? '0').toBe('0');
      expect(task).toMatchObject({ status, cost });
    }
  });
});

describe('a task that an operator refunds', () => {
  it.each([
    ['succeeded', aFinishedTask('SUCCESS')],
    ['runs', aFollowedTask()],
    ['waits', aWaitingTask()],
  ])('that %s is refunded once and keeps its status', (_, task) => {
    const before = { ...task };
    const change = task.on(REFUNDED, NOW);
    expect({ ...task }).toEqual({ ...before, cost: '0', version: before.version + 1 });
    expect(change).toMatchObject({
      fromVersion: before.version,
      refund: '0.100000',
      refundNote: 'complaint 7',
      freesSlotOf: null,
      uncounts: false,
      visible: false,
      timeline: [{ kind: 'refunded', source: 'admin', detail: { amount: '0.100000', note: 'complaint 7' } }],
    });
    expect(task.on(REFUNDED, NOW)).toBeNull();
  });

  it.each([
    ['failed, and was refunded', aFinishedTask('FAILURE')],
    ['was free', aFinishedTask('SUCCESS', { price: '0', cost: '0.000000' })],
    ['is a modal, which holds nothing', aModal()],
  ])('is not a task that %s', (_, task) => {
    expect(task.on(REFUNDED, NOW)).toBeNull();
  });
});
