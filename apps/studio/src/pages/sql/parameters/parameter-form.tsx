import type { VNode } from 'preact';
import type { Parameters } from '../../../api/questions.ts';
import { SelectField, TextField } from '../../../components/field.tsx';
import { strings } from '../strings.ts';
import type { ShownParameter } from './parameter-names.ts';
import styles from './parameter-form.module.css';
import { TimeField, TimeRangeField } from './time-field.tsx';

/** Names that values are chosen from, as schema `report` has them. */
export interface KnownNames {
  keys: readonly string[];
  upstreams: readonly string[];
}

const STEPS = ['1 minute', '5 minutes', '15 minutes', '1 hour', '6 hours', '1 day', '7 days'] as const;

/** A value was chosen (`isFinal`), or is being typed. */
export type OnValue = (values: Parameters, isFinal: boolean) => void;

/** The fields of a query's parameters. An empty one has the default of its parameter. Enter runs the query. */
export function ParameterForm({
  parameters,
  values,
  names,
  onValue,
  onRun,
}: {
  parameters: readonly ShownParameter[];
  values: Parameters;
  names: KnownNames;
  onValue: OnValue;
  onRun: () => void;
}): VNode | null {
  if (parameters.length === 0) return null;
  const has = (name: string): boolean =>
    parameters.some((parameter) => parameter.name === name && parameter.type === 'time');
  const isRange = has('from') && has('to');
  const standard = parameters.find(({ name }) => name === 'from')?.default ?? null;
  const single = parameters.filter(({ name }) => !isRange || (name !== 'from' && name !== 'to'));
  return (
    <form
      class={styles['form']}
      aria-label={strings.value.parameters.title}
      onSubmit={(event) => {
        event.preventDefault();
        onRun();
      }}
    >
      {isRange && (
        <TimeRangeField from={values['from'] ?? ''} to={values['to'] ?? ''} standard={standard} onValue={onValue} />
      )}
      {single.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          value={values[parameter.name] ?? ''}
          names={names}
          onValue={onValue}
        />
      ))}
      <button type="submit" hidden />
    </form>
  );
}

function ParameterField({
  parameter: { name, type, default: standard },
  value,
  names,
  onValue,
}: {
  parameter: ShownParameter;
  value: string;
  names: KnownNames;
  onValue: OnValue;
}): VNode {
  const texts = strings.value.parameters;
  const label = labelOf(name);
  const set = (isFinal: boolean) => (chosen: string) => onValue({ [name]: chosen === '' ? null : chosen }, isFinal);
  switch (type) {
    case 'time':
      return <TimeField name={name} label={label} value={value} onValue={onValue} />;
    case 'interval': {
      const options = withValue(STEPS, value).map((step) => ({ value: step, label: step }));
      const first = { value: '', label: name === 'bucket' ? texts.automatic : texts.byDefault };
      return <SelectField label={label} value={value} options={[first, ...options]} onChange={set(true)} />;
    }
    case 'key':
    case 'upstream': {
      const listed = type === 'key' ? names.keys : names.upstreams;
      const options = withValue(listed, value).map((known) => ({ value: known, label: known }));
      return (
        <SelectField
          label={label}
          value={value}
          options={[{ value: '', label: texts.all }, ...options]}
          onChange={set(true)}
        />
      );
    }
    case 'text':
    case 'number':
    case 'task':
      return (
        <TextField
          label={label}
          value={value}
          inputMode={type === 'text' ? 'text' : type === 'task' ? 'numeric' : 'decimal'}
          placeholder={standard === null ? texts.needed : defaultText(standard)}
          autocomplete="off"
          onChange={set(false)}
        />
      );
  }
}

/** A list with the value that is chosen, which may come from an address. */
function withValue(listed: readonly string[], value: string): readonly string[] {
  return value === '' || listed.includes(value) ? listed : [value, ...listed];
}

function labelOf(name: string): string {
  const { key, upstream, bucket, task, from, to } = strings.value.parameters;
  const known: Record<string, string> = { key, upstream, bucket, task, from, to };
  return Object.hasOwn(known, name) ? (known[name] ?? name) : name;
}

/** The SQL of a default as a reader takes it: texts without their quotes. */
function defaultText(standard: string): string {
  if (standard === 'null') return strings.value.parameters.all;
  return /^'([^']*)'$/.exec(standard)?.[1] ?? standard;
}
