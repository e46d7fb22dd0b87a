import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { Field, SelectField } from '../../../components/field.tsx';
import inputStyles from '../../../components/field.module.css';
import { fromLocalInput } from '../../../i18n/local-input.ts';
import { strings } from '../strings.ts';
import type { OnValue } from './parameter-form.tsx';
import styles from './parameter-form.module.css';
import { shownTime, TIME_PRESETS, type TimePreset } from './time-values.ts';

const CUSTOM = 'custom';
type Choice = '' | TimePreset | typeof CUSTOM;

/** A time, typed or picked, in the reader's time zone. An empty one has its default. */
export function TimeField({
  name,
  label,
  value,
  onValue,
}: {
  name: string;
  label: string;
  value: string;
  onValue: OnValue;
}): VNode {
  return (
    <Field label={label}>
      {(wiring) => (
        <input
          {...wiring}
          type="datetime-local"
          class={inputStyles['input']}
          value={shownTime(value, Date.now())}
          onChange={(event) => onValue({ [name]: fromLocalInput(event.currentTarget.value) || null }, false)}
        />
      )}
    </Field>
  );
}

/** A span of time: up to now by name, or from one time to another. */
export function TimeRangeField({
  from,
  to,
  standard,
  onValue,
}: {
  from: string;
  to: string;
  /** SQL of the beginning that it has by itself. */
  standard: string | null;
  onValue: OnValue;
}): VNode {
  const texts = strings.value.parameters;
  const isCustom = useSignal(false);
  const preset = TIME_PRESETS.find((known) => known === from);
  const isPlain = to === '' && (from === '' || preset !== undefined);
  const chosen: Choice = isCustom.value || !isPlain ? CUSTOM : (preset ?? '');
  const choose = (choice: Choice): void => {
    isCustom.value = choice === CUSTOM;
    if (choice !== CUSTOM) onValue({ from: choice === '' ? null : choice, to: null }, true);
  };
  return (
    <div class={styles['range']}>
      <SelectField<Choice>
        label={texts.time}
        value={chosen}
        options={[
          { value: '', label: usualSpan(standard) ?? texts.byDefault },
          ...TIME_PRESETS.map((known) => ({ value: known, label: texts.presets[known] })),
          { value: CUSTOM, label: texts.custom },
        ]}
        onChange={choose}
      />
      {chosen === CUSTOM && (
        <>
          <TimeField name="from" label={texts.from} value={from} onValue={onValue} />
          <TimeField name="to" label={texts.to} value={to} onValue={onValue} />
        </>
      )}
    </div>
  );
}

/** What `now() - interval '24 hours'` is called; null where the default is something else. */
function usualSpan(standard: string | null): string | null {
  const [, count = '', unit = ''] = /^now\(\) - interval '(\d+) (hour|day)s?'$/.exec(standard ?? '') ?? [];
  const name = TIME_PRESETS.find((preset) => preset === `-${count}${unit.charAt(0)}`);
  const { byDefault, presets } = strings.value.parameters;
  return name === undefined ? null : `${presets[name]} (${byDefault.toLowerCase()})`;
}
