import { aClaim, aReceiver } from '../../test/claimed.js';
import { ReadyDeliveries, type ReadyDelivery } from './ready-deliveries.js';
import type { Receiver } from '../receivers/in-flight-quota.js';

describe('ReadyDeliveries', () => {
  let ready: ReadyDeliveries;
  let receivers: Map<string, Receiver>;
  beforeEach(() => {
    ready = new ReadyDeliveries();
    receivers = new Map();
  });

  const receiverOf = (host: string, apiKeyId = '1'): Receiver => {
    const known = receivers.get(`${apiKeyId} ${host}`) ?? aReceiver(host, { apiKeyId });
    receivers.set(`${apiKeyId} ${host}`, known);
    return known;
  };
  /** @param id its first letter is the host */
  const add = (id: string, { apiKeyId = '1', terminal = true, at = 0 } = {}): void =>
    ready.add({
      claim: aClaim(id, id.slice(0, 1), { apiKeyId, terminal }),
      receiver: receiverOf(id.slice(0, 1), apiKeyId),
      at,
    });
  const taken = (mayBegin: (receiver: Receiver) => boolean = () => true): string[] => {
    const ids: string[] = [];
    for (let next = ready.take(mayBegin); next !== null; next = ready.take(mayBegin)) ids.push(next.claim.taskId);
    return ids;
  };
  const idsOf = (dropped: readonly ReadyDelivery[]): string[] => dropped.map(({ claim }) => claim.taskId);
  const sizes = (apiKeyId?: string): [string, number][] =>
    ready.receivers(apiKeyId).map((receiver) => [receiver.host, ready.of(receiver)]);

  it('gives claims in the order they came, receivers in turn', () => {
    for (const id of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) add(id);
    expect(taken()).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
    expect([ready.size, sizes()]).toEqual([0, []]);
  });

  it('gives claims key by key, however many receivers one has', () => {
    for (const id of ['a1', 'b1', 'c1', 'd1']) add(id);
    for (const id of ['a7', 'a8']) add(id, { apiKeyId: '2' });
    expect(taken()).toEqual(['a1', 'a7', 'b1', 'a8', 'c1', 'd1']);
  });

  it('keeps claims whose receiver may have no more tries', () => {
    for (const id of ['a1', 'a2', 'b1']) add(id);
    add('b7', { apiKeyId: '2' });
    expect(taken(({ host }) => host === 'b')).toEqual(['b1', 'b7']);
    expect([ready.size, ready.of(receiverOf('a')), sizes()]).toEqual([2, 2, [['a', 2]]]);
  });

  it('counts claims by receiver and key', () => {
    add('a1');
    add('a7', { apiKeyId: '2' });
    expect([ready.of(receiverOf('a')), ready.of(receiverOf('b')), sizes('2'), sizes('3')]).toEqual([
      1,
      0,
      [['a', 1]],
      [],
    ]);
  });

  it('gives events before the end first', () => {
    add('a end');
    add('a progress', { terminal: false });
    add('a later progress', { terminal: false });
    expect(taken()).toEqual(['a progress', 'a later progress', 'a end']);
  });

  it('says when a claim was made', () => {
    add('a1', { at: 17 });
    expect(ready.take(() => true)?.at).toBe(17);
  });

  it('drops the claims of a receiver', () => {
    for (const id of ['a1', 'b1', 'a2']) add(id);
    add('a7', { apiKeyId: '2' });
    expect(idsOf(ready.dropOf(receiverOf('a')))).toEqual(['a1', 'a2']);
    expect(ready.dropOf(receiverOf('a'))).toEqual([]);
    expect([ready.size, taken()]).toEqual([2, ['b1', 'a7']]);
  });

  it('drops claims by age, and keeps the order of the others', () => {
    for (const [at, id] of ['a1', 'a2', 'b1', 'a3'].entries()) add(id, { at });
    expect(idsOf(ready.dropOlder(2))).toEqual(['a1', 'a2']);
    expect(ready.size).toBe(2);
    expect(idsOf(ready.dropOlder(Infinity)).sort()).toEqual(['a3', 'b1']);
    expect(ready.size).toBe(0);
  });
});
