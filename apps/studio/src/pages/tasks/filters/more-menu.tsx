import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { Button } from '../../../components/button.tsx';
import { SelectField, TextField } from '../../../components/field.tsx';
import { strings } from '../strings.ts';
import styles from './filter-menu.module.css';
import { FilterMenu } from './filter-menu.tsx';
import type { TaskFilters } from './task-filters.ts';

interface Filtered {
  filters: TaskFilters;
  onChange: (changed: Partial<TaskFilters>) => void;
}

/** Filters that are needed seldom. */
export function MoreMenu(props: Filtered): VNode {
  const { state, parentId, refused } = props.filters;
  const chosen = [state, parentId, refused].filter((value) => value !== '').length;
  return (
    <FilterMenu label={strings.value.more} chosen={chosen}>
      {(close) => <MoreForm {...props} onDone={close} />}
    </FilterMenu>
  );
}

function MoreForm({ filters, onChange, onDone }: Filtered & { onDone: () => void }): VNode {
  const texts = strings.value;
  const state = useSignal(filters.state);
  const parentId = useSignal(filters.parentId);
  const refused = useSignal(filters.refused);
  return (
    <form
      class={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ state: state.value, parentId: parentId.value.trim(), refused: refused.value });
        onDone();
      }}
    >
      <TextField
        label={texts.state}
        hint={texts.stateHint}
        maxLength={4_096}
        value={state.value}
        onChange={(text) => (state.value = text)}
      />
      <TextField
        label={texts.parent}
        inputMode="numeric"
        maxLength={18}
        value={parentId.value}
        onChange={(text) => (parentId.value = text)}
      />
      <SelectField
        label={texts.refused}
        value={refused.value}
        options={(['', 'true', 'false'] as const).map((value) => ({ value, label: texts.refusedChoices[value] }))}
        onChange={(value) => (refused.value = value)}
      />
      <Button type="submit">{texts.apply}</Button>
    </form>
  );
}
