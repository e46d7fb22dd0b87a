import { useId } from 'preact/hooks';
import type { VNode } from 'preact';
import styles from './settings.module.css';

/** One of a few, all of which are seen at once; arrow keys move between them. */
export function Segments<Value extends string>({
  label,
  value,
  options,
  isLabelShown = false,
  onChange,
}: {
  label: string;
  /** For options that do not say by themselves what they are of. */
  isLabelShown?: boolean;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}): VNode {
  const name = useId();
  return (
    <fieldset class={styles['segments']}>
      <legend class="visually-hidden">{label}</legend>
      {isLabelShown && (
        <span class={styles['label']} aria-hidden="true">
          {label}
        </span>
      )}
      {options.map((option) => (
        <label key={option.value} class={styles['segment']}>
          <input
            type="radio"
            class="visually-hidden"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
