import { randomUUID } from 'node:crypto';
import type { Database } from '#libs/database';
import {
  CLAIM_POLLS,
  CLAIM_FAIRLY,
  type ClaimBounds,
  type ClaimedDelivery,
  type ClaimParameters,
  type DueDelivery,
} from '../store/claim-deliveries.js';
import { CLAIM_PROBES } from '../store/claim-probes.js';
import type { HookLimits } from '../hooks-options.js';
import type { PrefetchWindow } from './prefetch-window.js';

/** Due rows that CLAIM_POLLS looks at; more is a backlog, which CLAIM_FAIRLY takes from. */
const WINDOW = 128;
/** Claims in a row that go on where the last one stopped. */
const MAX_CLAIMS = 8;
/** A cursor before all. */
const FIRST_KEY = '0';

type Take = (claims: ClaimedDelivery[]) => Promise<void>;

/** Claims what is due, as much as the window of this process allows, fairly between keys. */
export class DeliveryClaims {
  private isBacklogged = false;
  /** Where the next CLAIM_FAIRLY begins: the key, and in keys with many receivers the receiver. */
  private cursor = FIRST_KEY;
  private readonly hosts = new Map<string, string>();

  constructor(
    private readonly database: Pick<Database, 'run'>,
    private readonly window: PrefetchWindow,
    private readonly limits: Pick<HookLimits, 'leaseMs' | 'probeMs'>,
  ) {}

  /**
   * Claims deliveries that are due and hands them to `take`.
   * @param isThorough whether a backlog is gone through as far as there is room, and not with one statement
   * @throws DatabaseUnavailableError
   */
  async due(take: Take, isThorough: boolean): Promise<void> {
    if (!this.isBacklogged) {
      const bounds = this.bounds();
      if (bounds.limit === 0) return;
      const rows = await this.database.run(CLAIM_POLLS, this.parameters(bounds));
      await take(claimed(rows));
      this.isBacklogged = (rows[0]?.due ?? 0) >= WINDOW;
    }
    for (let claims = 0; this.isBacklogged && claims < (isThorough ? MAX_CLAIMS : 1); claims += 1) {
      if (!(await this.fairly(take))) return;
    }
  }

  /** Claims the probes that are due. Half of a key's places are left to its other tries. @throws DatabaseUnavailableError */
  async probes(take: Take): Promise<void> {
    const { limit, receivers, keys, newKey, maxPerHost } = this.bounds();
    if (limit === 0) return;
    const ofKeys = keys.map(({ api_key_id, room }) => ({ api_key_id, room: Math.ceil(room / 2) }));
    const rows = await this.database.run(CLAIM_PROBES, {
      claimId: randomUUID(),
      leaseMs: this.limits.leaseMs,
      limit,
      receivers: JSON.stringify(receivers),
      keys: JSON.stringify(ofKeys),
      newKey: Math.ceil(newKey / 2),
      maxPerHost,
      probeMs: this.limits.probeMs,
    });
    await take(rows);
  }

  /** False: another one would find nothing more now. */
  private async fairly(take: Take): Promise<boolean> {
    const bounds = this.bounds();
    if (bounds.limit === 0) return false;
    const full = new Set(bounds.keys.filter(({ room }) => room <= 0).map(({ api_key_id }) => api_key_id));
    const resumed = [...this.hosts].filter(([key]) => !full.has(key));
    const rows = await this.database.run(CLAIM_FAIRLY, {
      ...this.parameters(bounds),
      afterKey: this.cursor,
      afterHosts: JSON.stringify(resumed.map(([api_key_id, host]) => ({ api_key_id, host }))),
    });
    const [first] = rows;
    this.isBacklogged = (first?.due ?? 0) >= WINDOW;
    for (const [key] of resumed) this.hosts.delete(key);
    for (const [key, host] of Object.entries(first?.lastHosts ?? {})) if (host !== null) this.hosts.set(key, host);
    this.cursor = first?.lastKey ?? FIRST_KEY;
    const found = claimed(rows);
    await take(found);
    return this.cursor !== FIRST_KEY || this.hosts.size > 0 || found.length >= bounds.limit;
  }

  private bounds(): ClaimBounds {
    return this.window.bounds(performance.now());
  }

  private parameters({ limit, receivers, keys, newKey, newAddress, maxPerHost }: ClaimBounds): ClaimParameters {
    return {
      claimId: randomUUID(),
      leaseMs: this.limits.leaseMs,
      limit,
      receivers: JSON.stringify(receivers),
      keys: JSON.stringify(keys),
      newKey,
      newAddress,
      newReceiver: Math.min(maxPerHost, newAddress),
      window: WINDOW,
    };
  }
}

function claimed(rows: readonly DueDelivery[]): ClaimedDelivery[] {
  return rows.filter((row): row is ClaimedDelivery & { due: number } => row.taskId !== null);
}
