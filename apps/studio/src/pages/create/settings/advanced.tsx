import { ChevronDown } from 'lucide';
import type { VNode } from 'preact';
import { SelectField, TextField } from '../../../components/field.tsx';
import { Icon } from '../../../components/icon.tsx';
import { changeSettings, draft } from '../draft/draft.ts';
import { strings } from '../strings.ts';
import styles from './settings.module.css';

/** Fields of a submit that programs use. */
export function Advanced({ errors }: { errors: Readonly<Record<'state' | 'notifyHook', string | null>> }): VNode {
  const texts = strings.value.settings;
  const { state, notifyHook, notifyEvents, idempotencyKey } = draft.settings.value;
  const isUsed = errors.state !== null || errors.notifyHook !== null;
  return (
    <details class={styles['advanced']} open={isUsed || undefined}>
      <summary>
        <Icon node={ChevronDown} size={16} />
        {texts.advanced}
      </summary>
      <p class={styles['text']}>{texts.advancedText}</p>
      <div class={styles['fields']}>
        <TextField
          label={texts.state}
          hint={texts.stateHint}
          error={errors.state}
          maxLength={4_096}
          value={state}
          onChange={(value) => changeSettings({ state: value })}
        />
        <TextField
          type="url"
          label={texts.hook}
          hint={texts.hookHint}
          error={errors.notifyHook}
          placeholder="https://…"
          maxLength={2_048}
          autocomplete="off"
          value={notifyHook}
          onChange={(value) => changeSettings({ notifyHook: value })}
        />
        <SelectField
          label={texts.events}
          value={notifyEvents}
          options={[
            { value: '', label: texts.automatic },
            { value: 'all', label: texts.allEvents },
            { value: 'terminal', label: texts.terminal },
          ]}
          onChange={(value) => changeSettings({ notifyEvents: value })}
        />
        <TextField
          label={texts.key}
          hint={texts.keyHint}
          maxLength={255}
          autocomplete="off"
          value={idempotencyKey}
          onChange={(value) => changeSettings({ idempotencyKey: value })}
        />
      </div>
    </details>
  );
}
