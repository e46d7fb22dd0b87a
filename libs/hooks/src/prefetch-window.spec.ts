import { aClaim, aReceiver } from '../test/claimed.js';
import { PrefetchWindow } from './prefetch-window.js';
import type { Receiver } from './receiver-places.js';

const NOW = 10_000;
let window: PrefetchWindow;
beforeEach(() => (window = new PrefetchWindow({ maxInFlight: 192, maxPerHost: 8 })));

const hold = (receiver: Receiver, count: number): void => {
  for (let n = 0; n < count; n += 1) window.places.begin(receiver, NOW);
};
const ready = (receiver: Receiver, count: number): void => {
  const { apiKeyId, host } = receiver;
  for (let n = 0; n < count; n += 1) window.ready.add({ claim: aClaim(`${n}`, host, { apiKeyId }), receiver, at: NOW });
};
/** As if it had just taken a hook. */
const proven = (receiver: Receiver, ms = 10): Receiver => {
  window.places.begin(receiver, NOW);
  window.places.note(receiver, ms);
  window.places.end(receiver, NOW, NOW);
  return receiver;
};

describe('what may be claimed', () => {
  it('of a receiver that is not known is what could begin', () => {
    expect(window.bounds(NOW)).toEqual({
      limit: 192,
      receivers: [],
      keys: [],
      newKey: 21,
      newAddress: 11,
      maxPerHost: 8,
    });
  });

  it('of one that is quick is more than could begin', () => {
    const quick = proven(aReceiver('q:1'));
    hold(quick, 8);
    expect(window.bounds(NOW)).toMatchObject({
      receivers: [{ host: 'q:1', is_prompt: true, claims: 8, room: 0, ahead: 16 }],
      keys: [{ prompt_room: 88 + 16 }],
    });
    ready(quick, 16);
    expect(window.bounds(NOW)).toMatchObject({ receivers: [{ claims: 24, room: -16, ahead: 16 }] });
  });

  it('of one that is prompt but not quick is what could begin', () => {
    proven(aReceiver('p:1'), 101);
    expect(window.bounds(NOW).receivers).toMatchObject([{ is_prompt: true, room: 8, ahead: 0 }]);
  });

  it('ahead is at most what a key leaves to others', () => {
    for (let n = 0; n < 30; n += 1) ready(proven(aReceiver(`q${n}:1`)), 8);
    ready(proven(aReceiver('q:1', { apiKeyId: '2' })), 1);
    const { limit, keys } = window.bounds(NOW);
    expect(limit).toBeGreaterThan(192 - 1);
    expect(keys.find(({ api_key_id }) => api_key_id === '1')?.prompt_room).toBeLessThanOrEqual(0);
    expect(keys.find(({ api_key_id }) => api_key_id === '2')?.prompt_room).toBeGreaterThan(90);
  });

  it('of an address counts what waits for it on all its ports, and what is being looked up counts for its key', () => {
    hold(aReceiver('10.0.0.1:1'), 8);
    ready(aReceiver('10.0.0.1:2'), 2);
    window.beginLookUp(aReceiver('x.example.com:1'));
    const { receivers, keys } = window.bounds(NOW);
    expect(receivers.find(({ host }) => host === '10.0.0.1:2')).toMatchObject({ claims: 2, room: 1, address_room: 1 });
    expect(keys).toMatchObject([{ room: window.places.roomOfKey('1', false, NOW) - 3 }]);
    window.endLookUp(aReceiver('x.example.com:1'));
    expect([window.locating, window.bounds(NOW).keys[0]?.room]).toEqual([
      0,
      window.places.roomOfKey('1', false, NOW) - 2,
    ]);
  });
});

describe('what is ready', () => {
  it('is dropped where it may not begin and is not ahead', () => {
    for (let port = 0; port < 20; port += 1) {
      const receiver = aReceiver(`10.0.0.1:${port}`);
      if (window.places.mayBegin(receiver, NOW)) hold(receiver, 1);
      else ready(receiver, 1);
    }
    const quick = proven(aReceiver('10.0.0.2:1'));
    hold(quick, 8);
    ready(quick, 3);
    expect(window.dropCrowded(NOW)).toHaveLength(9);
    expect(window.ready.size).toBe(3);
  });
});

describe('the supply of a key', () => {
  const receiver = aReceiver('a:1');
  beforeEach(() => {
    // All its tries are under way, and twice as many are ready.
    for (let n = 0; n < 9; n += 1) window.places.begin(receiver, n);
    ready(receiver, 16);
  });

  it('is not low while what is ready is being taken', () => {
    window.places.end(receiver, 0, NOW - 10);
    expect(window.isLow('1', NOW)).toBe(false);
  });

  it('is low while it is ready for a receiver whose tries hang: others wait for theirs', () => {
    window.places.end(receiver, 0, NOW - 300);
    expect(window.isLow('1', NOW)).toBe(true);
  });

  it('is not low while what is ready may begin at once', () => {
    for (const at of [0, 1]) window.places.end(receiver, at, NOW - 300);
    expect(window.isLow('1', NOW)).toBe(false);
  });

  it('is its own: what is ready of another key is none', () => {
    window.places.begin(aReceiver('b:1', { apiKeyId: '2' }), 1);
    expect(window.isLow('2', NOW)).toBe(true);
  });
});
