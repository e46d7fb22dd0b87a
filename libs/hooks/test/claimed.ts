import type { ClaimedDelivery } from '../src/store/claim-deliveries.js';
import { nameOf } from '../src/receivers/receiver-addresses.js';
import type { Receiver } from '../src/receivers/in-flight-quota.js';

/** A receiver of key `1` at its own address, unless given, that nothing has gone to. */
export function aReceiver(host: string, overrides: Partial<Receiver> = {}): Receiver {
  const nothing = { waiting: 0, inFlight: [], lastMs: null, lastEnd: -Infinity };
  return { apiKeyId: '1', host, address: nameOf(host), ...nothing, ...overrides };
}

/** The claimed end of a task, for a receiver of key `1` unless given. */
export function aClaim(taskId: string, host: string, overrides: Partial<ClaimedDelivery> = {}): ClaimedDelivery {
  const [claimId, apiKeyId, url, payload] = ['c', '1', `http://${host}/`, '{}'];
  return { taskId, claimId, apiKeyId, url, host, seq: 1, terminal: true, payload, attempt: 1, ...overrides };
}
