import type { UpstreamKind } from '#libs/upstream';
import type { FaultRates } from './faults.js';
import type { TaskRow, UpstreamRecord } from './history.js';

/** What an upstream was sent and took in. */
export interface UpstreamBooks {
  /** Submits that reached it, by the mark of their task. */
  submits: ReadonlyMap<string, number>;
  works: readonly UpstreamRecord[];
}

/** An upstream of the rig: it does what it is told wrong, and its own books tell what it really did. */
export interface RigUpstream {
  readonly kind: UpstreamKind;
  readonly url: string;
  readonly secret: string | null;
  /** Addresses that clients must not see. */
  readonly addresses: readonly string[];
  /** Of submits; may be changed at any time. */
  submitFaults: FaultRates;
  /** Of every other call; may be changed at any time. */
  readFaults: FaultRates;
  readonly counts: { submits: number; polls: number; faults: number };
  /** `rows`: of the gateway, for dialects whose work names its task by nothing but its prompt. */
  books(rows: readonly TaskRow[]): Promise<UpstreamBooks>;
  close(): Promise<void>;
}
