import { Hourly } from './hourly.js';

describe('what happens hourly', () => {
  let now: string;
  let hourly: Hourly;
  const at = (time: string): boolean => {
    now = time;
    return hourly.isTime();
  };
  beforeEach(() => {
    now = '10:30';
    hourly = new Hourly(7, () => new Date(`2026-11-22T${now}:00Z`));
  });

  it('begins with the next hour, at its minute', () => {
    expect(['10:31', '11:00', '11:06'].map(at)).toEqual([false, false, false]);
    expect(['11:07', '11:08', '12:06'].map(at)).toEqual([true, false, false]);
    expect(at('12:09')).toBe(true);
  });

  it('is not put off by a clock that is set', () => {
    expect(['08:30', '08:31', '09:07'].map(at)).toEqual([true, false, true]);
    expect(['11:07', '11:08', '12:07'].map(at)).toEqual([true, false, true]);
  });
});
