import { aClaim } from '../../test/claimed.js';
import { PrefetchWindow } from './prefetch-window.js';
import { nameOf } from '../receivers/receiver-addresses.js';
import type { Receiver } from '../receivers/in-flight-quota.js';

const NOW = 10_000;
let window: PrefetchWindow;
beforeEach(() => (window = new PrefetchWindow({ maxInFlight: 192, maxPerHost: 8 })));

const receiverOf = (host: string, apiKeyId = '1'): Receiver => window.quota.receiver(apiKeyId, host, nameOf(host));
const hold = (receiver: Receiver, count: number): void => {
  for (let n = 0; n < count; n += 1) window.quota.acquire(receiver, NOW);
};
const admit = ({ apiKeyId, host, address }: Receiver, count: number): void => {
  for (let n = 0; n < count; n += 1) window.admit(aClaim(`${n}`, host, { apiKeyId }), address, NOW);
};
/** As if it had just taken a hook. */
const proven = (receiver: Receiver, ms = 10): Receiver => {
  window.quota.acquire(receiver, NOW);
  window.quota.recordLatency(receiver, ms);
  window.quota.release(receiver, NOW, NOW);
  return receiver;
};

describe('a claim', () => {
  it('for an unknown receiver takes only deliveries whose try could begin', () => {
    expect(window.bounds(NOW)).toEqual({
      limit: 192,
      receivers: [],
      keys: [],
      newKey: 21,
      newAddress: 11,
      maxPerHost: 8,
    });
  });

  it('for a fast receiver takes more ends than could begin', () => {
    const quick = proven(receiverOf('q:1'));
    hold(quick, 8);
    expect(window.bounds(NOW)).toMatchObject({
      receivers: [{ host: 'q:1', is_prompt: true, claims: 8, room: 0, ahead: 16 }],
      keys: [{ prompt_room: 88 + 16 }],
    });
    admit(quick, 16);
    expect(window.bounds(NOW)).toMatchObject({ receivers: [{ claims: 24, room: -16, ahead: 16 }] });
  });

  it('for a receiver that is prompt but not fast takes only deliveries whose try could begin', () => {
    proven(receiverOf('p:1'), 101);
    expect(window.bounds(NOW).receivers).toMatchObject([{ is_prompt: true, room: 8, ahead: 0 }]);
  });

  it('prefetches for a key at most as much as it leaves to others', () => {
    for (let n = 0; n < 30; n += 1) admit(proven(receiverOf(`q${n}:1`)), 8);
    admit(proven(receiverOf('q:1', '2')), 1);
    const { limit, keys } = window.bounds(NOW);
    expect(limit).toBeGreaterThan(192 - 1);
    expect(keys.find(({ api_key_id }) => api_key_id === '1')?.prompt_room).toBeLessThanOrEqual(0);
    expect(keys.find(({ api_key_id }) => api_key_id === '2')?.prompt_room).toBeGreaterThan(90);
  });

  it('counts the claims that wait on all ports of an address, and a claim that is being looked up for its key', () => {
    hold(receiverOf('10.0.0.1:1'), 8);
    admit(receiverOf('10.0.0.1:2'), 2);
    const looking = window.beginLookUp(aClaim('1', 'x.example.com:1'));
    const { receivers, keys } = window.bounds(NOW);
    const room = window.quota.freeFor('1', null, false, NOW).ofKey;
    expect(receivers.find(({ host }) => host === '10.0.0.1:2')).toMatchObject({ claims: 2, room: 1, address_room: 1 });
    expect(keys).toMatchObject([{ room: room - 3 }]);
    window.endLookUp(looking, NOW);
    expect([window.usage(NOW).locating, window.bounds(NOW).keys[0]?.room]).toEqual([0, room - 2]);
  });
});

describe('a claim that is ready', () => {
  it('is dropped where its key is over its quota and it is not prefetched', () => {
    for (let port = 0; port < 20; port += 1) {
      const receiver = receiverOf(`10.0.0.1:${port}`);
      if (window.quota.mayAcquire(receiver, NOW)) hold(receiver, 1);
      else admit(receiver, 1);
    }
    const quick = proven(receiverOf('10.0.0.2:1'));
    hold(quick, 8);
    admit(quick, 3);
    expect(window.dropOverQuota(NOW)).toHaveLength(9);
    expect(window.usage(NOW).ready).toBe(3);
  });
});

describe('the low watermark of a key', () => {
  let receiver: Receiver;
  beforeEach(() => {
    receiver = receiverOf('a:1');
    // All its tries are under way, and twice as many are ready.
    for (let n = 0; n < 9; n += 1) window.quota.acquire(receiver, n);
    admit(receiver, 16);
  });

  it('is not reached while ready claims begin one after the other', () => {
    window.quota.release(receiver, 0, NOW - 10);
    expect(window.belowLowWatermark('1', NOW)).toBe(false);
  });

  it('is reached where all ready claims are for a stalled receiver', () => {
    window.quota.release(receiver, 0, NOW - 300);
    expect(window.belowLowWatermark('1', NOW)).toBe(true);
  });

  it('is not reached while ready claims may begin at once', () => {
    for (const at of [0, 1]) window.quota.release(receiver, at, NOW - 300);
    expect(window.belowLowWatermark('1', NOW)).toBe(false);
  });

  it('does not count the ready claims of another key', () => {
    window.quota.acquire(receiverOf('b:1', '2'), 1);
    expect(window.belowLowWatermark('2', NOW)).toBe(true);
  });
});
