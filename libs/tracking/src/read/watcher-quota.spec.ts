import { WatchSeats } from './watcher-quota.js';

describe('the seats of a key', () => {
  it('are 100, apart from those of other keys', () => {
    const seats = new WatchSeats();
    const taken = Array.from({ length: 100 }, () => seats.take('1'));
    expect(taken.every((leave) => leave !== null)).toBe(true);
    expect(seats.take('1')).toBeNull();
    expect(seats.take('2')).not.toBeNull();
  });

  it('are free again once they are given back, each once', () => {
    const seats = new WatchSeats();
    const [first] = Array.from({ length: 100 }, () => seats.take('1'));
    first?.();
    first?.();
    expect(seats.take('1')).not.toBeNull();
    expect(seats.take('1')).toBeNull();
  });
});
