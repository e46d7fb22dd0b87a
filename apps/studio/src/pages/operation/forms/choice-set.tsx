import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { CheckField } from '../../../components/field.tsx';
import { wordOf } from '../../../components/words.ts';
import styles from './choice-set.module.css';
import { strings } from './strings.ts';

/** All of a list, or only some of it. @param chosen null: all */
export function ChoiceSet({
  label,
  options,
  chosen,
  error,
  onChange,
}: {
  label: string;
  options: readonly string[];
  chosen: readonly string[] | null;
  error?: string | null | undefined;
  onChange: (chosen: string[] | null) => void;
}): VNode {
  const texts = strings.value;
  const name = useId();
  const wrong = error ?? (chosen?.length === 0 ? texts.noneChosen : null);
  return (
    <fieldset class={styles['set']}>
      <legend>{label}</legend>
      <div class={styles['ways']}>
        <label>
          <input type="radio" name={name} checked={chosen === null} onChange={() => onChange(null)} />
          {texts.all}
        </label>
        <label>
          <input type="radio" name={name} checked={chosen !== null} onChange={() => onChange([])} />
          {texts.some}
        </label>
      </div>
      {chosen !== null && (
        <div class={styles['options']}>
          {options.map((option) => (
            <CheckField
              key={option}
              label={wordOf(option)}
              isChecked={chosen.includes(option)}
              onChange={(isChecked) =>
                onChange(options.filter((other) => (other === option ? isChecked : chosen.includes(other))))
              }
            />
          ))}
        </div>
      )}
      {wrong !== null && (
        <p class={styles['error']} role="alert">
          {wrong}
        </p>
      )}
    </fieldset>
  );
}
