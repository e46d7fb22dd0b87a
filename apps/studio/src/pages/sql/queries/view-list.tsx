import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { TextField } from '../../../components/field.tsx';
import { bareName, type View } from '../editor/completion.ts';
import { strings } from '../strings.ts';
import styles from './library.module.css';

/** What SQL can read: views with their columns and what they mean. Pressing a name writes it into the query. */
export function ViewList({ views, onInsert }: { views: readonly View[]; onInsert: (text: string) => void }): VNode {
  const search = useSignal('');
  const { library } = strings.value;
  const wanted = search.value.trim().toLowerCase();
  const found = views.flatMap((view) => {
    if (wanted === '' || `${view.name} ${view.comment}`.toLowerCase().includes(wanted)) return [view];
    const columns = view.columns.filter(({ name, comment }) => `${name} ${comment}`.toLowerCase().includes(wanted));
    return columns.length === 0 ? [] : [{ ...view, columns }];
  });
  return (
    <>
      <div class={styles['search']}>
        <TextField
          label={library.searchViews}
          isLabelHidden
          type="search"
          placeholder={library.searchViews}
          value={search.value}
          onChange={(text) => (search.value = text)}
        />
      </div>
      {found.length === 0 && views.length > 0 && <p class={styles['none']}>{library.nothing}</p>}
      {found.map((view) => (
        <details key={view.name} class={styles['view']} open={wanted !== '' && found.length <= 4}>
          <summary class="mono">{bareName(view.name)}</summary>
          <p class={styles['about']}>{view.comment}</p>
          <div class={styles['columns']}>
            <Name text={view.name} shown={`report.${view.name}`} about="" type="" onInsert={onInsert} />
            {view.columns.map(({ name, type, comment }) => (
              <Name key={name} text={name} shown={name} type={type} about={comment} onInsert={onInsert} />
            ))}
          </div>
        </details>
      ))}
    </>
  );
}

function Name({
  text,
  shown,
  type,
  about,
  onInsert,
}: {
  text: string;
  shown: string;
  type: string;
  about: string;
  onInsert: (text: string) => void;
}): VNode {
  return (
    <button
      type="button"
      class={styles['column']}
      title={strings.value.views.insert(text)}
      onClick={() => onInsert(shown)}
    >
      <span class={styles['name']}>
        <span class="mono">{shown}</span>
        {type !== '' && <span class={styles['type']}>{type}</span>}
      </span>
      {about !== '' && <span class={styles['note']}>{about}</span>}
    </button>
  );
}
