import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database, DatabaseUnavailableError, isOutOfRange, snakeCase } from '#libs/database';
import { monotonicMs } from '#libs/runtime';
import { hashOf, newApiKey, prefixOf } from './api-key-secret.js';
import {
  ACCOUNT_WRITERS,
  CREATE_KEY,
  findKey,
  listKeys,
  LOCK_ACCOUNT,
  MOVE_CREDITS,
  PATCH_KEY,
  PATCH_LIMITS,
  REVOKE_KEY,
  settleLimits,
  TRY_FIT,
  type KeySearch,
  type TaskUsage,
} from './api-key-statements.js';
import { DEFAULT_TERMS, keyColumns, limitColumns, type KeyRecord, type KeyTerms } from './key-terms.js';

/** A line of the ledger that an operator booked. */
export interface CreditMove {
  id: string;
  at: Date;
  kind: 'topup' | 'adjust';
  /** Credits, signed decimal string. */
  amount: string;
  note: string;
}

export type MovedCredits =
  | { kind: 'moved'; entry: CreditMove; balance: string }
  /** The move would take more credits than are left. */
  | { kind: 'refused'; balance: string }
  /** The balance would be out of the range of its column. */
  | { kind: 'past_range'; balance: string }
  | { kind: 'unknown_key' };

/** The sum of a key's ledger is out of the range of a balance: twelve digits before the point. */
export class BalanceRangeError extends Error {}

export interface KeyPage {
  items: KeyRecord[];
  /** The cursor of the next page, given as `before`; null: this page is the last. */
  next: string | null;
}

type KeyPlace = Pick<KeySearch, 'before' | 'limit'>;

const PAUSE_MS = 10;
/** Statements of gateways run for 5 s at most; a lock on accounts that is held for longer is not a gateway's. */
const WRITERS_DEADLINE_MS = 15_000;
const MAX_ROUNDS = 3;
const PATCH_NOTE = 'credits set';

const COLUMNS = [
  'id',
  'name',
  'prefix',
  'credits',
  'balance',
  'spent',
  'spentThisMonth',
  'held',
  'running',
  'maxConcurrent',
  'requestsPerMinute',
  'queueLimit',
  'dailyTasks',
  'monthlySpend',
  'modes',
  'actions',
  'upstreamKinds',
  'ipAllow',
  'expiresAt',
  'defaultMode',
  'notifyHook',
  'notifyEvents',
  'promptLint',
  'promptExpansion',
  'retries',
  'createdAt',
  'revokedAt',
  'lastUsedAt',
] as const satisfies readonly (keyof KeyRecord)[];

/**
 * Administration of API keys. Changes hold on every replica as soon as its ApiKeyCache reads the key again, within 10 s;
 * limits hold for every submit that begins after the call has returned. Credits are decimal strings with up to six decimals
 * throughout; callers have validated their arguments. `onMade` is called with every key that is made. Every method @throws
 * DatabaseUnavailableError.
 */
export class ApiKeyAdmin {
  private readonly log = new Logger(ApiKeyAdmin.name);

  private readonly findKey: ReturnType<typeof findKey>;
  private readonly listKeys: ReturnType<typeof listKeys>;
  private readonly settleLimits: ReturnType<typeof settleLimits>;

  constructor(
    private readonly database: Database,
    usage: TaskUsage,
    private readonly onMade: (plain: string) => void = () => undefined,
  ) {
    this.findKey = findKey(usage);
    this.listKeys = listKeys(usage);
    this.settleLimits = settleLimits(usage);
  }

  /** Makes a key. `plain` is the key itself, of which only the hash is stored: it can be shown now and never again. */
  async create(terms: Partial<KeyTerms> & Pick<KeyTerms, 'name'>): Promise<{ key: KeyRecord; plain: string }> {
    const whole = { ...DEFAULT_TERMS, ...definedOf(terms) };
    const plain = newApiKey();
    const [row] = await this.database.run(CREATE_KEY, {
      keyHash: hashOf(plain),
      prefix: prefixOf(plain),
      terms: JSON.stringify(keyColumns(whole)),
      limits: JSON.stringify(limitColumns(whole)),
      credits: whole.credits,
    });
    const key = row === undefined ? null : await this.find(row.id);
    if (key === null) throw new Error('the key could not be stored');
    this.onMade(plain);
    return { key, plain };
  }

  /** Null for an unknown id. */
  async find(id: string): Promise<KeyRecord | null> {
    const [row] = await this.database.run(this.findKey, { keyId: id });
    return row === undefined ? null : readRecord(row);
  }

  /** A page of keys, revoked ones included unless `status` says otherwise, newest first. */
  async list({ before, limit, q = null, status = null }: Partial<KeySearch> & KeyPlace): Promise<KeyPage> {
    const search = { before, limit: limit + 1, q, status, part: (q ?? '').replace(/[\\%_]/g, '\\$&') };
    const rows = (await this.database.run(this.listKeys, search)).map(readRecord);
    const items = rows.slice(0, limit);
    return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /**
   * Changes the terms that `patch` names; terms that are missing or undefined stay. `credits` sets how many credits are
   * left, with a line in the ledger for the difference; null removes the limit of credits. Gives the changed key; null for
   * an unknown id.
   * @throws BalanceRangeError where a limit needs a balance that is out of range; the key stays as it was
   */
  async change(id: string, patch: Partial<KeyTerms>): Promise<KeyRecord | null> {
    try {
      return await this.changeTerms(id, patch);
    } catch (error) {
      throw isOutOfRange(error)
        ? new BalanceRangeError(`the balance of key ${id} is out of range`, { cause: error })
        : error;
    }
  }

  private async changeTerms(id: string, patch: Partial<KeyTerms>): Promise<KeyRecord | null> {
    for (let round = 1; ; round += 1) {
      const limits = await this.patch(id, patch);
      if (limits === 'unknown_key') return null;
      if (limits === 'untouched' || (await this.settle(id, patch.credits ?? null, limits))) return this.find(id);
      // Another change removed all limits in between, so that there is no account to settle: the patch is made anew.
      if (round === MAX_ROUNDS) throw new DatabaseUnavailableError(new Error(`key ${id} is being changed by others`));
    }
  }

  /** Revokes a key: within 10 s every replica refuses its requests. Revoking it again does not move its date. */
  async revoke(id: string): Promise<KeyRecord | null> {
    const [row] = await this.database.run(REVOKE_KEY, { keyId: id });
    return row === undefined ? null : this.find(id);
  }

  /**
   * Adds or takes credits: books one line of the ledger and moves the balance in one statement.
   * @param amount signed, not 0. A balance that is enforced cannot go below 0.
   */
  async moveCredits(id: string, amount: string, note: string): Promise<MovedCredits> {
    const [row] = await this.database.run(MOVE_CREDITS, { keyId: id, amount, note });
    if (row === undefined) return { kind: 'unknown_key' };
    const { is_refused: isRefused, is_past_range: isPastRange, balance, ...entry } = row;
    if (isRefused) return { kind: 'refused', balance };
    return isPastRange ? { kind: 'past_range', balance } : { kind: 'moved', entry, balance };
  }

  /** Stores the terms. After `on` (the key had no limits before) and `kept` (it had some) its account is to be settled. */
  private patch(id: string, patch: Partial<KeyTerms>): Promise<'unknown_key' | 'untouched' | 'on' | 'kept'> {
    const limits = limitColumns(patch);
    const { credits } = patch;
    return this.database.transaction('http', async (runner) => {
      const [before] = await runner.run(LOCK_ACCOUNT, { keyId: id });
      if (before === undefined) return 'unknown_key';
      await runner.run(PATCH_KEY, { keyId: id, terms: JSON.stringify(keyColumns(patch)) });
      if (Object.keys(limits).length === 0 && credits === undefined) return 'untouched';
      const creditLimit = credits === undefined ? 'keep' : credits === null ? 'none' : 'set';
      const [after] = await runner.run(PATCH_LIMITS, { keyId: id, limits: JSON.stringify(limits), creditLimit });
      if (after?.is_limited !== true) return 'untouched';
      await runner.run(TRY_FIT, { keyId: id, credits: credits ?? null });
      return before.is_limited ? 'kept' : 'on';
    });
  }

  /**
   * Sets the account to the sums of ledger and tasks. Where the key had no limits, statements under way that open or end
   * tasks have not locked its account: they are waited for first, so that their bookings are counted. Statements that
   * begin later see the limit, and move the account themselves. False: the key has no limits any more.
   */
  private async settle(id: string, credits: string | null, limits: 'on' | 'kept'): Promise<boolean> {
    if (limits === 'on') await this.writersGone();
    return this.database.transaction('http', async (runner) => {
      const [kept] = await runner.run(LOCK_ACCOUNT, { keyId: id });
      if (kept?.is_limited !== true) return false;
      const [books] = await runner.run(this.settleLimits, { keyId: id, credits, note: PATCH_NOTE });
      const isOff = books?.balance !== kept.balance || books.running !== kept.running;
      if (limits === 'kept' && isOff)
        this.log.warn({ message: 'the account of a key was put right', keyId: id, kept, books });
      return true;
    });
  }

  private async writersGone(): Promise<void> {
    const deadline = monotonicMs() + WRITERS_DEADLINE_MS;
    let writers: string[] | null = null;
    do {
      const rows: { writer: string }[] = await this.database.run(ACCOUNT_WRITERS, { writers });
      writers = rows.map(({ writer }) => writer);
      if (writers.length === 0) return;
      await sleep(PAUSE_MS);
    } while (monotonicMs() < deadline);
    throw new DatabaseUnavailableError(new Error('a statement on accounts does not end'));
  }
}

function definedOf<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}

function readRecord(row: object): KeyRecord {
  const raw = row as Record<string, unknown>;
  return Object.fromEntries(COLUMNS.map((term) => [term, raw[snakeCase(term)]])) as unknown as KeyRecord;
}
