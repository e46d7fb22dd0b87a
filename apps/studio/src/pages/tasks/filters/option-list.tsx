import { useSignal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { useId } from 'preact/hooks';
import { TextField } from '../../../components/field.tsx';
import { strings } from '../strings.ts';
import styles from './filter-menu.module.css';

/** A value that can be chosen. */
export interface Option {
  value: string;
  label: ComponentChildren;
  /** What it is found by. */
  text: string;
}

/** From so many options on they can be searched. */
const SEARCHABLE = 9;

/** Several of a list, or one of it. */
export function OptionList({
  label,
  options,
  chosen,
  isSingle = false,
  onChange,
}: {
  label: string;
  options: readonly Option[];
  chosen: readonly string[];
  isSingle?: boolean;
  onChange: (chosen: string[]) => void;
}): VNode {
  const sought = useSignal('');
  const name = useId();
  const wanted = sought.value.trim().toLowerCase();
  const shown = wanted === '' ? options : options.filter(({ text }) => text.toLowerCase().includes(wanted));
  const toggle = (value: string): void => {
    if (isSingle) return onChange([value]);
    onChange(chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value]);
  };
  return (
    <>
      {options.length >= SEARCHABLE && (
        <TextField
          label={strings.value.find}
          isLabelHidden
          type="search"
          placeholder={strings.value.find}
          value={sought.value}
          onChange={(text) => (sought.value = text)}
        />
      )}
      <div class={styles['options']} role={isSingle ? 'radiogroup' : 'group'} aria-label={label}>
        {shown.map((option) => (
          <label key={option.value} class={styles['option']}>
            <input
              type={isSingle ? 'radio' : 'checkbox'}
              name={name}
              checked={isSingle ? (chosen[0] ?? '') === option.value : chosen.includes(option.value)}
              onChange={() => toggle(option.value)}
            />
            <span class="truncate">{option.label}</span>
          </label>
        ))}
      </div>
    </>
  );
}
