import type { Outcome } from '#libs/upstream';
import { after, aModal } from '../../../test/a-task.js';
import { OUTCOMES, settled } from '../../../test/an-event.js';
import type { Task } from '../task.entity.js';

/** A confirmed modal whose confirmation is being sent. */
function aConfirmed(overrides: Partial<Task> = {}): Task {
  return aModal({
    status: 'SUBMITTED',
    confirmedAt: after(10_000),
    startedAt: after(10_000),
    sentAt: after(10_000),
    sendDeadline: after(40_000),
    nextPollAt: after(42_000),
    deadlineAt: after(3_600_000),
    hasSlot: true,
    isCounted: true,
    cost: '0.100000',
    ...overrides,
  });
}

describe('the answer to a confirmation', () => {
  it.each<Outcome['kind']>(['refused', 'banned', 'full', 'nothing_done', 'window'])(
    'of kind %s turns the task back into a modal, refunded',
    (kind) => {
      const task = aConfirmed();
      const change = task.on(settled(OUTCOMES[kind]), after(11_000));
      expect(task).toMatchObject({ status: 'MODAL', confirmedAt: null, cost: '0', hasSlot: false, isCounted: false });
      expect(task).toMatchObject({ nextPollAt: null, deadlineAt: null, waiting: false });
      expect(change).toMatchObject({ refund: '0.100000', freesSlotOf: '7', uncounts: true, visible: true });
    },
  );

  it.each<Outcome['kind']>(['accepted', 'queued', 'exists', 'unknown'])('%s has it followed', (kind) => {
    const task = aConfirmed();
    const change = task.on(settled(OUTCOMES[kind]), after(11_000));
    expect(task).toMatchObject({ status: 'SUBMITTED', cost: '0.100000', hasSlot: true, upstreamTaskId: 'up-1' });
    expect(task.nextPollAt).not.toBeNull();
    expect(change).toMatchObject({ refund: '0', freesSlotOf: null });
  });
});

describe('the final prompt of a modal', () => {
  const KNOWN = { prompt: 'a new fox', promptEn: 'a fox', finalPrompt: 'a fox --zoom 2', finalZhPrompt: 'x' };
  const answered = (kind: Outcome['kind'], modalPrompt: string | undefined): Task => {
    const task = aConfirmed(KNOWN);
    task.on(settled(OUTCOMES[kind], { modalPrompt }), after(11_000));
    return task;
  };

  it.each<Outcome['kind']>(['accepted', 'queued', 'exists', 'unknown'])(
    'is forgotten when %s is another text',
    (kind) => {
      expect(answered(kind, 'a new fox')).toMatchObject({ promptEn: '', finalPrompt: '', finalZhPrompt: '' });
    },
  );

  it('stays when it is the text that was sent', () => {
    expect(answered('accepted', 'a fox --zoom 2')).toMatchObject(KNOWN);
    expect(answered('accepted', undefined)).toMatchObject(KNOWN);
  });

  it.each<Outcome['kind']>(['refused', 'banned', 'full', 'nothing_done', 'window'])(
    'stays when the modal is opened again: %s',
    (kind) => {
      expect(answered(kind, 'a new fox')).toMatchObject({ ...KNOWN, status: 'MODAL' });
    },
  );
});
