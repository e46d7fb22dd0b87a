/** @jest-environment jsdom */
import { expectedSeconds, type TimedTask } from './time-left.ts';

const NOW = 1_795_340_100_000;
const PACES = [
  { action: 'IMAGINE', mode: 'FAST', queueSeconds: 10, runSeconds: 60 },
  { action: 'IMAGINE', mode: 'RELAX', queueSeconds: null, runSeconds: 60 },
  { action: 'VIDEO', mode: 'FAST', queueSeconds: null, runSeconds: null },
] as const;
const TASK: TimedTask = {
  action: 'IMAGINE',
  mode: 'FAST',
  status: 'NOT_START',
  submitTime: NOW - 4_000,
  startTime: 0,
  queuePosition: 3,
};

describe('The time that is left of a task', () => {
  it.each<[string, Partial<TimedTask>, number | null]>([
    ['waits: the rest of the wait and the run', {}, 66],
    ['waits longer than others did: is not known', { submitTime: NOW - 11_000 }, null],
    ['is next, whatever it has waited: the run', { submitTime: NOW - 11_000, queuePosition: 0 }, 60],
    ['waits, and no wait is known', { mode: 'RELAX' }, null],
    ['is being sent: the run', { status: 'SUBMITTED' }, 60],
    ['runs: the rest of the run', { status: 'IN_PROGRESS', startTime: NOW - 15_000 }, 45],
    ['runs, by a clock that is slow: the run', { status: 'IN_PROGRESS', startTime: NOW + 90_000 }, 60],
    ['runs longer than others did: is not known', { status: 'IN_PROGRESS', startTime: NOW - 61_000 }, null],
    ['is of a kind of which nothing is known', { action: 'VIDEO', status: 'IN_PROGRESS' }, null],
    ['is of a kind that is not listed', { action: 'BLEND', status: 'IN_PROGRESS' }, null],
    ['is a window', { status: 'MODAL' }, null],
    ['has ended', { status: 'SUCCESS', startTime: NOW - 15_000 }, null],
  ])('that %s', (_, task, seconds) => {
    expect(expectedSeconds({ ...TASK, ...task }, PACES, NOW)).toBe(seconds);
  });
});
