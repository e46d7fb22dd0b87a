import { useSignal } from '@preact/signals';
import { Download, PencilLine, Trash2, Upload } from 'lucide';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { Button, IconButton } from '../../../components/button.tsx';
import { toast } from '../../../components/toasts.tsx';
import { saveFile } from '../results/save-file.ts';
import { strings } from '../strings.ts';
import styles from './library.module.css';
import { NameDialog } from './name-dialog.tsx';
import { deleteQuery, exportQueries, importQueries, ownQueries, renameQuery, type OwnQuery } from './own-queries.ts';

/** The reader's own queries: open, rename, delete, and take them to another browser. */
export function OwnList({ current, onOpen }: { current: string | null; onOpen: (query: OwnQuery) => void }): VNode {
  const renamed = useSignal<OwnQuery | null>(null);
  const deleted = useSignal<{ name: string; undo: () => void } | null>(null);
  const texts = strings.value.own;
  const queries = ownQueries.value;
  const remove = ({ id, name }: OwnQuery): void => void (deleted.value = { name, undo: deleteQuery(id) });
  const undo = (): void => {
    deleted.value?.undo();
    deleted.value = null;
  };
  return (
    <>
      <div class={styles['tools']}>
        <Button
          isSmall
          icon={Download}
          disabled={queries.length === 0}
          onClick={() => saveFile(new Blob([exportQueries()], { type: 'application/json' }), 'journeyman-queries.json')}
        >
          {texts.exportAll}
        </Button>
        <ImportButton />
      </div>
      {deleted.value !== null && (
        <p class={styles['none']} role="status">
          {texts.removed(deleted.value.name)}{' '}
          <Button isSmall kind="quiet" onClick={undo}>
            {texts.undo}
          </Button>
        </p>
      )}
      {queries.length === 0 && <p class={styles['none']}>{texts.none}</p>}
      <ul class={styles['list']}>
        {queries.map((query) => (
          <li key={query.id} class={styles['entry']} data-current={query.id === current}>
            <button
              type="button"
              class={styles['open']}
              aria-current={query.id === current ? 'true' : undefined}
              onClick={() => onOpen(query)}
            >
              {query.name}
            </button>
            <IconButton
              isSmall
              icon={PencilLine}
              label={texts.rename(query.name)}
              onClick={() => (renamed.value = query)}
            />
            <IconButton isSmall icon={Trash2} label={texts.remove(query.name)} onClick={() => remove(query)} />
          </li>
        ))}
      </ul>
      {renamed.value !== null && (
        <NameDialog
          title={texts.renameTitle}
          name={renamed.value.name}
          onClose={() => (renamed.value = null)}
          onName={(name) => {
            if (renamed.value !== null) renameQuery(renamed.value.id, name);
            renamed.value = null;
          }}
        />
      )}
    </>
  );
}

function ImportButton(): VNode {
  const input = useRef<HTMLInputElement>(null);
  const texts = strings.value.own;
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const count = importQueries(await file.text());
    toast(count === null ? texts.notAFile : texts.imported(count), count === null ? 'danger' : 'success');
    if (input.current !== null) input.current.value = '';
  };
  return (
    <>
      <Button isSmall icon={Upload} onClick={() => input.current?.click()}>
        {texts.importAll}
      </Button>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label={texts.importAll}
        onChange={(event) => void take(event.currentTarget.files?.[0])}
      />
    </>
  );
}
