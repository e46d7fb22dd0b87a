import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import { refreshAccount } from '../../../app/account.ts';
import { draft, kindNow } from '../draft/draft.ts';
import { bodyNow, missingNow } from '../request/request-now.ts';
import { pictureChars, type Missing, type SubmitBody } from '../request/submit-body.ts';
import { MOST_REQUEST_CHARS } from '../pictures/picture.ts';
import { addSent } from '../sent/sent-tasks.ts';
import { forgetKey, keyFor } from './idempotency.ts';
import { submit, type Outcome } from './submit-outcome.ts';

/** What pressing the button led to. It is about one request, and is gone as soon as anything of it changes. */
export interface Judgement {
  missing: readonly Missing[];
  isTooMuch: boolean;
  outcome: Outcome | null;
}

const NONE: Judgement = { missing: [], isTooMuch: false, outcome: null };

/** Sends what is on the page, once per press, and tells what became of it. */
export function useSubmit(): {
  isSending: ReadonlySignal<boolean>;
  judgement: ReadonlySignal<Judgement>;
  press: () => Promise<Judgement>;
} {
  const isSending = useSignal(false);
  const judged = useSignal<{ body: SubmitBody; judgement: Judgement } | null>(null);
  const judgement = useComputed(() => (judged.value?.body === bodyNow.value ? judged.value.judgement : NONE));
  const judge = (body: SubmitBody, part: Partial<Judgement>): Judgement => {
    const judgement = { ...NONE, ...part };
    judged.value = { body, judgement };
    return judgement;
  };
  const press = async (): Promise<Judgement> => {
    if (isSending.value) return NONE;
    const body = bodyNow.value;
    if (missingNow.value.length > 0) return judge(body, { missing: missingNow.value });
    if (pictureChars(body) > MOST_REQUEST_CHARS) return judge(body, { isTooMuch: true });
    isSending.value = true;
    try {
      const { path } = kindNow.value;
      const own = draft.settings.value.idempotencyKey;
      const outcome = await submit(path, body, own === '' ? keyFor(`${path} ${JSON.stringify(body)}`) : own);
      if (outcome.kind !== 'lost') forgetKey();
      if (outcome.kind === 'accepted') {
        addSent(outcome.ids);
        void refreshAccount();
      }
      return judge(body, { outcome });
    } finally {
      isSending.value = false;
    }
  };
  return { isSending, judgement, press };
}
