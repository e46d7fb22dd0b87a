import { retryAfter, type OutboundError, type PostAnswer } from '#libs/net';

/**
 * How a try ended. `class` is stored and may be shown to the owner of the key: it names no address and holds no text of
 * the receiver. `silenceMs`: for how long the receiver asked not to be called; null: it did not ask.
 */
export type Verdict =
  | { kind: 'delivered'; class: 'delivered'; status: number }
  | { kind: 'gone'; class: 'status_410'; status: 410 }
  | { kind: 'failed'; class: string; status: number | null; silenceMs: number | null }
  | { kind: 'abandoned' };

/** Classifies an answer: only 2xx is success, 410 stops the hook, a redirect is a failure like any other. */
export function classifyAnswer(answer: Pick<PostAnswer, 'status' | 'headers'>, now: Date): Verdict {
  const { status, headers } = answer;
  if (status >= 200 && status <= 299) return { kind: 'delivered', class: 'delivered', status };
  if (status === 410) return { kind: 'gone', class: 'status_410', status };
  const mayAsk = status === 429 || status === 503;
  return {
    kind: 'failed',
    class: status === 429 ? 'status_429' : `status_${Math.floor(status / 100)}xx`,
    status,
    silenceMs: mayAsk ? retryAfter(headers['retry-after'], now) : null,
  };
}

/** Classifies a call that brought no status; `aborted` is our own shutdown and says nothing about the receiver. */
export function classifyFailure(error: OutboundError): Verdict {
  if (error.kind === 'aborted') return { kind: 'abandoned' };
  return { kind: 'failed', class: error.kind, status: null, silenceMs: null };
}
