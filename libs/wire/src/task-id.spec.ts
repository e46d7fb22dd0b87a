import { newTaskId, parseTaskId } from './task-id.js';

describe('task id', () => {
  it('has 16 digits below 2^53 for decades', () => {
    for (const day of ['2026-01-01', '2040-06-01', '2051-12-31']) {
      for (const random of [0, 2 ** 38 - 1, 2 ** 48 - 1]) {
        const id = newTaskId(new Date(day), random);
        expect(id).toMatch(/^\d{16}$/);
        expect(Number.isSafeInteger(Number(id))).toBe(true);
      }
    }
  });

  it('sorts by day', () => {
    const late = newTaskId(new Date('2026-11-21T23:59:59Z'), 2 ** 38 - 1);
    const early = newTaskId(new Date('2026-11-22T00:00:00Z'), 0);
    expect(late < early).toBe(true);
  });

  it('reads strings and numbers and nothing else', () => {
    expect(parseTaskId(6240000000000001)).toBe('6240000000000001');
    expect(parseTaskId(' 6240000000000001 ')).toBe('6240000000000001');
    for (const bad of ['', 'abc', '0123456789012345', '12345678901234567', 1.5, null, {}, ['6240000000000001']]) {
      expect(parseTaskId(bad)).toBeNull();
    }
  });
});
