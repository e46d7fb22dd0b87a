import { call } from '../../../api/client.ts';
import { asFailure, type Failure } from '../../../api/failure.ts';

/** What became of a submit. */
export type Outcome =
  | { kind: 'accepted'; ids: readonly string[]; ahead: number }
  | { kind: 'banned'; word: string }
  | { kind: 'queue-full' }
  | { kind: 'no-upstream' }
  /** The upstream said no; its words. */
  | { kind: 'declined'; words: string }
  /** No answer came: it may have been taken. */
  | { kind: 'lost' }
  | { kind: 'failed'; failure: Failure };

interface Reply {
  code: number;
  description: string;
  result: string | string[] | null;
  properties?: Record<string, unknown>;
}

const QUEUED = /^In queue, (\d+) ahead/;
/** How often a request that is still being sent is asked for again; each time after the second that the gateway names. */
const MOST_TURNS = 60;

/**
 * Sends a request. One that is still on its way since an earlier press is waited for.
 *
 * @param pause waits so many ms
 */
export async function submit(
  path: string,
  body: unknown,
  idempotencyKey: string,
  pause: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<Outcome> {
  for (let turn = 1; ; turn += 1) {
    try {
      const headers = { 'idempotency-key': idempotencyKey };
      return outcomeOf(await call<Reply>('POST', path, { body, headers }));
    } catch (error) {
      const failure = asFailure(error);
      if (failure.status === 409 && turn < MOST_TURNS) await pause((failure.retryAfter ?? 1) * 1_000);
      else return failure.kind === 'offline' ? { kind: 'lost' } : { kind: 'failed', failure };
    }
  }
}

/** What an answer of HTTP 200 says. */
export function outcomeOf({ code, description, result, properties = {} }: Reply): Outcome {
  switch (code) {
    case 1:
    case 21:
    case 22: {
      const ids = Array.isArray(result) ? result : (result ?? '').split(',');
      const said = Number(properties['numberOfQueues'] ?? QUEUED.exec(description)?.[1] ?? 0);
      return { kind: 'accepted', ids: ids.filter((id) => id !== ''), ahead: Number.isFinite(said) ? said : 0 };
    }
    case 24: {
      const word = properties['bannedWord'];
      return { kind: 'banned', word: typeof word === 'string' ? word : '' };
    }
    case 23:
      return { kind: 'queue-full' };
    case 3:
      return { kind: 'no-upstream' };
    default:
      return { kind: 'declined', words: description };
  }
}
