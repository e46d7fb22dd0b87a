import { holdsPlace, isKnown, phaseAt, waitsForPlace } from './lifecycle.js';
import { type TaskRecord } from './task-record.js';

const task = (change: Partial<TaskRecord> = {}): TaskRecord => ({
  id: '1751363012345678',
  parentId: null,
  action: 'IMAGINE',
  botType: 'MID_JOURNEY',
  requestMode: null,
  mode: 'FAST',
  prompt: 'fox',
  promptEn: 'fox',
  finalPrompt: 'fox --v 7.0 --fast',
  description: null,
  state: null,
  notifyHook: null,
  customId: null,
  submitTime: 1_000,
  startTime: 1_200,
  runMs: 8_000,
  cancelledAt: null,
  window: null,
  jobId: 'j',
  nonce: 'n',
  seed: 1,
  version: 7,
  shows: 'grid',
  artwork: { kind: 'none' },
  options: [],
  faults: {},
  ...change,
});

describe('phaseAt', () => {
  it('goes through every status in order and never back', () => {
    const order = ['NOT_START', 'SUBMITTED', 'IN_PROGRESS', 'SUCCESS'];
    let percent = -1;
    let rank = 0;
    const seen = new Set<string>();
    for (let now = 1_000; now <= 9_300; now += 7) {
      const phase = phaseAt(task(), now);
      seen.add(phase.status);
      expect(order.indexOf(phase.status)).toBeGreaterThanOrEqual(rank);
      rank = order.indexOf(phase.status);
      if (phase.percent !== null) {
        expect(phase.percent).toBeGreaterThanOrEqual(percent);
        percent = phase.percent;
      }
    }
    expect([...seen]).toEqual(order);
    expect(percent).toBe(99);
  });

  it('changes exactly when it says', () => {
    let now = 1_000;
    const statuses: string[] = [];
    for (let at: number | null = now; at !== null; at = phaseAt(task(), now).changesAt) {
      now = Math.ceil(at);
      const { status, percent } = phaseAt(task(), now);
      statuses.push(`${status} ${percent ?? ''}`);
    }
    expect(new Set(statuses).size).toBe(statuses.length);
    expect(statuses.at(-1)).toBe('SUCCESS ');
    expect(phaseAt(task(), now).finishTime).toBe(9_200);
  });

  it('ends a task that was told to fail', () => {
    expect(phaseAt(task({ faults: { fail: 'no' } }), 9_200).status).toBe('FAILURE');
  });

  it('never ends a stalled task, which holds no place', () => {
    const stalled = task({ faults: { stall: true } });
    expect(phaseAt(stalled, 1e12)).toMatchObject({ status: 'IN_PROGRESS', percent: 46, changesAt: null });
    expect(holdsPlace(stalled, 2_000)).toBe(false);
  });

  it('waits in a window until it is answered', () => {
    const window = { order: { kind: 'inpaint' }, finalPrompt: '', confirmedAt: null } as const;
    expect(phaseAt(task({ window, startTime: null }), 99_000).status).toBe('MODAL');
    expect(waitsForPlace(task({ window, startTime: null }))).toBe(false);
    expect(waitsForPlace(task({ window: { ...window, confirmedAt: 2_000 }, startTime: null }))).toBe(true);
  });

  it('is cancelled once and for all', () => {
    expect(phaseAt(task({ cancelledAt: 3_000 }), 99_000)).toMatchObject({ status: 'CANCEL', finishTime: 3_000 });
  });

  it('ends at once when it takes no time', () => {
    expect(phaseAt(task({ runMs: 0 }), 1_200).status).toBe('SUCCESS');
  });
});

it('forgets a task one second after it was taken', () => {
  const forgotten = task({ faults: { forget: true } });
  expect(isKnown(forgotten, 1_999)).toBe(true);
  expect(isKnown(forgotten, 2_000)).toBe(false);
});
