import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { call, type Schemas } from '../../../api/client.ts';
import { ACTIONS, MODES } from '../../../api/vocabulary.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { TextArea, TextField } from '../../../components/field.tsx';
import { strings as common } from '../../../components/strings.ts';
import { toast } from '../../../components/toasts.tsx';
import { ChoiceSet } from '../forms/choice-set.tsx';
import { NOT_REFUSED, refusalOf, type Refusal } from '../forms/field-errors.ts';
import styles from '../operation-page.module.css';
import { strings as page } from '../strings.ts';
import { changesOf, COUNTS, draftOf, FIELDS, type ApiKey, type KeyDraft } from './key-draft.ts';
import { strings } from './strings.ts';

export type CreatedKey = Schemas['CreatedKeyDto'];

/** Makes a key, or changes one; each refusal stands at its field. @param of absent: a new key */
export function KeyForm({
  of,
  onCreated,
  onChanged,
  onClose,
}: {
  of?: ApiKey;
  onCreated: (key: CreatedKey) => void;
  onChanged: () => void;
  onClose: () => void;
}): VNode {
  const texts = strings.value;
  const { fields } = texts;
  const began = draftOf(of);
  const draft = useSignal(began);
  const refusal = useSignal<Refusal>(NOT_REFUSED);
  const isBusy = useSignal(false);
  const set = (changed: Partial<KeyDraft>): void => void (draft.value = { ...draft.value, ...changed });
  const save = async (): Promise<void> => {
    isBusy.value = true;
    refusal.value = NOT_REFUSED;
    try {
      const body = changesOf(draft.value, began);
      if (of === undefined) onCreated(await call<CreatedKey>('POST', '/admin/keys', { body }));
      else {
        await call('PATCH', `/admin/keys/${of.id}`, { body });
        toast(texts.saved, 'success');
        onChanged();
      }
    } catch (error) {
      refusal.value = refusalOf(error, FIELDS);
    } finally {
      isBusy.value = false;
    }
  };
  const errorOf = (name: string): string | null => refusal.value.byField[name] ?? null;
  const text = (name: 'name' | 'credits' | 'monthlySpend' | 'notifyHook', hint: string): VNode => (
    <TextField
      label={fields[name]}
      hint={hint}
      autocomplete="off"
      inputMode={name === 'credits' || name === 'monthlySpend' ? 'decimal' : 'text'}
      error={errorOf(name)}
      value={draft.value[name]}
      onChange={(value) => set({ [name]: value })}
    />
  );
  return (
    <Dialog
      title={of === undefined ? texts.createTitle : texts.editTitle(of.name)}
      onSubmit={() => void save()}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          <Button kind="primary" isBusy={isBusy.value} disabled={draft.value.name.trim() === ''} type="submit">
            {of === undefined ? texts.make : page.value.save}
          </Button>
        </>
      }
    >
      <div class={styles['form']}>
        {refusal.value.rest !== null && (
          <p class={styles['refused']} role="alert">
            {refusal.value.rest}
          </p>
        )}
        {text('name', fields.nameHint)}
        <h3>{texts.limits}</h3>
        <div class={styles['pair']}>
          {of === undefined && text('credits', fields.creditsHint)}
          {text('monthlySpend', fields.limitHint)}
          {COUNTS.map((name) => (
            <TextField
              key={name}
              label={fields[name]}
              hint={name === 'queueLimit' ? fields.queueHint : fields.limitHint}
              type="number"
              min={0}
              error={errorOf(name)}
              value={draft.value[name]}
              onChange={(value) => set({ [name]: value })}
            />
          ))}
        </div>
        <h3>{texts.access}</h3>
        <ChoiceSet
          label={fields.modes}
          options={MODES}
          chosen={draft.value.modes}
          error={errorOf('modes')}
          onChange={(modes) => set({ modes })}
        />
        <ChoiceSet
          label={fields.actions}
          options={ACTIONS}
          chosen={draft.value.actions}
          error={errorOf('actions')}
          onChange={(actions) => set({ actions })}
        />
        <TextField
          label={fields.expiresAt}
          hint={fields.expiresHint}
          type="datetime-local"
          error={errorOf('expiresAt')}
          value={draft.value.expiresAt}
          onChange={(expiresAt) => set({ expiresAt })}
        />
        <TextArea
          label={fields.ipAllow}
          hint={fields.ipHint}
          error={errorOf('ipAllow')}
          value={draft.value.ipAllow}
          onChange={(ipAllow) => set({ ipAllow })}
        />
        {text('notifyHook', fields.notifyHint)}
      </div>
    </Dialog>
  );
}
