import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { strings as common } from '../../../components/strings.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { TextField } from '../../../components/field.tsx';
import { strings } from '../strings.ts';

const LONGEST_NAME = 80;

/** Asks for the name of a query. */
export function NameDialog({
  title,
  name,
  onName,
  onClose,
}: {
  title: string;
  name: string;
  onName: (name: string) => void;
  onClose: () => void;
}): VNode {
  const formId = useId();
  const typed = useSignal(name);
  const isMissing = useSignal(false);
  const texts = strings.value;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    isMissing.value = typed.value.trim() === '';
    if (!isMissing.value) onName(typed.value.trim());
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          <Button kind="primary" type="submit" form={formId}>
            {texts.save}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit}>
        <TextField
          label={texts.own.name}
          hint={texts.own.nameHint}
          error={isMissing.value ? texts.own.nameMissing : null}
          value={typed.value}
          maxLength={LONGEST_NAME}
          autocomplete="off"
          onChange={(text) => (typed.value = text)}
        />
      </form>
    </Dialog>
  );
}
