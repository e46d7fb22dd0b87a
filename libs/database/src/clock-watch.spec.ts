import { Logger } from '@nestjs/common';
import type { Job } from '#libs/runtime';
import { ClockWatch } from './clock-watch.js';

const NOON = Date.UTC(2026, 10, 22, 12);

let wall: number;
let monotonic: number;
let jobs: Job[];
let databaseStepped: (byMs: number) => void;
let seen: unknown[];
let said: jest.SpyInstance;
let watch: ClockWatch;
beforeEach(() => {
  [wall, monotonic, jobs, seen] = [NOON, 1_000, [], []];
  said = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  watch = new ClockWatch(
    { add: (job) => void jobs.push(job) },
    { now: () => new Date(NOON), onStep: (listener) => (databaseStepped = listener) },
    () => wall,
    () => monotonic,
  );
  watch.onStep((clock, byMs) => seen.push([clock, byMs]));
});
afterEach(() => jest.restoreAllMocks());

describe('the watch of the clocks', () => {
  it('looks by itself, without a statement', () => {
    expect(jobs).toMatchObject([{ everyMs: 1_000 }]);
    expect(jobs[0]?.dueProbe).toBeUndefined();
  });

  it('says nothing of clocks that go, however rarely it looks', () => {
    for (const ms of [1_000, 1_004, 90_000]) {
      wall += ms + 3;
      monotonic += ms;
      void jobs[0]?.work();
    }
    expect(seen).toEqual([]);
    expect(said).not.toHaveBeenCalled();
  });

  it.each([30_000, 7_200_000, -7_200_000])('tells once of a step of %d ms', (by) => {
    wall += by + 1_000;
    monotonic += 1_000;
    watch.look();
    watch.look();
    expect(seen).toEqual([['wall', by]]);
    expect(said).toHaveBeenCalledTimes(1);
    expect(said).toHaveBeenCalledWith(expect.objectContaining({ clock: 'wall', byMs: by }));
    expect(watch.wallAheadMs).toBe(by + 1_000);
  });

  it("passes on a step of the database's clock", () => {
    databaseStepped(-7_200_000.4);
    expect(seen).toEqual([['database', -7_200_000.4]]);
    expect(said).toHaveBeenCalledWith(expect.objectContaining({ clock: 'database', byMs: -7_200_000 }));
  });
});
