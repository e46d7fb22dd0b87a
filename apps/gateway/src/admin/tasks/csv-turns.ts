import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '../../http/errors/problem.js';

/** Seconds after which a file of usual length is done. */
const RETRY_AFTER_S = 10;

/** Sees to it that nobody has two files written at once: each reads through many tasks. */
@Injectable()
export class CsvTurns {
  private readonly running = new Set<string>();

  /**
   * Takes the turn of whoever sent these headers, by key or session.
   * @returns gives it back; more than once does no harm
   * @throws Problem 429 while a file of theirs is being written
   */
  take(headers: IncomingHttpHeaders): () => void {
    const caller = callerOf(headers);
    if (this.running.has(caller)) {
      throw new Problem('too_many_requests', 'Another CSV file is being written for you; one at a time', {
        retryAfter: RETRY_AFTER_S,
      });
    }
    this.running.add(caller);
    return () => void this.running.delete(caller);
  }
}

/** Names a caller without keeping what it proves itself with. */
function callerOf({ authorization, 'mj-api-secret': secret, cookie }: IncomingHttpHeaders): string {
  const proof = authorization ?? secret ?? cookie ?? '';
  return createHash('sha256').update(String(proof)).digest('base64');
}
