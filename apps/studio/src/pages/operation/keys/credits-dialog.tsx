import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { call, type Schemas } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { TextField } from '../../../components/field.tsx';
import { strings as common } from '../../../components/strings.ts';
import { toast } from '../../../components/toasts.tsx';
import { formatCredits } from '../../../i18n/format.ts';
import { NOT_REFUSED, refusalOf, type Refusal } from '../forms/field-errors.ts';
import styles from '../operation-page.module.css';
import type { ApiKey } from './key-draft.ts';
import { strings } from './strings.ts';

/** Gives a key credits, or takes some, with a note for its ledger. */
export function CreditsDialog({
  of,
  onChanged,
  onClose,
}: {
  of: ApiKey;
  onChanged: () => void;
  onClose: () => void;
}): VNode {
  const texts = strings.value;
  const amount = useSignal('');
  const note = useSignal('');
  const refusal = useSignal<Refusal>(NOT_REFUSED);
  const isBusy = useSignal(false);
  const book = async (): Promise<void> => {
    isBusy.value = true;
    refusal.value = NOT_REFUSED;
    try {
      const body = { amount: amount.value.trim(), note: note.value.trim() };
      const { balance } = await call<Schemas['MovedCreditsDto']>('POST', `/admin/keys/${of.id}/credits`, { body });
      toast(texts.booked(formatCredits(balance)), 'success');
      onChanged();
    } catch (error) {
      refusal.value = refusalOf(error, ['amount', 'note']);
    } finally {
      isBusy.value = false;
    }
  };
  const { byField, rest } = refusal.value;
  return (
    <Dialog
      title={texts.creditsTitle(of.name)}
      onSubmit={() => void book()}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          <Button
            kind="primary"
            isBusy={isBusy.value}
            disabled={amount.value.trim() === '' || note.value.trim() === ''}
            type="submit"
          >
            {texts.book}
          </Button>
        </>
      }
    >
      <div class={styles['form']}>
        <p>{of.credits === null ? texts.creditsFree : texts.creditsNow(formatCredits(of.credits))}</p>
        {rest !== null && (
          <p class={styles['refused']} role="alert">
            {rest}
          </p>
        )}
        <TextField
          label={texts.amount}
          hint={texts.amountHint}
          inputMode="decimal"
          autocomplete="off"
          error={byField['amount'] ?? null}
          value={amount.value}
          onChange={(text) => (amount.value = text)}
        />
        <TextField
          label={texts.note}
          hint={texts.noteHint}
          autocomplete="off"
          error={byField['note'] ?? null}
          value={note.value}
          onChange={(text) => (note.value = text)}
        />
      </div>
    </Dialog>
  );
}
