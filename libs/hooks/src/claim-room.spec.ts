import type { ClaimedDelivery } from './claim-deliveries.js';
import { ClaimRoom } from './claim-room.js';

function claimed(taskId: string, host: string): ClaimedDelivery {
  const [claimId, apiKeyId, url, payload] = ['c', '1', `http://${host}/`, '{}'];
  return { taskId, claimId, apiKeyId, url, host, seq: 1, terminal: true, payload, attempt: 1 };
}

describe('the supply of a process', () => {
  const NOW = 10_000;
  let room: ClaimRoom;
  beforeEach(() => {
    room = new ClaimRoom({ maxInFlight: 64, maxPerHost: 8 });
    // A host has all its tries under way, and twice as many ready.
    for (let n = 0; n < 9; n += 1) room.tries.begin('a');
    for (let n = 0; n < 16; n += 1) room.ready.add(claimed(`${n}`, 'a'), NOW);
  });

  it('is not low while what is ready is being taken', () => {
    room.tries.end('a', NOW - 10);
    expect(room.isLow(NOW)).toBe(false);
  });

  it('is low while it is ready for a host whose tries hang: others wait for theirs', () => {
    room.tries.end('a', NOW - 300);
    expect(room.isLow(NOW)).toBe(true);
  });

  it('is not low while what is ready may begin at once', () => {
    for (let n = 0; n < 2; n += 1) room.tries.end('a', NOW - 300);
    expect(room.isLow(NOW)).toBe(false);
  });
});
