import type { ClaimedDelivery } from './claim-deliveries.js';
import { ReadyDeliveries } from './ready-deliveries.js';

function claimed(taskId: string, host: string, terminal = true): ClaimedDelivery {
  const [claimId, apiKeyId, url, payload] = ['c', '1', `http://${host}/`, '{}'];
  return { taskId, claimId, apiKeyId, url, host, seq: 1, terminal, payload, attempt: 1 };
}

describe('what is ready', () => {
  let ready: ReadyDeliveries;
  beforeEach(() => (ready = new ReadyDeliveries()));

  const taken = (mayBegin: (host: string) => boolean = () => true): string[] => {
    const ids: string[] = [];
    for (let next = ready.take(mayBegin); next !== null; next = ready.take(mayBegin)) ids.push(next.claim.taskId);
    return ids;
  };

  it('is taken in the order it came, hosts in turn', () => {
    for (const id of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) ready.add(claimed(id, id.slice(0, 1)), 0);
    expect(taken()).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
    expect([ready.size, ready.of('a'), [...ready.hosts]]).toEqual([0, 0, []]);
  });

  it('stays where its host may have no more', () => {
    for (const id of ['a1', 'a2', 'b1']) ready.add(claimed(id, id.slice(0, 1)), 0);
    expect(taken((host) => host === 'b')).toEqual(['b1']);
    expect([ready.size, ready.of('a'), [...ready.hosts]]).toEqual([2, 2, ['a']]);
  });

  it('has what a newer change may replace first', () => {
    ready.add(claimed('end', 'a'), 0);
    ready.add(claimed('progress', 'a', false), 0);
    ready.add(claimed('later progress', 'a', false), 0);
    expect(taken()).toEqual(['progress', 'later progress', 'end']);
  });

  it('says when it was claimed', () => {
    ready.add(claimed('a1', 'a'), 17);
    expect(ready.take(() => true)?.at).toBe(17);
  });

  it('is dropped by host, or all of it', () => {
    for (const id of ['a1', 'b1', 'a2', 'c1']) ready.add(claimed(id, id.slice(0, 1)), 0);
    expect(ready.drop('a').map(({ taskId }) => taskId)).toEqual(['a1', 'a2']);
    expect(ready.drop('a')).toEqual([]);
    expect(ready.size).toBe(2);
    expect(ready.drop().map(({ taskId }) => taskId)).toEqual(['b1', 'c1']);
    expect(ready.size).toBe(0);
  });
});
