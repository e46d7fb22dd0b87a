import type { ComponentChildren, VNode } from 'preact';
import { useId } from 'preact/hooks';
import styles from './field.module.css';

interface FieldProps {
  label: string;
  hint?: string;
  /** Why the value is wrong; shown and told to screen readers. */
  error?: string | null;
  isLabelHidden?: boolean;
}

interface Wiring {
  id: string;
  'aria-invalid': boolean;
  'aria-describedby': string | undefined;
}

/** A control with its label, its hint and what is wrong with it. */
export function Field({
  label,
  hint,
  error,
  isLabelHidden = false,
  children,
}: FieldProps & { children: (wiring: Wiring) => ComponentChildren }): VNode {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  return (
    <div class={styles['field']}>
      <label for={id} class={isLabelHidden ? 'visually-hidden' : styles['label']}>
        {label}
      </label>
      {children({ id, 'aria-invalid': Boolean(error), 'aria-describedby': note === undefined ? undefined : noteId })}
      {note !== undefined && (
        <p id={noteId} class={error ? styles['error'] : styles['hint']} role={error ? 'alert' : undefined}>
          {note}
        </p>
      )}
    </div>
  );
}

/** Attributes of <input> that a caller may set. */
interface Input {
  type?: 'text' | 'password' | 'number' | 'search' | 'url' | 'date' | 'datetime-local';
  name?: string;
  placeholder?: string;
  required?: boolean;
  disabled?: boolean;
  autocomplete?: 'off' | 'on';
  min?: number | string;
  max?: number | string;
  step?: number | 'any';
  maxLength?: number;
  inputMode?: 'text' | 'decimal' | 'numeric' | 'search' | 'url';
  list?: string;
  onBlur?: () => void;
}

/** A line of text, a number, a date or a password. */
export function TextField({
  label,
  hint,
  error,
  isLabelHidden,
  value,
  onChange,
  ...rest
}: FieldProps & Input & { value: string; onChange: (value: string) => void }): VNode {
  return (
    <Field label={label} hint={hint} error={error} isLabelHidden={isLabelHidden}>
      {(wiring) => (
        <input
          {...(rest as object)}
          {...wiring}
          class={styles['input']}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** Several lines of text. */
export function TextArea({
  label,
  hint,
  error,
  isLabelHidden,
  value,
  rows = 3,
  placeholder,
  onChange,
}: FieldProps & { value: string; rows?: number; placeholder?: string; onChange: (value: string) => void }): VNode {
  return (
    <Field label={label} hint={hint} error={error} isLabelHidden={isLabelHidden}>
      {(wiring) => (
        <textarea
          {...wiring}
          class={styles['input']}
          rows={rows}
          placeholder={placeholder}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** One of a list. */
export function SelectField<Value extends string>({
  label,
  hint,
  error,
  isLabelHidden,
  value,
  options,
  onChange,
}: FieldProps & {
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}): VNode {
  return (
    <Field label={label} hint={hint} error={error} isLabelHidden={isLabelHidden}>
      {(wiring) => (
        <select
          {...wiring}
          class={styles['input']}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value as Value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Something that is on or off. */
export function CheckField({
  label,
  isChecked,
  onChange,
}: {
  label: string;
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
}): VNode {
  return (
    <label class={styles['check']}>
      <input type="checkbox" checked={isChecked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}
