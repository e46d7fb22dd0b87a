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
  type TaskUsage,
} from './api-key-statements.js';
import { DEFAULT_TERMS, keyColumns, limitColumns, type KeyRecord, type KeyTerms } from './key-terms.js';

/** A line of the ledger that an operator wrote. */
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
  /** It would take more than is left. */
  | { kind: 'refused'; balance: string }
  /** The balance would be more, or less, than one can be. */
  | { kind: 'past_range'; balance: string }
  | { kind: 'unknown_key' };

/** What the ledger of a key adds up to is more, or less, than a balance can be: twelve digits before the point. */
export class BalanceRangeError extends Error {}

export interface KeyPage {
  items: KeyRecord[];
  /** Given as `before`, it leads to the page after; null: there is none. */
  next: string | null;
}

const PAUSE_MS = 10;
/** Statements on accounts run for 5 s at most; who holds one longer is no gateway. */
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
  'held',
  'running',
  'maxConcurrent',
  'requestsPerMinute',
  'queueLimit',
  'dailyTasks',
  'monthlySpend',
  'modes',
  'actions',
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
 * API keys as operators manage them. Changes hold on every replica as soon as its ApiKeyCache reads the key again, within
 * 10 s; limits hold for every submit that begins after the call has returned. Credits are decimal strings with up to
 * six decimals throughout; what comes in is taken to be valid. Every method @throws DatabaseUnavailableError. `onMade` is
 * told every key that is made.
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

  /** Makes a key. `plain` is the key itself, which is not stored: it can be shown now and never again. */
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

  /** A page of all keys, revoked ones included, newest first. `before` null: from the newest. */
  async list({ before, limit }: { before: string | null; limit: number }): Promise<KeyPage> {
    const rows = (await this.database.run(this.listKeys, { before, limit: limit + 1 })).map(readRecord);
    const items = rows.slice(0, limit);
    return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /**
   * Changes what `patch` names; what it leaves out or has undefined stays. `credits` sets what is left, with a line in
   * the ledger for the difference; null takes the limit away. Gives the key as it is then; null for an unknown id.
   * @throws BalanceRangeError where a limit needs a balance that cannot be; the key stays as it was
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
      // Someone else took all limits away in between, and with them what this call is about.
      if (round === MAX_ROUNDS) throw new DatabaseUnavailableError(new Error(`key ${id} is being changed by others`));
    }
  }

  /** From within 10 s on every request is refused. Once revoked it stays so since the first time. */
  async revoke(id: string): Promise<KeyRecord | null> {
    const [row] = await this.database.run(REVOKE_KEY, { keyId: id });
    return row === undefined ? null : this.find(id);
  }

  /**
   * Adds credits, or takes some: one line of the ledger, with the balance in one statement.
   * @param amount signed, not 0. A balance that is enforced cannot be taken below 0.
   */
  async moveCredits(id: string, amount: string, note: string): Promise<MovedCredits> {
    const [row] = await this.database.run(MOVE_CREDITS, { keyId: id, amount, note });
    if (row === undefined) return { kind: 'unknown_key' };
    const { is_refused: isRefused, is_past_range: isPastRange, balance, ...entry } = row;
    if (isRefused) return { kind: 'refused', balance };
    return isPastRange ? { kind: 'past_range', balance } : { kind: 'moved', entry, balance };
  }

  /** Writes the terms down. `on` and `kept` leave an account to settle: it had no limits before, or some. */
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
   * Has the account say what ledger and tasks say. Where the key had no limits, opens and settles that are under way
   * have not locked its account: they are waited for first, so that what they book is seen. Those that begin later see
   * the limit, and move the account themselves. False: the key has no limits any more.
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
