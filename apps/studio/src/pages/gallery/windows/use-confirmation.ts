import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { call } from '../../../api/client.ts';
import { asFailure } from '../../../api/failure.ts';
import { refreshAccount } from '../../../app/account.ts';
import { newIdempotencyKey } from '../actions/press-button.ts';
import { refusalText, submitFailureText } from '../actions/refusal-text.ts';
import { readSubmitAnswer, type SubmitAnswer } from '../actions/submit-answer.ts';
import { strings } from './strings.ts';

/** Body of POST /mj/submit/modal. */
export interface ConfirmationBody {
  taskId: string;
  prompt: string;
  maskBase64?: string;
}

/** The confirming of a window. */
export interface Confirmation {
  isBusy: ReadonlySignal<boolean>;
  /** Why the last try did not work, in words; null: it was not tried, or is being tried. */
  refusal: ReadonlySignal<string | null>;
  /** Says in the same place what has to be done first. */
  refuse: (text: string | null) => void;
  /** @returns whether the gateway has taken it */
  confirm: (body: ConfirmationBody) => Promise<boolean>;
}

/** Confirms a window. A try that got no answer and is made again with the same content is the same submit. */
export function useConfirmation(): Confirmation {
  const isBusy = useSignal(false);
  const refusal = useSignal<string | null>(null);
  const last = useRef({ content: '', key: '' });
  const confirm = async (body: ConfirmationBody): Promise<boolean> => {
    if (isBusy.value) return false;
    isBusy.value = true;
    refusal.value = null;
    const content = JSON.stringify(body);
    if (last.current.content !== content) last.current = { content, key: newIdempotencyKey() };
    try {
      const headers = { 'idempotency-key': last.current.key };
      const outcome = readSubmitAnswer(await call<SubmitAnswer>('POST', '/mj/submit/modal', { body, headers }));
      if (outcome.kind !== 'refused') {
        void refreshAccount();
        return true;
      }
      refusal.value = refusalText(outcome);
    } catch (error) {
      const failure = asFailure(error);
      const known: Record<string, string> = strings.value.refusals;
      refusal.value = known[failure.name] ?? submitFailureText(failure);
    } finally {
      isBusy.value = false;
    }
    return false;
  };
  return { isBusy, refusal, refuse: (text) => (refusal.value = text), confirm };
}
