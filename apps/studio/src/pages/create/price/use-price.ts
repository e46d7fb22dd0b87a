import { useSignal, type ReadonlySignal } from '@preact/signals';
import { call } from '../../../api/client.ts';
import { connection } from '../../../api/connection.ts';
import { asFailure, type Failure } from '../../../api/failure.ts';
import type { Kind } from '../kinds.ts';
import { withPictures, type SubmitBody } from '../request/submit-body.ts';
import { useSettled } from '../use-settled.ts';

/** What a submit would cost. */
export interface Price {
  action: string;
  mode: string;
  jobs: number;
  /** Credits of the first job. */
  price: number;
  /** Credits of all. */
  total: number;
  /** Credits left; null: no limit. */
  credits: number | null;
}

/** The price of what is on the page, or why it would be refused. */
export type PriceState =
  | { kind: 'none' }
  | { kind: 'price'; price: Price }
  | { kind: 'banned'; word: string }
  | { kind: 'refused'; failure: Failure };

interface Banned {
  code: number;
  properties?: { bannedWord?: string };
}

const PAUSE_MS = 350;

/**
 * Asks for the price once the request stays as it is for a moment. Pictures are counted only, so none is sent for it.
 *
 * @param body null: it is not complete yet
 */
export function usePrice(kind: Kind, body: SubmitBody | null, turn: number): ReadonlySignal<PriceState> {
  const state = useSignal<PriceState>({ kind: 'none' });
  const route = kind.path.split('/').at(-1) ?? '';
  const question = body === null ? null : JSON.stringify({ route, body: withPictures(body, () => 'picture') });
  const key = question === null ? null : `${turn} ${connection.value} ${question}`;
  useSettled(key, PAUSE_MS, async (signal) => {
    try {
      const answer = await call<Price | Banned>('POST', '/mj/price', { body: JSON.parse(question ?? '{}'), signal });
      if (signal.aborted) return;
      state.value =
        'code' in answer
          ? { kind: 'banned', word: answer.properties?.bannedWord ?? '' }
          : { kind: 'price', price: answer };
    } catch (error) {
      if (signal.aborted) return;
      const failure = asFailure(error);
      const isPassing = failure.kind === 'offline' || failure.status === 429 || failure.status >= 500;
      // A gateway that has no such route says nothing about the price.
      if (isPassing) return;
      state.value = failure.status === 404 ? { kind: 'none' } : { kind: 'refused', failure };
    }
  });
  if (question === null && state.peek().kind !== 'none') state.value = { kind: 'none' };
  return state;
}
