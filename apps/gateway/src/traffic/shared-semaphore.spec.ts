import { RequestLife, type CutReason } from './request-life.js';
import { SharedSemaphore } from './shared-semaphore.js';

describe('SharedSemaphore', () => {
  let now: number;
  let cuts: CutReason[];
  let limit: SharedSemaphore;

  beforeEach(() => {
    now = 0;
    cuts = [];
    limit = new SharedSemaphore(10, () => now);
  });

  /** A request whose client has taken nothing for so long. */
  const request = (stalledMs = 0): RequestLife => {
    const life: RequestLife = new RequestLife({
      stalledMs: () => stalledMs,
      cut: (reason) => {
        cuts.push(reason);
        life.end('abandoned');
      },
    });
    return life;
  };
  const a = { owner: 'a', quota: 7 };
  const b = { owner: 'b', quota: 7 };

  it('holds until requests end', () => {
    const lives = [request(), request(), request()];
    expect(lives.map((life) => limit.acquire(life, a, 2))).toEqual([null, null, null]);
    expect([limit.used, limit.ownerCount]).toEqual([6, 1]);
    lives.forEach((life) => life.end('answered'));
    expect([limit.used, limit.ownerCount]).toEqual([0, 0]);
  });

  it('leaves others what one owner may not have', () => {
    expect(limit.acquire(request(), a, 7)).toBeNull();
    expect(limit.acquire(request(), a)).toBe('quota');
    expect(limit.acquire(request(), b, 3)).toBeNull();
    expect(limit.acquire(request(), b)).toBe('total');
    expect(limit.used).toBe(10);
  });

  it('counts what is held as another owner’s', () => {
    const life = request();
    limit.acquire(life, a, 5);
    expect(limit.move(life, b)).toBeNull();
    expect(limit.acquire(request(), a, 5)).toBeNull();
    expect(limit.move(request(), a)).toBeNull();
    life.end('answered');
    expect([limit.used, limit.ownerCount]).toEqual([5, 1]);
  });

  it('refuses to count it as one’s who holds enough', () => {
    const life = request();
    limit.acquire(life, a, 5);
    limit.acquire(request(), b, 5);
    expect(limit.move(life, b)).toBe('quota');
    life.end('answered');
    expect(limit.used).toBe(5);
  });

  it('holds nothing for a request that has ended', () => {
    const life = request();
    life.end('abandoned');
    expect(limit.acquire(life, a)).toBeNull();
    expect(limit.used).toBe(0);
  });

  it('cuts who takes nothing, the longest first, for who comes', () => {
    const [short, long, brief] = [request(2_000), request(3_000), request(500)];
    [short, long, brief].forEach((life) => limit.acquire(life, a, 2));
    expect(limit.acquire(request(), a, 3)).toBeNull();
    expect([long.hasEnded, short.hasEnded, brief.hasEnded]).toEqual([true, false, false]);
    expect(limit.acquire(request(), a, 2)).toBeNull();
    expect([short.hasEnded, brief.hasEnded]).toEqual([true, false]);
    expect(limit.acquire(request(), a, 2)).toBe('quota');
    expect(cuts).toEqual(['room', 'room']);
  });

  it('cuts nobody of another owner for a quota, and anybody for the total', () => {
    const stalled = request(5_000);
    limit.acquire(stalled, b, 3);
    limit.acquire(request(), a, 7);
    expect(limit.acquire(request(), a)).toBe('quota');
    expect(stalled.hasEnded).toBe(false);
    expect(limit.acquire(request(), { owner: 'c', quota: 7 })).toBeNull();
    expect(stalled.hasEnded).toBe(true);
  });

  it('does not search for every request of an overload', () => {
    let stalledMs = 0;
    const life = new RequestLife({ stalledMs: () => stalledMs, cut: () => undefined });
    limit.acquire(life, b, 7);
    limit.acquire(request(), a, 3);
    const other = { owner: 'c', quota: 7 };
    expect(limit.acquire(request(), other)).toBe('total');
    stalledMs = 5_000;
    expect(limit.acquire(request(), other)).toBe('total');
    now = 250;
    expect(limit.acquire(request(), other)).toBeNull();
  });
});
