import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { logFailure, type Database } from '#libs/database';
import {
  CLAIM_DELIVERIES,
  CLAIM_FAIRLY,
  type ClaimBounds,
  type ClaimedDelivery,
  type ClaimParameters,
  type DueDelivery,
} from '../store/claim-deliveries.js';
import { CLAIM_PROBES } from '../store/claim-probes.js';
import { GIVE_BACK } from '../store/release-deliveries.js';
import type { HookLimits } from '../hooks-options.js';
import type { PrefetchWindow } from './prefetch-window.js';

/** Due rows that CLAIM_DELIVERIES looks at; more rows are a backlog, from which CLAIM_FAIRLY claims. */
const WINDOW = 128;
/** Runs of CLAIM_FAIRLY in one sweep of a backlog, each beginning where the last one stopped. */
const MAX_CLAIMS = 8;
/** The cursor before the first key. */
const FIRST_KEY = '0';

type Take = (claims: ClaimedDelivery[]) => Promise<void>;

/** Claims due deliveries and probes, as many as the prefetch window allows, fairly between keys; gives claims back. */
export class DeliveryClaims {
  private readonly log = new Logger(DeliveryClaims.name);
  private isBacklogged = false;
  /** The key after which the next CLAIM_FAIRLY begins, and in keys with many receivers the receiver. */
  private cursor = FIRST_KEY;
  private readonly hosts = new Map<string, string>();

  constructor(
    private readonly database: Pick<Database, 'run'>,
    private readonly window: PrefetchWindow,
    private readonly limits: Pick<HookLimits, 'leaseMs' | 'probeMs'>,
  ) {}

  /**
   * Claims deliveries that are due and hands them to `take`.
   * @param isSweep whether a backlog is gone through as far as there is room, and not with one statement
   * @throws DatabaseUnavailableError
   */
  async due(take: Take, isSweep: boolean): Promise<void> {
    if (!this.isBacklogged) {
      const bounds = this.bounds();
      if (bounds.limit === 0) return;
      const rows = await this.database.run(CLAIM_DELIVERIES, this.parameters(bounds));
      await take(claimed(rows));
      this.isBacklogged = (rows[0]?.due ?? 0) >= WINDOW;
    }
    for (let claims = 0; this.isBacklogged && claims < (isSweep ? MAX_CLAIMS : 1); claims += 1) {
      if (!(await this.fairly(take))) return;
    }
  }

  /** Claims the due probes. Half of a key's tries are left to its other deliveries. @throws DatabaseUnavailableError */
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

  /** Gives claims back: their deliveries are due at once for any replica. Never throws: claims end by themselves too. */
  async giveBack(claims: readonly ClaimedDelivery[]): Promise<void> {
    if (claims.length === 0) return;
    try {
      await this.database.run(GIVE_BACK, {
        taskIds: claims.map(({ taskId }) => taskId),
        claimIds: claims.map(({ claimId }) => claimId),
      });
    } catch (error) {
      logFailure(this.log, 'claims could not be given back and end by themselves', error);
    }
  }

  /** Runs CLAIM_FAIRLY once; false: another run would find nothing more now. */
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
