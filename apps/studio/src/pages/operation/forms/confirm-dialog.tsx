import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { asFailure } from '../../../api/failure.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { failureText } from '../../../components/failure-text.ts';
import { TextField } from '../../../components/field.tsx';
import { strings as common } from '../../../components/strings.ts';
import styles from '../operation-page.module.css';
import { strings } from './strings.ts';

/** Asks before something is done, and says what will happen. */
export function ConfirmDialog({
  title,
  effects,
  action,
  name,
  note,
  isDangerous = true,
  onConfirm,
  onClose,
}: {
  title: string;
  effects: readonly string[];
  /** Text of the button. */
  action: string;
  /** Has to be typed first; absent: nothing has. */
  name?: string;
  /** What else is to be known, below the effects. */
  note?: string;
  isDangerous?: boolean;
  /** What is done; it closes the dialog itself when it is left out of the page. @throws CallFailure */
  onConfirm: () => Promise<void>;
  onClose: () => void;
}): VNode {
  const typed = useSignal('');
  const wrong = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  const confirm = async (): Promise<void> => {
    isBusy.value = true;
    wrong.value = null;
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      wrong.value = failureText(asFailure(error));
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <Dialog
      title={title}
      onSubmit={() => void confirm()}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          <Button
            kind={isDangerous ? 'danger' : 'primary'}
            isBusy={isBusy.value}
            disabled={name !== undefined && typed.value.trim() !== name}
            type="submit"
          >
            {action}
          </Button>
        </>
      }
    >
      <div class={styles['form']}>
        <ul class={styles['effects']}>
          {effects.map((effect) => (
            <li key={effect}>{effect}</li>
          ))}
        </ul>
        {note !== undefined && <p class={styles['note']}>{note}</p>}
        {name !== undefined && (
          <TextField
            label={strings.value.typeName(name)}
            autocomplete="off"
            value={typed.value}
            onChange={(text) => (typed.value = text)}
          />
        )}
        {wrong.value !== null && (
          <p class={styles['refused']} role="alert">
            {wrong.value}
          </p>
        )}
      </div>
    </Dialog>
  );
}
