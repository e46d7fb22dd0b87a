import { Logger } from '@nestjs/common';
import { logFailure, type Database } from '#libs/database';
import type { ClaimedDelivery } from '../store/claim-deliveries.js';
import { DeliveryClaims } from './delivery-claims.js';
import type { HookSender } from '../send/hook-sender.js';
import type { HookLimits } from '../hooks-options.js';
import { type InFlightUsage, PrefetchWindow } from './prefetch-window.js';
import { DEFER_FAILING_HOST } from '../store/defer-failing-host.js';
import type { ReceiverAddresses } from '../receivers/receiver-addresses.js';
import { isPrompt, isFast, type Receiver } from '../receivers/in-flight-quota.js';
import { GIVE_BACK, RELEASE_FIRST } from '../store/release-deliveries.js';
import { retryDelay } from '../send/retry-schedule.js';
import { settlementOf } from '../store/settle-deliveries.js';
import { SettleBatcher } from './settle-batcher.js';
import { REDIRECT_DELIVERY, type RedirectedDelivery } from '../store/redirect-delivery.js';
import { WaitGroup } from './wait-group.js';

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
  private readonly settles: SettleBatcher;
  private readonly window: PrefetchWindow;
  private readonly claims: DeliveryClaims;
  private readonly underWay = new WaitGroup();
  private readonly toRelease = new Set<string>();
  private readonly listeners: ((attempt: HookTry) => void)[] = [];
  private abandoned: ClaimedDelivery[] = [];
  private working: Promise<void> | null = null;
  private wanted = { claim: false, probe: false };
  /** Keys that may have something waiting for a place that was given back. */
  private readonly toRefill = new Set<string>();
  /** How long the names of receivers were looked up, ms; only where they were. */
  private readonly lookUpMs = new WeakMap<ClaimedDelivery, number>();
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly sender: HookSender,
    private readonly addresses: ReceiverAddresses,
    private readonly options: DispatcherOptions,
  ) {
    this.settles = new SettleBatcher(database, options.limits);
    this.window = new PrefetchWindow(options.limits);
    this.claims = new DeliveryClaims(database, this.window, options.limits);
  }

  /** What its places are used for now. */
  usage(): InFlightUsage {
    return this.window.usage(performance.now());
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
  async redirect(delivery: RedirectedDelivery): Promise<void> {
    await this.database.run(REDIRECT_DELIVERY, delivery);
    this.nudge();
  }

  /**
   * Ends the work of this process for good: claims nothing more, lets tries under way finish, and gives back those that
   * take too long. To be awaited before the database is closed.
   */
  async drain(): Promise<void> {
    this.stopping = true;
    await this.working;
    await this.giveBack(this.window.dropOlder(Infinity, performance.now()));
    await this.underWay.wait(this.options.limits.drainMs);
    // A try that is given back must have ended here first: a task never has two under way.
    await this.sender.close();
    await this.underWay.wait();
    await this.giveBack(this.abandoned);
    this.abandoned = [];
  }

  /** One round at a time; what is wanted meanwhile is one more round. */
  private work(): void {
    if (this.stopping || this.working !== null) return;
    this.working = this.rounds().finally(() => {
      this.working = null;
      if (this.isWanted) this.work();
    });
  }

  private get isWanted(): boolean {
    return this.wanted.claim || this.toRefill.size > 0;
  }

  private async rounds(): Promise<void> {
    const take = (claims: readonly ClaimedDelivery[]): Promise<void> => this.begin(claims);
    while (this.isWanted && !this.stopping) {
      const { claim, probe } = this.wanted;
      const keys = [...this.toRefill];
      this.wanted = { claim: false, probe: false };
      this.toRefill.clear();
      try {
        await this.releaseFirst();
        if (!this.options.enabled) continue;
        if (probe) await this.claims.probes(take);
        if (claim || keys.some((key) => this.window.belowLowWatermark(key, performance.now())))
          await this.claims.due(take, probe);
        if (probe) await this.tidy();
      } catch (error) {
        logFailure(this.log, 'deliveries could not be claimed', error);
      }
    }
  }

  private async releaseFirst(): Promise<void> {
    if (this.toRelease.size === 0) return;
    const taskIds = [...this.toRelease];
    this.toRelease.clear();
    await this.database.run(RELEASE_FIRST, { taskIds });
  }

  private async tidy(): Promise<void> {
    await this.giveBack(this.window.dropOlder(this.oldest, performance.now()));
    await this.database.run(DEFER_FAILING_HOST, { probeMs: this.options.limits.probeMs });
  }

  /** A try of what was claimed before this could outlast its claim, and somebody else would send the same meanwhile. */
  private get oldest(): number {
    return performance.now() - this.options.limits.leaseMs / 3;
  }

  private async begin(claims: readonly ClaimedDelivery[]): Promise<void> {
    if (this.stopping) return this.giveBack(claims);
    const now = performance.now();
    for (const claim of claims) {
      const address = this.addresses.of(claim.host);
      if (address === null) this.underWay.add(this.locate(claim));
      else this.window.admit(claim, address, now);
    }
    this.beginReady();
    await this.giveBack(this.window.dropOverQuota(now));
  }

  /** Looks up what its receiver's name leads to, which decides whose share it takes from. */
  private async locate(claim: ClaimedDelivery): Promise<void> {
    const receiver = this.window.beginLookUp(claim);
    const begunAt = performance.now();
    const address = await this.addresses.find(claim.host);
    const now = performance.now();
    this.lookUpMs.set(claim, now - begunAt);
    this.window.endLookUp(receiver, now);
    if (this.stopping) return this.giveBack([claim]);
    this.window.admit(claim, address, now);
    this.beginReady();
    await this.giveBack(this.window.dropOverQuota(now));
  }

  private beginReady(): void {
    const { oldest } = this;
    while (!this.stopping) {
      const now = performance.now();
      const next = this.window.next(now);
      if (next === null) return;
      const { claim, receiver, at } = next;
      let isUnderWay = true;
      const end = (): void => {
        if (isUnderWay) this.end(receiver, now);
        isUnderWay = false;
      };
      this.underWay.add((at < oldest ? this.giveBack([claim]) : this.deliver(claim, receiver, end)).finally(end));
    }
  }

  /** @param end frees its place */
  private async deliver(claim: ClaimedDelivery, receiver: Receiver, end: () => void): Promise<void> {
    try {
      // Only who is known to take more gets to keep a connection: others could have any number of them.
      const keepAlive = isPrompt(receiver, performance.now());
      const { verdict, ...rest } = await this.sender.send(claim, keepAlive, this.lookUpMs.get(claim));
      if (verdict.kind === 'abandoned') {
        this.abandoned.push(claim);
        return;
      }
      for (const listen of this.listeners) listen({ class: verdict.class });
      const { limits, random } = this.options;
      const delayMs = retryDelay(claim.attempt, random(), limits.retrySchedule);
      const settling = this.settles.add(settlementOf(claim, { verdict, ...rest }, delayMs));
      this.window.quota.recordLatency(receiver, verdict.kind === 'delivered' ? rest.ms : null);
      const mayHaveMore = isFast(receiver, performance.now());
      // After a failure its place stays taken until the row of its receiver tells of it.
      if (verdict.kind === 'delivered') end();
      const [settled] = await Promise.all([settling, mayHaveMore ? null : this.giveBackOf(receiver)]);
      if (settled === null) this.log.warn(`the claim on the hook of task ${claim.taskId} ended before it was settled`);
      else if (settled.due) this.nudge();
    } catch (error) {
      logFailure(this.log, `the hook of task ${claim.taskId} waits for the end of its claim`, error);
      // The others would end like it: its secrets cannot be read, or nothing be settled.
      await this.giveBackOf(receiver);
    }
  }

  /** Frees a place, for what is ready or, if there was none, for what may be waiting for it. */
  private end(receiver: Receiver, begunAt: number): void {
    const now = performance.now();
    const wasFull = !this.window.quota.mayAcquire(receiver, now);
    this.window.quota.release(receiver, begunAt, now);
    this.beginReady();
    if (!wasFull || !this.window.belowLowWatermark(receiver.apiKeyId, now)) return;
    this.toRefill.add(receiver.apiKeyId);
    this.work();
  }

  private giveBackOf(receiver: Receiver): Promise<void> {
    return this.giveBack(this.window.dropOf(receiver, performance.now()));
  }

  private async giveBack(claims: readonly ClaimedDelivery[]): Promise<void> {
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
}
