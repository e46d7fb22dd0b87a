import { Search } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { StatusBadge } from '../../../components/badge.tsx';
import { Icon } from '../../../components/icon.tsx';
import { strings as common } from '../../../components/strings.ts';
import { strings } from '../strings.ts';
import { failureWord, wordOf } from '../../../components/words.ts';
import styles from './filter-bar.module.css';
import { FilterMenu } from './filter-menu.tsx';
import { MoreMenu } from './more-menu.tsx';
import { ACTIONS, MODES } from '../../../api/vocabulary.ts';
import type { NamedRow } from '../../../api/named-rows.ts';
import { OptionList, type Option } from './option-list.tsx';
import { FAILURE_KINDS, STATUSES, type TaskFilters } from './task-filters.ts';
import { TimeMenu } from './time-menu.tsx';

const TYPING_MS = 350;

interface Bar {
  filters: TaskFilters;
  keys: readonly NamedRow[];
  upstreams: readonly NamedRow[];
  onChange: (changed: Partial<TaskFilters>) => void;
}

/** Everything that the table can be filtered by. */
export function FilterBar({ filters, keys, upstreams, onChange }: Bar): VNode {
  const texts = strings.value;
  const statusText: Record<string, string> = common.value.status;
  const statuses = STATUSES.map((value) => ({
    value,
    label: <StatusBadge status={value} />,
    text: statusText[value] ?? value,
  }));
  const actions = ACTIONS.map((value) => plain(value, wordOf(value)));
  const modes = MODES.map((value) => plain(value, wordOf(value)));
  const failures = FAILURE_KINDS.map((value) => plain(value, failureWord(value)));
  const several = (name: 'status' | 'action' | 'mode' | 'failureKind', label: string, options: Option[]): VNode => (
    <FilterMenu label={label} chosen={filters[name].length}>
      {() => (
        <OptionList
          label={label}
          options={options}
          chosen={filters[name]}
          onChange={(chosen) => onChange({ [name]: chosen })}
        />
      )}
    </FilterMenu>
  );
  const one = (name: 'keyId' | 'upstreamId', label: string, rows: readonly NamedRow[]): VNode => (
    <FilterMenu label={label} chosen={filters[name] === '' ? 0 : 1}>
      {(close) => (
        <OptionList
          label={label}
          isSingle
          options={[plain('', texts.any), ...rows.map(({ id, name: text }) => plain(id, text))]}
          chosen={[filters[name]]}
          onChange={([chosen = '']) => {
            onChange({ [name]: chosen });
            close();
          }}
        />
      )}
    </FilterMenu>
  );
  return (
    <search class={styles['bar']} aria-label={texts.filters}>
      <SearchField value={filters.q} onChange={(q) => onChange({ q })} />
      <div class={styles['menus']}>
        {several('status', texts.status, statuses)}
        <TimeMenu filters={filters} onChange={onChange} />
        {several('action', texts.action, actions)}
        {several('mode', texts.mode, modes)}
        {one('keyId', texts.key, keys)}
        {one('upstreamId', texts.upstream, upstreams)}
        {several('failureKind', texts.failure, failures)}
        <MoreMenu filters={filters} onChange={onChange} />
      </div>
    </search>
  );
}

function plain(value: string, text: string): Option {
  return { value, label: text, text };
}

/** Searches a moment after the last key, or at once by Enter. */
function SearchField({ value, onChange }: { value: string; onChange: (q: string) => void }): VNode {
  const { search, searchPlaceholder } = strings.value;
  const typed = useSignal(value);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => void (typed.value = value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const commit = (text: string): void => {
    clearTimeout(timer.current);
    if (text.trim() !== value) onChange(text.trim());
  };
  return (
    <div class={styles['search']}>
      <Icon node={Search} size={16} />
      <input
        type="search"
        aria-label={search}
        placeholder={searchPlaceholder}
        maxLength={200}
        value={typed.value}
        onInput={({ currentTarget }) => {
          const text = currentTarget.value;
          typed.value = text;
          clearTimeout(timer.current);
          timer.current = setTimeout(() => commit(text), TYPING_MS);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit(event.currentTarget.value);
        }}
      />
    </div>
  );
}
