import { after, aFinishedTask, aFollowedTask, aTask, aWaitingTask, aModal } from '../../test/a-task.js';
import { windowExpired } from '../../test/an-event.js';

const NOW = after(86_400_001);

describe('an overdue modal', () => {
  it('is cancelled and releases whatever it still holds', () => {
    const task = aModal({ hasSlot: true, isCounted: true, cost: '0.100000' });
    const change = task.on(windowExpired(), NOW);
    expect(task).toMatchObject({
      status: 'CANCEL',
      progress: 100,
      failCode: 'cancelled',
      failReason: '',
      finishedAt: NOW,
    });
    expect(change).toMatchObject({
      refund: '0.100000',
      freesSlotOf: '7',
      uncounts: true,
      visible: true,
      dropsInput: true,
    });
    expect(change?.timeline.map(({ kind, source }) => [kind, source])).toEqual([
      ['window_expired', 'clock'],
      ['cancelled', 'clock'],
    ]);
  });

  it.each([
    ['a modal that is being confirmed', aModal({ confirmedAt: after(1) })],
    ['one that was confirmed', aFollowedTask({ confirmedAt: after(1) })],
    ['one that is being sent', aTask()],
    ['one that waits', aWaitingTask()],
    ['one that runs', aFollowedTask()],
    ['one that succeeded', aFinishedTask('SUCCESS')],
    ['one that ended before', aFinishedTask('CANCEL')],
  ])('is not %s', (_, task) => {
    const before = { ...task };
    expect(task.on(windowExpired(), NOW)).toBeNull();
    expect({ ...task }).toEqual(before);
  });
});
