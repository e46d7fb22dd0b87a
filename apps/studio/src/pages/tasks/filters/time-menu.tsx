import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { Button } from '../../../components/button.tsx';
import { TextField } from '../../../components/field.tsx';
import { strings } from '../strings.ts';
import styles from './filter-menu.module.css';
import { FilterMenu } from './filter-menu.tsx';
import { OptionList } from './option-list.tsx';
import type { TaskFilters } from './task-filters.ts';
import { fromLocalInput, toLocalInput } from '../../../i18n/local-input.ts';
import { isTimePreset, TIME_PRESETS, type TimePreset } from './time-range.ts';

interface Times {
  filters: TaskFilters;
  onChange: (changed: Partial<TaskFilters>) => void;
}

/** When tasks were submitted: a preset, or times of one's own. */
export function TimeMenu({ filters, onChange }: Times): VNode {
  const texts = strings.value;
  const presets = Object.keys(TIME_PRESETS) as TimePreset[];
  const isSet = isTimePreset(filters.time) || filters.from !== '' || filters.to !== '';
  return (
    <FilterMenu label={texts.time} chosen={isSet ? 1 : 0}>
      {(close) => (
        <>
          <OptionList
            label={texts.time}
            isSingle
            options={[
              { value: '', label: texts.anyTime, text: texts.anyTime },
              ...presets.map((value) => ({ value, label: texts.presets[value], text: texts.presets[value] })),
            ]}
            chosen={[isSet && !isTimePreset(filters.time) ? 'own' : filters.time]}
            onChange={([time = '']) => {
              onChange({ time, from: '', to: '' });
              close();
            }}
          />
          <OwnTimes filters={filters} onChange={onChange} onDone={close} />
        </>
      )}
    </FilterMenu>
  );
}

function OwnTimes({ filters, onChange, onDone }: Times & { onDone: () => void }): VNode {
  const { from, to, apply } = strings.value;
  const first = useSignal(toLocalInput(filters.from));
  const last = useSignal(toLocalInput(filters.to));
  return (
    <form
      class={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ time: '', from: fromLocalInput(first.value), to: fromLocalInput(last.value) });
        onDone();
      }}
    >
      <TextField
        label={from}
        type="datetime-local"
        max={last.value}
        value={first.value}
        onChange={(text) => (first.value = text)}
      />
      <TextField
        label={to}
        type="datetime-local"
        min={first.value}
        value={last.value}
        onChange={(text) => (last.value = text)}
      />
      <Button type="submit">{apply}</Button>
    </form>
  );
}
