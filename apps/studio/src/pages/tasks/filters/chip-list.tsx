import { X } from 'lucide';
import type { VNode } from 'preact';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { strings } from '../strings.ts';
import styles from './filter-bar.module.css';
import type { FilterChip } from './filter-chips.ts';
import type { TaskFilters } from './task-filters.ts';

/** What is filtered, each with a button that takes it away, and one for all. */
export function ChipList({
  chips,
  onRemove,
  onClear,
}: {
  chips: readonly FilterChip[];
  onRemove: (without: Partial<TaskFilters>) => void;
  onClear: () => void;
}): VNode | null {
  const { filtered, removeChip, clear } = strings.value;
  if (chips.length === 0) return null;
  return (
    <ul class={styles['chips']} aria-label={filtered}>
      {chips.map(({ name, text, without }) => (
        <li key={name} class={styles['chip']}>
          <span class="truncate" title={text}>
            {text}
          </span>
          <button
            type="button"
            class={styles['remove']}
            aria-label={removeChip(text)}
            onClick={() => onRemove(without)}
          >
            <Icon node={X} size={14} />
          </button>
        </li>
      ))}
      <li>
        <Button kind="quiet" isSmall onClick={onClear}>
          {clear}
        </Button>
      </li>
    </ul>
  );
}
