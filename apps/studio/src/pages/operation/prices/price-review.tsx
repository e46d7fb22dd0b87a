import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { asFailure } from '../../../api/failure.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { failureText } from '../../../components/failure-text.ts';
import { strings as common } from '../../../components/strings.ts';
import styles from '../operation-page.module.css';
import type { PriceChange } from './price-list.ts';
import { strings } from './strings.ts';

/** What a save would change, before it does. */
export function PriceReview({
  changes,
  nameOf,
  onSave,
  onClose,
}: {
  changes: readonly PriceChange[];
  nameOf: (action: string, mode: string) => string;
  /** @throws CallFailure */
  onSave: () => Promise<void>;
  onClose: () => void;
}): VNode {
  const texts = strings.value;
  const wrong = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  const save = async (): Promise<void> => {
    isBusy.value = true;
    wrong.value = null;
    try {
      await onSave();
      onClose();
    } catch (error) {
      wrong.value = failureText(asFailure(error));
    } finally {
      isBusy.value = false;
    }
  };
  const shown = (price: string): string => (price === '' ? texts.none : price);
  return (
    <Dialog
      title={texts.title}
      onSubmit={() => void save()}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          <Button kind="primary" isBusy={isBusy.value} type="submit">
            {texts.save}
          </Button>
        </>
      }
    >
      <div class={styles['form']}>
        <ul class={styles['effects']}>
          {changes.map(({ action, mode, before, after }) => (
            <li key={`${action} ${mode}`}>{texts.change(nameOf(action, mode), shown(before), shown(after))}</li>
          ))}
        </ul>
        <p class={styles['note']}>{texts.effect}</p>
        {wrong.value !== null && (
          <p class={styles['refused']} role="alert">
            {wrong.value}
          </p>
        )}
      </div>
    </Dialog>
  );
}
