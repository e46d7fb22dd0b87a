import { secondsToNextFetch } from './fetch-pace.js';

const submittedAt = new Date('2026-03-01T12:00:00Z');
const at = (seconds: number): Date => new Date(submittedAt.getTime() + seconds * 1_000);
const task = { status: 'IN_PROGRESS', mode: 'FAST', waiting: false, submittedAt } as const;

describe('when a fetch makes sense again', () => {
  it.each([
    [0, 2],
    [29, 2],
    [30, 3],
    [119, 3],
    [120, 5],
    [600, 15],
    [1_800, 30],
    [90_000, 30],
  ])('at an age of %d s after %d s', (age, seconds) => {
    expect(secondsToNextFetch(task, at(age))).toBe(seconds);
  });

  it('takes twice as long in RELAX', () => {
    expect(secondsToNextFetch({ ...task, mode: 'RELAX' }, at(0))).toBe(4);
    expect(secondsToNextFetch({ ...task, mode: 'TURBO' }, at(0))).toBe(2);
  });

  it('is not soon for what waits, and later still for a window', () => {
    expect(secondsToNextFetch({ ...task, status: 'NOT_START', waiting: true }, at(0))).toBe(5);
    expect(secondsToNextFetch({ ...task, status: 'NOT_START', waiting: true }, at(1_000))).toBe(15);
    expect(secondsToNextFetch({ ...task, status: 'MODAL' }, at(0))).toBe(30);
  });

  it('is never, once it has ended', () => {
    for (const status of ['SUCCESS', 'FAILURE', 'CANCEL'] as const)
      expect(secondsToNextFetch({ ...task, status }, at(0))).toBeNull();
  });

  it('is at least a second, also where the clocks disagree', () => {
    expect(secondsToNextFetch(task, at(-60))).toBe(2);
  });
});
