import { DatabaseClock } from './database-clock.js';

const HOUR = 3_600_000;

let wall: number;
let monotonic: number;
let steps: number[];
let clock: DatabaseClock;
beforeEach(() => {
  wall = Date.UTC(2026, 10, 22, 12);
  monotonic = 5_000;
  steps = [];
  clock = new DatabaseClock(
    () => monotonic,
    () => wall,
  );
  clock.onStep((by) => steps.push(by));
});

function pass(ms: number): void {
  wall += ms;
  monotonic += ms;
}

/** Reads a database whose clock is `ahead` of the wall clock as it was at first, with a round trip of `roundTripMs`. */
function read(ahead: number, roundTripMs = 2): void {
  const end = clock.begin();
  pass(roundTripMs / 2);
  const at = new Date(Date.UTC(2026, 10, 22, 12) - 5_000 + monotonic + ahead);
  pass(roundTripMs / 2);
  end(at);
}

const hoursOf = (date: Date): number => date.getTime() - Date.UTC(2026, 10, 22, 12);

describe('the time of the database', () => {
  it('is the wall clock until it was read', () => {
    pass(1_000);
    expect(hoursOf(clock.now())).toBe(1_000);
    expect(clock.ageMs).toBe(Infinity);
  });

  it('goes on from what was read, by the monotonic clock', () => {
    read(-3 * HOUR);
    pass(500);
    expect(hoursOf(clock.now())).toBe(-3 * HOUR + 502);
    expect(clock.ageMs).toBe(500);
    expect(steps).toEqual([]);
  });

  it.each([30_000, 2 * HOUR, -2 * HOUR])('stays what it is when the clock of this machine is set by %d ms', (by) => {
    read(0);
    expect(clock.isSure).toBe(true);
    wall += by;
    expect(hoursOf(clock.now())).toBe(2);
    expect(clock.isSure).toBe(false);
    read(0);
    expect(clock.isSure).toBe(true);
    expect(steps).toEqual([]);
  });

  it.each([2 * HOUR, -2 * HOUR])('follows its own step of %d ms with the next reading, and tells of it', (by) => {
    read(0);
    pass(500);
    read(by);
    expect(hoursOf(clock.now())).toBe(504 + by);
    expect(steps).toEqual([by]);
    read(by);
    expect(steps).toEqual([by]);
  });

  it('knows by how much its time ran ahead lately, so that nobody takes that for time that passed', () => {
    read(0);
    read(2 * HOUR);
    pass(60_000);
    read(3 * HOUR);
    read(0);
    expect(clock.forwardMs(10_000)).toBe(HOUR);
    expect(clock.forwardMs(100_000)).toBe(3 * HOUR);
    pass(100_000);
    expect(clock.forwardMs(100_000)).toBe(0);
  });

  it('leaves slow answers out, but for the first, and for those that can only mean a step', () => {
    read(7, 400);
    expect(hoursOf(clock.now())).toBe(407);
    read(100, 400);
    expect(hoursOf(clock.now())).toBe(807);
    read(-1_100, 400);
    expect(hoursOf(clock.now())).toBe(1_207);
    read(-1_300, 400);
    expect(hoursOf(clock.now())).toBe(1_600 - 1_300);
    expect(steps).toEqual([-1_307]);
  });

  it('is not sure where the machine slept: only the wall clock has gone on', () => {
    read(0);
    wall += 60_000;
    expect(clock.isSure).toBe(false);
  });
});
