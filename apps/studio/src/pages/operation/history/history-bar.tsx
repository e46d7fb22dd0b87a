import type { VNode } from 'preact';
import { reportedKey, reportedUpstream, type NamedRow } from '../../../api/named-rows.ts';
import { SelectField, TextField } from '../../../components/field.tsx';
import { fromLocalInput, toLocalInput } from '../../../i18n/local-input.ts';
import { isRange, RANGES, type HistoryFilters, type Range } from './history-filters.ts';
import styles from './history-bar.module.css';
import { strings } from './strings.ts';

const HOUR_MS = 3_600_000;

/** What the charts are about: a time, a key, an upstream. */
export function HistoryBar({
  filters,
  keys,
  upstreams,
  onChange,
}: {
  filters: HistoryFilters;
  keys: readonly NamedRow[];
  upstreams: readonly NamedRow[];
  onChange: (changed: Partial<HistoryFilters>) => void;
}): VNode {
  const texts = strings.value;
  const ranges = [...(Object.keys(RANGES) as Range[]), 'custom' as const];
  const chooseRange = (range: Range | 'custom'): void => {
    if (isRange(range)) return onChange({ range, from: '', to: '' });
    // It begins with what was shown, so that the charts stay until the time is changed.
    const hours = filters.range === 'custom' ? RANGES['24h'] : RANGES[filters.range];
    onChange({ range, from: new Date(Date.now() - hours * HOUR_MS).toISOString() });
  };
  const isWrong = filters.to !== '' && filters.to <= filters.from;
  return (
    <search class={styles['bar']} aria-label={texts.filters}>
      <SelectField
        label={texts.range}
        value={filters.range}
        options={ranges.map((value) => ({ value, label: texts.ranges[value] }))}
        onChange={chooseRange}
      />
      {filters.range === 'custom' && (
        <>
          <TextField
            label={texts.from}
            type="datetime-local"
            value={toLocalInput(filters.from)}
            onChange={(text) => {
              const from = fromLocalInput(text);
              if (from !== '') onChange({ from });
            }}
          />
          <TextField
            label={texts.to}
            type="datetime-local"
            hint={texts.toHint}
            error={isWrong ? texts.wrongOrder : null}
            value={toLocalInput(filters.to)}
            onChange={(text) => onChange({ to: fromLocalInput(text) })}
          />
        </>
      )}
      <SelectField
        label={texts.key}
        value={filters.key}
        options={choices(
          texts.allKeys,
          keys.map(({ id }) => reportedKey(keys, id)),
          filters.key,
        )}
        onChange={(key) => onChange({ key })}
      />
      <SelectField
        label={texts.upstream}
        value={filters.upstream}
        options={choices(
          texts.allUpstreams,
          upstreams.map(({ id }) => reportedUpstream(upstreams, id)),
          filters.upstream,
        )}
        onChange={(upstream) => onChange({ upstream })}
      />
    </search>
  );
}

/** Names to choose from, with the chosen one also before the names were read. */
function choices(all: string, names: readonly (string | null)[], chosen: string): { value: string; label: string }[] {
  const known = names.filter((name) => name !== null);
  const shown = [...new Set(chosen === '' ? known : [...known, chosen])];
  return [{ value: '', label: all }, ...shown.map((value) => ({ value, label: value }))];
}
