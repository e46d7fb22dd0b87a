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
import { RELEASE_FIRST } from '../store/release-deliveries.js';
import { retryDelay } from '../send/retry-schedule.js';
import { settlementOf } from '../store/settle-deliveries.js';
import { RoundLoop, type RoundMode } from './round-loop.js';
import { SettleBatcher } from './settle-batcher.js';
import { REDIRECT_DELIVERY, type RedirectedDelivery } from '../store/redirect-delivery.js';
import { WaitGroup } from './wait-group.js';

export interface DispatcherOptions {
  /** False: this process releases first deliveries, and leaves claiming and sending to others. */
  enabled: boolean;
  limits: HookLimits;
  random: () => number;
}

/** How one try of a hook ended. */
export interface HookTry {
  /** As in hook_attempt: `delivered`, `status_4xx`, `timeout`, … */
  class: string;
}

/**
 * The dispatcher of the outbox: claims due deliveries, sends them outside any transaction, and settles them in batches.
 * A failing database makes none of its methods throw unless said: a delivery that could not be settled is due again when
 * its claim ends, with the same webhook-id.
 */
export class HookDispatcher {
  private readonly log = new Logger(HookDispatcher.name);
  private readonly settles: SettleBatcher;
  private readonly window: PrefetchWindow;
  private readonly claims: DeliveryClaims;
  private readonly underWay = new WaitGroup();
  private readonly rounds = new RoundLoop((mode, keys) => this.round(mode, keys));
  /** Tasks whose first delivery the next round makes due. */
  private readonly toRelease = new Set<string>();
  private readonly listeners: ((attempt: HookTry) => void)[] = [];
  /** Claims whose try the shutdown broke off. */
  private abandoned: ClaimedDelivery[] = [];
  /** How long the receiver's name of a claim was looked up, ms; no entry where the address was known. */
  private readonly lookUpMs = new WeakMap<ClaimedDelivery, number>();
  private isStopping = false;

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

  /** How the tries of this process are used now. */
  usage(): InFlightUsage {
    return this.window.usage(performance.now());
  }

  /** Has `listen` called with every try that ended. */
  onAttempt(listen: (attempt: HookTry) => void): void {
    this.listeners.push(listen);
  }

  /** Begins a round for all that is due, probes of failing receivers too. Does not wait for it. */
  tick(): void {
    this.rounds.request('sweep');
  }

  /** Claims deliveries that were enqueued and committed without waiting for the next tick. Many nudges make one round. */
  nudge(): void {
    this.rounds.request('claim');
  }

  /** Makes the first deliveries of these tasks due now: their submit has been answered. */
  release(taskIds: readonly string[]): void {
    for (const taskId of taskIds) this.toRelease.add(taskId);
    if (taskIds.length > 0) this.nudge();
  }

  /** Delivers the end of a task to a receiver that asked for it afterwards, once. @throws DatabaseUnavailableError */
  async redirect(delivery: RedirectedDelivery): Promise<void> {
    await this.database.run(REDIRECT_DELIVERY, delivery);
    this.nudge();
  }

  /**
   * Ends the work of this process for good: claims nothing more, waits `drainMs` for the tries under way, breaks off the
   * others and gives their claims back. To be awaited before the database is closed.
   */
  async drain(): Promise<void> {
    this.isStopping = true;
    await this.rounds.stop();
    await this.claims.giveBack(this.window.dropOlder(Infinity, performance.now()));
    await this.underWay.wait(this.options.limits.drainMs);
    // A try that is given back must have ended here first: a task never has two under way.
    await this.sender.close();
    await this.underWay.wait();
    await this.claims.giveBack(this.abandoned);
    this.abandoned = [];
  }

  private async round(mode: RoundMode, keys: readonly string[]): Promise<void> {
    const isSweep = mode === 'sweep';
    const take = (claims: readonly ClaimedDelivery[]): Promise<void> => this.begin(claims);
    try {
      await this.releaseFirst();
      if (!this.options.enabled) return;
      if (isSweep) await this.claims.probes(take);
      const now = performance.now();
      if (mode !== 'refill' || keys.some((key) => this.window.belowLowWatermark(key, now))) {
        await this.claims.due(take, isSweep);
      }
      if (isSweep) await this.tidy();
    } catch (error) {
      logFailure(this.log, 'deliveries could not be claimed', error);
    }
  }

  private async releaseFirst(): Promise<void> {
    if (this.toRelease.size === 0) return;
    const taskIds = [...this.toRelease];
    this.toRelease.clear();
    await this.database.run(RELEASE_FIRST, { taskIds });
  }

  private async tidy(): Promise<void> {
    await this.claims.giveBack(this.window.dropOlder(this.oldest, performance.now()));
    await this.database.run(DEFER_FAILING_HOST, { probeMs: this.options.limits.probeMs });
  }

  /**
   * Claims that are older must not begin, ms: their try could outlast the claim, and another replica would send the same
   * delivery meanwhile.
   */
  private get oldest(): number {
    return performance.now() - this.options.limits.leaseMs / 3;
  }

  private async begin(claims: readonly ClaimedDelivery[]): Promise<void> {
    if (this.isStopping) return this.claims.giveBack(claims);
    const now = performance.now();
    for (const claim of claims) {
      const address = this.addresses.of(claim.host);
      if (address === null) this.underWay.add(this.locate(claim));
      else this.window.admit(claim, address, now);
    }
    this.beginReady();
    await this.claims.giveBack(this.window.dropOverQuota(now));
  }

  /** Looks up the address of the claim's receiver, which decides whose quota its try takes from. */
  private async locate(claim: ClaimedDelivery): Promise<void> {
    const receiver = this.window.beginLookUp(claim);
    const begunAt = performance.now();
    const address = await this.addresses.find(claim.host);
    const now = performance.now();
    this.lookUpMs.set(claim, now - begunAt);
    this.window.endLookUp(receiver, now);
    if (this.isStopping) return this.claims.giveBack([claim]);
    this.window.admit(claim, address, now);
    this.beginReady();
    await this.claims.giveBack(this.window.dropOverQuota(now));
  }

  private beginReady(): void {
    const { oldest } = this;
    while (!this.isStopping) {
      const now = performance.now();
      const next = this.window.next(now);
      if (next === null) return;
      const { claim, receiver, at } = next;
      let isUnderWay = true;
      const end = (): void => {
        if (isUnderWay) this.end(receiver, now);
        isUnderWay = false;
      };
      this.underWay.add(
        (at < oldest ? this.claims.giveBack([claim]) : this.deliver(claim, receiver, end)).finally(end),
      );
    }
  }

  /** Sends one delivery and settles it. @param end ends its try in the quota; a second call does nothing */
  private async deliver(claim: ClaimedDelivery, receiver: Receiver, end: () => void): Promise<void> {
    try {
      // Only a prompt receiver's connection is kept: other receivers could hold any number of them.
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
      // After a failure the try counts until it is settled: then the receiver's row says that it is failing.
      if (verdict.kind === 'delivered') end();
      const [settled] = await Promise.all([settling, mayHaveMore ? null : this.giveBackOf(receiver)]);
      if (settled === null) this.log.warn(`the claim on the hook of task ${claim.taskId} ended before it was settled`);
      else if (settled.due) this.nudge();
    } catch (error) {
      logFailure(this.log, `the hook of task ${claim.taskId} waits for the end of its claim`, error);
      // The other claims of the receiver would end alike: its secrets cannot be read, or nothing can be settled.
      await this.giveBackOf(receiver);
    }
  }

  /** Ends a try in the quota; then claims that are ready may begin, and a key with too few of them claims more. */
  private end(receiver: Receiver, begunAt: number): void {
    const now = performance.now();
    const wasFull = !this.window.quota.mayAcquire(receiver, now);
    this.window.quota.release(receiver, begunAt, now);
    this.beginReady();
    if (wasFull && this.window.belowLowWatermark(receiver.apiKeyId, now)) this.rounds.refill(receiver.apiKeyId);
  }

  private giveBackOf(receiver: Receiver): Promise<void> {
    return this.claims.giveBack(this.window.dropOf(receiver, performance.now()));
  }
}
