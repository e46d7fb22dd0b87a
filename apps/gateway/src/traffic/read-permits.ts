import { KeyPermits, type PermitWait } from '#libs/runtime';

/** How long an answer that has begun waits for its next piece, ms. */
const NEXT_PIECE_MS = 30_000;
/** The key under which all of administration takes its permits. */
const ADMIN = 'admin';

/**
 * Permits for reads whose cost the caller determines, so that they cannot starve other requests. A list holds one permit of its
 * key from before its first piece until its client has read the last one or has left, and another while one of its statements
 * is at Postgres: of the 12 connections for requests all lists together leave half to submits. Administration has four
 * connections of its own, of which searches leave one free.
 */
export class ReadPermits {
  readonly answers = new KeyPermits({ total: 64, perKey: 8, waitersPerKey: 100, waitMs: 5_000 });
  readonly reads = new KeyPermits({ total: 6, perKey: 2, waitersPerKey: 100, waitMs: 5_000 });
  /** Permits by address, as links to pictures need no key: strangers who guess ids leave eight connections to others. */
  readonly pictures = new KeyPermits({ total: 4, perKey: 3, waitersPerKey: 100, waitMs: 2_000 });
  readonly searches = new KeyPermits({ total: 3, perKey: 3, waitersPerKey: 50, waitMs: 5_000 });

  /** By the class that metrics give them. */
  all(): Readonly<Record<string, KeyPermits>> {
    return {
      list_answers: this.answers,
      list_reads: this.reads,
      picture_look_ups: this.pictures,
      admin_searches: this.searches,
    };
  }

  /** Reads a piece of a list. @throws PermitRefusedError, what `read` throws */
  piece<T>(apiKeyId: string, read: () => Promise<T>, signal: AbortSignal, isFirst: boolean): Promise<T> {
    const wait: PermitWait = isFirst ? { signal } : { signal, waitMs: NEXT_PIECE_MS, isContinuation: true };
    return this.reads.run(apiKeyId, read, wait);
  }

  /** Looks a picture up for whoever has a link to it. @throws PermitRefusedError, what `look` throws */
  picture<T>(address: string, look: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.pictures.run(address, look, { signal });
  }

  /** Reads a piece of a picture whose answer may have begun. @throws PermitRefusedError, what `read` throws */
  picturePiece<T>(address: string, read: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.pictures.run(address, read, { signal, waitMs: NEXT_PIECE_MS, isContinuation: true });
  }

  /** Searches for an admin. @throws PermitRefusedError, what `read` throws */
  search<T>(read: () => Promise<T>): Promise<T> {
    return this.searches.run(ADMIN, read);
  }
}
