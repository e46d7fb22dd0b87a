import { ACTIONS } from '../../../api/vocabulary.ts';
import { wordOf } from '../../../components/words.ts';
import { useSignal } from '@preact/signals';
import { SlidersHorizontal, X } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../../components/button.tsx';
import { SelectField, TextField } from '../../../components/field.tsx';
import { strings as shared } from '../../../components/strings.ts';
import { strings } from '../strings.ts';
import styles from './filter-bar.module.css';
import { countFilters, NO_FILTERS, SPANS, type GalleryFilters, type Span } from './gallery-filters.ts';

const TYPED_MS = 350;
const STATUSES = ['IN_PROGRESS', 'NOT_START', 'SUBMITTED', 'MODAL', 'SUCCESS', 'FAILURE', 'CANCEL'] as const;
const DAYS = 'days';

/** Search and filters of the gallery. @param onChange given the filters that hold from now on */
export function FilterBar({
  filters,
  onChange,
}: {
  filters: GalleryFilters;
  onChange: (filters: GalleryFilters) => void;
}): VNode {
  const texts = strings.value.filters;
  const isOpen = useSignal(countFilters({ ...filters, q: '' }) > 0);
  const areDaysOpen = useSignal(filters.from !== '' || filters.to !== '');
  const set = (change: Partial<GalleryFilters>): void => onChange({ ...filters, ...change });
  const chooseTime = (chosen: string): void => {
    areDaysOpen.value = chosen === DAYS;
    set({ within: chosen in SPANS ? (chosen as Span) : '', from: '', to: '' });
  };
  const count = countFilters({ ...filters, q: '' });
  return (
    <search class={styles['bar']} aria-label={texts.label}>
      <div class={styles['first']}>
        <TypedField
          label={texts.search}
          type="search"
          placeholder={texts.searchHint}
          value={filters.q}
          onChange={(q) => set({ q })}
        />
        <Button
          icon={SlidersHorizontal}
          aria-expanded={isOpen.value}
          aria-controls="gallery-filters"
          onClick={() => (isOpen.value = !isOpen.value)}
        >
          {texts.show}
          {count > 0 && <span class={styles['count']}>{count}</span>}
        </Button>
      </div>
      <div id="gallery-filters" class={styles['more']} hidden={!isOpen.value}>
        <SelectField
          label={texts.status}
          value={filters.status}
          options={[
            { value: '', label: texts.anyStatus },
            ...STATUSES.map((value) => ({ value, label: shared.value.status[value] })),
          ]}
          onChange={(status) => set({ status })}
        />
        <SelectField
          label={texts.action}
          value={filters.action}
          options={[
            { value: '', label: texts.anyAction },
            ...ACTIONS.map((value) => ({ value, label: wordOf(value) })),
          ]}
          onChange={(action) => set({ action })}
        />
        <SelectField
          label={texts.time}
          value={areDaysOpen.value ? DAYS : filters.within}
          options={[
            { value: '', label: texts.anyTime },
            ...Object.keys(SPANS).map((value) => ({ value, label: texts.spans[value as Span] })),
            { value: DAYS, label: texts.days },
          ]}
          onChange={chooseTime}
        />
        {areDaysOpen.value && (
          <>
            <TextField label={texts.from} type="date" value={filters.from} onChange={(from) => set({ from })} />
            <TextField label={texts.to} type="date" value={filters.to} onChange={(to) => set({ to })} />
          </>
        )}
        <TypedField
          label={texts.state}
          placeholder={texts.stateHint}
          value={filters.state}
          onChange={(state) => set({ state })}
        />
        {count > 0 && (
          <Button kind="quiet" icon={X} onClick={() => onChange({ ...NO_FILTERS, q: filters.q })}>
            {texts.clear}
          </Button>
        )}
      </div>
    </search>
  );
}

/** A line of text that is taken when typing pauses. */
function TypedField({
  value,
  onChange,
  ...field
}: {
  label: string;
  placeholder: string;
  type?: 'search';
  value: string;
  onChange: (value: string) => void;
}): VNode {
  const typed = useSignal(value);
  const latest = useRef(onChange);
  latest.current = onChange;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const sent = useRef(value);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    // What comes back of one's own typing must not undo what was typed since.
    if (value === sent.current) return;
    sent.current = value;
    typed.value = value;
  }, [value]);
  const take = (text: string): void => {
    typed.value = text;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      sent.current = text.trim();
      latest.current(text.trim());
    }, TYPED_MS);
  };
  return <TextField {...field} isLabelHidden={field.type === 'search'} value={typed.value} onChange={take} />;
}
