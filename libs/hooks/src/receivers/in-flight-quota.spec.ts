import fc from 'fast-check';
import { aReceiver } from '../../test/claimed.js';
import { isMoving, isPrompt, isQuick, type Receiver, ReceiverPlaces } from './in-flight-quota.js';

const LIMITS = { maxInFlight: 192, maxPerHost: 8 };
const NOW = 1_000_000;

/** Begins tries to these receivers in turn until none may have another one; gives how many each got. */
function fill(places: ReceiverPlaces, receivers: readonly Receiver[], now = NOW): number[] {
  const got = receivers.map(() => 0);
  for (let isMore = true; isMore;) {
    isMore = false;
    for (const [index, receiver] of receivers.entries()) {
      if (!places.mayBegin(receiver, now)) continue;
      places.begin(receiver, now);
      got[index] = (got[index] ?? 0) + 1;
      isMore = true;
    }
  }
  return got;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** As if each had just taken a hook in 10 ms. */
function proven(places: ReceiverPlaces, receivers: readonly Receiver[]): readonly Receiver[] {
  for (const receiver of receivers) {
    places.begin(receiver, NOW);
    places.note(receiver, 10);
    places.end(receiver, NOW, NOW);
  }
  return receivers;
}

const ports = (count: number, overrides: Partial<Receiver> = {}): Receiver[] =>
  Array.from({ length: count }, (_, port) => aReceiver(`10.0.0.1:${port}`, overrides));

describe('the places of one key', () => {
  it('are eight for a receiver', () => {
    expect(fill(new ReceiverPlaces(LIMITS), [aReceiver('a:1')])).toEqual([8]);
  });

  it('are a third of all for an address that is prompt, and a seventeenth for one that is not, whatever its ports', () => {
    const places = new ReceiverPlaces(LIMITS);
    expect(sum(fill(places, proven(places, ports(200))))).toBe(64);
    expect(sum(fill(new ReceiverPlaces(LIMITS), ports(200)))).toBe(11);
  });

  it('are half of all with many addresses that are prompt, and a ninth with many that are not', () => {
    const many = (): Receiver[] => Array.from({ length: 250 }, (_, n) => aReceiver(`10.0.${n}.1:443`));
    const places = new ReceiverPlaces(LIMITS);
    expect(sum(fill(places, proven(places, many())))).toBe(96);
    expect(sum(fill(new ReceiverPlaces(LIMITS), many()))).toBe(21);
  });

  it('leave a receiver that is prompt its own, however many others hang', () => {
    const places = new ReceiverPlaces(LIMITS);
    const [good] = proven(places, [aReceiver('10.9.9.9:443')]);
    fill(
      places,
      Array.from({ length: 250 }, (_, n) => aReceiver(`10.0.${n}.1:443`)),
    );
    expect(fill(places, [good])).toEqual([8]);
  });

  it('leave some to another address that is not known yet, whatever one address holds', () => {
    const places = new ReceiverPlaces(LIMITS);
    fill(places, ports(300));
    expect(sum(fill(places, [aReceiver('10.9.9.9:443')]))).toBeGreaterThan(2);
  });

  it('may not all be held by a process that has few: one at a time goes on', () => {
    for (const maxInFlight of [1, 2, 7, 8, 9, 16, 63]) {
      expect(sum(fill(new ReceiverPlaces({ maxInFlight, maxPerHost: 8 }), ports(20)))).toBeGreaterThan(0);
    }
  });
});

describe('a receiver', () => {
  it('that hangs is not prompt any more, and its places count for the small share', () => {
    const places = new ReceiverPlaces(LIMITS);
    const many = proven(places, ports(8));
    expect(sum(fill(places, many))).toBe(64);
    const later = NOW + 3_000;
    expect(isPrompt(many[0], NOW + 2_999)).toBe(true);
    expect(isPrompt(many[0], later)).toBe(false);
    expect(places.unproven(later)).toBe(64);
    expect(fill(places, [aReceiver('10.9.9.9:443')], later)).toEqual([0]);
    expect(sum(fill(places, [aReceiver('10.9.9.9:443', { apiKeyId: '2' })], later))).toBeGreaterThan(0);
  });

  it('is prompt and quick by its last try', () => {
    const places = new ReceiverPlaces(LIMITS);
    const receiver = aReceiver('a:1');
    const after = (ms: number | null): boolean[] => {
      places.begin(receiver, NOW);
      places.note(receiver, ms);
      places.end(receiver, NOW, NOW);
      return [isPrompt(receiver, NOW), isQuick(receiver, NOW)];
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
    const places = new ReceiverPlaces(LIMITS);
    const receiver = places.receiver('1', 'a:1', 'a');
    receiver.waiting = 1;
    expect(places.receiver('1', 'a:1', 'b')).toBe(receiver);
    expect(receiver.address).toBe('b');
    places.forget(receiver, NOW);
    expect([...places.known]).toEqual([receiver]);
    receiver.waiting = 0;
    places.forget(receiver, NOW);
    expect([...places.known]).toEqual([]);
  });

  it('is remembered while it is prompt, the last 256 of them', () => {
    const places = new ReceiverPlaces(LIMITS);
    for (const { host, address } of ports(300)) proven(places, [places.receiver('1', host, address)]);
    const known = [...places.known].map(({ host }) => host);
    expect([known.length, known.includes('10.0.0.1:0'), known.includes('10.0.0.1:299')]).toEqual([256, false, true]);
  });

  it('of another key has nothing to do with it', () => {
    const places = new ReceiverPlaces(LIMITS);
    fill(places, [aReceiver('a:1')]);
    expect(fill(places, [aReceiver('a:1', { apiKeyId: '2' })])).toEqual([8]);
  });

  it('moves while its tries have been ending', () => {
    const places = new ReceiverPlaces(LIMITS);
    const receiver = aReceiver('a:1');
    for (const at of [1, 2]) places.begin(receiver, at);
    expect(isMoving(receiver, 1_000)).toBe(false);
    places.end(receiver, 1, 1_000);
    expect([isMoving(receiver, 1_249), isMoving(receiver, 1_250)]).toEqual([true, false]);
    places.end(receiver, 2, 1_300);
    expect(isMoving(receiver, 1_300)).toBe(false);
  });

  it('gives a place back once', () => {
    const places = new ReceiverPlaces(LIMITS);
    const receiver = aReceiver('a:1');
    places.begin(receiver, 1);
    places.end(receiver, 1, 2);
    places.end(receiver, 1, 2);
    expect([places.total, places.free]).toEqual([0, 192]);
  });
});

describe('the places of many keys', () => {
  it('always leave some for a key with a receiver that is prompt, whatever the others do', () => {
    const receiver = fc.record({
      apiKeyId: fc.integer({ min: 1, max: 40 }).map(String),
      host: fc.integer({ min: 1, max: 400 }).map((n) => `h${n}:1`),
      address: fc.integer({ min: 1, max: 30 }).map(String),
    });
    const step = fc.record({ receiver, ms: fc.option(fc.integer({ min: 1, max: 10_000 })), stays: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
        const places = new ReceiverPlaces(LIMITS);
        const [good] = proven(places, [aReceiver('good:1', { apiKeyId: 'good' })]);
        for (const [index, { receiver: named, ms, stays }] of steps.entries()) {
          const receiver = places.receiver(named.apiKeyId, named.host, named.address);
          if (!places.mayBegin(receiver, NOW)) continue;
          places.begin(receiver, NOW - index / 1_000);
          places.note(receiver, ms);
          if (!stays) places.end(receiver, NOW - index / 1_000, NOW);
        }
        expect(places.total).toBeLessThanOrEqual(LIMITS.maxInFlight);
        expect(places.mayBegin(good, NOW)).toBe(true);
      }),
    );
  });

  it('of which all hang leave seven at least to those that do not', () => {
    const places = new ReceiverPlaces(LIMITS);
    const hostile = Array.from({ length: 2_000 }, (_, n) => aReceiver(`10.0.0.${n}:1`, { apiKeyId: `bad ${n % 500}` }));
    fill(places, hostile);
    expect(places.free).toBeGreaterThanOrEqual(7);
  });
});
