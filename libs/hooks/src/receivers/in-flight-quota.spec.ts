import fc from 'fast-check';
import { aReceiver } from '../../test/claimed.js';
import { isFast, isPrompt, isStalled, type Receiver, InFlightQuota } from './in-flight-quota.js';

const LIMITS = { maxInFlight: 192, maxPerHost: 8 };
const NOW = 1_000_000;

/** Begins tries to these receivers in turn until none may have another one; gives how many each got. */
function fill(quota: InFlightQuota, receivers: readonly Receiver[], now = NOW): number[] {
  const got = receivers.map(() => 0);
  for (let isMore = true; isMore;) {
    isMore = false;
    for (const [index, receiver] of receivers.entries()) {
      if (!quota.mayAcquire(receiver, now)) continue;
      quota.acquire(receiver, now);
      got[index] = (got[index] ?? 0) + 1;
      isMore = true;
    }
  }
  return got;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** As if each had just taken a hook in 10 ms. */
function proven(quota: InFlightQuota, receivers: readonly Receiver[]): readonly Receiver[] {
  for (const receiver of receivers) {
    quota.acquire(receiver, NOW);
    quota.recordLatency(receiver, 10);
    quota.release(receiver, NOW, NOW);
  }
  return receivers;
}

const ports = (count: number, overrides: Partial<Receiver> = {}): Receiver[] =>
  Array.from({ length: count }, (_, port) => aReceiver(`10.0.0.1:${port}`, overrides));

describe('the quota of one key', () => {
  it('is eight tries for a receiver', () => {
    expect(fill(new InFlightQuota(LIMITS), [aReceiver('a:1')])).toEqual([8]);
  });

  it('is a third of all tries for an address that is prompt, and a seventeenth for one that is not, whatever its ports', () => {
    const quota = new InFlightQuota(LIMITS);
    expect(sum(fill(quota, proven(quota, ports(200))))).toBe(64);
    expect(sum(fill(new InFlightQuota(LIMITS), ports(200)))).toBe(11);
  });

  it('is half of all tries with many addresses that are prompt, and a ninth with many that are not', () => {
    const many = (): Receiver[] => Array.from({ length: 250 }, (_, n) => aReceiver(`10.0.${n}.1:443`));
    const quota = new InFlightQuota(LIMITS);
    expect(sum(fill(quota, proven(quota, many())))).toBe(96);
    expect(sum(fill(new InFlightQuota(LIMITS), many()))).toBe(21);
  });

  it('leaves a prompt receiver its share, however many others hang', () => {
    const quota = new InFlightQuota(LIMITS);
    const [good] = proven(quota, [aReceiver('10.9.9.9:443')]);
    fill(
      quota,
      Array.from({ length: 250 }, (_, n) => aReceiver(`10.0.${n}.1:443`)),
    );
    expect(fill(quota, [good])).toEqual([8]);
  });

  it('leaves some tries to another address that is not known yet, whatever one address holds', () => {
    const quota = new InFlightQuota(LIMITS);
    fill(quota, ports(300));
    expect(sum(fill(quota, [aReceiver('10.9.9.9:443')]))).toBeGreaterThan(2);
  });

  it('of a process with few tries lets one at a time go on', () => {
    for (const maxInFlight of [1, 2, 7, 8, 9, 16, 63]) {
      expect(sum(fill(new InFlightQuota({ maxInFlight, maxPerHost: 8 }), ports(20)))).toBeGreaterThan(0);
    }
  });
});

describe('a receiver', () => {
  it('that hangs is not prompt any more, and its tries count for the small share', () => {
    const quota = new InFlightQuota(LIMITS);
    const many = proven(quota, ports(8));
    expect(sum(fill(quota, many))).toBe(64);
    const later = NOW + 3_000;
    expect(isPrompt(many[0], NOW + 2_999)).toBe(true);
    expect(isPrompt(many[0], later)).toBe(false);
    expect(quota.unproven(later)).toBe(64);
    expect(fill(quota, [aReceiver('10.9.9.9:443')], later)).toEqual([0]);
    expect(sum(fill(quota, [aReceiver('10.9.9.9:443', { apiKeyId: '2' })], later))).toBeGreaterThan(0);
  });

  it('is prompt and fast by its last try', () => {
    const quota = new InFlightQuota(LIMITS);
    const receiver = aReceiver('a:1');
    const after = (ms: number | null): boolean[] => {
      quota.acquire(receiver, NOW);
      quota.recordLatency(receiver, ms);
      quota.release(receiver, NOW, NOW);
      return [isPrompt(receiver, NOW), isFast(receiver, NOW)];
    };
    expect([after(100), after(101), after(3_000), after(3_001), after(50), after(null)]).toEqual([
      [true, true],
      [true, false],
      [true, false],
      [false, false],
      [true, true],
      [false, false],
    ]);
  });

  it('is the same as long as it has claims, and forgotten after them unless it is prompt', () => {
    const quota = new InFlightQuota(LIMITS);
    const receiver = quota.receiver('1', 'a:1', 'a');
    receiver.waiting = 1;
    expect(quota.receiver('1', 'a:1', 'b')).toBe(receiver);
    expect(receiver.address).toBe('b');
    quota.forget(receiver, NOW);
    expect([...quota.known]).toEqual([receiver]);
    receiver.waiting = 0;
    quota.forget(receiver, NOW);
    expect([...quota.known]).toEqual([]);
  });

  it('is remembered while it is prompt, the last 256 of them', () => {
    const quota = new InFlightQuota(LIMITS);
    for (const { host, address } of ports(300)) proven(quota, [quota.receiver('1', host, address)]);
    const known = [...quota.known].map(({ host }) => host);
    expect([known.length, known.includes('10.0.0.1:0'), known.includes('10.0.0.1:299')]).toEqual([256, false, true]);
  });

  it('of another key has nothing to do with it', () => {
    const quota = new InFlightQuota(LIMITS);
    fill(quota, [aReceiver('a:1')]);
    expect(fill(quota, [aReceiver('a:1', { apiKeyId: '2' })])).toEqual([8]);
  });

  it('is stalled while tries are under way and none has ended for 250 ms', () => {
    const quota = new InFlightQuota(LIMITS);
    const receiver = aReceiver('a:1');
    for (const at of [1, 2]) quota.acquire(receiver, at);
    expect(isStalled(receiver, 1_000)).toBe(true);
    quota.release(receiver, 1, 1_000);
    expect([isStalled(receiver, 1_249), isStalled(receiver, 1_250)]).toEqual([false, true]);
    quota.release(receiver, 2, 1_300);
    expect(isStalled(receiver, 2_000)).toBe(false);
  });

  it('gives a try back once', () => {
    const quota = new InFlightQuota(LIMITS);
    const receiver = aReceiver('a:1');
    quota.acquire(receiver, 1);
    quota.release(receiver, 1, 2);
    quota.release(receiver, 1, 2);
    expect([quota.inFlight, quota.free]).toEqual([0, 192]);
  });
});

describe('the quota with many keys', () => {
  it('always leaves some tries for a key with a receiver that is prompt, whatever the others do', () => {
    const receiver = fc.record({
      apiKeyId: fc.integer({ min: 1, max: 40 }).map(String),
      host: fc.integer({ min: 1, max: 400 }).map((n) => `h${n}:1`),
      address: fc.integer({ min: 1, max: 30 }).map(String),
    });
    const step = fc.record({ receiver, ms: fc.option(fc.integer({ min: 1, max: 10_000 })), stays: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
        const quota = new InFlightQuota(LIMITS);
        const [good] = proven(quota, [aReceiver('good:1', { apiKeyId: 'good' })]);
        for (const [index, { receiver: named, ms, stays }] of steps.entries()) {
          const receiver = quota.receiver(named.apiKeyId, named.host, named.address);
          if (!quota.mayAcquire(receiver, NOW)) continue;
          quota.acquire(receiver, NOW - index / 1_000);
          quota.recordLatency(receiver, ms);
          if (!stays) quota.release(receiver, NOW - index / 1_000, NOW);
        }
        expect(quota.inFlight).toBeLessThanOrEqual(LIMITS.maxInFlight);
        expect(quota.mayAcquire(good, NOW)).toBe(true);
      }),
    );
  });

  it('of keys that all hang leaves at least seven tries to the others', () => {
    const quota = new InFlightQuota(LIMITS);
    const hostile = Array.from({ length: 2_000 }, (_, n) => aReceiver(`10.0.0.${n}:1`, { apiKeyId: `bad ${n % 500}` }));
    fill(quota, hostile);
    expect(quota.free).toBeGreaterThanOrEqual(7);
  });
});
