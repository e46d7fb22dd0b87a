import { RequestLife, type CutReason } from './request-life.js';
import { SharedLimit } from './shared-semaphore.js';

describe('SharedLimit', () => {
  let now: number;
  let cuts: CutReason[];
  let limit: SharedLimit;

  beforeEach(() => {
    now = 0;
    cuts = [];
    limit = new SharedLimit(10, () => now);
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
  const a = { owner: 'a', share: 7 };
  const b = { owner: 'b', share: 7 };

  it('holds until requests end', () => {
    const lives = [request(), request(), request()];
    expect(lives.map((life) => limit.take(life, a, 2))).toEqual([null, null, null]);
    expect([limit.used, limit.ownerCount]).toEqual([6, 1]);
    lives.forEach((life) => life.end('answered'));
    expect([limit.used, limit.ownerCount]).toEqual([0, 0]);
  });

  it('leaves others what one owner may not have', () => {
    expect(limit.take(request(), a, 7)).toBeNull();
    expect(limit.take(request(), a)).toBe('share');
    expect(limit.take(request(), b, 3)).toBeNull();
    expect(limit.take(request(), b)).toBe('total');
    expect(limit.used).toBe(10);
  });

  it('counts what is held as another owner’s', () => {
    const life = request();
    limit.take(life, a, 5);
    expect(limit.move(life, b)).toBeNull();
    expect(limit.take(request(), a, 5)).toBeNull();
    expect(limit.move(request(), a)).toBeNull();
    life.end('answered');
    expect([limit.used, limit.ownerCount]).toEqual([5, 1]);
  });

  it('refuses to count it as one’s who holds enough', () => {
    const life = request();
    limit.take(life, a, 5);
    limit.take(request(), b, 5);
    expect(limit.move(life, b)).toBe('share');
    life.end('answered');
    expect(limit.used).toBe(5);
  });

  it('holds nothing for a request that has ended', () => {
    const life = request();
    life.end('abandoned');
    expect(limit.take(life, a)).toBeNull();
    expect(limit.used).toBe(0);
  });

  it('cuts who takes nothing, the longest first, for who comes', () => {
    const [short, long, brief] = [request(2_000), request(3_000), request(500)];
    [short, long, brief].forEach((life) => limit.take(life, a, 2));
    expect(limit.take(request(), a, 3)).toBeNull();
    expect([long.hasEnded, short.hasEnded, brief.hasEnded]).toEqual([true, false, false]);
    expect(limit.take(request(), a, 2)).toBeNull();
    expect([short.hasEnded, brief.hasEnded]).toEqual([true, false]);
    expect(limit.take(request(), a, 2)).toBe('share');
    expect(cuts).toEqual(['room', 'room']);
  });

  it('cuts nobody of another owner for a share, and anybody for the total', () => {
    const stalled = request(5_000);
    limit.take(stalled, b, 3);
    limit.take(request(), a, 7);
    expect(limit.take(request(), a)).toBe('share');
    expect(stalled.hasEnded).toBe(false);
    expect(limit.take(request(), { owner: 'c', share: 7 })).toBeNull();
    expect(stalled.hasEnded).toBe(true);
  });

  it('does not search for every request of an overload', () => {
    let stalledMs = 0;
    const life = new RequestLife({ stalledMs: () => stalledMs, cut: () => undefined });
    limit.take(life, b, 7);
    limit.take(request(), a, 3);
    const other = { owner: 'c', share: 7 };
    expect(limit.take(request(), other)).toBe('total');
    stalledMs = 5_000;
    expect(limit.take(request(), other)).toBe('total');
    now = 250;
    expect(limit.take(request(), other)).toBeNull();
  });
});
