import { Injectable, Logger } from '@nestjs/common';
import { Database } from '#libs/database';
import { JobScheduler, nullOnAbort, sleep } from '#libs/runtime';
import {
  ACCOUNT_RULES,
  KEYS_CHANGED,
  LIMITED_KEYS,
  SLOT_RULES,
  TRY_BOOKS_LOCK,
  type BookRule,
} from '../store/reads/book-invariants.js';
import { TrackingOptions } from '../tracking-options.js';

const TICK_MS = 1_000;
const ROUND_MS = 60_000;
const ROUNDS_UNTIL_ALL = 60;
/** Keys whose ledgers one statement adds up, so that each statement stays short. */
const KEYS_AT_ONCE = 20;
/** Delay before a suspect is checked again, ms: a limit that is being set disagrees for a moment, a fault stays. */
const RECHECK_AFTER_MS = 5_000;
/**
 * Minimum time that the audit lock is held, ms, longer than replicas' clocks differ, so that one replica runs each
 * round.
 */
const LOCK_HELD_MS = 1_000;

/** A violated invariant of the books. */
export interface Fault {
  rule: string;
  /** Id of the key or upstream. */
  id: string;
  kept: unknown;
  counted: unknown;
}

/**
 * Audits the books once a minute, on one replica: accounts of limited keys against ledger and tasks (keys with new
 * ledger entries, and all keys once an hour), and slot counters against tasks. A difference is logged as an error with
 * `alarm` and never repaired here, because it means that some statement is wrong.
 */
@Injectable()
export class BooksAuditor {
  private readonly log = new Logger(BooksAuditor.name);
  private lastRound = 0;
  private lastEntryId = '0';
  private rounds = 0;

  constructor(
    private readonly scheduler: JobScheduler,
    private readonly database: Database,
    options: TrackingOptions,
  ) {
    if (options.runsWork) scheduler.add({ name: BooksAuditor.name, everyMs: TICK_MS, work: () => this.tick() });
  }

  /** Starts a round with each minute of the database's clock, so that all replicas compete for the same round. */
  async tick(): Promise<void> {
    const round = Math.floor(this.database.now().getTime() / ROUND_MS);
    if (round === this.lastRound) return;
    this.lastRound = round;
    await this.underLock(() => this.round());
  }

  /** Runs one round. @returns the faults that a second check confirmed @throws DatabaseUnavailableError */
  async round(secondLookMs = RECHECK_AFTER_MS): Promise<Fault[]> {
    const keys = await this.keys();
    const suspects = [...(await this.accounts(keys)), ...(await this.check(SLOT_RULES, null))];
    if (suspects.length === 0) return [];
    if (!(await sleep(secondLookMs, this.scheduler.shutdownSignal))) return [];
    const confirmed = await this.recheck(suspects);
    for (const fault of confirmed) this.log.error({ alarm: 'the books do not agree', ...fault });
    return confirmed;
  }

  /**
   * Keys to audit: those with new ledger entries since this replica last ran a round, and all once in ROUNDS_UNTIL_ALL
   * rounds.
   */
  private async keys(): Promise<string[]> {
    const isAll = this.rounds % ROUNDS_UNTIL_ALL === 0;
    this.rounds += 1;
    const changed = await this.database.run(KEYS_CHANGED, { lastEntryId: this.lastEntryId });
    this.lastEntryId = changed[0]?.last ?? this.lastEntryId;
    if (!isAll) return changed.map(({ id }) => id);
    const all: string[] = [];
    for (;;) {
      const page = await this.database.run(LIMITED_KEYS, { afterId: all.at(-1) ?? '0', limit: 1_000 });
      all.push(...page.map(({ id }) => id));
      if (page.length < 1_000) return all;
    }
  }

  private async accounts(keys: readonly string[]): Promise<Fault[]> {
    const faults: Fault[] = [];
    for (let at = 0; at < keys.length && !this.scheduler.shutdownSignal.aborted; at += KEYS_AT_ONCE) {
      faults.push(...(await this.check(ACCOUNT_RULES, keys.slice(at, at + KEYS_AT_ONCE))));
    }
    return faults;
  }

  private async recheck(suspects: readonly Fault[]): Promise<Fault[]> {
    const still: Fault[] = [];
    for (const rule of [...ACCOUNT_RULES, ...SLOT_RULES]) {
      const ids = suspects.filter((fault) => fault.rule === rule.name).map(({ id }) => id);
      if (ids.length > 0) still.push(...(await this.check([rule], ids)));
    }
    return still;
  }

  private async check(rules: readonly BookRule[], ids: readonly string[] | null): Promise<Fault[]> {
    const faults: Fault[] = [];
    for (const { name: rule, text } of rules) {
      const rows = await this.database.run<Omit<Fault, 'rule'>>({ name: '', pool: 'work', text }, [ids]);
      faults.push(...rows.map(({ id, kept, counted }) => ({ rule, id, kept, counted })));
    }
    return faults;
  }

  private async underLock(work: () => Promise<unknown>): Promise<void> {
    await this.database.transaction('work', async (runner) => {
      const [row] = await runner.run(TRY_BOOKS_LOCK);
      if (row?.mine !== true) return;
      const { shutdownSignal } = this.scheduler;
      await Promise.all([nullOnAbort(shutdownSignal, work()), sleep(LOCK_HELD_MS, shutdownSignal)]);
    });
  }
}
