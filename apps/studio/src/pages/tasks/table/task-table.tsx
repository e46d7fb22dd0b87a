import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { strings } from '../strings.ts';
import type { AdminTask } from './admin-task.ts';
import { chosenColumns } from './column-choice.ts';
import { rowTarget } from './row-keys.ts';
import { taskPath } from './task-link.ts';
import styles from './task-table.module.css';

const ID_WIDTH = 144;

interface Rows {
  tasks: readonly AdminTask[];
  /** Of the page's address, with its filters. */
  search: string;
  /** The task whose drawer is open; null: none. */
  openId: string | null;
  onOpen: (id: string) => void;
}

/** Tasks as a table. One row is in the order of focus; arrow keys, Home and End go over the rows, Enter opens. */
export function TaskTable({ tasks, search, openId, onOpen }: Rows): VNode {
  const columns = chosenColumns();
  const texts = strings.value;
  const body = useRef<HTMLTableSectionElement>(null);
  const [chosen, choose] = useState<string | null>(null);
  const focusable = tasks.some(({ id }) => id === chosen) ? chosen : (tasks[0]?.id ?? null);
  const width = columns.reduce((sum, column) => sum + column.width, ID_WIDTH);
  const move = (event: KeyboardEvent): void => {
    const at = tasks.findIndex(({ id }) => id === focusable);
    const target = rowTarget(event.key, at, tasks.length);
    if (target === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    body.current?.querySelectorAll<HTMLElement>('a[data-row]')[target]?.focus();
  };
  return (
    <table class={styles['table']} style={{ minWidth: `${width}px` }} aria-label={texts.table}>
      <colgroup>
        <col style={{ width: `${ID_WIDTH}px` }} />
        {columns.map(({ name, width: px, isFlexible }) => (
          <col key={name} style={isFlexible === true ? {} : { width: `${px}px` }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{texts.column.id}</th>
          {columns.map(({ name, isNumber }) => (
            <th key={name} scope="col" class={isNumber === true ? styles['number'] : undefined}>
              {texts.column[name]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={move}>
        {tasks.map((task) => (
          <tr
            key={task.id}
            class={task.id === openId ? styles['open'] : undefined}
            onClick={(event) => openByClick(event, () => onOpen(task.id))}
          >
            <th scope="row">
              <a
                data-row
                class={`mono ${styles['id']}`}
                href={taskPath(task.id, search)}
                tabIndex={task.id === focusable ? 0 : -1}
                onFocus={() => choose(task.id)}
              >
                {task.id}
              </a>
            </th>
            {columns.map(({ name, isNumber, of }) => (
              <td key={name} class={isNumber === true ? styles['number'] : undefined}>
                {of(task)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A click anywhere on a row opens it, unless it is on the link itself or ends the selecting of a text. */
function openByClick(event: MouseEvent, open: () => void): void {
  const isOnLink = event.target instanceof Element && event.target.closest('a, button') !== null;
  if (isOnLink || (getSelection()?.toString() ?? '') !== '') return;
  open();
}
