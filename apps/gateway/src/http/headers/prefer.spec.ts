import { preferredWait } from './prefer.js';

describe('Prefer', () => {
  it.each([
    ['wait=1', 1],
    ['wait=60', 60],
    ['WAIT = 5', 5],
    ['wait="10"', 10],
    ['respond-async, wait=10; why="so", return=minimal', 10],
    ['wait=7, wait=9', 7],
    [['return=minimal', 'wait=3'], 3],
  ])('%j waits %d s', (prefer, seconds) => {
    expect(preferredWait({ prefer })).toBe(seconds);
  });

  it.each([
    '',
    'wait',
    'wait=',
    'wait=0',
    'wait=61',
    'wait=05',
    'wait=1.5',
    'wait=-1',
    'wait=1s',
    'await=5',
    'wait="5',
  ])('%j is ignored', (prefer) => {
    expect(preferredWait({ prefer })).toBeNull();
  });

  it('is optional', () => {
    expect(preferredWait({})).toBeNull();
  });
});
