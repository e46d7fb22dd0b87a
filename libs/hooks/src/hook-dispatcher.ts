import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { logFailure, type Database } from '#libs/database';
import { CLAIM_DUE, CLAIM_PROBES, type ClaimedDelivery, type DueDelivery } from './claim-deliveries.js';
import { ClaimRoom } from './claim-room.js';
import type { HookSender } from './hook-sender.js';
import type { HookLimits } from './hooks-options.js';
import { PUT_ASIDE } from './put-aside.js';
import { GIVE_BACK, RELEASE_FIRST } from './release-deliveries.js';
import { retryDelay } from './retry-schedule.js';
import { settlementOf } from './settle-deliveries.js';
import { SettleQueue } from './settle-queue.js';
import { TELL_ANOTHER, type LateDelivery } from './tell-another.js';

/** How many due rows a claim looks at for each one it may take, after one that found too few among as many as it may take. */
const LOOK_AHEAD = 4;
/** A receiver that takes a hook within this answers quickly, ms: some of its ends may be claimed before they can begin. */
const QUICK_MS = 100;

export interface DispatcherOptions {
  /** False: this process releases, and leaves the sending to others. */
  enabled: boolean;
  limits: HookLimits;
  random: () => number;
}

/** One try of a hook, as it ended. */
export interface HookTry {
  /** As in hook_attempt: `delivered`, `status_4xx`, `timeout`, … */
  class: string;
}

/**
 * Delivers what is due: claims rows, sends them outside any transaction, settles them in batches. Nothing here throws
 * for a failing database: what could not be settled is due again when its claim ends, with the same webhook-id.
 */
export class HookDispatcher {
  private readonly log = new Logger(HookDispatcher.name);
  private readonly settles: SettleQueue;
  private readonly room: ClaimRoom;
  private readonly underWay = new Set<Promise<void>>();
  private readonly toRelease = new Set<string>();
  private readonly listeners: ((attempt: HookTry) => void)[] = [];
  private abandoned: ClaimedDelivery[] = [];
  private working: Promise<void> | null = null;
  private wanted = { claim: false, refill: false, probe: false };
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly sender: HookSender,
    private readonly options: DispatcherOptions,
  ) {
    this.settles = new SettleQueue(database, options.limits);
    this.room = new ClaimRoom(options.limits);
  }

  /** Has `listen` called with every try that ended. */
  onAttempt(listen: (attempt: HookTry) => void): void {
    this.listeners.push(listen);
  }

  /** Starts what is due, probes of failing receivers too. Does not wait for any receiver. */
  tick(): void {
    this.wanted.probe = true;
    this.nudge();
  }

  /** Says that something was enqueued and committed, so that it need not wait for the next tick. Many nudges are one. */
  nudge(): void {
    this.wanted.claim = true;
    this.work();
  }

  /** Makes the first deliveries of these tasks due now: their submit has been answered. */
  release(taskIds: readonly string[]): void {
    for (const taskId of taskIds) this.toRelease.add(taskId);
    if (taskIds.length > 0) this.nudge();
  }

  /** Tells the end of a task to a receiver that asked for it afterwards, once. @throws DatabaseUnavailableError */
  async tellAnother({ taskId, apiKeyId, url, host, seq, payload }: LateDelivery): Promise<void> {
    await this.database.run(TELL_ANOTHER, [taskId, apiKeyId, url, host, seq, payload]);
    this.nudge();
  }

  /**
   * Ends the work of this process for good: claims nothing more, lets tries under way finish, and gives back those that
   * take too long. To be awaited before the database is closed.
   */
  async drain(): Promise<void> {
    this.stopping = true;
    await this.working;
    await this.giveBack(this.room.ready.drop());
    await this.finished(this.options.limits.drainMs);
    // A try that is given back must have ended here first: a task never has two under way.
    await this.sender.close();
    await this.finished();
    await this.giveBack(this.abandoned);
    this.abandoned = [];
  }

  /** One round at a time; what is wanted meanwhile is one more round. */
  private work(): void {
    if (this.stopping || this.working !== null) return;
    this.working = this.rounds().finally(() => {
      this.working = null;
      if (this.wanted.claim || this.wanted.refill) this.work();
    });
  }

  private async rounds(): Promise<void> {
    while ((this.wanted.claim || this.wanted.refill) && !this.stopping) {
      const { claim, probe } = this.wanted;
      this.wanted = { claim: false, refill: false, probe: false };
      try {
        await this.releaseFirst();
        if (this.options.enabled && (claim || this.room.isLow(performance.now()))) await this.claimDue();
        if (this.options.enabled && probe) {
          await this.claimProbes();
          await this.database.run(PUT_ASIDE, [this.options.limits.probeMs]);
        }
      } catch (error) {
        logFailure(this.log, 'deliveries could not be claimed', error);
      }
    }
  }

  private async releaseFirst(): Promise<void> {
    if (this.toRelease.size === 0) return;
    const taskIds = [...this.toRelease];
    this.toRelease.clear();
    await this.database.run(RELEASE_FIRST, [taskIds]);
  }

  private async claimDue(): Promise<void> {
    const { leaseMs, maxPerHost } = this.options.limits;
    for (let lookAhead = 1; ; lookAhead = LOOK_AHEAD) {
      const { left } = this.room;
      if (left <= 0 || this.stopping) return;
      const { hosts, claims, ahead } = this.room.byHost();
      const window = left * lookAhead;
      const values = [randomUUID(), leaseMs, left, hosts, claims, ahead, maxPerHost, window];
      const due = await this.database.run<DueDelivery>(CLAIM_DUE, values);
      await this.begin(due);
      // A full window with little in it may hide rows of other hosts behind those that had to be left.
      if ((due[0]?.seen ?? 0) < window || due.length >= left / 2) return;
    }
  }

  private async claimProbes(): Promise<void> {
    const { leaseMs, probeMs } = this.options.limits;
    const { left } = this.room;
    if (left <= 0 || this.stopping) return;
    const values = [randomUUID(), leaseMs, left, this.room.fullHosts(), probeMs];
    await this.begin(await this.database.run<ClaimedDelivery>(CLAIM_PROBES, values));
  }

  private async begin(claims: readonly ClaimedDelivery[]): Promise<void> {
    if (this.stopping) return this.giveBack(claims);
    const now = performance.now();
    for (const claim of claims) this.room.ready.add(claim, now);
    this.beginReady();
  }

  private beginReady(): void {
    // A try that began later could outlast its claim, and somebody else would send the same meanwhile.
    const oldest = performance.now() - this.options.limits.leaseMs / 3;
    while (!this.stopping) {
      const next = this.room.take();
      if (next === null) return;
      const { claim, at } = next;
      if (at < oldest) {
        this.keep(this.giveBack([claim]));
        continue;
      }
      this.room.tries.begin(claim.host);
      let isUnderWay = true;
      const end = (): void => {
        if (isUnderWay) this.end(claim.host);
        isUnderWay = false;
      };
      this.keep(this.deliver(claim, end).finally(end));
    }
  }

  /** Has a shutdown wait for it. */
  private keep(work: Promise<void>): void {
    const kept = work.finally(() => this.underWay.delete(kept));
    this.underWay.add(kept);
  }

  /** @param end frees its place */
  private async deliver(claim: ClaimedDelivery, end: () => void): Promise<void> {
    try {
      const { verdict, ...rest } = await this.sender.send(claim);
      if (verdict.kind === 'abandoned') {
        this.abandoned.push(claim);
        return;
      }
      for (const listen of this.listeners) listen({ class: verdict.class });
      const { limits, random } = this.options;
      const delayMs = retryDelay(claim.attempt, random(), limits.retrySchedule);
      const settling = this.settles.add(settlementOf(claim, { verdict, ...rest }, delayMs));
      const isQuick = verdict.kind === 'delivered' && rest.ms <= QUICK_MS;
      this.room.tries.note(claim.host, isQuick);
      // After a failure its place stays taken until the row of its receiver tells of it.
      if (verdict.kind === 'delivered') end();
      const [settled] = await Promise.all([settling, isQuick ? null : this.giveBack(this.room.ready.drop(claim.host))]);
      if (settled === null) this.log.warn(`the claim on the hook of task ${claim.taskId} ended before it was settled`);
      else if (settled.due) this.nudge();
    } catch (error) {
      logFailure(this.log, `the hook of task ${claim.taskId} waits for the end of its claim`, error);
      // The others would end like it: its secrets cannot be read, or nothing be settled.
      await this.giveBack(this.room.ready.drop(claim.host));
    }
  }

  /** Frees a place, for what is ready or, if there was none, for what may be waiting for it. */
  private end(host: string): void {
    const wasFull = this.room.isFull(host);
    const now = performance.now();
    this.room.tries.end(host, now);
    this.beginReady();
    if (!wasFull || !this.room.isLow(now)) return;
    this.wanted.refill = true;
    this.work();
  }

  private async giveBack(claims: readonly ClaimedDelivery[]): Promise<void> {
    if (claims.length === 0) return;
    try {
      await this.database.run(GIVE_BACK, [claims.map(({ taskId }) => taskId), claims.map(({ claimId }) => claimId)]);
    } catch (error) {
      logFailure(this.log, 'claims could not be given back and end by themselves', error);
    }
  }

  /** Resolves once nothing is under way, or after `ms`. */
  private async finished(ms?: number): Promise<void> {
    const all = Promise.all(this.underWay).then(() => undefined);
    if (ms === undefined) return all;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([all, patience]);
    clearTimeout(timer);
  }
}
