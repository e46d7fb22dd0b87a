import { Injectable } from '@nestjs/common';
import { KeyPermits, type PermitWait } from '#libs/database';

/** How long an answer that has begun waits for its next piece, ms. */
const NEXT_PIECE_MS = 30_000;

/**
 * What the lists of a key may take of this replica, so that none of it is missing to others. An answer holds one permit
 * from its first piece until its client has taken the last one or has left; each of its reads holds another while it is at
 * Postgres, of whose 12 connections for requests all lists together leave a half to submits.
 */
@Injectable()
export class ListPermits {
  readonly answers = new KeyPermits({ total: 64, perKey: 8, waitersPerKey: 100, waitMs: 5_000 });
  readonly reads = new KeyPermits({ total: 6, perKey: 2, waitersPerKey: 100, waitMs: 5_000 });

  /** How an answer waits for the read of a piece. */
  static waitOf(signal: AbortSignal, isFirst: boolean): PermitWait {
    return isFirst ? { signal } : { signal, waitMs: NEXT_PIECE_MS, isFurther: true };
  }
}
