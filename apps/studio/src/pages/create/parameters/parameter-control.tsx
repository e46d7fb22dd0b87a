import { Dices, RotateCcw } from 'lucide';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { IconButton } from '../../../components/button.tsx';
import { SelectField, TextField } from '../../../components/field.tsx';
import { formatNumber } from '../../../i18n/format.ts';
import styles from './parameters.module.css';
import { parameterName, strings } from './parameter-text.ts';
import type { ParameterRule } from './prompt-parameters.ts';

interface ControlProps {
  rule: ParameterRule;
  /** Name of the model that draws the prompt; it may take other numbers than the rest. */
  model: string | null;
  /** As it stands in the prompt; null: it does not. */
  value: string | null;
  onChange: (value: string | null) => void;
}

/** The control for one parameter, by the kind of its value. */
export function ParameterControl(props: ControlProps): VNode {
  const { rule, value, onChange } = props;
  const texts = strings.value;
  const name = parameterName(rule.name);
  const hint = hintOf(props);
  const placeholders: Readonly<Record<string, string>> = texts.placeholders;
  switch (rule.value.kind) {
    case 'flag':
      return (
        <label class={styles['toggle']} title={`--${rule.name}`}>
          <input
            type="checkbox"
            class="visually-hidden"
            checked={value !== null}
            onChange={(event) => onChange(event.currentTarget.checked ? '' : null)}
          />
          <span>{name}</span>
        </label>
      );
    case 'number':
      return rule.name === 'seed' ? <Seed {...props} /> : <NumberControl {...props} />;
    case 'word':
    case 'version': {
      const words = rule.value.words ?? rule.value.versions?.map(String) ?? [];
      const listed = value === null || value === '' || words.includes(value) ? words : [...words, value];
      return (
        <SelectField
          label={name}
          hint={hint}
          value={value ?? ''}
          options={[{ value: '', label: texts.automatic }, ...listed.map((word) => ({ value: word, label: word }))]}
          onChange={(word) => onChange(word === '' ? null : word)}
        />
      );
    }
    default:
      return (
        <TextField
          label={name}
          hint={hint}
          autocomplete="off"
          placeholder={placeholders[rule.name] ?? `--${rule.name}`}
          value={value ?? ''}
          onChange={(text) => onChange(text.trim() === '' ? null : text.replace(/\s+/g, ' ').trimStart())}
        />
      );
  }
}

function hintOf({ rule, model }: ControlProps): string | undefined {
  if (model !== null && rule.disputed.includes(model)) return strings.value.uncertain;
  return rule.needs === 'picture' ? strings.value.needsPicture : undefined;
}

function NumberControl(props: ControlProps): VNode {
  const { rule, model, value, onChange } = props;
  const id = useId();
  const name = parameterName(rule.name);
  const range = rule.value.byModel?.[model ?? ''] ?? rule.value.range;
  const hint = hintOf(props);
  if (range?.oneOf !== undefined) {
    return (
      <SelectField
        label={name}
        hint={hint}
        value={value ?? ''}
        options={[
          { value: '', label: strings.value.automatic },
          ...[...new Set([...range.oneOf.map(String), ...(value === null || value === '' ? [] : [value])])].map(
            (one) => ({
              value: one,
              label: one,
            }),
          ),
        ]}
        onChange={(one) => onChange(one === '' ? null : one)}
      />
    );
  }
  const { min, max, step } = range ?? { min: 0, max: 100, step: 1 };
  const usual = typeof rule.default === 'number' ? rule.default : min;
  const shown = value === null || Number.isNaN(Number(value)) ? usual : Number(value);
  const set = (text: string): void => onChange(text === '' ? null : text);
  return (
    <div class={styles['number']}>
      <label for={id} class={styles['legend']}>
        {name}
        {hint !== undefined && <span class={styles['hint']}> · {hint}</span>}
      </label>
      {value !== null && (
        <IconButton isSmall icon={RotateCcw} label={strings.value.reset(name)} onClick={() => onChange(null)} />
      )}
      <input
        type="number"
        class={styles['value']}
        aria-label={`${name} --${rule.name}`}
        min={min}
        max={max}
        step="any"
        value={value ?? ''}
        placeholder={rule.default === null ? '–' : String(usual)}
        onInput={(event) => set(event.currentTarget.value)}
      />
      <input
        id={id}
        type="range"
        class={styles['slider']}
        min={min}
        max={max}
        step={step}
        value={shown}
        aria-valuetext={value === null ? `${formatNumber(usual, 2)} (${strings.value.automatic})` : value}
        onInput={(event) => set(event.currentTarget.value)}
      />
    </div>
  );
}

function Seed({ rule, value, onChange }: ControlProps): VNode {
  const most = rule.value.range?.max ?? 4_294_967_295;
  return (
    <div class={styles['seed']}>
      <TextField
        label={parameterName(rule.name)}
        inputMode="numeric"
        autocomplete="off"
        placeholder={strings.value.automatic}
        value={value ?? ''}
        onChange={(text) => onChange(text.trim() === '' ? null : text.trim())}
      />
      <IconButton
        kind="plain"
        icon={Dices}
        label={strings.value.random}
        onClick={() => onChange(String(Math.floor(Math.random() * most)))}
      />
    </div>
  );
}
